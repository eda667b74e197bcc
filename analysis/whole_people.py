"""Whether weighted figures beside those shown leave hidden counts open, in whole people.

A share in which each agency counts equally is a sum over people of different weight, and no flow
through a network: only trying whole numbers tells what it gives away. The true answers are one way
to get all that is shown. Other ways are looked for, by integer programming, until each count that
must stay open is another number in one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

Numbers = NDArray[np.float64]

_MOST_BRANCHES = 500
"""A search that takes more is given up, and the figure not shown."""
_SLACK = 1e-9


@dataclass(frozen=True)
class Sum:
    """A weighted sum over cells that a reader knows to lie from `low` to `high`."""

    weights: Numbers
    low: float
    high: float

    def holds(self, counts: Numbers) -> bool:
        """True when so many favourable answers in each cell agree with it."""
        found = float(self.weights @ counts)
        return self.low - _SLACK <= found <= self.high + _SLACK


def leaves_open(said: Numbers, *, shown: Sequence[Sum], hidden: Sequence[Numbers]) -> bool:
    """True when the favourable answers of the cells in each mask of `hidden` could be another sum.

    `said` are the true answers, a row for each kind of answer, favourable first, and a column for
    each cell. The weights of what is shown are of its rows one after another. How many people each
    cell holds is known. False too where no other number was found in a bounded search.
    """
    kinds, cells = said.shape
    truth = said.ravel()
    people = [
        Sum(np.tile(own, kinds), float(own @ said.sum(axis=0)), float(own @ said.sum(axis=0)))
        for own in np.eye(cells)
    ]
    swaps = _Swaps(said, shown)
    waiting = [
        np.concatenate((mask, np.zeros((kinds - 1) * cells)))
        for mask in hidden
        if not swaps.change(mask)
    ]
    most = np.tile(said.sum(axis=0), kinds)
    while waiting:
        other = _another(truth, most, shown=[*shown, *people], told=waiting[0])
        if other is None:
            return False
        waiting = [told for told in waiting if told @ other == told @ truth]
    return True


class _Swaps:
    """Two answers of different kinds that change places between two cells.

    Quick to try, and in a large round enough for nearly every count.
    """

    def __init__(self, said: Numbers, shown: Sequence[Sum]) -> None:
        self.said = said
        weights = np.array([each.weights for each in shown])
        sums = weights @ said.ravel()
        self._least = np.array([each.low for each in shown]) - sums - _SLACK
        self._most = np.array([each.high for each in shown]) - sums + _SLACK
        by_kind = weights.reshape(len(shown), *said.shape)
        # What a sum gains when another answer of a cell becomes a favourable one.
        self._apart = (by_kind[:, [0]] - by_kind[:, 1:]).transpose(1, 2, 0)

    def change(self, mask: Numbers) -> bool:
        """True when some swap changes how many in the cells of the mask are favourable."""
        outside = np.flatnonzero(mask == 0)
        for inside in np.flatnonzero(mask):
            for apart, others in zip(self._apart, self.said[1:], strict=True):
                gain = apart[outside] - apart[inside]
                for sign, here, there in (
                    (1, self.said[0, inside], others[outside]),
                    (-1, others[inside], self.said[0, outside]),
                ):
                    if not here:
                        continue
                    fits = (sign * gain >= self._least) & (sign * gain <= self._most)
                    if (fits.all(axis=1) & (there > 0)).any():
                        return True
        return False


def _another(
    truth: Numbers, most: Numbers, *, shown: Sequence[Sum], told: Numbers
) -> Numbers | None:
    """Whole counts that agree with all that is shown and give `told` another sum, or None."""
    known = float(told @ truth)
    for low, high in ((known + 1, np.inf), (-np.inf, known - 1)):
        sums = [*shown, Sum(told, low, high)]
        solved = milp(
            np.zeros_like(truth),
            integrality=np.ones(len(truth), dtype=np.int64),
            bounds=Bounds(np.zeros_like(most), most),
            constraints=LinearConstraint(
                np.array([each.weights for each in sums]),
                np.array([each.low for each in sums]),
                np.array([each.high for each in sums]),
            ),
            options={"node_limit": _MOST_BRANCHES},
        )
        if solved.x is None:
            continue
        # The solver's tolerance is wider than ours: only what truly agrees counts.
        found: Numbers = np.rint(solved.x)
        if all(each.holds(found) for each in sums):
            return found
    return None
