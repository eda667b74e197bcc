"""What could be shown of a round, told from how many are invited, by simplified rules.

The gate decides when a round is closed, and it also looks at how people answered; what this page
calls too small it will not show, and what this page calls possible it may still hold back. The
rules are those of `analysis.forecast` without its search, which takes libraries that no page
loads: a figure needs k people in the group and k outside it, a sector group two agencies besides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from analysis.settings import COUNCIL, PARTNERS, AnalysisSettings
from survey.data.coverage import AgencyCount

RESPONSES = (40, 60, 80)
USUAL_RESPONSE = 60


@dataclass(frozen=True)
class GroupRow:
    """A group: how many are invited, how many might answer, and whether that could be shown."""

    title: str
    agencies: int
    invited: int
    answering: int
    can_show: bool
    why: str


@dataclass(frozen=True)
class ForecastPage:
    """The page of the forecast."""

    response: int
    responses: tuple[int, ...]
    invited: int
    unknown: int
    answering: int
    everybody: str
    can_show_all: bool
    can_read: bool
    k: int
    min_agencies: int
    rows: tuple[GroupRow, ...]


def response_asked(text: str) -> int | None:
    """The response an address asks for, the usual one for none, None for one not offered."""
    if not text:
        return USUAL_RESPONSE
    return int(text) if text in {str(each) for each in RESPONSES} else None


def forecast_page(
    agencies: Sequence[AgencyCount], *, settings: AnalysisSettings, response: int
) -> ForecastPage:
    """What could be shown if `response` of each hundred invited answered, in every agency alike.

    Agencies that answer as one in an agency return do not count; those whose number is not known
    count with their personal links, if any.
    """
    asked = [each for each in agencies if not each.answers_as_one]
    sizes = [(each, each.links if each.invited is None else each.invited) for each in asked]
    held = [(each, number, _answering(number, response)) for each, number in sizes if number]
    total, k = sum(answering for _, _, answering in held), settings.k
    answered = sum(answering > 0 for _, _, answering in held)
    rows = []
    for name in dict.fromkeys((COUNCIL, PARTNERS, *settings.sector_groups)):
        members = [one for one in held if _is_in(one[0], name, settings)]
        if members:
            rows.append(_row(name, members, total=total, settings=settings))
    can_show_all = total >= k
    return ForecastPage(
        response=response,
        responses=RESPONSES,
        invited=sum(number for _, number, _ in held),
        unknown=sum(not number for _, number in sizes),
        answering=total,
        everybody=_everybody(total, k),
        can_show_all=can_show_all,
        can_read=can_show_all and answered >= settings.min_agencies,
        k=k,
        min_agencies=settings.min_agencies,
        rows=tuple(rows) if can_show_all else (),
    )


def _answering(invited: int, response: int) -> int:
    return floor(Fraction(invited * response, 100) + Fraction(1, 2))


def _everybody(total: int, k: int) -> str:
    if total >= k:
        return f"Figures for all {total:,} people together"
    return f"No figures: about {total} would answer, and at least {k} are needed"


def _is_in(agency: AgencyCount, name: str, settings: AnalysisSettings) -> bool:
    if name == PARTNERS:
        return agency.sector not in settings.council_sectors
    if name == COUNCIL:
        return agency.sector in settings.council_sectors
    return settings.group_of(agency.sector) == name


def _row(
    name: str,
    members: Sequence[tuple[AgencyCount, int, int]],
    *,
    total: int,
    settings: AnalysisSettings,
) -> GroupRow:
    people, k = sum(answering for _, _, answering in members), settings.k
    answering = sum(one > 0 for _, _, one in members)
    is_side = name in {COUNCIL, PARTNERS}
    why = ""
    if people < k:
        why = f"Fewer than {k} people"
    elif total - people < k:
        why = f"Fewer than {k} people outside it"
    elif not is_side and answering < 2:
        why = "Only one agency, which could be recognised"
    return GroupRow(
        title=settings.group_titles[name],
        agencies=len(members),
        invited=sum(number for _, number, _ in members),
        answering=people,
        can_show=not why,
        why=why,
    )
