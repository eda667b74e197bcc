"""Changes to answers that a range forbids, mended by other people who change places.

A weighted figure is rounded to so little that two people who change places nearly always move it
out of its range. Two or more further pairs can move it back. Of those the best is taken, again and
again; where none is any better, two pairs are tried at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
Truths = NDArray[np.bool_]

_SLACK: Final = 1e-9
_STARTS: Final = 6
"""First pairs that are tried to make a count another, and two pairs at once that are tried."""
_MOST_PAIRED: Final = 200
"""Pairs of which two are set beside each other."""


class Mends:
    """Two people of different mind who change places, between cells that no figure tells apart.

    `alike` is cell by cell true for those; `room` are the weights of the ranges, and how far each
    sum may change downwards and upwards.
    """

    def __init__(
        self,
        people: Places,
        favourable: Places,
        *,
        alike: Truths,
        room: tuple[Numbers, Numbers, Numbers],
    ) -> None:
        self.people, self.favourable = people, favourable
        self.giving, self.taking = np.nonzero(alike & ~np.eye(len(people), dtype=bool))
        weights, least, most = room
        size = np.abs(weights).max(axis=1, initial=_SLACK)
        self.weights = weights / size[:, None]
        self.least, self.most = least / size, most / size
        self.gains = (self.weights[:, self.taking] - self.weights[:, self.giving]).T

    def showing(self, mask: Numbers) -> Numbers | None:
        """A change that makes the favourable count of the mask's cells another, or None."""
        nothing = np.zeros(len(mask))
        shown = self._may_move(nothing) & (mask[self.giving] != mask[self.taking])
        moves = np.flatnonzero(shown)
        nearest = moves[np.argsort(self._off(self.gains[moves]), kind="stable")]
        return _first(self.mended(self._moved(nothing, at), mask) for at in nearest[:_STARTS])

    def mended(self, change: Numbers, mask: Numbers) -> Numbers | None:
        """The change and more, so that all ranges hold again, or None.

        Nobody moves in or out of the cells of the mask besides.
        """
        beside = mask[self.giving] == mask[self.taking]
        while True:
            sums = self.weights @ change
            off = self._off(sums)
            if off <= 0:
                return change
            moves = np.flatnonzero(beside & self._may_move(change))
            after = self._off(sums + self.gains[moves])
            if after.min(initial=np.inf) >= off - _SLACK:
                return _first(self._by_two(change, moves))
            change = self._moved(change, moves[after.argmin()])

    def _by_two(self, change: Numbers, moves: Places) -> Iterable[Numbers]:
        """The change with two more that bring all sums into their ranges."""
        _, first = np.unique(self.gains[moves].round(9), axis=0, return_index=True)
        moves = moves[first][:_MOST_PAIRED]
        sums = self.weights @ change + self.gains[moves]
        fits = self._off(sums[:, None] + self.gains[moves]) <= 0
        for one, two in moves[np.argwhere(fits)[:_STARTS]]:
            tried = self._moved(change, one)
            if self._may_move(tried)[two]:
                yield self._moved(tried, two)

    def _off(self, sums: Numbers) -> Numbers:
        """How far sums are out of their ranges, together."""
        below, above = np.maximum(self.least - sums, 0), np.maximum(sums - self.most, 0)
        return np.asarray((below + above).sum(axis=-1))

    def _may_move(self, change: Numbers) -> Truths:
        """For each move, are there two such people after the change?"""
        now = self.favourable + change
        return np.asarray((now[self.giving] > 0) & (now < self.people)[self.taking])

    def _moved(self, change: Numbers, move: int) -> Numbers:
        moved = change.copy()
        moved[self.giving[move]] -= 1
        moved[self.taking[move]] += 1
        return moved


def _first(found: Iterable[Numbers | None]) -> Numbers | None:
    return next((each for each in found if each is not None), None)
