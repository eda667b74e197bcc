"""How far hidden answers stay open beside everything that is shown, in whole people.

What is shown of a question are sums over its cells, the people of one agency and level. The true
answers are one way to get all those sums. Other ways are looked for until, for each count that must
stay open, two of them are far enough apart. First simple ones: two people of different mind change
places, where no sum that is shown can tell; or four do, round a ring of two levels and two groups;
or others change places too, so that a weighted sum is what it was (`analysis.mending`).
What they do not reach is settled by integer programming, which also finds where there is no other
way. So a count is only ever taken for open when whole answers were found that make it another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import ceil, floor
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array

from analysis.mending import Mends

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
Truths = NDArray[np.bool_]

_MOST_BRANCHES: Final = 500
"""A search that takes more is given up, and the count is taken for told."""
_SLACK: Final = 1e-9
_ALMOST: Final = 1e-6
"""How far from a whole number the solver's answers may be that are one."""
_CORNERS: Final = 6
"""Agencies that are tried for each corner of a ring."""
_SHARES: Final = (1.0, 0.5, 0.25)
_SHARES_MENDED: Final = (1.0, 0.8, 0.65, 0.5, 0.35, 0.25)
"""How many of those who can change places do: all, or so many of them."""

FAVOURABLE, NEUTRAL, UNFAVOURABLE = range(3)


@dataclass(frozen=True)
class Sum:
    """A weighted sum of favourable answers over cells, which a reader knows to lie in a range."""

    weights: Numbers
    low: float
    high: float

    def holds(self, counts: Numbers) -> bool:
        """True when so many favourable answers in each cell agree with it."""
        found = float(self.weights @ counts)
        return self.low - _SLACK <= found <= self.high + _SLACK


@dataclass(frozen=True)
class Hidden:
    """A count that must stay open: of some cells, and of one kind of answer.

    The least and the greatest number that it could be must be at least `apart` from each other.
    Where they must be more than 1 apart, or are not of favourable answers, the cells are all those
    of some parts (see `Known`).
    """

    cells: Numbers
    apart: int = 1
    kind: int = FAVOURABLE

    @property
    def is_of_cells(self) -> bool:
        """True where any other number of favourable answers will do."""
        return self.apart == 1 and self.kind == FAVOURABLE


@dataclass(frozen=True)
class Known:
    """The answers to one question, and what a reader knows of them.

    A cell has `people`, of whom so many are `favourable`, and is in a `part`: one level of one
    sector group. A part has so many answers of each option (`options`, a row for each part), of
    the kind in `kinds`. Parts of the same level, or of levels that no figure tells apart, have the
    same number in `rows`; `columns` does the same for groups.

    If `totals` is true, the count of each option is known for each row and each column. In
    `ranges` is what is known besides. How many people each cell holds is known as well.
    """

    people: Places
    favourable: Places
    part: Places
    options: Places
    kinds: Places
    rows: Places
    columns: Places
    totals: bool
    ranges: tuple[Sum, ...] = ()

    @cached_property
    def lines(self) -> tuple[Truths, ...]:
        """The sets of parts whose count of every option is known: rows, then columns."""
        if not self.totals:
            return ()
        return tuple(
            labels == label for labels in (self.rows, self.columns) for label in np.unique(labels)
        )

    @cached_property
    def alike(self) -> tuple[Truths, ...]:
        """The sets of parts that no figure tells apart."""
        return tuple(
            found
            for row in np.unique(self.rows)
            for column in np.unique(self.columns)
            if np.count_nonzero(found := (self.rows == row) & (self.columns == column))
        )

    @cached_property
    def room(self) -> tuple[Numbers, Numbers, Numbers]:
        """The weights of the ranges, and how far each sum may change downwards and upwards."""
        weights: Numbers = np.zeros((len(self.ranges), len(self.people)))
        for place, each in enumerate(self.ranges):
            weights[place] = each.weights
        sums = weights @ self.favourable
        least = np.array([each.low for each in self.ranges]) - sums - _SLACK
        most = np.array([each.high for each in self.ranges]) - sums + _SLACK
        return weights, least, most

    def fits(self, changes: Numbers) -> Truths:
        """For each change of favourable answers, a row over cells: do the ranges still hold?"""
        weights, least, most = self.room
        moved = changes @ weights.T
        return np.asarray(((moved >= least) & (moved <= most)).all(axis=-1))

    @cached_property
    def swaps(self) -> Truths:
        """Cell by cell true where a favourable answer of the first may go over to the second.

        Two people change places whom no figure tells apart.
        """
        row, column = self.rows[self.part], self.columns[self.part]
        found = (row[:, None] == row) & (column[:, None] == column)
        found &= (self.favourable > 0)[:, None] & (self.favourable < self.people)
        found &= ~np.eye(len(row), dtype=bool)
        for own, low, high in zip(*self.room, strict=True):
            gain = own - own[:, None]
            found &= (gain >= low) & (gain <= high)
        return np.asarray(found)

    @cached_property
    def mends(self) -> Mends:
        """People who may change places so that the ranges hold again."""
        row, column = self.rows[self.part], self.columns[self.part]
        alike = (row[:, None] == row) & (column[:, None] == column)
        return Mends(self.people, self.favourable, alike=alike, room=self.room)

    @cached_property
    def turns(self) -> Truths:
        """For each cell true where one person may answer otherwise, because no total is known."""
        if self.totals:
            return np.zeros(len(self.people), dtype=bool)
        own = np.eye(len(self.people))
        more = self.fits(own) & (self.favourable < self.people)
        fewer = self.fits(-own) & (self.favourable > 0)
        return np.asarray(more | fewer)


