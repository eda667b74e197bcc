"""How far the people who answered agree with each other.

Each function takes the counts of the options on the scale, in the order of the scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate, combinations
from math import log2
from typing import Final

FEWEST_OPTIONS: Final = 3
FEWEST_ANSWERS: Final = 8
"""Agreement is not shown for fewer answers than this."""


def agreement(counts: Sequence[int]) -> float | None:
    """Van der Eijk's A (2001): 1 for unanimity, 0 for an even spread, -1 for two opposite camps.

    The counts are taken apart into layers in which every option has the same count or none. A
    layer's agreement falls with the options it covers, and is negative where the middle is empty;
    A is the mean of the layers weighted by the answers in each. None where it is undefined: no
    answers, or fewer than three options.

    Van der Eijk, C. (2001). Measuring agreement in ordered rating scales. Quality and Quantity
    35(3), 325-341.

    >>> round(agreement([30, 40, 210, 130, 530, 50, 10]), 7)
    0.6113333
    >>> agreement([5, 0, 0, 0, 5]), agreement([1, 1, 1, 1, 1]), agreement([0, 0, 0, 10, 0])
    (-1.0, 0.0, 1.0)
    """
    total = sum(counts)
    if len(counts) < FEWEST_OPTIONS or total == 0:
        return None
    left = list(counts)
    weighted = Fraction(0)
    while any(left):
        height = min(n for n in left if n)
        layer = [n > 0 for n in left]
        weighted += height * sum(layer) * _layer_agreement(layer)
        left = [n - height if n else 0 for n in left]
    return float(weighted / total)


def _layer_agreement(layer: Sequence[bool]) -> Fraction:
    """The agreement of one layer: which options it covers, in order."""
    options = len(layer)
    covered = sum(layer)
    if covered in (1, options):
        return Fraction(options - covered, options - 1)
    triples = list(combinations(layer, 3))
    single_peaked = sum(triple in ((True, True, False), (False, True, True)) for triple in triples)
    double_peaked = sum(triple == (True, False, True) for triple in triples)
    unimodality = Fraction(
        (options - 2) * single_peaked - (options - 1) * double_peaked,
        (options - 2) * (single_peaked + double_peaked),
    )
    return unimodality * (1 - Fraction(covered - 1, options - 1))


def consensus(counts: Sequence[int]) -> float | None:
    """Tastle and Wierman's consensus (2007), from 0 for two opposite camps to 1 for unanimity.

    Tastle, W. and Wierman, M. (2007). Consensus and dissention: a measure of ordinal dispersion.
    International Journal of Approximate Reasoning 45(3), 531-545.

    >>> round(consensus([30, 40, 210, 130, 530, 50, 10]), 7)
    0.7256876
    """
    total = sum(counts)
    if len(counts) < FEWEST_OPTIONS or total == 0:
        return None
    width = len(counts) - 1
    mean = sum(place * n for place, n in enumerate(counts)) / total
    return 1 + sum(
        n / total * log2(1 - abs(place - mean) / width) for place, n in enumerate(counts) if n
    )


def ordinal_dispersion(counts: Sequence[int]) -> float | None:
    """Leik's D (1966), from 0 for unanimity to 1 for two opposite camps.

    Leik, R. (1966). A measure of ordinal consensus. Pacific Sociological Review 9(2), 85-90.

    >>> round(ordinal_dispersion([30, 40, 210, 130, 530, 50, 10]), 3)
    0.287
    """
    total = sum(counts)
    if len(counts) < FEWEST_OPTIONS or total == 0:
        return None
    distances = [min(below, total - below) for below in accumulate(counts)]
    return 2 * sum(distances) / (total * (len(counts) - 1))


def is_divided(counts: Sequence[int], *, favourable: int, unfavourable: int) -> bool:
    """True when the people who answered stand in two camps: A under .2, or a quarter each side."""
    total = sum(counts)
    if total < FEWEST_ANSWERS:
        return False
    if 4 * favourable >= total and 4 * unfavourable >= total:
        return True
    measured = agreement(counts)
    return measured is not None and measured < 0.2
