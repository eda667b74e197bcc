"""Who was invited and who answered, as tables and in a sentence; the silent come first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.tables import counted, share_text
from question_banks.bank import SECTOR_TITLES
from survey.data.coverage import AgencyCount, Coverage


@dataclass(frozen=True)
class SectorLine:
    """A sector's coverage."""

    title: str
    agencies: str
    invited: str
    answered: str
    rate: str
    note: str


@dataclass(frozen=True)
class AgencyLine:
    """An agency's coverage."""

    name: str
    sector: str
    invited: str
    answered: str
    rate: str
    note: str


@dataclass(frozen=True)
class CoverageTables:
    """Who was invited and who answered, the silent named first."""

    answered: int
    invited: str
    rate: str
    headline: str
    silent: tuple[str, ...]
    sectors: tuple[SectorLine, ...]
    agencies: tuple[AgencyLine, ...]


def coverage_tables(agencies: Sequence[AgencyCount]) -> CoverageTables:
    """Coverage by sector and by agency, the silent first in each."""
    by_sector: dict[str, list[AgencyCount]] = {}
    for agency in agencies:
        by_sector.setdefault(SECTOR_TITLES[agency.sector], []).append(agency)
    silent = sorted(
        title
        for title, members in by_sector.items()
        if not any(m.answered or m.answers_as_one for m in members)
    )
    sectors = sorted(by_sector.items(), key=lambda item: (item[0] not in silent, item[0]))
    answered = sum(agency.answered for agency in agencies)
    invited = total_invited(agencies)
    return CoverageTables(
        answered=answered,
        invited="not known" if invited is None else f"{invited:,}",
        rate=_rate(answered, invited),
        headline=_headline(answered, invited, len([a for a in agencies if a.answered])),
        silent=tuple(silent),
        sectors=tuple(_sector_line(title, members) for title, members in sectors),
        agencies=tuple(_agency_line(agency) for agency in sorted(agencies, key=_silent_first)),
    )


def silent_sectors(coverage: Coverage) -> tuple[str, ...]:
    """Sectors that ought to be heard and are not, with how many agencies of each were asked.

    Those are the sectors the round means to hear and those of expected agencies. A sector whose
    agencies answer as one is not silent: their returns are waited for elsewhere.
    """
    expected = coverage.expected_sectors | {
        agency.sector for agency in coverage.agencies if agency.expected
    }
    lines = []
    for sector in sorted(expected, key=lambda one: SECTOR_TITLES[one]):
        members = [agency for agency in coverage.agencies if agency.sector == sector]
        if any(agency.answered or agency.answers_as_one for agency in members):
            continue
        asked = counted(len(members), "agency", "agencies")
        told = f"{asked} invited" if members else "no agency has been invited"
        lines.append(f"{SECTOR_TITLES[sector]}: {told}")
    return tuple(lines)


def is_silent(agency: AgencyCount) -> bool:
    """Whether an agency's silence matters and nobody of it has answered."""
    return agency.expected and not agency.answered and not agency.answers_as_one


def _silent_first(agency: AgencyCount) -> tuple[bool, bool, str]:
    return not is_silent(agency), agency.answered > 0, agency.agency.casefold()


def total_invited(agencies: Sequence[AgencyCount]) -> int | None:
    """How many were invited in all, None unless it is known of every agency that answers person
    by person.
    """
    asked = [agency for agency in agencies if not agency.answers_as_one]
    known = [agency.invited for agency in asked if agency.invited is not None]
    return sum(known) if asked and len(known) == len(asked) else None


def _rate(answered: int, invited: int | None) -> str:
    return share_text(min(answered, invited), invited) if invited else ""


def _headline(answered: int, invited: int | None, agencies: int) -> str:
    if answered == 0:
        return "Nobody has answered yet."
    of = "" if invited is None else f" of {invited:,}"
    verb = "has" if answered == 1 else "have"
    people = "person" if (invited or answered) == 1 else "people"
    places = counted(agencies, "agency", "agencies")
    return f"{answered:,}{of} {people} {verb} answered, from {places}."


def _sector_line(title: str, members: Sequence[AgencyCount]) -> SectorLine:
    answered, invited = sum(member.answered for member in members), total_invited(members)
    return SectorLine(
        title=title,
        agencies=counted(len(members), "agency", "agencies"),
        invited="Not known" if invited is None else f"{invited:,}",
        answered=f"{answered:,}",
        rate=_rate(answered, invited),
        note="" if answered or any(m.answers_as_one for m in members) else "Silent",
    )


def _agency_line(agency: AgencyCount) -> AgencyLine:
    note = "" if agency.answered else "Silent" if agency.expected else "Silent, not expected"
    if agency.answers_as_one:
        note = "Answers as one"
    return AgencyLine(
        name=agency.agency,
        sector=SECTOR_TITLES[agency.sector],
        invited="Not known" if agency.invited is None else f"{agency.invited:,}",
        answered=f"{agency.answered:,}",
        rate=_rate(agency.answered, agency.invited),
        note=note,
    )
