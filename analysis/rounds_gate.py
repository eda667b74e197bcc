"""What may be shown of agencies that answered in two rounds, beside all that each round has shown.

"Agencies that answered both times" is a group of its own in each round. It is shown only where it
is large enough, and the rest of the round is nobody or large enough too; where neither tells how
nearly everybody answered; and where its favourable count, set beside every figure of the round that
was shown, leaves open what must stay open. The split of a change is one more fact of each round: it
is tried in each as if every answer of the other round were known, which is more than anybody knows.

Everything here is ungated and read by `analysis.rounds` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from analysis import disclosure
from analysis.counts import Group, RoundCounts, ScaleCounts
from analysis.decisions import Decision, GroupCounts, Showing, is_extreme, range_of_word
from analysis.gaps import Difference, GapKind, Pair, stratified_difference
from analysis.groups import GroupOf, everybody, groups_of
from analysis.questions import PAIRS
from analysis.result import GroupResult, Mark, QuestionResult, Summary
from analysis.settings import AnalysisSettings
from analysis.side_by_side import Cell, cells_of, may_stand_beside
from analysis.tally import Tally
from analysis.themes import Both, pairs_of_everybody
from analysis.weighting import Part, voices
from analysis.whole_people import Sum
from question_banks.bank import Bank, ScaleQuestion

FEWEST_AGENCIES_OF_REST: Final = 2


@dataclass(frozen=True)
class Seen:
    """What a reader knows of a share: from `least` to `most` favourable of `base` people."""

    least: int
    most: int
    base: int
    population: int | None = None

    @property
    def is_exact(self) -> bool:
        """True where the count itself is known."""
        return self.least == self.most


@dataclass(frozen=True)
class HeldQuestion:
    """One question of one round: its counts, and what was shown of it."""

    question: ScaleQuestion
    scale: ScaleCounts
    shown: QuestionResult
    decision: Decision
    cells: tuple[Cell, ...]
    told: list[Sum] = field(default_factory=list)
    """Weighted figures that were shown, and then those that a comparison adds."""

    @cached_property
    def by_agency(self) -> dict[str, tuple[int, int]]:
        """Agencies with an answer on the scale: favourable, base."""
        found: dict[str, tuple[int, int]] = {}
        for cell in self.cells:
            favourable, base = found.get(cell.agency, (0, 0))
            found[cell.agency] = favourable + cell.favourable, base + cell.base
        return found

    def of(self, agencies: frozenset[str]) -> tuple[int, int]:
        """Favourable and base of some agencies together."""
        held = [counts for agency, counts in self.by_agency.items() if agency in agencies]
        return sum(favourable for favourable, _ in held), sum(base for _, base in held)


class HeldRound:
    """A round with its ungated counts and what its summary has shown."""

    def __init__(
        self,
        *,
        tally: Tally,
        bank: Bank,
        settings: AnalysisSettings,
        summary: Summary,
        released: Sequence[Tally] = (),
    ) -> None:
        self.bank = bank
        self.settings = settings
        self.summary = summary
        self.tally = tally
        self.counts = RoundCounts(tally, bank)
        self.groups = groups_of(self.counts, settings)
        self._results = summary.questions()
        self._released = [RoundCounts(each, bank) for each in released]
        self._held: dict[str, HeldQuestion | None] = {}

    @cached_property
    def pairs(self) -> dict[tuple[str, str], Both]:
        """The co-counts of everybody, by the codes of two questions of a signpost."""
        return pairs_of_everybody(self.tally)

    def result(self, code: str) -> QuestionResult | None:
        """What the summary shows of a question."""
        return self._results.get(code)

    def seen(self, code: str) -> Seen | None:
        """What a reader knows of everybody's share; None where too few answered."""
        held = self.held(code)
        if held is None:
            return None
        counts = held.decision.everybody.counts
        match held.decision.everybody.showing:
            case Showing.FIGURES:
                figures = held.shown.all.figures if held.shown.all is not None else None
                population = None if figures is None else figures.population
                return Seen(counts.favourable, counts.favourable, counts.base, population)
            case Showing.WORDS:
                line = self.settings.fraction("strength_line")
                return Seen(*range_of_word(counts.favourable, counts.base, line=line), counts.base)
        return None

    def held(self, code: str) -> HeldQuestion | None:
        """A question on a scale with its counts and what was shown of it; None for any other."""
        if code not in self._held:
            self._held[code] = self._hold(code)
        return self._held[code]

    def _hold(self, code: str) -> HeldQuestion | None:
        question, shown = self.bank.by_code.get(code), self._results.get(code)
        if not isinstance(question, ScaleQuestion) or shown is None or shown.all is None:
            return None
        scale = self.counts.scale(question)
        cells = cells_of(scale, agencies=self.counts.agencies, groups=self.groups)
        decision = self._decision(scale, shown)
        held = HeldQuestion(question, scale, shown, decision, cells)
        held.told.extend(self._weighted(held))
        return held

    def _decision(self, scale: ScaleCounts, shown: QuestionResult) -> Decision:
        """What the summary showed, as the gate's own decision.

        A group it left out is a side under another name, or everybody, or nobody.
        """
        results = {(each.kind, each.group): each for each in shown.groups}
        assert shown.all is not None
        whole = self._counted(everybody(self.counts), scale, shown.all)
        return Decision(
            whole,
            tuple(
                self._counted(group, scale, results[group.kind, group.name])
                for group in self.groups
                if (group.kind, group.name) in results
            ),
        )

    def _counted(self, group: GroupOf, scale: ScaleCounts, shown: GroupResult) -> GroupCounts:
        return GroupCounts(
            of=group,
            counts=scale.counts(group.group),
            reached=self.counts.answered(group.group),
            asked=None,
            showing=_showing(shown),
        )

    def _weighted(self, held: HeldQuestion) -> Iterator[Sum]:
        """The weighted figures of the question that its round has shown, as sums over its cells."""
        if held.shown.voices is not None:
            spoken = voices(
                Part(agency, self._group_of(held, agency), favourable, base)
                for agency, (favourable, base) in held.by_agency.items()
            )
            weights = {
                agency: 1 / (voice.base * len(spoken))
                for voice in spoken
                for agency in voice.agencies
            }
            share = held.shown.voices.share
            yield Sum(
                np.array([weights.get(cell.agency, 0.0) for cell in held.cells]),
                share - disclosure.HALF_A_POINT,
                share + disclosure.HALF_A_POINT,
            )
        if any(gap.kind == GapKind.LEVELS.value for gap in held.shown.gaps):
            levels = PAIRS[GapKind.LEVELS][1:]
            difference = _between_levels(held.cells, levels)
            if difference is not None:
                yield disclosure.level_sum(held.cells, difference, levels=levels)

    def _group_of(self, held: HeldQuestion, agency: str) -> str:
        return next(cell.group for cell in held.cells if cell.agency == agency)

    def may_tell(self, held: HeldQuestion, sums: Sequence[Sum]) -> bool:
        """True when more facts about a question leave open what must stay open."""
        return may_stand_beside(
            [*held.told, *sums], held.decision, held.cells, settings=self.settings
        )

    def _grown(self, code: str, agencies: frozenset[str]) -> Iterator[int]:
        """For each earlier release, how many more people of these agencies there are now."""
        question, held = self.bank.by_code[code], self.held(code)
        assert isinstance(question, ScaleQuestion)
        assert held is not None
        now = held.of(agencies)[1]
        for counts in self._released:
            places = np.array([agency in agencies for agency in counts.agencies], dtype=bool)
            then = counts.scale(question).counts(Group(places, counts.everybody.levels)).base
            yield now - then

    def was_shown_otherwise(self, code: str, agencies: frozenset[str]) -> bool:
        """True when an earlier release held nearly the same people of these agencies.

        Figures of both would tell how those answered who came between.
        """
        return any(0 < abs(more) < self.settings.k for more in self._grown(code, agencies))

    def has_grown(self, code: str, agencies: frozenset[str]) -> bool:
        """True when an earlier release did not hold the same people of these agencies."""
        return any(self._grown(code, agencies))


