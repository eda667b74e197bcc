"""A signpost's score: the mean of its questions' favourable shares, and how sure it is.

The mean is over the questions, not over respondents' own means: where people are routed past
questions the two differ, and only the first says how the questions came out. The same people answer
several of the questions, so their shares move together; how much is known from how many people were
favourable on both of a pair, and from nothing else of anybody.

Everything here is ungated. `analysis.summary` and `analysis.rounds` show a score only where every
question of it is shown in figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import Final, NamedTuple

from analysis.gaps import two_sided
from analysis.shares import Limits, wilson
from analysis.tally_tables import Tally

FEWEST_QUESTIONS: Final = 2
"""A score of one question would be its share under another name."""

HALF: Final = 0.5
"""Half a person favourable on everything and half on nothing, added before the variance."""


class Answers(NamedTuple):
    """How people answered one question on its scale."""

    favourable: int
    base: int


class Both(NamedTuple):
    """People who answered both of two questions on their scales, and how.

    `first` and `other` were favourable on the one and on the other, `favourable` on both.
    """

    both: int
    first: int
    other: int
    favourable: int


Pairs = Mapping[tuple[str, str], Both]
"""Co-counts by the codes of two questions; either order will do."""


@dataclass(frozen=True)
class Score:
    """A theme's score with its standard error.

    `effective` is how many answers of a simple sample would be as sure; `limits` are Wilson's on
    that number, capped at the number of answers given.
    """

    questions: tuple[str, ...]
    score: float
    standard_error: float
    effective: float
    limits: Limits


def covariance(first: Answers, second: Answers, both: Both) -> float:
    """The covariance of two questions' shares, by linearisation.

    [x_qr - p_q a_r - p_r a_q + p_q p_r n_qr] / (n_q n_r), where n_qr people answered both, x_qr of
    them were favourable on both, and a_q, a_r on the one and on the other. For a question with
    itself it is p(1-p)/n.

    >>> round(covariance(Answers(6, 10), Answers(6, 10), Both(10, 6, 6, 6)), 4)
    0.024
    """
    share_1 = first.favourable / first.base
    share_2 = second.favourable / second.base
    moved = (
        both.favourable
        - share_1 * both.other
        - share_2 * both.first
        + share_1 * share_2 * both.both
    )
    return moved / (first.base * second.base)


def score_of(
    answers: Mapping[str, Answers],
    pairs: Pairs,
    *,
    questions: Sequence[str],
    confidence: Fraction = Fraction(95, 100),
    population: int | None = None,
) -> Score | None:
    """The score on some of a theme's questions, or None under two of them or without an answer.

    `answers` and `pairs` may hold more questions than are asked for, so that a score can be made
    again for any common set. A pair that is missing (questions of two signposts, or co-counts that
    were never kept) counts as moving together as much as two questions can, which makes the
    interval wider, never narrower. With `population`, the people in scope, the variance is
    multiplied by (N - n)/(N - 1), n being the answers to the least answered question.

    >>> pairs = {("a", "b"): Both(both=10, first=6, other=8, favourable=6)}
    >>> found = score_of({"a": Answers(6, 10), "b": Answers(8, 10)}, pairs, questions=["a", "b"])
    >>> round(found.score, 2), round(found.standard_error, 3)
    (0.7, 0.137)
    """
    held = {code: answers[code] for code in questions if code in answers and answers[code].base}
    if len(held) < FEWEST_QUESTIONS or len(held) < len(set(questions)):
        return None
    score = sum(each.favourable / each.base for each in held.values()) / len(held)
    variance = smoothed_variance(held, pairs)
    if population is not None:
        variance *= _unseen(min(each.base for each in held.values()), population)
    if variance <= 0:
        return Score(tuple(held), score, 0.0, float(_given(held)), Limits(score, score))
    smooth = sum(_smoothed(each) for each in held.values()) / len(held)
    effective = smooth * (1 - smooth) / variance
    worth = min(effective, float(_given(held)))
    limits = wilson(score * worth, worth, confidence=confidence)
    return Score(tuple(held), score, sqrt(variance), effective, limits)


def _unseen(base: int, population: int) -> float:
    """The finite population correction of a variance."""
    if population <= base:
        return 0.0
    return (population - base) / (population - 1)


def _given(held: Mapping[str, Answers]) -> int:
    return sum(each.base for each in held.values())


def _smoothed(each: Answers) -> float:
    return (each.favourable + HALF) / (each.base + 2 * HALF)


def smoothed_variance(answers: Mapping[str, Answers], pairs: Pairs) -> float:
    """The variance with one more person, half favourable on everything and half on nothing.

    A theme of which all answers were favourable would otherwise look certain. The sums are divided
    by the answers really given, so that the person adds doubt and takes none away.
    """
    people = {code: _Smooth(each) for code, each in answers.items()}
    total = 0.0
    for first, one in people.items():
        for second, other in people.items():
            both = _both(answers, pairs, first, second)
            if both is None:
                total += sqrt(one.variance * other.variance)
                continue
            x = both.favourable + HALF
            a_1, a_2 = both.first + HALF, both.other + HALF
            n = both.both + 2 * HALF
            moved = x - one.share * a_2 - other.share * a_1 + one.share * other.share * n
            total += moved / (one.base * other.base)
    return total / len(people) ** 2


class _Smooth:
    """One question with the person added."""

    def __init__(self, each: Answers) -> None:
        self.base = each.base
        self.share = _smoothed(each)
        self.variance = self.share * (1 - self.share) * (each.base + 2 * HALF) / each.base**2


def _both(answers: Mapping[str, Answers], pairs: Pairs, first: str, second: str) -> Both | None:
    """The co-counts of two questions in the order asked for, or None where they are not known."""
    if first == second:
        favourable, base = answers[first]
        return Both(base, favourable, favourable, favourable)
    if (first, second) in pairs:
        return pairs[first, second]
    turned = pairs.get((second, first))
    return turned and Both(turned.both, turned.other, turned.first, turned.favourable)


def pairs_of_everybody(tally: Tally) -> dict[tuple[str, str], Both]:
    """The co-counts of all agencies and levels together; empty where they were never kept."""
    columns = ["both", "first_favourable", "other_favourable", "both_favourable"]
    summed = tally.pairs.groupby(["question", "other"], sort=False)[columns].sum()
    return {
        (str(first), str(other)): Both(*(int(count) for count in counts))
        for (first, other), counts in zip(
            summed.index.tolist(), summed.to_numpy().tolist(), strict=True
        )
    }


class ScoreChange(NamedTuple):
    """The change of a score (later less earlier), its limits and its p-value."""

    difference: float
    low: float
    high: float
    p_value: float


def score_change(earlier: Score, later: Score) -> ScoreChange:
    """The change between two separate rounds, with the interval recovered from the two intervals.

    Zou, G. Y. and Donner, A. (2008). Construction of confidence limits about effect measures: a
    general approach. Statistics in Medicine 27, 1693-1702. For two single shares it is Newcombe's
    hybrid score interval. The p-value is that of the difference over its standard error.

    >>> one = Score(("a", "b"), 0.5, 0.05, 100.0, Limits(0.4, 0.6))
    >>> [round(number, 3) for number in score_change(one, one)]
    [0.0, -0.141, 0.141, 1.0]
    """
    difference = later.score - earlier.score
    low = difference - sqrt(
        (later.score - later.limits.low) ** 2 + (earlier.limits.high - earlier.score) ** 2
    )
    high = difference + sqrt(
        (later.limits.high - later.score) ** 2 + (earlier.score - earlier.limits.low) ** 2
    )
    error = sqrt(earlier.standard_error**2 + later.standard_error**2)
    return ScoreChange(difference, max(-1.0, low), min(1.0, high), _p(difference, error=error))


def _p(difference: float, *, error: float) -> float:
    if error == 0:
        return 1.0 if difference == 0 else 0.0
    return two_sided(difference / error)