def leaves_open(known: Known, hidden: Sequence[Hidden]) -> bool:
    """True when each hidden count stays open beside all that is known.

    False too where a bounded search found no other answers that are far enough away.
    """
    if any(_told_by_a_total(known, each) for each in hidden if not each.is_of_cells):
        return False
    waiting = _not_swapped(known, [each for each in hidden if each.is_of_cells])
    waiting = _not_in_a_ring(known, waiting)
    waiting = _not_mended(known, waiting)
    waiting += [each for each in hidden if not each.is_of_cells and _span(known, each) < each.apart]
    return not waiting or _Search(known).opens(waiting)


def other_answers(known: Known, hidden: Sequence[Hidden]) -> Numbers:
    """Ways to answer that agree with all that is known, the true one first.

    In the others each of the hidden counts, of whole parts, comes as far apart as it must, where
    that can be. A row has the answers of each part by option, then the favourable of each cell.
    """
    rows = [answers_of(known)]
    for each in hidden:
        rows += [
            _push(known, each, sign=sign, shares=[most * share for share in _SHARES])
            for sign in (1, -1)
            for most in (1.0, 0.5)
        ]
    ways = np.array(rows)
    search = None
    for each in hidden:
        goal = goal_of(known, each)
        for sign in (1, -1):
            if np.ptp(ways @ goal) < each.apart:
                search = search or _Search(known)
                ways = np.vstack((ways, search.best(sign * goal)))
    return ways


def answers_of(known: Known) -> Numbers:
    """The true answers of each part by option, then the favourable of each cell."""
    return np.concatenate((known.options.ravel(), known.favourable)).astype(float)


def goal_of(known: Known, hidden: Hidden) -> Numbers:
    """What counts towards a hidden count, among the numbers of `answers_of`."""
    if hidden.kind == FAVOURABLE:
        return np.concatenate((np.zeros(known.options.size), hidden.cells))
    held = np.zeros(len(known.options))
    held[known.part[hidden.cells > 0]] = 1
    options = np.kron(held, known.kinds == hidden.kind)
    return np.concatenate((options, np.zeros(len(known.people))))


def _told_by_a_total(known: Known, hidden: Hidden) -> bool:
    """True when the total of one row or column leaves too little open: quick, and often so."""
    inside = hidden.cells > 0
    people = int(known.people[inside].sum())
    parts = known.part[inside]
    for line in known.lines:
        if line[parts].all():
            told = int(known.options[line][:, known.kinds == hidden.kind].sum())
            others = int(known.options[line].sum()) - people
            if min(people, told) - max(0, told - others) < hidden.apart:
                return True
    return False