def _showing(shown: GroupResult) -> Showing:
    if shown.figures is not None:
        return Showing.FIGURES
    if shown.words is not None:
        return Showing.WORDS
    return Showing.NOT_ASKED if shown.mark is Mark.NOT_APPLICABLE else Showing.HIDDEN


def _between_levels(cells: Sequence[Cell], levels: Sequence[str]) -> Difference | None:
    """The difference between two levels within agencies."""
    agencies = sorted({cell.agency for cell in cells})
    counted = {(cell.agency, cell.level): (cell.favourable, cell.base) for cell in cells}
    return stratified_difference(
        Pair(*counted.get((agency, levels[0]), (0, 0)), *counted.get((agency, levels[1]), (0, 0)))
        for agency in agencies
    )


def answered_both(before: HeldQuestion, after: HeldQuestion) -> frozenset[str]:
    """Agencies with an answer on the scale both times."""
    return frozenset(before.by_agency) & frozenset(after.by_agency)


def may_show_both(
    code: str, agencies: frozenset[str], *, held: HeldQuestion, round_: HeldRound
) -> bool:
    """True when the favourable count of these agencies may be shown in one round.

    Where they are everybody who answered there is nothing new to show.
    """
    if held.decision.everybody.showing is not Showing.FIGURES:
        return False
    favourable, base = held.of(agencies)
    whole = held.decision.everybody.counts
    settings = round_.settings
    if (
        base < settings.k
        or len(agencies) < settings.min_agencies
        or is_extreme(favourable, base)
        or round_.was_shown_otherwise(code, agencies)
    ):
        return False
    rest = whole.base - base
    if rest == 0:
        return True
    others = set(held.by_agency) - agencies
    if (
        rest < settings.k
        or len(others) < FEWEST_AGENCIES_OF_REST
        or is_extreme(whole.favourable - favourable, rest)
    ):
        return False
    return round_.may_tell(held, [sum_of(held, agencies)])


def sum_of(held: HeldQuestion, agencies: frozenset[str]) -> Sum:
    """The favourable count of some agencies, as a fact about the cells."""
    favourable, _ = held.of(agencies)
    mask = np.array([float(cell.agency in agencies) for cell in held.cells])
    return Sum(mask, favourable, favourable)


def weighted_sum(
    held: HeldQuestion, weight: Callable[[str], float], *, low: float, high: float
) -> Sum:
    """A sum in which each agency's favourable answers have a weight of their own."""
    return Sum(np.array([weight(cell.agency) for cell in held.cells]), low, high)
