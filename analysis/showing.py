"""The rules of disclosure control: what may be shown in figures, what in words, what not at all.

Nothing here makes a result: `analysis.disclosure` does, from these decisions. The rules are told
with their reasons in docs/methods.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from analysis.counts import Counts, Group, RoundCounts, ScaleCounts
from analysis.decisions import (
    FEWEST_AGENCIES_OF_GROUP,
    Decision,
    GroupCounts,
    Showing,
    is_extreme,
)
from analysis.groups import GroupOf, everybody
from analysis.result import GroupKind
from analysis.settings import AnalysisSettings
from analysis.side_by_side import cells_of, without_telling
from question_banks.bank import Level, ScaleQuestion


def decide(
    question: ScaleQuestion,
    scale: ScaleCounts,
    *,
    counts: RoundCounts,
    groups: Sequence[GroupOf],
    settings: AnalysisSettings,
) -> Decision:
    """How everybody and each group that was reached may be shown on one question."""
    whole = _counted(everybody(counts), question, scale, counts)
    enough = whole.counts.base >= settings.k and whole.counts.agencies >= settings.min_agencies
    whole = replace(whole, showing=_in_figures_or_words(whole.counts) if enough else Showing.HIDDEN)
    members = [_counted(group, question, scale, counts) for group in groups]
    members = [m for m in members if m.reached and (m.reached < whole.reached or _off(m, question))]
    gate = _Gate(whole, scale, settings)
    sides = gate.sides([m for m in members if m.of.kind is GroupKind.SIDE])
    levels = gate.partition(
        [m for m in members if m.of.kind is GroupKind.LEVEL and not _off(m, question)]
    )
    not_asked = [replace(m, showing=Showing.NOT_ASKED) for m in members if _off(m, question)]
    sector_groups = gate.sector_groups(
        [m for m in members if m.of.kind is GroupKind.SECTOR_GROUP], sides
    )
    decided = [*sides, *levels, *not_asked, *sector_groups]
    order = {(group.kind, group.name): place for place, group in enumerate(groups)}
    decided.sort(key=lambda member: order[member.of.kind, member.of.name])
    return without_telling(
        Decision(whole, tuple(decided)),
        cells_of(scale, agencies=counts.agencies, groups=groups),
        settings=settings,
    )


def _off(member: GroupCounts, question: ScaleQuestion) -> bool:
    """True for a level that is not asked the question."""
    return member.of.kind is GroupKind.LEVEL and Level(member.of.name) not in question.audience


def _counted(
    group: GroupOf, question: ScaleQuestion, scale: ScaleCounts, counts: RoundCounts
) -> GroupCounts:
    levels = [level in question.audience for level in Level]
    meant = Group(group.group.agencies, group.group.levels & levels)
    asked = None
    if question.show_if is None:
        asked = counts.asked(group.group, levels=question.audience)
    people = group.group if group.kind is GroupKind.LEVEL else meant
    return GroupCounts(
        of=group,
        counts=scale.counts(group.group),
        reached=counts.answered(people),
        asked=asked,
    )


def _in_figures_or_words(counts: Counts) -> Showing:
    return Showing.WORDS if is_extreme(counts.favourable, counts.base) else Showing.FIGURES


class _Gate:
    """The rules for the groups of one question."""

    def __init__(self, whole: GroupCounts, scale: ScaleCounts, settings: AnalysisSettings) -> None:
        self.whole = whole
        self.scale = scale
        self.k = settings.k

    def sides(self, pair: list[GroupCounts]) -> list[GroupCounts]:
        """Council and partners: both or neither, and both in words when either is extreme.

        With everybody shown, either side tells the other.
        """
        if (
            not self.whole.is_shown
            or len(pair) < 2
            or any(side.counts.base < self.k for side in pair)
            # The council is often one agency, and known to be; its partners must not be one.
            or pair[1].counts.agencies < FEWEST_AGENCIES_OF_GROUP
        ):
            return [replace(side, showing=Showing.HIDDEN) for side in pair]
        showing = Showing.FIGURES
        if any(_in_figures_or_words(side.counts) is Showing.WORDS for side in pair):
            showing = Showing.WORDS
        return [replace(side, showing=showing) for side in pair]

    def partition(self, members: list[GroupCounts]) -> list[GroupCounts]:
        """Groups that together are a whole that is shown."""
        eligible = [
            replace(m, showing=Showing.FIGURES if self._may_stand_alone(m) else Showing.HIDDEN)
            for m in members
        ]
        return self._without_extremes(self._without_small_remainder(eligible))

    def sector_groups(
        self, members: list[GroupCounts], sides: list[GroupCounts]
    ) -> list[GroupCounts]:
        """Sector groups: where the sides are shown in figures, each side is a whole of its own."""
        showing = sides[0].showing if sides else Showing.HIDDEN
        names = list(dict.fromkeys(member.of.side for member in members))
        by_side = [[m for m in members if m.of.side == name] for name in names]
        if showing is Showing.FIGURES:
            decided = [m for held in by_side for m in self.partition(held)]
        else:
            decided = self.partition(members)
            if showing is Showing.WORDS:
                decided = self._with_council_in_words(decided)
        alone = {held[0].of.name for held in by_side if len(held) == 1 and len(sides) == 2}
        return [
            replace(m, showing=showing, repeated=True) if m.of.name in alone else m for m in decided
        ]

    def _may_stand_alone(self, member: GroupCounts) -> bool:
        counts = member.counts
        return (
            self.whole.is_shown
            and counts.base >= self.k
            and counts.agencies >= FEWEST_AGENCIES_OF_GROUP
            and self.whole.counts.base - counts.base >= self.k
        )

    def _together(self, members: Iterable[GroupCounts]) -> Counts:
        """The counts of people who are in any of the groups."""
        held = [member.of.group for member in members]
        agencies, levels = held[0].agencies, held[0].levels
        for group in held[1:]:
            agencies, levels = agencies | group.agencies, levels | group.levels
        return self.scale.counts(Group(agencies, levels))

    def _without_small_remainder(self, members: list[GroupCounts]) -> list[GroupCounts]:
        """Hide the smallest that is shown until the hidden, as one, would be big enough to show.

        The whole less the groups shown is the hidden ones together.
        """
        while True:
            hidden = [m for m in members if not m.is_shown]
            shown = [m for m in members if m.is_shown]
            if not hidden or not shown:
                return members
            rest = self._together(hidden)
            if rest.base >= self.k and rest.agencies >= FEWEST_AGENCIES_OF_GROUP:
                return members
            members = _with(members, _smallest(shown), Showing.HIDDEN)

    def _without_extremes(self, members: list[GroupCounts]) -> list[GroupCounts]:
        """Show all in words when one of them, or the rest of them together, is extreme.

        Words beside figures would not do: the figures tell the sum of the others, and a sum with
        "nearly none" in it leaves little open about its other part.
        """
        inexact = [m for m in members if m.showing is not Showing.FIGURES]
        told = [m.counts for m in members if m.is_shown]
        if inexact:
            told.append(self._together(inexact))
        if not any(is_extreme(counts.favourable, counts.base) for counts in told):
            return members
        return [
            replace(m, showing=Showing.WORDS) if m.showing is Showing.FIGURES else m
            for m in members
        ]

    def _with_council_in_words(self, members: list[GroupCounts]) -> list[GroupCounts]:
        """With the sides in words, the council's own groups may not add up to its figure."""
        council = members[0].of.side
        in_words = [
            replace(m, showing=Showing.WORDS)
            if m.of.side == council and m.showing is Showing.FIGURES
            else m
            for m in members
        ]
        return self._without_extremes(in_words)


def _smallest(members: Sequence[GroupCounts]) -> GroupCounts:
    return min(members, key=lambda member: (member.counts.base, member.of.name))


def _with(members: list[GroupCounts], changed: GroupCounts, showing: Showing) -> list[GroupCounts]:
    return [replace(m, showing=showing) if m.of is changed.of else m for m in members]
