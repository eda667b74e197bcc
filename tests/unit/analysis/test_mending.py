"""Changes that a range forbids, mended by others who change places."""

from __future__ import annotations

import random

import numpy as np
import pytest

from analysis.mending import Mends


def mends(
    people: list[int], favourable: list[int], *, weights: list[list[float]], slack: float
) -> Mends:
    """Cells that no figure tells apart, beside weighted sums that are known so closely."""
    room = np.array(weights), np.full(len(weights), -slack), np.full(len(weights), slack)
    alike = np.ones((len(people), len(people)), dtype=bool)
    return Mends(np.array(people), np.array(favourable), alike=alike, room=room)


def test_change_is_mended_by_one_pair_that_weighs_as_much_the_other_way() -> None:
    held = mends([1, 1, 1, 1], [0, 1, 0, 1], weights=[[2.0, 1.0, 4.0, 5.0]], slack=0.0)

    change = held.showing(np.array([1.0, 0.0, 0.0, 0.0]))

    assert change is not None
    assert change.tolist() == [1, -1, 1, -1]


@pytest.mark.parametrize(
    ("people", "mended"),
    [([1, 1, 1, 1, 2, 1], [1, -1, 1, 0, -2, 1]), ([1, 1, 1, 1, 1, 1], None)],
    ids=["two people to give", "one person to give"],
)
def test_change_that_only_two_pairs_mend_together(
    people: list[int], mended: list[int] | None
) -> None:
    """Each of the two by itself leads further away, in one sum or the other."""
    favourable = [0, 1, 0, 0, people[4], 0]
    held = mends(
        people,
        favourable,
        weights=[[2.0, 0.0, 9.0, 50.0, 0.0, -11.0], [0.0, 0.0, 9.0, 50.0, 0.0, -9.0]],
        slack=0.0,
    )

    found = held.mended(np.array([1.0, -1.0, 0, 0, 0, 0]), np.eye(6)[0])

    assert (None if found is None else found.tolist()) == mended


def test_nobody_is_moved_where_no_sum_is_known_so_well() -> None:
    held = mends([2, 2], [1, 1], weights=[[1.0, 1.0]], slack=0.0)

    change = held.mended(np.zeros(2), np.ones(2))

    assert change is not None
    assert not change.any()


@pytest.mark.parametrize("seed", range(8))
def test_what_is_found_agrees_with_all_that_is_known(seed: int) -> None:
    draw = random.Random(seed)
    people = [draw.randint(1, 4) for _ in range(8)]
    favourable = [draw.randint(0, each) for each in people]
    weights = [[1 / (8 * each) for each in people], [draw.random() for _ in people]]
    held = mends(people, favourable, weights=weights, slack=0.02)
    for mask in np.eye(8):
        change = held.showing(mask)
        if change is not None:
            assert change @ mask != 0
            assert change.sum() == 0
            assert np.abs(np.array(weights) @ change).max() <= 0.02 + 1e-6
            now = np.array(favourable) + change
            assert (now >= 0).all()
            assert (now <= people).all()
