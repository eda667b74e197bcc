"""Whether other whole answers agree with what is shown."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.whole_people import Sum, leaves_open

FIRST, SECOND, THIRD = np.eye(3)
NOTHING = np.zeros(3)


def favourable(weights: np.ndarray, low: float, high: float) -> Sum:
    """A range for favourable answers; cells have a row of them and one of unfavourable ones."""
    return Sum(np.concatenate((weights, NOTHING)), low, high)


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
    said = np.array([[2.0, 1.0, 1.0], [2.0, 2.0, 2.0]])
    total = float(np.array(weights) @ said[0])
    shown = [
        favourable(np.ones(3), 4, 4),
        favourable(np.array(weights), total - slack, total + slack),
    ]

    assert leaves_open(said, shown=shown, hidden=[FIRST]) is is_open


def test_a_sum_that_is_open_only_by_changing_three_cells() -> None:
    # No two answers can change places: 3 of the first weigh what 1 and 2 of the others do.
    said = np.array([[2.0, 0.0, 0.0], [0.0, 1.0, 1.0]])
    shown = [favourable(np.array([1.0, 1.5, 0.5]), 2, 2)]

    assert leaves_open(said, shown=shown, hidden=[FIRST])


def test_everybody_of_one_mind_is_told() -> None:
    said = np.array([[3.0, 3.0, 3.0], [0.0, 0.0, 0.0]])

    assert not leaves_open(said, shown=[favourable(np.ones(3), 9, 9)], hidden=[SECOND + THIRD])


def test_nothing_hidden_is_open() -> None:
    shown = [Sum(np.array([1.0, 0.0]), 1, 1)]

    assert leaves_open(np.array([[1.0], [1.0]]), shown=shown, hidden=[])
