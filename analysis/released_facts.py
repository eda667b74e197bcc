"""What a published question tells about the answers of which people.

Read from results alone, so that a release is audited as its readers have it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.result import GroupKind, GroupResult, QuestionResult, Summary
from analysis.settings import COUNCIL, PARTNERS, AnalysisSettings
from question_banks.bank import ALL_LEVELS, OptionKind, Sector

KINDS = (OptionKind.FAVOURABLE, OptionKind.NEUTRAL, OptionKind.UNFAVOURABLE)
"""The kinds of answer on a scale, in the order of every table here."""


@dataclass(frozen=True, order=True)
class GroupName:
    """A group of respondents: what sets it apart, and its name among those."""

    kind: GroupKind
    name: str

    def holds(self, sector: Sector, level: str, settings: AnalysisSettings) -> bool:
        """True when people of that sector and level are in the group."""
        match self.kind:
            case GroupKind.ALL:
                return True
            case GroupKind.SIDE:
                return (sector in settings.council_sectors) == (self.name == COUNCIL)
            case GroupKind.LEVEL:
                return level == self.name
        return sector in settings.sector_groups.get(self.name, ())


EVERYBODY = GroupName(GroupKind.ALL, "all")


def name_of(group: GroupResult) -> GroupName:
    """The name of a group that is shown, or of which it is shown that it is hidden."""
    return GroupName(group.kind, group.group)


def every_group(settings: AnalysisSettings) -> Iterator[GroupName]:
    """All groups that are ever set apart, everybody first."""
    yield EVERYBODY
    yield from (GroupName(GroupKind.SIDE, name) for name in (COUNCIL, PARTNERS))
    yield from (GroupName(GroupKind.LEVEL, level.value) for level in ALL_LEVELS)
    yield from (GroupName(GroupKind.SECTOR_GROUP, name) for name in settings.sector_groups)


def groups_of(question: QuestionResult) -> dict[GroupName, GroupResult]:
    """Every group listed with a question on a scale, everybody first."""
    listed = (question.all, *question.groups)
    return {name_of(group): group for group in listed if group is not None}


def numbers_of(question: QuestionResult) -> object:
    """All that a question tells about how people answered, for telling whether two tell the same.

    Intervals and bounds are made of these and of numbers invited.
    """
    groups = [
        (
            name,
            group.words,
            None
            if group.figures is None
            else (group.figures.options, group.figures.skipped, group.figures.people),
        )
        for name, group in groups_of(question).items()
        if group.figures is not None or group.words is not None
    ]
    within = [gap.difference for gap in question.gaps if gap.kind == "levels"]
    return groups, question.voices, within, question.counts


def settings_of(summary: Summary) -> AnalysisSettings:
    """The settings that are stamped on a result."""
    plain: dict[str, object] = dict(summary.settings)
    titles = summary.settings["group_titles"]
    assert isinstance(titles, dict)
    plain["group_titles"] = {name: held[0] for name, held in titles.items()}
    return AnalysisSettings.model_validate(plain)