def _not_swapped(known: Known, hidden: Sequence[Hidden]) -> list[Hidden]:
    """Those that no two people changing places, and nobody's turning, make another number."""
    swaps = known.swaps
    giving, taking = np.nonzero(swaps)
    moved = swaps.any(axis=0) | swaps.any(axis=1) | known.turns
    still = []
    for each in hidden:
        inside = each.cells > 0
        if np.count_nonzero(inside) == 1:
            changed = (moved & inside).any()
        else:
            changed = (inside[giving] != inside[taking]).any() or (known.turns & inside).any()
        if not changed:
            still.append(each)
    return still


def _not_in_a_ring(known: Known, hidden: Sequence[Hidden]) -> list[Hidden]:
    """Those that no four people changing places round a ring make another number."""
    still, waiting = list[Hidden](), list(hidden)
    rings = _Rings(known)
    while waiting:
        change = rings.through(waiting[0].cells) if known.totals else None
        if change is None:
            still.append(waiting.pop(0))
        else:
            waiting = [each for each in waiting if each.cells @ change == 0]
    return still


def _not_mended(known: Known, hidden: Sequence[Hidden]) -> list[Hidden]:
    """Those that no two people changing places, with others to mend it, make another number."""
    still, waiting = list[Hidden](), list(hidden)
    while waiting:
        change = known.mends.showing(waiting[0].cells) if known.ranges else None
        if change is None:
            still.append(waiting.pop(0))
        else:
            waiting = [each for each in waiting if each.cells @ change == 0]
    return still


class _Rings:
    """Changes of four people: one more and one fewer in each of two rows and two columns.

    An answer goes from one option to another at two corners, and back at the other two, so that
    each row and column keeps its count of both.
    """

    def __init__(self, known: Known) -> None:
        self.known = known
        row, column = known.rows[known.part], known.columns[known.part]
        self.cells: dict[tuple[int, int], Places] = {
            (r, c): np.flatnonzero((row == r) & (column == c))
            for r, c in set(zip(row.tolist(), column.tolist(), strict=True))
        }
        self.row, self.column = row.tolist(), column.tolist()
        favourable = known.kinds == FAVOURABLE
        self.pairs = list(
            product(np.flatnonzero(favourable).tolist(), np.flatnonzero(~favourable).tolist())
        )

    def through(self, mask: Numbers) -> Numbers | None:
        """A change that the ranges allow and the mask shows, or None."""
        for cell in np.flatnonzero(mask).tolist():
            r, c = self.row[cell], self.column[cell]
            for row, column in self.cells:
                if row == r or column == c:
                    continue
                beside, below = self.cells.get((r, column)), self.cells.get((row, c))
                if beside is None or below is None:
                    continue
                corners = (np.array([cell]), beside, below, self.cells[row, column])
                for (yes, no), sign in product(self.pairs, (1, -1)):
                    change = self._change(mask, corners, options=(yes, no), sign=sign)
                    if change is not None:
                        return change
        return None

    def _change(
        self,
        mask: Numbers,
        corners: tuple[Places, Places, Places, Places],
        *,
        options: tuple[int, int],
        sign: int,
    ) -> Numbers | None:
        yes, no = options if sign == 1 else options[::-1]
        first, beside, below, across = corners
        # Where the number of favourable answers goes sign up, an answer `no` becomes `yes`.
        found = [
            self._with(first, no)[:_CORNERS],
            self._with(beside, yes)[:_CORNERS],
            self._with(below, yes)[:_CORNERS],
            self._with(across, no)[:_CORNERS],
        ]
        if not all(len(cells) for cells in found):
            return None
        ways = np.stack(np.meshgrid(*found, indexing="ij"), axis=-1).reshape(-1, 4)
        signs = np.array([sign, -sign, -sign, sign])
        weights, least, most = self.known.room
        moved = (weights[:, ways] * signs).sum(axis=-1).T
        good = ((moved >= least) & (moved <= most)).all(axis=-1)
        good &= (mask[ways] * signs).sum(axis=-1) != 0
        if not good.any():
            return None
        change = np.zeros(len(mask))
        np.add.at(change, ways[int(good.argmax())], signs)
        return change

    def _with(self, cells: Places, option: int) -> Places:
        """The cells where somebody may have chosen the option."""
        known = self.known
        is_favourable = known.kinds[option] == FAVOURABLE
        own = known.favourable[cells]
        some = own > 0 if is_favourable else own < known.people[cells]
        held: Places = cells[some & (known.options[known.part[cells], option] > 0)]
        return held


