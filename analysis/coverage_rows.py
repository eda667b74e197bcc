"""Presentation rows for who was invited and who answered."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.result import Coverage, CoverageState
from analysis.rounding import counted, share_text
from question_banks.bank import SECTOR_TITLES

STATE_WORDS: dict[CoverageState, str] = {
    CoverageState.NOT_INVITED: "Not invited",
    CoverageState.SILENT: "Invited, nobody answered",
    CoverageState.ANSWERED: "Answered",
}


@dataclass(frozen=True, kw_only=True)
class CoverageRow:
    """Invited and answered for a sector or an agency, in words."""

    title: str
    sector: str
    agencies: str
    invited: str
    answered: str
    rate: str
    state: CoverageState
    state_words: str


def invited_text(invited: int | None, state: CoverageState) -> str:
    """The number invited, "0" where nobody was, or that it is not known."""
    if state is CoverageState.NOT_INVITED and not invited:
        return "0"
    return "Not known" if invited is None else f"{invited:,}"


def rate_text(answered: int, invited: int | None) -> str:
    """Answered of invited as a whole percent, empty where the number invited is not known."""
    return share_text(min(answered, invited), invited) if invited else ""


def sector_rows(coverage: Coverage) -> tuple[CoverageRow, ...]:
    """Coverage by sector in its order."""
    return tuple(
        CoverageRow(
            title=row.title,
            sector=row.title,
            agencies=f"{row.agencies:,}",
            invited=invited_text(row.invited, row.state),
            answered=f"{row.answered:,}",
            rate=rate_text(row.answered, row.invited),
            state=row.state,
            state_words=STATE_WORDS[row.state],
        )
        for row in coverage.sectors
    )


def agency_rows(coverage: Coverage) -> tuple[CoverageRow, ...]:
    """Coverage by agency in its order."""
    return tuple(
        CoverageRow(
            title=row.agency,
            sector=SECTOR_TITLES[row.sector],
            agencies="1",
            invited=invited_text(row.invited, row.state),
            answered=f"{row.answered:,}",
            rate=rate_text(row.answered, row.invited),
            state=row.state,
            state_words=STATE_WORDS[row.state],
        )
        for row in coverage.agencies
    )


def coverage_text(coverage: Coverage) -> str:
    """How many people answered, of how many invited, from how many agencies, in a sentence."""
    agencies = counted(coverage.agencies_answered, "agency", "agencies")
    if coverage.invited:
        rate = rate_text(coverage.answered, coverage.invited)
        return (
            f"{coverage.answered:,} of {counted(coverage.invited, 'person', 'people')} invited "
            f"answered ({rate}), from {agencies}."
        )
    people = counted(coverage.answered, "person", "people")
    return f"{people} answered, from {agencies}. The number invited is not known."
