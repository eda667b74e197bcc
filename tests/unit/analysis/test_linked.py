"""Counts that a network of sums gives away."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.linked import Link, is_fixed

LEVELS, GROUPS = ("l1", "l2", "l3"), ("g1", "g2")


def table(cells: list[list[tuple[int, int]]], slack: list[int]) -> list[Link]:
    """A table of three levels by two groups; `slack` opens its margins, in order, by so much."""
    links = []

    def add(start: str, end: str, held: list[tuple[int, int]], open_by: int | None) -> None:
        count, base = sum(x for x, _ in held), sum(n for _, n in held)
        low, high = (0, base) if open_by is None else (count - open_by, count + open_by)
        links.append(Link(start, end, count, max(0, low), min(base, high)))

    for row, level in enumerate(LEVELS):
        for column, group in enumerate(GROUPS):
            add(level, group, [cells[row][column]], None)
    for row, level in enumerate(LEVELS):
        add("all", level, cells[row], slack[row])
    for column, group in enumerate(GROUPS):
        add(group, "end", [cells[row][column] for row in range(3)], slack[3 + column])
    add("end", "all", [cell for row in cells for cell in row], slack[5])
    return links


def by_trying(links: list[Link], place: int) -> bool:
    """True when every table that agrees with the margins has the same count at one place."""
    seen = set()
    for counts in product(*(range(link.high + 1) for link in links[:6])):
        flow = dict(zip([(link.start, link.end) for link in links[:6]], counts, strict=True))
        sums: dict[tuple[str, str], int] = {}
        for (level, group), count in flow.items():
            for link in (("all", level), (group, "end"), ("end", "all")):
                sums[link] = sums.get(link, 0) + count
        if all(link.low <= sums[link.start, link.end] <= link.high for link in links[6:]):
            seen.add((flow | sums)[links[place].start, links[place].end])
    return len(seen) == 1


CELL = st.integers(0, 2).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(max_examples=60, deadline=None)
@given(
    cells=st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=3, max_size=3),
    slack=st.lists(st.sampled_from([0, 0, 1, 9]), min_size=6, max_size=6),
)
def test_fixed_is_what_trying_every_table_says(
    cells: list[list[tuple[int, int]]], slack: list[int]
) -> None:
    links = table(cells, slack)

    for place in range(len(links)):
        assert is_fixed(links, [place]) == by_trying(links, place)


@pytest.mark.parametrize(("told", "fixed"), [([0], False), ([0, 1], True)])
def test_a_sum_may_be_fixed_though_its_parts_are_not(told: list[int], fixed: bool) -> None:
    links = [
        Link("all", "a", 1, 0, 2),
        Link("all", "b", 1, 0, 2),
        Link("a", "both", 1, 0, 2),
        Link("b", "both", 1, 0, 2),
        Link("both", "all", 2, 2, 2),
    ]

    assert is_fixed(links, told) is fixed