def _span(known: Known, hidden: Hidden) -> int:
    """How far apart people changing places bring a hidden count, whose cells are whole parts."""
    if not known.totals:
        return 0
    if known.ranges:
        goal = goal_of(known, hidden)
        ends = [
            _push(known, hidden, sign=sign, shares=_SHARES_MENDED, mend=True) @ goal
            for sign in (1, -1)
        ]
        return int(ends[0] - ends[1])
    counted = known.options[:, known.kinds == hidden.kind].sum(axis=1)
    both = np.array([counted, known.options.sum(axis=1) - counted])
    inside = np.zeros(len(counted), dtype=bool)
    inside[known.part[hidden.cells > 0]] = True
    of_sets = np.array(known.alike)
    within = both @ (of_sets & inside).T
    beside = both @ (of_sets & ~inside).T
    return int(np.minimum(within, beside[::-1]).sum())


def _push(
    known: Known,
    hidden: Hidden,
    *,
    sign: int,
    shares: Sequence[float] = _SHARES,
    mend: bool = False,
) -> Numbers:
    """The answers after people changed places to make a hidden count large, or small for sign -1.

    As many as can be, at most the first share of them, and as few as the ranges ask for; if need
    be only people who were not favourable. Everybody takes their own answer along, so each row and
    column keeps its counts. To `mend` is to let others change places where a range asks for it.
    """
    inside = np.zeros(len(known.options), dtype=bool)
    inside[known.part[hidden.cells > 0]] = True
    counted = known.kinds == hidden.kind
    unfavourable = known.kinds != FAVOURABLE
    movable = [~counted] if hidden.kind == FAVOURABLE else [~counted, ~counted & unfavourable]
    for others, share in product(movable, shares):
        going, coming = (others, counted)[::sign]
        options = known.options.copy()
        for alike in known.alike:
            _exchange(options, (alike & inside, going), (alike & ~inside, coming), share=share)
        change = _spread(known, (options - known.options)[:, ~unfavourable].sum(axis=1))
        mended = known.mends.mended(change, hidden.cells) if mend else change
        if mended is not None and known.fits(mended):
            return np.concatenate((options.ravel(), known.favourable + mended))
    return answers_of(known)


def _exchange(
    options: Places,
    one: tuple[Truths, Truths],
    other: tuple[Truths, Truths],
    *,
    share: float,
) -> None:
    """Let people of some parts and options change places with people of others, in `options`."""
    held = [options * np.outer(parts, chosen) for parts, chosen in (one, other)]
    number = int(share * min(each.sum() for each in held))
    if not number:
        return
    leaving = [_filled(each.ravel(), number).reshape(options.shape) for each in held]
    options -= leaving[0] + leaving[1]
    for places, people in (leaving, leaving[::-1]):
        options += _overlap(places.sum(axis=1), people.sum(axis=0))


def _filled(room: Places, number: int) -> Places:
    """So many people put where there is room, from the first place on."""
    before = np.cumsum(room) - room
    return np.asarray(np.clip(number - before, 0, room))


def _overlap(rows: Places, columns: Places) -> Places:
    """A table with these sums, filled from its first corner on."""
    down, across = np.cumsum(rows), np.cumsum(columns)
    ends = np.minimum(down[:, None], across)
    starts = np.maximum((down - rows)[:, None], across - columns)
    return np.asarray(np.maximum(ends - starts, 0))


