"""Agencies that answered both times: their figures and the split of a change, where they may be."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.gaps import Pair
from analysis.rounds_gate import (
    HeldQuestion,
    HeldRound,
    answered_both,
    may_show_both,
    sum_of,
    weighted_sum,
)
from analysis.rounds_split import Parts, Points, split, told, weights, whole_points
from analysis.whole_people import Sum


@dataclass(frozen=True)
class BothTimes:
    """What may be shown of agencies that answered a question in two rounds.

    `before` and `after` are favourable and base, None where they may not be shown. `everybody` is
    True where nobody else answered either time. `points` is the split of the change, None where it
    may not be shown.
    """

    agencies: int
    everybody: bool = False
    before: tuple[int, int] | None = None
    after: tuple[int, int] | None = None
    points: Points | None = None


class BothGate:
    """Decides for each question once, and remembers what was told.

    What one comparison tells of a round counts when the next is made, so pairs of rounds are asked
    for in the order in which they were or will be shown.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[int, str, int, str], BothTimes] = {}

    def of(self, before: HeldRound, after: HeldRound, *, codes: tuple[str, str]) -> BothTimes:
        """What may be shown of the agencies that answered the question in both rounds."""
        key = (id(before), codes[0], id(after), codes[1])
        if key not in self._found:
            self._found[key] = _both_times(before, after, codes)
        return self._found[key]


def _both_times(before: HeldRound, after: HeldRound, codes: tuple[str, str]) -> BothTimes:
    then, now = before.held(codes[0]), after.held(codes[1])
    if then is None or now is None:
        return BothTimes(0)
    agencies = answered_both(then, now)
    if not agencies or not all(
        may_show_both(code, agencies, held=held, round_=round_)
        for code, held, round_ in zip(codes, (then, now), (before, after), strict=True)
    ):
        return BothTimes(len(agencies))
    for held in (then, now):
        held.told.append(sum_of(held, agencies))
    return BothTimes(
        len(agencies),
        everybody=set(then.by_agency) == agencies == set(now.by_agency),
        before=then.of(agencies),
        after=now.of(agencies),
        points=_points(then, now, rounds=(before, after)),
    )


def _points(
    then: HeldQuestion,
    now: HeldQuestion,
    *,
    rounds: tuple[HeldRound, HeldRound],
) -> Points | None:
    """The split in whole points, or None where it would tell an agency's answers.

    None too where a round has had an earlier release with fewer people: two weighted figures would
    stand beside each other, and no audit of releases knows of them.
    """
    if any(
        round_.has_grown(held.question.code, frozenset(held.by_agency))
        for round_, held in zip(rounds, (then, now), strict=True)
    ):
        return None
    pairs = {
        name: Pair(*then.by_agency.get(name, (0, 0)), *now.by_agency.get(name, (0, 0)))
        for name in sorted({*then.by_agency, *now.by_agency})
    }
    parts = split(pairs.values())
    assert parts is not None
    sums = _rate_in_each(then, now, pairs=pairs, parts=parts)
    if not all(
        round_.may_tell(held, [each])
        for round_, held, each in zip(rounds, (then, now), sums, strict=True)
    ):
        return None
    for held, each in zip((then, now), sums, strict=True):
        held.told.append(each)
    return whole_points(parts)


def _rate_in_each(
    then: HeldQuestion, now: HeldQuestion, *, pairs: dict[str, Pair], parts: Parts
) -> tuple[Sum, Sum]:
    """The rate as a fact about each round, as if all answers of the other round were known."""
    weight = weights(pairs)
    low, high = told(parts)
    earlier = sum(w * pairs[name].favourable_1 / pairs[name].base_1 for name, w in weight.items())
    later = sum(w * pairs[name].favourable_2 / pairs[name].base_2 for name, w in weight.items())
    return (
        weighted_sum(
            then,
            lambda name: weight[name] / pairs[name].base_1 if name in weight else 0.0,
            low=later - high,
            high=later - low,
        ),
        weighted_sum(
            now,
            lambda name: weight[name] / pairs[name].base_2 if name in weight else 0.0,
            low=earlier + low,
            high=earlier + high,
        ),
    )
