"""The audit of a weighted figure: what it leaves open, found also by trying everything."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.audit import Unknown, is_safe


def _fact(unknowns: list[Unknown]) -> float:
    return sum(unknown.weight * unknown.favourable for unknown in unknowns)


def _left_open(unknowns: list[Unknown], *, low: float, high: float) -> list[set[int]]:
    """Every whole number each hidden count could be, by trying all of them."""
    sums: dict[str, int] = {}
    for unknown in unknowns:
        sums[unknown.block] = sums.get(unknown.block, 0) + unknown.favourable
    open_: list[set[int]] = [set() for _ in unknowns]
    for tried in product(*(range(unknown.base + 1) for unknown in unknowns)):
        totals = dict.fromkeys(sums, 0)
        for unknown, count in zip(unknowns, tried, strict=True):
            totals[unknown.block] += count
        fact = sum(unknown.weight * count for unknown, count in zip(unknowns, tried, strict=True))
        if totals == sums and low - 1e-9 <= fact <= high + 1e-9:
            for held, count in zip(open_, tried, strict=True):
                held.add(count)
    return open_


def test_exact_figure_of_two_agencies_tells_both() -> None:
    # The sum is known; the mean of the two shares then leaves one answer.
    unknowns = [Unknown("", 3, 7, 1 / 14), Unknown("", 6, 12, 1 / 24)]
    fact = _fact(unknowns)

    assert not is_safe(unknowns, low=fact - 0.005, high=fact + 0.005)


def test_figure_that_says_nothing_new_is_safe() -> None:
    unknowns = [Unknown("", 3, 7, 0.1), Unknown("", 6, 12, 0.1)]

    assert is_safe(unknowns, low=_fact(unknowns), high=_fact(unknowns))


def test_many_agencies_leave_each_open() -> None:
    unknowns = [Unknown("", 4, 8, 1 / 64) for _ in range(4)]
    unknowns += [Unknown("", 5, 10, 1 / 80) for _ in range(4)]
    fact = _fact(unknowns)

    assert is_safe(unknowns, low=fact - 0.005, high=fact + 0.005)


def test_agency_that_is_a_block_of_its_own_is_already_known() -> None:
    unknowns = [Unknown("council", 9, 20, 0.2), *(Unknown("", 3, 6, 0.1) for _ in range(4))]

    assert is_safe(unknowns, low=_fact(unknowns), high=_fact(unknowns))


def test_one_block_does_not_hide_behind_another() -> None:
    # The block that is known to the person leaves the other to be solved.
    unknowns = [
        Unknown("council", 9, 20, 0.05),
        Unknown("rest", 3, 7, 1 / 14),
        Unknown("rest", 6, 12, 1 / 24),
    ]
    fact = _fact(unknowns)

    assert not is_safe(unknowns, low=fact - 0.005, high=fact + 0.005)


@st.composite
def problems(draw: st.DrawFn) -> list[Unknown]:
    """Two to four hidden counts in one or two blocks."""
    unknowns = []
    for _ in range(draw(st.integers(2, 4))):
        base = draw(st.integers(1, 5))
        unknowns.append(
            Unknown(
                draw(st.sampled_from(["a", "b"])),
                draw(st.integers(0, base)),
                base,
                draw(st.sampled_from([-0.2, -0.05, 0.0, 0.05, 0.125, 0.2])),
            )
        )
    return unknowns


@given(problems(), st.sampled_from([0.0, 0.005, 0.1]))
def test_fact_that_excludes_nothing_in_fractions_or_whole_people_is_safe(
    unknowns: list[Unknown], slack: float
) -> None:
    fact = _fact(unknowns)
    without = _left_open(unknowns, low=-99, high=99)
    with_fact = _left_open(unknowns, low=fact - slack, high=fact + slack)

    if without == with_fact:
        assert is_safe(unknowns, low=fact - slack, high=fact + slack)


@given(problems())
def test_count_narrowed_under_half_by_the_fact_alone_is_not_safe(unknowns: list[Unknown]) -> None:
    """One weighted count in a block of two: the fact fixes it, whatever fractions allow."""
    first = Unknown("", unknowns[0].favourable, unknowns[0].base + 1, 0.2)
    second = Unknown("", 3, 6, 0.0)
    left = _left_open([first, second], low=-99, high=99)

    safe = is_safe([first, second], low=_fact([first]) - 0.01, high=_fact([first]) + 0.01)

    assert safe is (len(left[0]) == 1)


@pytest.mark.parametrize("weight", [0.1, -0.1])
def test_two_counts_with_only_their_difference_hidden(weight: float) -> None:
    unknowns = [Unknown("", 2, 4, weight), Unknown("", 2, 4, 0.0)]

    assert not is_safe(unknowns, low=_fact(unknowns) - 0.01, high=_fact(unknowns) + 0.01)
    assert is_safe(unknowns, low=_fact(unknowns) - 0.11, high=_fact(unknowns) + 0.11)
