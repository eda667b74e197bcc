"""Which whole numbers of answers agree with everything that was told, over several releases.

The true answers are one way to get all that is shown. Other ways are looked for by integer
programming (HiGHS), and kept: one that is found for one hidden count is another number for many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

Numbers = NDArray[np.float64]

_MOST_BRANCHES = 500
"""A search that takes more is given up, and the count taken as told."""
_SLACK = 1e-9


@dataclass(frozen=True)
class Fact:
    """A weighted sum of unknown counts that a reader knows to lie from `low` to `high`."""

    weights: Numbers
    low: float
    high: float


class Possible:
    """Every way to fill unknown counts that agrees with some facts; `truth` is one of them.

    `most` is the largest each count could be; the smallest is nought. `found` are the ways found
    so far, the truth first.
    """

    def __init__(self, truth: Numbers, *, most: Numbers, facts: Sequence[Fact]) -> None:
        self.found: list[Numbers] = [truth]
        self._most = most
        self._weights = csr_array(np.array([fact.weights for fact in facts]))
        self._low = np.array([fact.low for fact in facts])
        self._high = np.array([fact.high for fact in facts])

    def spans(self, counted: Numbers, width: int) -> bool:
        """True when the sum of the counts that are `counted` could be two numbers `width` apart.

        False too where the search was given up.
        """
        if self.spread(counted) >= width:
            return True
        for sign in (1, -1):
            self._look(sign * counted)
            if self.spread(counted) >= width:
                return True
        return False

    def width(self, counted: Numbers) -> int:
        """How far apart the smallest and the largest sum are that were found."""
        low, high = self.range_of(counted)
        return high - low

    def range_of(self, counted: Numbers) -> tuple[int, int]:
        """The smallest and the largest sum that were found."""
        for sign in (1, -1):
            self._look(sign * counted)
        return self.found_range(counted)

    def spread(self, counted: Numbers) -> int:
        """How far apart two sums are that were found so far, without looking further."""
        low, high = self.found_range(counted)
        return high - low

    def found_range(self, counted: Numbers) -> tuple[int, int]:
        """The smallest and the largest sum found so far, without looking further."""
        sums = [float(counted @ way) for way in self.found]
        return round(min(sums)), round(max(sums))

    def _look(self, goal: Numbers) -> None:
        """Looks for the way that makes the goal smallest, and keeps what was found."""
        way = _solved(goal, self._most, self._weights, self._low, self._high)
        if way is not None:
            self.found.append(way)


def some_way(*, most: Numbers, facts: Sequence[Fact]) -> Numbers | None:
    """Whole counts that agree with all the facts, or None where none were found."""
    return _solved(
        np.zeros_like(most),
        most,
        csr_array(np.array([fact.weights for fact in facts])),
        np.array([fact.low for fact in facts]),
        np.array([fact.high for fact in facts]),
    )


def _solved(
    goal: Numbers, most: Numbers, weights: csr_array, low: Numbers, high: Numbers
) -> Numbers | None:
    """The whole counts with the smallest goal that a bounded search found."""
    solved = milp(
        goal,
        integrality=np.ones(len(goal), dtype=np.int64),
        bounds=Bounds(np.zeros_like(most), most),
        constraints=LinearConstraint(weights, low, high),
        options={"node_limit": _MOST_BRANCHES},
    )
    if solved.x is None:
        return None
    # The solver's tolerance is wider than ours: only what truly agrees counts.
    way: Numbers = np.rint(solved.x)
    sums = weights @ way
    agrees = (sums >= low - _SLACK) & (sums <= high + _SLACK)
    fits = agrees.all() and (way >= 0).all() and (way <= most).all()
    return way if fits else None
