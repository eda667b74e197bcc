"""Differences between two groups on a question, and whether they stand out of the noise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache
from math import comb, erfc, sqrt
from typing import Final, NamedTuple

from analysis.shares import deviate, wilson

FLAG: Final = Fraction(20, 100)
"""A difference from this on is worth a reader's time."""
FALSE_DISCOVERY_RATE: Final = 0.05
CONFIDENCE: Final = Fraction(95, 100)
FEWEST_EXPECTED: Final = 5
"""Under this many expected answers in a cell the exact test is used."""


class GapKind(StrEnum):
    """The families of differences."""

    COUNCIL_PARTNERS = "council_partners"
    LEVELS = "levels"


class Pair(NamedTuple):
    """Favourable of base in a first and a second group."""

    favourable_1: int
    base_1: int
    favourable_2: int
    base_2: int


class Difference(NamedTuple):
    """A difference of two shares (first - second), its 95% limits, and its p-value."""

    difference: float
    low: float
    high: float
    p_value: float


class Strength(StrEnum):
    """How far a difference is to be believed."""

    CLEAR = "clear"
    POSSIBLE = "possible"
    NONE = "none"


Populations = tuple[int | None, int | None]
"""How many people the first and the second group were drawn from, None where not known."""
_NOT_KNOWN: Final[Populations] = (None, None)


def newcombe(
    pair: Pair, *, confidence: Fraction = CONFIDENCE, populations: Populations = _NOT_KNOWN
) -> tuple[float, float]:
    """Newcombe's hybrid score interval for a difference of two shares (1998, method 10).

    With `populations` each share's own limits are those of a finite population, so that a group of
    which everybody answered adds no doubt.

    >>> [round(limit, 4) for limit in newcombe(Pair(56, 70, 48, 80))]
    [0.0524, 0.3339]
    """
    share_1, share_2 = pair.favourable_1 / pair.base_1, pair.favourable_2 / pair.base_2
    first = wilson(pair.favourable_1, pair.base_1, confidence=confidence, population=populations[0])
    second = wilson(
        pair.favourable_2, pair.base_2, confidence=confidence, population=populations[1]
    )
    difference = share_1 - share_2
    low = difference - sqrt((share_1 - first.low) ** 2 + (second.high - share_2) ** 2)
    high = difference + sqrt((first.high - share_1) ** 2 + (share_2 - second.low) ** 2)
    return max(-1.0, low), min(1.0, high)


def two_sided(z: float) -> float:
    """The chance of a standard normal value as far from 0 as z, on either side."""
    return erfc(abs(z) / sqrt(2))


def difference_p(pair: Pair, *, populations: Populations = _NOT_KNOWN) -> float:
    """The p-value of no difference: the pooled score test, or Fisher's exact test when sparse.

    Fisher's is used where an expected count is under five. With `populations` the variance of each
    share in the score test is multiplied by (N - n)/(N - 1); Fisher's test is left as it is, which
    errs towards no difference. Where all of both groups answered, any difference is one.
    """
    base = pair.base_1 + pair.base_2
    favourable = pair.favourable_1 + pair.favourable_2
    if favourable in (0, base):
        return 1.0
    unseen_1, unseen_2 = _unseen(pair.base_1, populations[0]), _unseen(pair.base_2, populations[1])
    apart = pair.favourable_1 / pair.base_1 - pair.favourable_2 / pair.base_2
    if unseen_1 == unseen_2 == 0:
        return 1.0 if apart == 0 else 0.0
    rarer = min(favourable, base - favourable)
    if min(pair.base_1, pair.base_2) * rarer < FEWEST_EXPECTED * base:
        return fisher_exact(pair)
    pooled = favourable / base
    error = sqrt(pooled * (1 - pooled) * (unseen_1 / pair.base_1 + unseen_2 / pair.base_2))
    return two_sided(apart / error)


def _unseen(base: int, population: int | None) -> float:
    """The finite population correction of a variance."""
    if population is None:
        return 1.0
    return 0.0 if population <= base else (population - base) / (population - 1)


@cache
def fisher_exact(pair: Pair) -> float:
    """Fisher's exact test, two-sided: the chance of tables no more likely than the one seen.

    In whole numbers, so that tables of equal chance are seen to be equal.

    >>> round(fisher_exact(Pair(3, 4, 1, 4)), 4)
    0.4857
    """
    favourable = pair.favourable_1 + pair.favourable_2
    least = max(0, favourable - pair.base_2)
    most = min(pair.base_1, favourable)
    ways = [
        comb(pair.base_1, seen) * comb(pair.base_2, favourable - seen)
        for seen in range(least, most + 1)
    ]
    seen_ways = ways[pair.favourable_1 - least]
    return float(Fraction(sum(way for way in ways if way <= seen_ways), sum(ways)))


