"""Who was invited and who answered. Silence is never read as assent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from analysis.counts import RoundCounts
from analysis.listing import listed
from analysis.result import (
    AgencyCoverage,
    Coverage,
    CoverageState,
    LevelCoverage,
    SectorCoverage,
)
from analysis.settings import AnalysisSettings
from question_banks.bank import ALL_LEVELS, LEVEL_TITLES, SECTOR_TITLES, Bank, Level, Sector

SECTOR_NOUNS: Final[dict[Sector, str]] = {
    Sector.CHILDRENS_SOCIAL_CARE: "the council’s children’s social care",
    Sector.EARLY_HELP: "the council’s early help and youth services",
    Sector.ADULT_SOCIAL_CARE: "the council’s adult social care",
    Sector.COUNCIL_EDUCATION: "the council’s education services",
    Sector.COUNCIL_OTHER: "the council’s other services",
    Sector.ELECTED_MEMBERS: "elected members",
    Sector.DISTRICT_COUNCIL: "district and borough councils",
    Sector.POLICE: "the police",
    Sector.NHS_COMMISSIONER: "the NHS commissioner",
    Sector.NHS_ACUTE: "NHS hospitals",
    Sector.NHS_COMMUNITY: "NHS community and mental health services",
    Sector.PRIMARY_CARE: "general practice",
    Sector.AMBULANCE: "the ambulance service",
    Sector.SCHOOLS: "schools",
    Sector.COLLEGES: "colleges",
    Sector.EARLY_YEARS: "early years and childcare providers",
    Sector.PROBATION: "probation",
    Sector.YOUTH_JUSTICE: "youth justice",
    Sector.SECURE_SETTINGS: "prisons and secure settings",
    Sector.CAFCASS: "Cafcass",
    Sector.HOUSING: "housing associations",
    Sector.FIRE_AND_RESCUE: "fire and rescue",
    Sector.VOLUNTARY: "the voluntary sector",
    Sector.FAITH: "faith bodies",
    Sector.SPORT_AND_LEISURE: "sports and leisure clubs",
    Sector.PRIVATE_PROVIDERS: "private providers",
    Sector.ARMED_FORCES: "the armed forces",
    Sector.IMMIGRATION: "immigration and border services",
    Sector.PARTNERSHIP_UNIT: "the partnership’s own unit",
}
"""How a sentence speaks of a sector."""


def sector_states(counts: RoundCounts) -> dict[Sector, CoverageState]:
    """The state of every sector. One of which nobody was invited and nobody answered is absent
    from a round as if its agencies had not been listed."""
    return {sector: _state_of_sector(counts, sector) for sector in Sector}


def _places(counts: RoundCounts, sector: Sector) -> list[int]:
    return [place for place, held in enumerate(counts.sectors) if held is sector]


def _state_of_sector(counts: RoundCounts, sector: Sector) -> CoverageState:
    states = {_state(counts, place) for place in _places(counts, sector)}
    for state in (CoverageState.ANSWERED, CoverageState.SILENT):
        if state in states:
            return state
    return CoverageState.NOT_INVITED


def _state(counts: RoundCounts, place: int) -> CoverageState:
    if counts.answered_by_agency[place]:
        return CoverageState.ANSWERED
    return CoverageState.NOT_INVITED if counts.invited_of(place) == 0 else CoverageState.SILENT


def coverage(counts: RoundCounts, *, bank: Bank, settings: AnalysisSettings) -> Coverage:
    """Invited and answered, by agency, sector and level, with what is missing in words.

    Sectors are those with an agency in the round, those expected, and those a question of the bank
    leans on or requires.
    """
    states = sector_states(counts)
    named = set(counts.sectors) | set(settings.expected_sectors) | sectors_leant_on(bank)
    sectors = tuple(_sector(counts, sector, states[sector]) for sector in Sector if sector in named)
    agencies = tuple(
        AgencyCoverage(
            agency=agency,
            sector=counts.sectors[place],
            invited=counts.invited_of(place),
            answered=int(counts.answered_by_agency[place]),
            state=_state(counts, place),
        )
        for place, agency in enumerate(counts.agencies)
    )
    return Coverage(
        invited=_together(agency.invited for agency in agencies) if agencies else None,
        answered=counts.answered(counts.everybody),
        agencies_answered=int((counts.answered_by_agency > 0).sum()),
        agencies=agencies,
        sectors=sectors,
        levels=_levels(counts),
        caveats=_caveats(counts, states=states, settings=settings),
    )


def sectors_leant_on(bank: Bank) -> frozenset[Sector]:
    """The sectors that some question of the bank leans on or requires."""
    return frozenset(
        sector for question in bank.questions() for sector in question.leans_on + question.requires
    )


def _together(numbers: Iterable[int | None]) -> int | None:
    """The sum, or None where a number is not known."""
    total = 0
    for number in numbers:
        if number is None:
            return None
        total += number
    return total


def _sector(counts: RoundCounts, sector: Sector, state: CoverageState) -> SectorCoverage:
    places = _places(counts, sector)
    return SectorCoverage(
        sector=sector,
        title=SECTOR_TITLES[sector],
        agencies=len(places),
        invited=_together(counts.invited_of(place) for place in places),
        answered=sum(int(counts.answered_by_agency[place]) for place in places),
        state=state,
    )


def _levels(counts: RoundCounts) -> tuple[LevelCoverage, ...]:
    return tuple(
        LevelCoverage(
            level=Level(level),
            title=LEVEL_TITLES[level],
            answered=counts.answered(counts.of_level(level)),
        )
        for level in ALL_LEVELS
    )


def _caveats(
    counts: RoundCounts, *, states: dict[Sector, CoverageState], settings: AnalysisSettings
) -> tuple[str, ...]:
    silent = [SECTOR_NOUNS[s] for s in Sector if states[s] is CoverageState.SILENT]
    missed = [
        SECTOR_NOUNS[s]
        for s in Sector
        if s in settings.expected_sectors and states[s] is CoverageState.NOT_INVITED
    ]
    caveats = []
    if silent:
        caveats.append(
            f"No answer came from {listed(silent, last='or')}, though people there were invited. "
            "Silence is not read as agreement: what they would have said is missing here."
        )
    if missed:
        caveats.append(
            f"Nobody from {listed(missed, last='or')} was invited, although answers from them were "
            "expected."
        )
    if counts.has_more_answers_than_invited():
        caveats.append(
            "More people answered than were invited in at least one agency, so the number asked "
            "is not used there or for everybody together."
        )
    asked = counts.asked(counts.everybody)
    if asked and asked.answered < settings.fraction("min_response") * asked.invited:
        caveats.append(
            "Few of the people who were invited answered, and those who did may see things "
            "differently from those who did not."
        )
    return tuple(caveats)
