"""What a change of everybody's share is made of: other answers, or other people answering.

A pooled share can fall while every agency answers as before, only because more of the answers come
from an agency that was always less positive. The change is taken apart in two moves. First, what
those add who answered only one time: everybody's share less the share of agencies that answered
both times, in each round. Then the change of the latter, as Kitagawa does it, into a part made by
the agencies' own shares and a part made by how much of the answers each gives.

Kitagawa, E. M. (1955). Components of a difference between two rates. Journal of the American
Statistical Association 50, 1168-1194.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

from analysis.gaps import Pair

_STEP: Final = 0.0002
_FURTHEST: Final = 0.02


class Parts(NamedTuple):
    """What a change is made of, as shares; the four add up to the change."""

    rate: float
    mix: float
    came: float
    went: float

    @property
    def total(self) -> float:
        """The change of everybody's share."""
        return self.rate + self.mix + self.came + self.went


class Points(NamedTuple):
    """The same in whole points, which add up to the change as it is shown."""

    rate: int
    mix: int
    came: int
    went: int

    @property
    def total(self) -> int:
        """The change of everybody's share as it is shown."""
        return sum(self)


def split(agencies: Iterable[Pair]) -> Parts | None:
    """What the change between two rounds is made of; None where no agency answered both times.

    Each pair is one agency: favourable and base in the earlier round, then in the later one, with a
    base of 0 where it gave no answer.

        rate = sum (v1 + v2)/2 (p2 - p1)        over agencies that answered both times,
        mix  = sum (v2 - v1) (p1 + p2)/2        v being an agency's part of their answers
        came = everybody's share now, less that of the agencies that answered both times
        went = the latter's share then, less everybody's

    >>> same = [Pair(40, 50, 16, 20), Pair(20, 50, 32, 80)]
    >>> [round(part, 3) for part in split(same)]
    [0.0, -0.12, 0.0, 0.0]
    """
    held = list(agencies)
    both = [pair for pair in held if pair.base_1 and pair.base_2]
    if not both:
        return None
    favourable_1, base_1 = sum(p.favourable_1 for p in both), sum(p.base_1 for p in both)
    favourable_2, base_2 = sum(p.favourable_2 for p in both), sum(p.base_2 for p in both)
    rate = mix = 0.0
    for pair in both:
        share_1, share_2 = pair.favourable_1 / pair.base_1, pair.favourable_2 / pair.base_2
        part_1, part_2 = pair.base_1 / base_1, pair.base_2 / base_2
        rate += (part_1 + part_2) / 2 * (share_2 - share_1)
        mix += (part_2 - part_1) * (share_1 + share_2) / 2
    whole_1 = sum(p.favourable_1 for p in held) / sum(p.base_1 for p in held)
    whole_2 = sum(p.favourable_2 for p in held) / sum(p.base_2 for p in held)
    return Parts(rate, mix, whole_2 - favourable_2 / base_2, favourable_1 / base_1 - whole_1)


def whole_points(parts: Parts) -> Points:
    """The parts in whole points that add up to the rounded change.

    Each is rounded down, and the points that are then missing go to the parts that lost most. A
    part of nothing stays nothing.

    >>> whole_points(Parts(0.104, 0.036, 0.0, 0.0))
    Points(rate=10, mix=4, came=0, went=0)
    """
    exact = [_points(part) for part in parts]
    floors = [int(part.to_integral_value(ROUND_FLOOR)) for part in exact]
    total = int(_points(parts.total).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    lost = sorted(range(len(exact)), key=lambda at: (floors[at] - exact[at], at))
    for at in lost[: total - sum(floors)]:
        floors[at] += 1
    return Points(*floors)


def _points(part: float) -> Decimal:
    """A share in points, without the dust that arithmetic on floats leaves."""
    return Decimal(repr(round(part * 100, 9)))


def told(parts: Parts) -> tuple[float, float]:
    """From where to where the rate can lie for a reader of the whole points.

    The reader knows what came and went exactly, and the change of the agencies that answered both
    times; so the rate tells the mix. The range is somewhat too narrow rather than too wide.
    """
    shown = whole_points(parts)
    both = parts.rate + parts.mix

    def reach(direction: int) -> float:
        at = parts.rate
        while abs(at - parts.rate) < _FURTHEST:
            further = at + direction * _STEP
            if whole_points(Parts(further, both - further, parts.came, parts.went)) != shown:
                break
            at = further
        return at

    return reach(-1), reach(1)


def weights(agencies: Mapping[str, Pair]) -> dict[str, float]:
    """The weight of each agency's own change in the rate; 0 where it answered one time only."""
    both = {name: pair for name, pair in agencies.items() if pair.base_1 and pair.base_2}
    base_1 = sum(pair.base_1 for pair in both.values())
    base_2 = sum(pair.base_2 for pair in both.values())
    return {name: (pair.base_1 / base_1 + pair.base_2 / base_2) / 2 for name, pair in both.items()}


def is_only_mix(points: Points) -> bool:
    """True when who answered makes at least three quarters of the change that is shown.

    >>> is_only_mix(Points(0, -18, 0, 0)), is_only_mix(Points(-6, -12, 0, 0))
    (True, False)
    """
    total = points.total
    own = points.rate if total > 0 else -points.rate
    return total != 0 and 4 * own <= abs(total)