def plain_difference(pair: Pair, *, populations: Populations = _NOT_KNOWN) -> Difference:
    """The difference of two separate groups, with Newcombe's interval."""
    low, high = newcombe(pair, populations=populations)
    return Difference(
        pair.favourable_1 / pair.base_1 - pair.favourable_2 / pair.base_2,
        low,
        high,
        difference_p(pair, populations=populations),
    )


def stratified_difference(strata: Iterable[Pair]) -> Difference | None:
    """The Mantel-Haenszel difference over strata, with Sato's interval; None without any stratum.

    Each stratum holds the two groups of one agency, so that a difference between levels is one
    between people of the same agency, and not between agencies with more of one level. A stratum
    with only one of the groups adds nothing.

    Sato, T. (1989). On the variance estimator for the Mantel-Haenszel risk difference. Biometrics
    45(4), 1323-1324. The p-value is that of the Cochran-Mantel-Haenszel test without continuity
    correction.
    """
    held = contributing(strata)
    if not held:
        return None
    weights = [pair.base_1 * pair.base_2 / (pair.base_1 + pair.base_2) for pair in held]
    total = sum(weights)
    difference = (
        sum(
            (pair.favourable_1 * pair.base_2 - pair.favourable_2 * pair.base_1)
            / (pair.base_1 + pair.base_2)
            for pair in held
        )
        / total
    )
    half = deviate(CONFIDENCE) * sqrt(max(0.0, _sato_variance(held, difference, total)))
    return Difference(
        difference,
        max(-1.0, difference - half),
        min(1.0, difference + half),
        cochran_mantel_haenszel_p(held),
    )


def contributing(strata: Iterable[Pair]) -> tuple[Pair, ...]:
    """The strata that hold people of both groups."""
    return tuple(pair for pair in strata if pair.base_1 and pair.base_2)


def _sato_variance(strata: Sequence[Pair], difference: float, total: float) -> float:
    spread, chance = 0.0, 0.0
    for a, n1, b, n2 in strata:
        n = n1 + n2
        spread += (n1**2 * b - n2**2 * a + n1 * n2 * (n2 - n1) / 2) / n**2
        chance += (a * (n2 - b) + b * (n1 - a)) / (2 * n)
    return (difference * spread + chance) / total**2


def cochran_mantel_haenszel_p(strata: Sequence[Pair]) -> float:
    """The p-value of no difference within strata (Cochran 1954, Mantel and Haenszel 1959).

    Each stratum holds people of both groups.
    """
    excess, variance = 0.0, 0.0
    for a, n1, b, n2 in strata:
        n, favourable = n1 + n2, a + b
        excess += a - n1 * favourable / n
        variance += n1 * n2 * favourable * (n - favourable) / (n**2 * (n - 1))
    return 1.0 if variance == 0 else two_sided(excess / sqrt(variance))


def benjamini_hochberg(p_values: Sequence[float], *, rate: float) -> tuple[bool, ...]:
    """Which hypotheses of a family are rejected at a false discovery rate (BH 1995).

    >>> benjamini_hochberg([0.01, 0.5, 0.02], rate=0.05)
    (True, False, True)
    """
    ordered = sorted(p_values)
    line = max(
        (p for rank, p in enumerate(ordered, start=1) if p <= rank / len(ordered) * rate),
        default=-1.0,
    )
    return tuple(p <= line for p in p_values)


@dataclass(frozen=True)
class Found:
    """A difference with how far it is to be believed, among those of its family."""

    found: Difference
    strength: Strength


def judge_family(differences: Sequence[Difference]) -> tuple[Found, ...]:
    """How far each difference of a family is to be believed.

    Clear: 20 points or more, with an interval that leaves out zero and a p-value that stands
    within the family. Possible: only one of the two.
    """
    rejected = benjamini_hochberg([d.p_value for d in differences], rate=FALSE_DISCOVERY_RATE)
    judged = []
    for difference, kept in zip(differences, rejected, strict=True):
        # A difference of .2 made of floats may fall short of it by a hair.
        large = abs(difference.difference) >= float(FLAG) - 1e-12
        off_zero = kept and (difference.low > 0 or difference.high < 0)
        if large and off_zero:
            strength = Strength.CLEAR
        else:
            strength = Strength.POSSIBLE if large or off_zero else Strength.NONE
        judged.append(Found(difference, strength))
    return tuple(judged)
