"""A share of people, and how sure one may be of it.

Every function takes counts: `favourable` people of `base` who answered on the scale. Whether a
limit reaches a line is decided in exact arithmetic, never by comparing two rounded floats.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache, lru_cache
from math import ceil, comb, sqrt
from statistics import NormalDist
from typing import Final, NamedTuple

import numpy as np


class Limits(NamedTuple):
    """A lower and an upper limit of a share, both from 0 to 1."""

    low: float
    high: float


class CountLimits(NamedTuple):
    """A lower and an upper limit of how many people of a population are favourable."""

    low: int
    high: int


def _check(favourable: int, base: int, population: int | None = None) -> None:
    if base < 1:
        raise ValueError("a share needs a base of at least one")
    if not 0 <= favourable <= base:
        raise ValueError("the favourable are some of the base")
    if population is not None and population < base:
        raise ValueError("the base is part of the population")


def clip(value: float) -> float:
    """The value within 0 to 1, which arithmetic on floats may leave by a hair."""
    return min(1.0, max(0.0, value))


@cache
def deviate(confidence: Fraction) -> float:
    """How many standard errors each side of the centre hold `confidence` of a normal law.

    >>> round(deviate(Fraction(95, 100)), 4)
    1.96
    """
    if not 0 < confidence < 1:
        raise ValueError("a confidence is more than 0 and less than 1")
    return NormalDist().inv_cdf(float((1 + confidence) / 2))


def wilson(
    favourable: float, base: float, *, confidence: Fraction, population: int | None = None
) -> Limits:
    """Wilson's score interval for a share (Wilson 1927), clipped to 0 to 1.

    `base` may be an effective number of answers, so neither needs to be whole. With `population`
    the base is enlarged to base (N - 1) / (N - base), the finite population correction, and the
    limits are clipped to the shares that are possible: a whole number of people of the population.
    A base that is the whole population gives the point.

    >>> [round(limit, 4) for limit in wilson(81, 263, confidence=Fraction(95, 100))]
    [0.2553, 0.3662]
    """
    if base <= 0:
        raise ValueError("a share needs a base of at least one")
    share = favourable / base
    lowest, highest = 0.0, 1.0
    if population is not None:
        lowest, highest = bounds(int(favourable), int(base), asked=population)
        if base == population:
            return Limits(share, share)
        base = base * (population - 1) / (population - base)
    z = deviate(confidence)
    centre = (share + z * z / (2 * base)) / (1 + z * z / base)
    half = z * sqrt(share * (1 - share) / base + z * z / (4 * base * base)) / (1 + z * z / base)
    # At no favourable and at all favourable the outer limit is exactly 0 or 1.
    low = 0.0 if share == 0 else clip(centre - half)
    high = 1.0 if share == 1 else clip(centre + half)
    return Limits(max(low, lowest), min(high, highest))


TIE: Final = 1e-9
"""Closer to the line than this, a chance is worked out in whole numbers."""


@cache
def _log_factorials(size: int) -> np.ndarray:
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, size + 1)))])


def _chance_of_as_many(favourable: int, base: int, *, population: int, inside: int) -> float:
    """P(X >= favourable) when `base` are drawn of a population with `inside` favourable.

    There must be others enough in the population to leave as few as `favourable` in the draw.
    """
    size = 1 << population.bit_length()
    logs = _log_factorials(size)
    drawn = np.arange(favourable, min(base, inside) + 1)
    outside = population - inside
    terms = (
        logs[inside]
        - logs[drawn]
        - logs[inside - drawn]
        + logs[outside]
        - logs[base - drawn]
        - logs[outside - base + drawn]
    ) - (logs[population] - logs[base] - logs[population - base])
    return float(np.exp(terms).sum())


def _is_ruled_out(
    inside: int, favourable: int, base: int, *, population: int, confidence: Fraction
) -> bool:
    """True when as many favourable as were seen would be a surprise with only `inside` of them."""
    line = (1 - confidence) / 2
    chance = _chance_of_as_many(favourable, base, population=population, inside=inside)
    if abs(chance - float(line)) > TIE:
        return chance < float(line)
    # Logarithms cannot tell a chance of exactly the line from one beside it; whole numbers can.
    ways = sum(
        comb(inside, drawn) * comb(population - inside, base - drawn)
        for drawn in range(favourable, min(base, inside) + 1)
    )
    return Fraction(ways, comb(population, base)) <= line


@lru_cache(maxsize=65_536)
def _fewest_favourable(favourable: int, base: int, population: int, confidence: Fraction) -> int:
    """The fewest favourable people of the population that the answers do not rule out."""
    low, high = favourable, population - base + favourable
    # Wilson's limit is a few people off at most: the search starts there and takes growing steps.
    guess = wilson(favourable, base, confidence=confidence, population=population).low
    at, step = round(guess * population), 1
    while low < high:
        if not low <= at < high:
            at = (low + high) // 2
        if _is_ruled_out(at, favourable, base, population=population, confidence=confidence):
            low, at = at + 1, at + step
        else:
            high, at = at, at - step
        step *= 2
    return low


def hypergeometric_counts(
    favourable: int, base: int, *, population: int, confidence: Fraction
) -> CountLimits:
    """The exact limits, in people, where `base` of a known population answered.

    Inverts the two one-sided tests (Buonaccorsi 1987): a number of favourable people in the
    population is kept while the chance of as many as were seen, and of as few, is each more than
    half of 1 - confidence. R's samplingbook::Sprop goes one person further on either side.

    >>> hypergeometric_counts(45, 100, population=300, confidence=Fraction(95, 100))
    CountLimits(low=111, high=160)
    """
    low = _fewest_favourable(favourable, base, population, confidence)
    others = _fewest_favourable(base - favourable, base, population, confidence)
    return CountLimits(low, population - others)


def interval(
    favourable: int, base: int, *, confidence: Fraction, population: int | None = None
) -> Limits:
    """The interval of a share: hypergeometric where the population is known, otherwise Wilson.

    >>> interval(30, 30, confidence=Fraction(95, 100), population=30)
    Limits(low=1.0, high=1.0)
    """
    _check(favourable, base)
    if population is None:
        return wilson(favourable, base, confidence=confidence)
    counts = hypergeometric_counts(favourable, base, population=population, confidence=confidence)
    return Limits(counts.low / population, counts.high / population)


def low_reaches(
    line: Fraction,
    *,
    favourable: int,
    base: int,
    confidence: Fraction,
    population: int | None = None,
) -> bool:
    """True when the lower limit of the interval is at or over `line`.

    Wilson's limit is compared through the quadratic it solves, in exact fractions: the limit is at
    or over the line when the share is, by at least z standard errors taken at the line.
    """
    _check(favourable, base, population)
    if population is not None:
        fewest = ceil(line * population)
        if fewest <= favourable:
            return True
        # The limit reaches the line when the number just under it is ruled out.
        return fewest <= population - base + favourable and _is_ruled_out(
            fewest - 1, favourable, base, population=population, confidence=confidence
        )
    distance = favourable - base * line
    if distance < 0:
        return False
    return distance**2 >= Fraction(deviate(confidence)) ** 2 * base * line * (1 - line)


def high_within(
    line: Fraction,
    *,
    favourable: int,
    base: int,
    confidence: Fraction,
    population: int | None = None,
) -> bool:
    """True when the upper limit of the interval is at or under `line`."""
    return low_reaches(
        1 - line,
        favourable=base - favourable,
        base=base,
        confidence=confidence,
        population=population,
    )


def bounds(favourable: int, base: int, *, asked: int) -> Limits:
    """The non-response bounds: what the share of everybody asked could be, without assumptions.

    All those of whom no answer on the scale is known are taken as unfavourable, then as favourable
    (Manski 1989).

    >>> [round(bound, 3) for bound in bounds(52, 88, asked=152)]
    [0.342, 0.763]
    """
    _check(favourable, base, asked)
    return Limits(favourable / asked, (favourable + asked - base) / asked)


def margin_of_error(share: float, base: int, *, population: int | None = None) -> float:
    """Half the width of the simple 95% interval, as surveys print it; judgements never use it.

    >>> round(margin_of_error(0.43, 120, population=200), 3)
    0.056
    """
    _check(0, base, population)
    correction = 1.0
    if population is not None:
        correction = sqrt((population - base) / (population - 1)) if population > 1 else 0.0
    return deviate(Fraction(95, 100)) * sqrt(share * (1 - share) / base) * correction


def dont_know_share(dont_know: int, base: int) -> float:
    """Don't know as a share of applicable answers: those on the scale and don't know."""
    return dont_know / (base + dont_know) if base + dont_know else 0.0


def share_counting_dont_know(favourable: int, base: int, *, dont_know: int) -> float:
    """The sensitivity figure: the favourable share with don't know counted as not favourable."""
    _check(favourable, base)
    return favourable / (base + dont_know)


def index(counts: Sequence[int], weights: Sequence[int | None]) -> float | None:
    """The mean weight of the options chosen, from 0 to 100; None without answers or weights.

    Two groups with equal favourable shares may differ in it.

    >>> index([10, 40, 10, 16, 24], [100, 75, 50, 25, 0])
    49.0
    >>> index([22, 28, 34, 12, 4], [100, 75, 50, 25, 0])
    63.0
    """
    total = sum(counts)
    known = [weight for weight in weights if weight is not None]
    if not total or len(known) < len(weights):
        return None
    return sum(n * weight for n, weight in zip(counts, known, strict=True)) / total
