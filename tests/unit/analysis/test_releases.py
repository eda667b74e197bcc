"""Two releases of one round must not differ by a few people."""

from __future__ import annotations

from typing import Final

import pytest

from analysis.releases import isolates
from analysis.settings import AnalysisSettings
from analysis.tally import add
from tests.factories_tally import make_bank, make_tally, people

BANK: Final = make_bank()
FIRST: Final = [
    ("social", "childrens_social_care", "frontline", {"q_one": people(12, 0, 8)}),
    ("hospital", "nhs_acute", "frontline", {"q_one": people(9, 0, 6)}),
    ("police", "police", "strategic", {"q_one": people(7, 0, 5)}),
]


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        ([], False),
        ([("school", "schools", "frontline", {"q_one": people(6, 0, 4)})], False),
        ([("school", "schools", "frontline", {"q_one": people(5, 0, 4)})], True),
        (
            [
                ("school", "schools", "frontline", {"q_one": people(8, 0, 6)}),
                ("school", "schools", "strategic", {"q_one": people(1)}),
            ],
            True,
        ),
        (
            [
                ("college", "colleges", "frontline", {"q_one": people(3, 0, 3)}),
                ("police", "police", "frontline", {"q_one": people(2, 0, 3)}),
            ],
            True,
        ),
        ([("school", "schools", "frontline", {"q_one": people(1, dk=11)})], True),
        ([("school", "schools", "frontline", {"q_one": people(0, dk=10)})], False),
    ],
    ids=[
        "nobody came",
        "ten of one group",
        "nine of one group",
        "ten of one level and one of another",
        "ten together, fewer of each group",
        "ten who do not know hide nobody who does",
        "ten who do not know",
    ],
)
def test_later_release_isolates(late: list[tuple[object, ...]], expected: bool) -> None:
    before = make_tally(BANK, FIRST)
    after = make_tally(BANK, [*FIRST, *late])  # type: ignore[list-item]  # rows of the factory

    assert isolates(before, after, bank=BANK, settings=AnalysisSettings()) is expected
    assert isolates(after, before, bank=BANK, settings=AnalysisSettings()) is expected


def test_adding_a_large_tally_of_the_same_shape_isolates_nobody() -> None:
    before = make_tally(BANK, FIRST)

    assert not isolates(before, add([before, before]), bank=BANK, settings=AnalysisSettings())
