"""How much councils differ, and what that makes of one of them: limits of a funnel, shrinkage.

The figures of other councils are rounded before they come here; nothing here names any.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Final, NamedTuple

from analysis.shares import Limits, clip

_TOLERANCE: Final = 1e-10
_MOST_STEPS: Final = 200

WINSORISED: Final = 0.1
"""The part of the councils at either end whose distance counts as that of the next."""


class Council(NamedTuple):
    """One council's favourable share of `n` people."""

    share: float
    n: int


class Spread(NamedTuple):
    """Councils together: their common share, and how they spread about it.

    `dispersion` is the mean square of the winsorised distances in standard errors: 1 where chance
    alone sets the councils apart.
    """

    centre: float
    dispersion: float


def spread(councils: Sequence[Council], *, winsorised: float = WINSORISED) -> Spread:
    """The common share and the over-dispersion of councils about it.

    z = (y - c)/sqrt(c(1-c)/n), with c all favourable answers over all answers; the tenth of the
    councils at either end is drawn in to the next; phi is the mean of z squared.

    Spiegelhalter, D. J. (2005). Funnel plots for comparing institutional performance. Statistics in
    Medicine 24, 1185-1202; Handling over-dispersion of performance indicators. Quality
    and Safety in Health Care 14, 347-351.

    >>> alike = [Council(0.5, 40)] * 10
    >>> spread(alike)
    Spread(centre=0.5, dispersion=0.0)
    """
    total = sum(council.n for council in councils)
    centre = sum(council.share * council.n for council in councils) / total
    if not 0 < centre < 1:
        return Spread(clip(centre), 0.0)
    distances = winsorise(
        [
            (council.share - centre) / sqrt(centre * (1 - centre) / council.n)
            for council in councils
        ],
        part=winsorised,
    )
    return Spread(centre, sum(z * z for z in distances) / len(distances))


def winsorise(values: Sequence[float], *, part: float) -> list[float]:
    """The values with the outermost `part` at either end drawn in to the next value.

    >>> winsorise([1, 2, 3, 4, 5, 6, 7, 8, 9, 90], part=0.1)
    [2, 2, 3, 4, 5, 6, 7, 8, 9, 9]
    """
    ordered = sorted(values)
    cut = int(part * len(ordered))
    low, high = ordered[cut], ordered[len(ordered) - 1 - cut]
    return [min(high, max(low, value)) for value in values]


def funnel_limits(found: Spread, *, n: int, deviate: float) -> Limits:
    """The limits within which a council of `n` people falls, so many standard errors wide.

    centre +- z sqrt(phi centre (1 - centre) / n), where phi under 1 counts as 1.

    >>> limits = funnel_limits(Spread(0.5, 4.0), n=100, deviate=1.96)
    >>> round(limits.low, 3), round(limits.high, 3)
    (0.304, 0.696)
    """
    half = deviate * sqrt(max(1.0, found.dispersion) * found.centre * (1 - found.centre) / n)
    return Limits(clip(found.centre - half), clip(found.centre + half))


def variance(council: Council) -> float:
    """The variance of a share with half a person added on each side, so that none is certain."""
    share = (council.share * council.n + 0.5) / (council.n + 1)
    return share * (1 - share) / council.n


def dersimonian_laird(effects: Sequence[float], variances: Sequence[float]) -> float:
    """The variance between councils by the method of moments.

    DerSimonian, R. and Laird, N. (1986). Meta-analysis in clinical trials. Controlled Clinical
    Trials 7, 177-188.
    """
    weights = [1 / each for each in variances]
    total = sum(weights)
    centre = sum(w * y for w, y in zip(weights, effects, strict=True)) / total
    q = sum(w * (y - centre) ** 2 for w, y in zip(weights, effects, strict=True))
    scale = total - sum(w * w for w in weights) / total
    if scale <= 0:
        return 0.0
    return max(0.0, (q - (len(effects) - 1)) / scale)


def paule_mandel(effects: Sequence[float], variances: Sequence[float]) -> float:
    """The variance between councils at which they are as far apart as expected.

    The tau squared for which sum (y - centre)^2/(v + tau^2) is the number of councils less one,
    or 0 where it is less from the start.

    Paule, R. C. and Mandel, J. (1982). Consensus values and weighting factors. Journal of Research
    of the National Bureau of Standards 87, 377-385.
    """
    expected = len(effects) - 1

    def excess(between: float) -> float:
        weights = [1 / (each + between) for each in variances]
        centre = sum(w * y for w, y in zip(weights, effects, strict=True)) / sum(weights)
        return sum(w * (y - centre) ** 2 for w, y in zip(weights, effects, strict=True)) - expected

    if excess(0.0) <= 0:
        return 0.0
    low, high = 0.0, 1.0
    while excess(high) > 0:
        high *= 2
    for _ in range(_MOST_STEPS):
        middle = (low + high) / 2
        if excess(middle) > 0:
            low = middle
        else:
            high = middle
        if high - low < _TOLERANCE:
            break
    return (low + high) / 2


def shrunken(own: Council, councils: Sequence[Council]) -> float:
    """The own share drawn towards the mean of all councils by as much as it is uncertain.

    centre + (y - centre) tau^2/(tau^2 + v), with Paule and Mandel's tau^2 and the centre weighted
    by 1/(v + tau^2). `councils` hold the own one.

    >>> round(shrunken(Council(0.9, 10), [Council(0.9, 10), *[Council(0.5, 50)] * 9]), 2)
    0.64
    """
    effects = [council.share for council in councils]
    variances = [variance(council) for council in councils]
    between = paule_mandel(effects, variances)
    weights = [1 / (each + between) for each in variances]
    centre = sum(w * y for w, y in zip(weights, effects, strict=True)) / sum(weights)
    own_variance = variance(own)
    return centre + (own.share - centre) * between / (between + own_variance)
