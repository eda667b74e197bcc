"""Rounding, once, where a figure is shown: whole percents, halves up.

A share is rounded from the counts where they are known and from the exact decimal otherwise. One
that is not nought but would round to nought reads "under 1%", and one that is not everybody but
would round to 100 reads "over 99%". Parts that are shown need not add to the total that is shown.

>>> share_text(1, 8), share_text(269, 565), share_text(1, 400), share_text(399, 400)
('13%', '48%', 'under 1%', 'over 99%')
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from analysis.result import Interval


def percent(count: int, base: int) -> int:
    """The whole percent that `count` is of `base`, halves up. Raises ValueError for an empty base.

    >>> percent(1, 200), percent(1, 201), percent(2, 3)
    (1, 0, 67)
    """
    if base <= 0:
        raise ValueError("a percentage needs a base of at least one")
    return (200 * count + base) // (2 * base)


def percent_of(share: float) -> int:
    """The whole percent of a share from 0 to 1 (or a difference from -1 to 1), halves away from 0.

    The decimal a reader would see is rounded, not the binary fraction behind it.

    >>> percent_of(0.125), percent_of(0.285), percent_of(-0.125)
    (13, 29, -13)
    """
    exact = Decimal(repr(round(share, 12))) * 100
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def share_text(count: int, base: int) -> str:
    """A share in words: a whole percent, never a false nought and never a false hundred."""
    whole = percent(count, base)
    if whole == 0 and count > 0:
        return "under 1%"
    if whole == 100 and count < base:
        return "over 99%"
    return f"{whole}%"


def interval_text(interval: Interval) -> str:
    """The two limits as whole percents.

    >>> interval_text(Interval(low=0.4661, high=0.7214)), interval_text(Interval(low=.6, high=.6))
    ('47% to 72%', '60%')
    """
    low, high = percent_of(interval.low), percent_of(interval.high)
    return f"{low}%" if low == high else f"{low}% to {high}%"


def points_text(difference: float) -> str:
    """The size of a difference between two shares, in whole percentage points.

    >>> points_text(-0.284), points_text(0.01)
    ('28 points', '1 point')
    """
    points = abs(percent_of(difference))
    return "1 point" if points == 1 else f"{points} points"


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun.

    >>> counted(1, "agency", "agencies"), counted(7, "agency", "agencies"), counted(2, "answer")
    ('1 agency', '7 agencies', '2 answers')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def decimal_text(value: float) -> str:
    """A measure from -1 to 1 with two decimals and a true minus sign.

    >>> decimal_text(0.6113333), decimal_text(-0.25), decimal_text(-0.001)
    ('0.61', '−0.25', '0.00')
    """
    rounded = Decimal(repr(round(value, 12))).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return f"{abs(rounded)}" if rounded >= 0 else f"−{abs(rounded)}"


def signed(points: int) -> str:
    """A whole number of points with its sign.

    >>> signed(5), signed(-5), signed(0)
    ('+5', '−5', '0')
    """
    if points == 0:
        return "0"
    return f"+{points}" if points > 0 else f"−{-points}"
