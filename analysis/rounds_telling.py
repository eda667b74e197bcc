"""One step of one question, put in words with the figures that may be shown.

Read by `analysis.rounds` alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from analysis.compared import Basis, Change, Circumstance, Difference, Point, Split, Step
from analysis.disclosure import tidy
from analysis.result import Interval, Mark
from analysis.rounds_change import Judged
from analysis.rounds_plans import Plan
from analysis.rounds_sentences import (
    BOTH_HIDDEN,
    NONE_BOTH,
    both_times,
    changed,
    hidden,
    not_comparable,
    not_published,
    split_sentence,
    summed,
)
from analysis.rounds_split import is_only_mix

Words = Mapping[tuple[int, int], Judged]
"""What was judged of each question (its place among all) at each step."""


class Teller:
    """Says what is known of one step of one question."""

    def __init__(
        self, plan: Plan, words: Mapping[Basis, Words], *, titles: tuple[str, str]
    ) -> None:
        self.plan = plan
        self.titles = titles
        self.judged = {basis: words[basis].get(plan.key) for basis in Basis}

    def step(self, around: tuple[Circumstance, ...]) -> Step:
        """The whole step."""
        plan = self.plan
        everybody = self._everybody()
        both = self._both(everybody.change)
        split = self._split()
        return Step(
            before=plan.at,
            after=plan.at + 1,
            verdict=plan.match.verdict,
            why=plan.match.why,
            decided=plan.match.decided,
            comparable=plan.match.comparable,
            circumstances=around,
            all=everybody,
            both=both,
            split=split,
            split_mark=None if split is not None else self._no_split(),
            change=everybody.change,
            sentence=summed(everybody, both=both, split=split),
        )

    def _everybody(self) -> Difference:
        plan, (before, after) = self.plan, self.plan.ends
        found = self.judged[Basis.ALL]
        if not plan.match.comparable:
            decided = plan.match.decided is not None
            sentence = not_comparable(plan.match.verdict, decided=decided)
            return _difference(Basis.ALL, plan.ends, Change.NOT_COMPARABLE, sentence)
        if found is not None:
            sentence = changed(found, before, after, titles=self.titles)
            return _difference(Basis.ALL, plan.ends, found.change, sentence, found)
        if Mark.CONFIDENTIAL in (before.mark, after.mark):
            sentence = hidden(before, after, titles=self.titles)
            return _difference(Basis.ALL, plan.ends, Change.TOO_FEW, sentence)
        sentence = not_published(before, after)
        return _difference(Basis.ALL, plan.ends, Change.NOT_COMPARABLE, sentence)

    def _both(self, of_all: Change) -> Difference | None:
        plan, found = self.plan, self.judged[Basis.BOTH]
        if plan.both is None:
            return None
        if found is None:
            sentence = BOTH_HIDDEN if plan.both.agencies else NONE_BOTH
            return _difference(Basis.BOTH, plan.both_ends, Change.TOO_FEW, sentence)
        sentence = both_times(found, *plan.both_ends, everybody=plan.both.everybody, of_all=of_all)
        return _difference(Basis.BOTH, plan.both_ends, found.change, sentence, found)

    def _split(self) -> Split | None:
        points = self.plan.both.points if self.plan.both is not None else None
        found = self.judged[Basis.ALL]
        if points is None or found is None:
            return None
        is_change = found.change in (Change.IMPROVED, Change.DECLINED)
        only_mix = is_change and is_only_mix(points)
        return Split(
            **points._asdict(),
            total=points.total,
            only_mix=only_mix,
            sentence=split_sentence(points, found.change, only_mix=only_mix),
        )

    def _no_split(self) -> Mark:
        both = self.plan.both
        if both is None:
            return Mark.NOT_AVAILABLE if self.plan.match.comparable else Mark.NOT_APPLICABLE
        return Mark.CONFIDENTIAL if both.agencies else Mark.NOT_APPLICABLE


def _difference(
    basis: Basis,
    ends: tuple[Point, Point],
    change: Change,
    sentence: str,
    found: Judged | None = None,
) -> Difference:
    size = None if found is None else found.tested.difference
    return Difference(
        basis=basis,
        before=ends[0],
        after=ends[1],
        difference=None if size is None else tidy(size),
        interval=None
        if size is None or found is None
        else Interval(low=tidy(found.tested.low), high=tidy(found.tested.high)),
        change=change,
        sentence=sentence,
    )
