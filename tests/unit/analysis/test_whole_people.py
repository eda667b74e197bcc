"""How far hidden answers stay open, held to trying every way that people may have answered."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import pytest

from analysis.whole_people import FAVOURABLE, NEUTRAL, Hidden, Known, Sum, leaves_open

KINDS = np.array([FAVOURABLE, FAVOURABLE, NEUTRAL])
"""Two favourable options and one that is not."""


def known(
    cells: list[tuple[int, tuple[int, ...]]],
    *,
    rows: list[int],
    columns: list[int],
    totals: bool = True,
    ranges: Sequence[tuple[tuple[float, ...], float]] | None = None,
) -> Known:
    """Cells as (part, count of each option); a range is weights and how far it is rounded."""
    said = np.array([options for _, options in cells])
    part = np.array([place for place, _ in cells])
    options = np.zeros((len(rows), said.shape[1]), dtype=np.int64)
    np.add.at(options, part, said)
    favourable = said[:, :2].sum(axis=1)
    found = []
    for weights, slack in ranges or []:
        told = float(np.array(weights) @ favourable)
        found.append(Sum(np.array(weights), told - slack, told + slack))
    return Known(
        people=said.sum(axis=1),
        favourable=favourable,
        part=part,
        options=options,
        kinds=KINDS,
        rows=np.array(rows),
        columns=np.array(columns),
        totals=totals,
        ranges=tuple(found),
    )


def ways(people: int) -> Iterator[tuple[int, ...]]:
    """Every way in which so many people may answer."""
    for first in range(people + 1):
        for second in range(people - first + 1):
            yield first, second, people - first - second


def spans(cells: list[tuple[int, tuple[int, ...]]], held: Known, hidden: list[Hidden]) -> list[int]:
    """How far apart the numbers are that each hidden count may have, by trying every answer."""

    def told(said: np.ndarray) -> list[int]:
        lines = []
        for labels in (held.rows, held.columns) if held.totals else ():
            for label in np.unique(labels):
                lines += said[labels[held.part] == label].sum(axis=0).tolist()
        return lines

    true = np.array([options for _, options in cells])
    seen: list[set[int]] = [set() for _ in hidden]
    for answers in product(*(ways(sum(options)) for _, options in cells)):
        said = np.array(answers)
        favourable = said[:, :2].sum(axis=1)
        if told(said) != told(true) or not all(each.holds(favourable) for each in held.ranges):
            continue
        for each, numbers in zip(hidden, seen, strict=True):
            of_kind = said[:, held.kinds == each.kind].sum(axis=1)
            numbers.add(int(of_kind[each.cells > 0].sum()))
    return [max(numbers) - min(numbers) for numbers in seen]


def drawn(seed: int) -> tuple[list[tuple[int, tuple[int, ...]]], Known, list[Hidden]]:
    """A small table of two or three levels by two groups, with hidden parts and agencies."""
    draw = random.Random(seed)
    parts = [(row, column) for row in range(draw.choice([2, 2, 3])) for column in range(2)]
    most = 2 if len(parts) == 4 else 1
    cells = [(place, draw.choice(list(ways(draw.randint(1, most))))) for place in range(len(parts))]
    cells.append((draw.randrange(len(parts)), draw.choice(list(ways(1)))))
    merged = draw.random() < 0.4
    ranges = []
    for _ in range(draw.choice([0, 0, 1, 2])):
        weights = tuple(draw.choice([0, 0.25, 0.5, 1, 1.5]) for _ in cells)
        ranges.append((weights, draw.choice([0.0, 0.3, 1.0])))
    held = known(
        cells,
        rows=[0 if merged and row < 2 else row for row, _ in parts],
        columns=[0 if draw.random() < 0.2 else column for _, column in parts],
        totals=draw.random() < 0.85,
        ranges=ranges,
    )
    hidden = []
    for _ in range(draw.randint(1, 3)):
        if draw.random() < 0.5:
            hidden.append(Hidden(np.array([float(draw.random() < 0.4) for _ in cells])))
        else:
            chosen = [draw.random() < 0.5 for _ in parts]
            mask = np.array([float(chosen[place]) for place, _ in cells])
            hidden.append(Hidden(mask, draw.randint(1, 3), draw.choice([FAVOURABLE, NEUTRAL])))
    return cells, held, hidden


@pytest.mark.parametrize("seed", range(40))
def test_open_is_what_trying_every_answer_says(seed: int) -> None:
    cells, held, hidden = drawn(seed)

    found = spans(cells, held, hidden)

    expected = [span >= each.apart for span, each in zip(found, hidden, strict=True)]
    assert [leaves_open(held, [each]) for each in hidden] == expected
    assert leaves_open(held, hidden) is all(expected)


@pytest.mark.parametrize(
    ("weights", "slack", "is_open"),
    [
        pytest.param((1.0, 1.0, 1.0), 0.0, True, id="a total"),
        pytest.param((0.25, 0.2, 0.1), 0.0, False, id="weights that add up in one way only"),
        pytest.param((0.25, 0.2, 0.1), 0.06, True, id="the same, rounded"),
        pytest.param((2.0, 0.0, 0.0), 0.0, False, id="the hidden count itself"),
    ],
)
def test_a_hidden_cell_beside_a_weighted_sum(
    weights: tuple[float, ...], slack: float, is_open: bool
) -> None:
    held = known(
        [(0, (2, 0, 2)), (1, (1, 0, 2)), (2, (1, 0, 2))],
        rows=[0, 0, 0],
        columns=[0, 0, 0],
        ranges=[(weights, slack)],
    )

    assert leaves_open(held, [Hidden(np.eye(3)[0])]) is is_open


def test_a_sum_that_is_open_only_by_changing_three_cells() -> None:
    # No two answers can change places: 2 of the first weigh what 1 of each of the others does.
    held = known(
        [(0, (2, 0, 0)), (1, (0, 0, 1)), (2, (0, 0, 1))],
        rows=[0, 0, 0],
        columns=[0, 0, 0],
        totals=False,
        ranges=[((1.0, 1.5, 0.5), 0.0)],
    )

    assert leaves_open(held, [Hidden(np.eye(3)[0], apart=2)])
    assert not leaves_open(held, [Hidden(np.eye(3)[0], apart=3)])


def test_everybody_of_one_mind_is_told() -> None:
    held = known([(0, (3, 0, 0)), (1, (3, 0, 0))], rows=[0, 0], columns=[0, 1])

    assert not leaves_open(held, [Hidden(np.array([0.0, 1.0]))])


def test_options_close_what_their_kinds_leave_open() -> None:
    """Favourable answers alone could go round; no single option could."""
    first, second, other = (1, 0, 0), (0, 1, 0), (0, 0, 1)
    cells: list[tuple[int, tuple[int, ...]]] = [(0, first), (1, other), (2, other), (3, second)]
    held = known(cells, rows=[0, 0, 1, 1], columns=[0, 1, 0, 1])

    assert spans(cells, held, [Hidden(np.eye(4)[0])]) == [0]
    assert not leaves_open(held, [Hidden(np.eye(4)[0])])


def test_nothing_hidden_is_open() -> None:
    assert leaves_open(known([(0, (1, 0, 1))], rows=[0], columns=[0]), [])


def test_search_that_is_given_up_counts_as_told(monkeypatch: pytest.MonkeyPatch) -> None:
    weights: list[tuple[float, ...]] = [
        (0.19, 0.29, 0.31, 0.17, 0.19, 0.11, 0.13),
        (0.17, 0.19, 0.41, 0.19, 0.31, 0.11, 0.37),
    ]
    cells: list[tuple[int, tuple[int, ...]]] = [
        (0, (3, 0, 3)),
        (1, (3, 0, 3)),
        (2, (1, 0, 3)),
        (3, (0, 0, 3)),
        (4, (1, 0, 0)),
        (5, (2, 0, 3)),
        (6, (3, 0, 3)),
    ]
    held = known(cells, rows=[0] * 7, columns=[0] * 7, ranges=[(each, 0.006) for each in weights])
    hidden = [Hidden(np.eye(7)[0])]
    assert leaves_open(held, hidden)

    monkeypatch.setattr("analysis.whole_people._MOST_BRANCHES", 0)

    assert not leaves_open(held, hidden)
