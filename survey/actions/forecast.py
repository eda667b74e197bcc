"""Which groups a round could show, told when people are invited and it can still be changed.

It is by the sizes alone. What is shown in the end is for the disclosure gate to decide, which also
looks at how people answered.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from analysis.settings import COUNCIL, PARTNERS, AnalysisSettings
from question_banks.bank import Sector

EXPECTED_RESPONSE = Fraction(60, 100)
FEWEST_IN_WORDS = 5
FEWEST_AGENCIES = 2


@dataclass(frozen=True)
class AgencySize:
    """An agency of the round and how many of it are invited."""

    sector: Sector
    invited: int


@dataclass(frozen=True)
class Forecast:
    """The titles of groups by how they could be shown; groups nobody is invited from are left out.

    `hidden` are those whose answers could only be shown together with others'.
    """

    figures: tuple[str, ...]
    words: tuple[str, ...]
    hidden: tuple[str, ...]


def forecast(agencies: Collection[AgencySize], *, settings: AnalysisSettings) -> Forecast:
    """What could be shown if `EXPECTED_RESPONSE` of those invited answered.

    >>> sizes = [AgencySize(Sector.POLICE, 10), AgencySize(Sector.EARLY_HELP, 30)]
    >>> forecast(sizes, settings=AnalysisSettings())
    Forecast(figures=(), words=('Council', 'Police and justice', 'All partners'), hidden=())
    """
    found: dict[str, list[str]] = {"figures": [], "words": [], "hidden": []}
    council = frozenset(settings.council_sectors)
    partners = frozenset(Sector) - council
    groups = {
        COUNCIL: council,
        **{name: frozenset(sectors) for name, sectors in settings.sector_groups.items()},
        PARTNERS: partners,
    }
    for name, sectors in groups.items():
        members = [agency for agency in agencies if agency.sector in sectors]
        if not members:
            continue
        inside = _expected(members)
        outside = _expected([agency for agency in agencies if agency.sector not in sectors])
        is_side = name in (COUNCIL, PARTNERS)
        if inside >= settings.k <= outside and (is_side or len(members) >= FEWEST_AGENCIES):
            how = "figures"
        else:
            how = "words" if inside >= FEWEST_IN_WORDS else "hidden"
        found[how].append(settings.group_titles[name])
    return Forecast(**{how: tuple(titles) for how, titles in found.items()})


def _expected(agencies: Collection[AgencySize]) -> int:
    return int(EXPECTED_RESPONSE * sum(agency.invited for agency in agencies))
