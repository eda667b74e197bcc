"""Whether a weighted figure, set beside the sums already shown, would tell a hidden answer.

A figure such as the equal-per-voice share is a linear fact about the answers of agencies that are
not themselves shown. Together with the sums that are shown it may leave only one possibility for
some of them. Before such a figure leaves the gate, the smallest and the largest count that every
hidden part could still have are worked out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_SLACK: Final = 1e-9
"""More than floats lose, and less than any answer weighs."""


@dataclass(frozen=True)
class Unknown:
    """A hidden count: `favourable` of `base` people, in the sum `block`, with its weight.

    The fact is the sum of weight x favourable over all unknowns.
    """

    block: str
    favourable: int
    base: int
    weight: float


class _Block:
    """The parts of one sum, in the order of their weight.

    The least weight that so many favourable people can have is that of the parts with the least
    weight filled first, in between by a straight line; the greatest is the other way round.
    """

    def __init__(self, parts: Sequence[Unknown]) -> None:
        self.parts = sorted(parts, key=lambda part: part.weight)
        self.sum = sum(part.favourable for part in parts)
        self.base = sum(part.base for part in parts)
        bases = np.array([part.base for part in self.parts], dtype=float)
        weights = bases * np.array([part.weight for part in self.parts])
        self._up = _filled(bases), _filled(weights)
        self._down = _filled(bases[::-1]), _filled(weights[::-1])

    def extremes(self) -> tuple[float, float]:
        """The least and the greatest weight of the whole sum."""
        low, high = (
            float(np.interp(float(self.sum), people, weight))
            for people, weight in (self._up, self._down)
        )
        return low, high

    def possible(self, place: int) -> Numbers:
        """The counts that a part could have when only the sum is known."""
        base = self.parts[place].base
        least = max(0, self.sum - (self.base - base))
        return np.arange(float(least), min(base, self.sum) + 1)

    def with_part(self, place: int, counts: Numbers) -> tuple[Numbers, Numbers]:
        """The least and the greatest weight of the sum for each count of one part."""
        part = self.parts[place]
        left = self.sum - counts
        own = part.weight * counts
        people, weight = (_without(filled, place) for filled in self._up)
        low = np.interp(left, people, weight)
        last = len(self.parts) - 1
        people, weight = (_without(filled, last - place) for filled in self._down)
        return low + own, np.interp(left, people, weight) + own


def _filled(amounts: Numbers) -> Numbers:
    """The running sums of the amounts, from nothing."""
    return np.concatenate(([0.0], np.cumsum(amounts)))


def _without(filled: Numbers, place: int) -> Numbers:
    """The running sums as if the amount at one place were not there."""
    gone = filled[place + 1] - filled[place]
    return np.concatenate((filled[: place + 1], filled[place + 2 :] - gone))


def is_safe(unknowns: Sequence[Unknown], *, low: float, high: float) -> bool:
    """True when showing that the fact lies from `low` to `high` leaves every hidden count open.

    The sum of each block is taken as known. A count is open when the numbers it could be span at
    least half of 0 to its base and are more than one, or are no fewer than they were without the
    fact. Fractions of a person are allowed in the other parts, so the span may be somewhat too
    wide; an audit in whole people is stricter.
    """
    held: dict[str, list[Unknown]] = {}
    for unknown in unknowns:
        held.setdefault(unknown.block, []).append(unknown)
    blocks = [_Block(parts) for parts in held.values()]
    extremes = [block.extremes() for block in blocks]
    least = sum(extreme[0] for extreme in extremes)
    most = sum(extreme[1] for extreme in extremes)
    for block, (own_least, own_most) in zip(blocks, extremes, strict=True):
        # What the fact leaves to this block after the most and the least the others can hold.
        floor = low - (most - own_most) - _SLACK
        ceiling = high - (least - own_least) + _SLACK
        for place, part in enumerate(block.parts):
            possible = block.possible(place)
            lightest, heaviest = block.with_part(place, possible)
            still = possible[(lightest <= ceiling) & (heaviest >= floor)]
            if not _is_open(part, still, possible):
                return False
    return True


def _is_open(part: Unknown, still: Numbers, possible: Numbers) -> bool:
    if len(still) == len(possible):
        return True
    return len(still) > 1 and 2 * int(still[-1] - still[0]) >= part.base
