"""The groups of respondents that are ever set apart: sides, levels and sector groups, no others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from analysis.counts import Group, RoundCounts
from analysis.result import GroupKind
from analysis.settings import COUNCIL, PARTNERS, AnalysisSettings
from question_banks.bank import ALL_LEVELS, Level, Sector

LEVEL_GROUP_TITLES: Final[dict[Level, str]] = {
    Level.STRATEGIC: "Strategic leaders",
    Level.OPERATIONAL: "Operational managers",
    Level.FRONTLINE: "Frontline practitioners",
    Level.BOARD: "Elected and board members",
    Level.OTHER: "Other roles",
}


@dataclass(frozen=True)
class GroupOf:
    """A group with its name and title; `side` is the side a sector group belongs to."""

    name: str
    title: str
    kind: GroupKind
    group: Group
    side: str = ""


def everybody(counts: RoundCounts) -> GroupOf:
    """All respondents."""
    return GroupOf("all", "Everybody who answered", GroupKind.ALL, counts.everybody)


def groups_of(counts: RoundCounts, settings: AnalysisSettings) -> tuple[GroupOf, ...]:
    """Council and partners, then the levels, then the sector groups in the settings' order."""
    council = frozenset(settings.council_sectors)
    partners = frozenset(Sector) - council
    titles = settings.group_titles
    sides = [
        GroupOf(name, titles[name], GroupKind.SIDE, counts.of_sectors(sectors))
        for name, sectors in ((COUNCIL, council), (PARTNERS, partners))
    ]
    levels = [
        GroupOf(level.value, LEVEL_GROUP_TITLES[level], GroupKind.LEVEL, counts.of_level(level))
        for level in ALL_LEVELS
    ]
    sector_groups = [
        GroupOf(
            name,
            titles[name],
            GroupKind.SECTOR_GROUP,
            counts.of_sectors(sectors),
            side=COUNCIL if council.issuperset(sectors) else PARTNERS,
        )
        for name, sectors in settings.sector_groups.items()
        if sectors
    ]
    return (*sides, *levels, *sector_groups)
