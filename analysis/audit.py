"""Whether a weighted figure, set beside the sums already shown, would tell a hidden answer.

A figure such as the equal-per-voice share is a linear fact about the answers of agencies that are
not themselves shown. Together with the sums that are shown it may leave only one possibility for
some of them. Before such a figure leaves the gate, the smallest and the largest count that every
hidden part could still have are worked out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Unknown:
    """A hidden count: `favourable` of `base` people, in the sum `block`, with its weight.

    The fact is the sum of weight x favourable over all unknowns.
    """

    block: str
    favourable: int
    base: int
    weight: float


@dataclass(frozen=True)
class _Filling:
    """The least (or greatest) weight that so many favourable people of some parts can have.

    The parts with the least weight are filled first; in between, a straight line.
    """

    people: np.ndarray
    weight: np.ndarray

    @classmethod
    def of(cls, parts: Sequence[Unknown], *, greatest: bool) -> _Filling:
        ordered = sorted(parts, key=lambda part: part.weight, reverse=greatest)
        people = np.cumsum([0.0, *(part.base for part in ordered)])
        weight = np.cumsum([0.0, *(part.base * part.weight for part in ordered)])
        return cls(people, weight)

    def at(self, favourable: np.ndarray | float) -> np.ndarray:
        return np.asarray(np.interp(favourable, self.people, self.weight))


def is_safe(unknowns: Sequence[Unknown], *, low: float, high: float) -> bool:
    """True when showing that the fact lies from `low` to `high` leaves every hidden count open.

    The sum of each block is taken as known. A count is open when the numbers it could be span at
    least half of 0 to its base and are more than one, or are no fewer than they were without the
    fact. Fractions of a person are allowed in the other parts, so the span may be somewhat too
    wide; an audit in whole people is stricter.
    """
    blocks: dict[str, list[Unknown]] = {}
    for unknown in unknowns:
        blocks.setdefault(unknown.block, []).append(unknown)
    least = {name: _extreme(parts, greatest=False) for name, parts in blocks.items()}
    most = {name: _extreme(parts, greatest=True) for name, parts in blocks.items()}
    slack = 1e-9
    for name, parts in blocks.items():
        sum_of_block = sum(part.favourable for part in parts)
        # What the fact leaves to this block, after the least and the most the others can hold.
        floor = low - (sum(most.values()) - most[name]) - slack
        ceiling = high - (sum(least.values()) - least[name]) + slack
        for place, part in enumerate(parts):
            others = [*parts[:place], *parts[place + 1 :]]
            possible = _possible(part, others, sum_of_block)
            left = sum_of_block - possible
            lightest = _Filling.of(others, greatest=False).at(left) + part.weight * possible
            heaviest = _Filling.of(others, greatest=True).at(left) + part.weight * possible
            still = possible[(lightest <= ceiling) & (heaviest >= floor)]
            if not _is_open(part, still, possible):
                return False
    return True


def _extreme(parts: Sequence[Unknown], *, greatest: bool) -> float:
    total = float(sum(part.favourable for part in parts))
    return float(_Filling.of(parts, greatest=greatest).at(total))


def _possible(part: Unknown, others: Sequence[Unknown], sum_of_block: int) -> np.ndarray:
    """The counts a part could have when only the sum of its block is known."""
    least = max(0, sum_of_block - sum(other.base for other in others))
    return np.arange(least, min(part.base, sum_of_block) + 1)


def _is_open(part: Unknown, still: np.ndarray, possible: np.ndarray) -> bool:
    if len(still) == len(possible):
        return True
    return len(still) > 1 and 2 * int(still[-1] - still[0]) >= part.base