def _spread(known: Known, parts: Places) -> Numbers:
    """More or fewer favourable answers of each part, put where there is room among its cells."""
    change = np.zeros(len(known.people))
    for part in np.flatnonzero(parts):
        cells = known.part == part
        more = parts[part] > 0
        room = known.people - known.favourable if more else known.favourable
        change += np.sign(parts[part]) * _filled(room * cells, abs(int(parts[part])))
    return change


class _Search:
    """Integer programmes over the answers of parts, by option, and the favourable of cells."""

    def __init__(self, known: Known) -> None:
        self.known = known
        parts, kinds = known.options.shape
        cells = len(known.people)
        self.truth = answers_of(known)
        of_part = (known.part == np.arange(parts)[:, None]).astype(float)
        each = np.repeat(np.eye(parts), kinds, axis=1)
        favourable = np.tile(known.kinds == FAVOURABLE, parts) * each
        rows = [
            np.hstack((each, np.zeros((parts, cells)))),
            np.hstack((favourable, -of_part)),
        ]
        for line in known.lines:
            rows.append(np.hstack((np.kron(line, np.eye(kinds)), np.zeros((kinds, cells)))))
        exact = np.vstack(rows)
        weights, _, _ = known.room
        self.sums = np.vstack(
            (exact, np.hstack((np.zeros((len(weights), each.shape[1])), weights)))
        )
        told = exact @ self.truth
        self.least = np.concatenate((told, [each.low for each in known.ranges]))
        self.most = np.concatenate((told, [each.high for each in known.ranges]))
        self.constraints = LinearConstraint(csc_array(self.sums), self.least, self.most)
        self.bounds = Bounds(
            0, np.concatenate((np.repeat(known.options.sum(axis=1), kinds), known.people))
        )

    def opens(self, hidden: Sequence[Hidden]) -> bool:
        """True when answers are found that bring each count far enough apart."""
        goals = np.array([goal_of(self.known, each) for each in hidden])
        apart = np.array([each.apart for each in hidden])
        low = goals @ self.truth
        high = low.copy()
        for place, goal in enumerate(goals):
            if high[place] - low[place] >= apart[place]:
                continue
            parted = [self._in_parts(sign * goal) for sign in (-1, 1)]
            least, most = float(goal @ parted[1]), float(goal @ parted[0])
            if floor(most + _ALMOST) - ceil(least - _ALMOST) < apart[place]:
                return False
            for sign, tried in zip((-1, 1), parted, strict=True):
                if high[place] - low[place] < apart[place]:
                    found = goals @ self.best(sign * goal, tried)
                    low, high = np.minimum(low, found), np.maximum(high, found)
            if high[place] - low[place] < apart[place]:
                return False
        return True

    def best(self, goal: Numbers, parted: Numbers | None = None) -> Numbers:
        """Answers that agree with all that is known and give the goal its least, or the truth.

        `parted` are those in parts of people, where they are known. They are often whole.
        """
        if parted is None:
            parted = self._in_parts(goal)
        whole: Numbers = np.rint(parted)
        if np.abs(parted - whole).max() < _ALMOST and self._agrees(whole):
            return whole
        solved = milp(
            goal,
            integrality=np.ones(len(goal), dtype=np.int64),
            bounds=self.bounds,
            constraints=self.constraints,
            options={"node_limit": _MOST_BRANCHES},
        )
        if solved.x is None:
            return self.truth
        # The solver's tolerance is wider than ours: only what truly agrees counts.
        found: Numbers = np.rint(solved.x)
        return found if self._agrees(found) else self.truth

    def _in_parts(self, goal: Numbers) -> Numbers:
        """Answers in parts of people with the least of the goal; whole ones have no less."""
        solved = milp(
            goal,
            bounds=self.bounds,
            constraints=self.constraints,
        )
        return self.truth if solved.x is None else np.asarray(solved.x)

    def _agrees(self, answers: Numbers) -> bool:
        sums = self.sums @ answers
        return bool(
            ((sums >= self.least - _SLACK) & (sums <= self.most + _SLACK)).all()
            and (answers >= 0).all()
        )
