"""Every question from one round to the next: its two shares and what can be tested of them.

Everything here is ungated and read by `analysis.rounds` alone.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from analysis.compared import Basis, FindingCompared, Point
from analysis.disclosure import tidy
from analysis.published import PublishedTotals
from analysis.result import Interval, Mark
from analysis.rounds_both import BothGate, BothTimes
from analysis.rounds_change import Moved, change_of
from analysis.rounds_findings import findings
from analysis.rounds_gate import HeldRound, Seen
from analysis.rounds_inputs import AnyRound, RoundForComparison
from analysis.rounds_matching import Chain, Match, QuestionDecision, chains, match
from analysis.rounds_scores import Scored, scored
from analysis.settings import AnalysisSettings
from analysis.shares import wilson
from question_banks.local import is_local

_CLEAR: Final = AnalysisSettings().fraction("clear")

Ends = tuple[Point, Point]
"""A share in the earlier and in the later round."""


@dataclass(frozen=True)
class Plan:
    """One question from the round at place `at` to the next, before anything is judged.

    `chain` is the place of the question among all. `both` is None where agencies cannot be told
    apart or the question cannot be compared.
    """

    chain: int
    at: int
    match: Match
    ends: Ends
    tests: Mapping[Basis, Moved]
    both: BothTimes | None
    both_ends: Ends

    @property
    def key(self) -> tuple[int, int]:
        """What the plan is known by among all."""
        return self.chain, self.at


class Plans:
    """All rounds of a comparison, and every question's steps through them."""

    def __init__(
        self,
        rounds: Sequence[AnyRound],
        *,
        decisions: Sequence[QuestionDecision],
        shown_before: Sequence[tuple[RoundForComparison, RoundForComparison]],
    ) -> None:
        self.rounds = rounds
        self._decisions = decisions
        self._gate = BothGate()
        self._by_tally: dict[str, HeldRound] = {}
        self._tell(shown_before)
        self._held = [self._hold(each) for each in rounds]
        self.chains: tuple[Chain, ...] = chains([each.bank for each in rounds], decisions)

    def _hold(self, each: AnyRound) -> HeldRound | None:
        if not isinstance(each, RoundForComparison):
            return None
        key = each.summary.provenance.tally_digest
        if key not in self._by_tally:
            self._by_tally[key] = HeldRound(
                tally=each.tally,
                bank=each.bank,
                settings=each.settings,
                summary=each.summary,
                released=each.released,
            )
        return self._by_tally[key]

    def _tell(self, pairs: Sequence[tuple[RoundForComparison, RoundForComparison]]) -> None:
        """Counts as told what comparisons of these pairs have told."""
        for before, after in pairs:
            one, other = self._hold(before), self._hold(after)
            assert one is not None
            assert other is not None
            for found in match(before.bank, after.bank, self._decisions):
                if found.pair is not None:
                    self._gate.of(one, other, codes=found.pair)

    def steps(self) -> Iterator[Plan]:
        """Every step of every question, in the order of the newest round."""
        for place, chain in enumerate(self.chains):
            for at, found in enumerate(chain.matches):
                if found is not None:
                    yield self._plan(place, at, found)

    def _plan(self, chain: int, at: int, found: Match) -> Plan:
        ends = self.point(at, found.before), self.point(at + 1, found.after)
        one, other = self._held[at], self._held[at + 1]
        tests: dict[Basis, Moved] = {}
        both, both_ends = None, ends
        if found.pair is not None:
            seen = self._seen(at, found.pair[0]), self._seen(at + 1, found.pair[1])
            if seen[0] is not None and seen[1] is not None:
                tests[Basis.ALL] = change_of(seen[0], seen[1])
            if one is not None and other is not None:
                both = self._gate.of(one, other, codes=found.pair)
                if not both.everybody:
                    both_ends = _of_both(both.before, both), _of_both(both.after, both)
                if both.before is not None and both.after is not None:
                    if both.everybody:
                        tests[Basis.BOTH] = tests[Basis.ALL]
                    else:
                        tests[Basis.BOTH] = change_of(
                            *(Seen(n, n, base) for n, base in (both.before, both.after))
                        )
        return Plan(chain, at, found, ends, tests, both, both_ends)

    def point(self, place: int, code: str | None) -> Point:
        """Everybody's share in one round, or why there is none."""
        if code is None:
            return Point(mark=Mark.NOT_APPLICABLE)
        round_, held = self.rounds[place], self._held[place]
        if isinstance(round_, PublishedTotals):
            total = round_.find(code)
            if total is None:
                return Point(mark=Mark.NOT_AVAILABLE)
            return _point(total.share, total.base)
        assert held is not None
        result = held.result(code)
        if result is None or result.all is None:
            return Point(mark=Mark.NOT_APPLICABLE)
        figures = result.all.figures
        if figures is None:
            return Point(words=result.all.words, mark=result.all.mark)
        return Point(
            share=figures.share,
            base=figures.base,
            agencies=figures.agencies,
            interval=figures.interval,
        )

    def _seen(self, place: int, code: str) -> Seen | None:
        """What a reader knows of everybody's share, None where nothing can be tested."""
        round_, held = self.rounds[place], self._held[place]
        if isinstance(round_, PublishedTotals):
            total = round_.find(code)
            counts = None if total is None else total.counts()
            if total is None or counts is None or total.base is None:
                return None
            return Seen(*counts, total.base)
        assert held is not None
        return held.seen(code)

    def compared(self, at: int) -> dict[str, str]:
        """Codes in the round at a place to codes in the next, of what can be compared."""
        return dict(
            found.pair
            for chain in self.chains
            if (found := chain.matches[at]) is not None and found.pair is not None
        )

    def scores(self, at: int, *, of: Container[str]) -> tuple[Scored | None, tuple[str, ...]]:
        """The scores of some questions of the newest round at one step, and which are compared.

        `of` are codes of the newest round; what is compared is given as codes of the later round
        of the step. Local questions do not count in a score.
        """
        pairs = [
            found.pair
            for chain in self.chains
            if (found := chain.matches[at]) is not None
            and found.pair is not None
            and chain.codes[-1] is not None
            and chain.codes[-1] in of
            and not is_local(chain.codes[-1])
        ]
        one, other = self._held[at], self._held[at + 1]
        codes = tuple(after for _, after in pairs)
        if one is None or other is None:
            return None, codes
        return scored(pairs, before=one, after=other), codes

    def findings(self) -> Iterator[FindingCompared]:
        """What became of the earlier readings, step by step."""
        for at, (before, after) in enumerate(pairwise(self.rounds)):
            if isinstance(before, RoundForComparison) and isinstance(after, RoundForComparison):
                yield from findings(
                    before.summary, after.summary, comparable=self.compared(at), place=at
                )


def _point(share: float, base: int | None, *, agencies: int | None = None) -> Point:
    interval = None
    if base is not None:
        limits = wilson(share * base, base, confidence=_CLEAR)
        interval = Interval(low=tidy(limits.low), high=tidy(limits.high))
    return Point(share=tidy(share), base=base, agencies=agencies, interval=interval)


def _of_both(counts: tuple[int, int] | None, both: BothTimes) -> Point:
    if counts is None:
        return Point(mark=Mark.CONFIDENTIAL if both.agencies else Mark.NOT_APPLICABLE)
    favourable, base = counts
    return _point(favourable / base, base, agencies=both.agencies)
