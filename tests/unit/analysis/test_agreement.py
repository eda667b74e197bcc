"""Agreement, held to the numbers of R's agrmt and to its anchors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.agreement import agreement, consensus, is_divided, ordinal_dispersion
from tests.reference.published import AGREEMENT_ANCHORS, AGRMT, AGRMT_VECTOR

counts_of_five = st.lists(st.integers(0, 40), min_size=5, max_size=5).filter(any)


def test_measures_are_those_of_agrmt() -> None:
    assert agreement(AGRMT_VECTOR) == pytest.approx(AGRMT["agreement"], abs=5e-8)
    assert consensus(AGRMT_VECTOR) == pytest.approx(AGRMT["consensus"], abs=5e-8)
    assert ordinal_dispersion(AGRMT_VECTOR) == pytest.approx(AGRMT["leik"], abs=5e-4)


@pytest.mark.parametrize(("counts", "expected"), AGREEMENT_ANCHORS)
def test_agreement_at_its_anchors(counts: tuple[int, ...], expected: float) -> None:
    assert agreement(counts) == expected


@pytest.mark.parametrize(
    ("counts", "spread"),
    [((5, 0, 0, 0, 5), (0.0, 1.0)), ((0, 0, 7, 0, 0), (1.0, 0.0)), ((5, 0, 5), (0.0, 1.0))],
)
def test_consensus_and_dispersion_at_their_ends(
    counts: tuple[int, ...], spread: tuple[float, float]
) -> None:
    assert (consensus(counts), ordinal_dispersion(counts)) == pytest.approx(spread)


@pytest.mark.parametrize("counts", [(3, 4), (0, 0, 0)], ids=["two options", "no answers"])
@pytest.mark.parametrize("measure", [agreement, consensus, ordinal_dispersion])
def test_undefined_measure_is_none(measure: object, counts: tuple[int, ...]) -> None:
    assert callable(measure)
    assert measure(counts) is None


@given(counts_of_five)
def test_agreement_is_the_same_read_from_either_end(counts: list[int]) -> None:
    found = agreement(counts)

    assert found == agreement(counts[::-1])
    assert found is not None
    assert -1 <= found <= 1


@given(counts_of_five, st.integers(2, 9))
def test_agreement_does_not_depend_on_how_many_answered(counts: list[int], times: int) -> None:
    assert agreement(counts) == pytest.approx(agreement([n * times for n in counts]))


class TestIsDivided:
    def test_a_quarter_on_each_side(self) -> None:
        assert is_divided((5, 5, 0, 6, 4), favourable=10, unfavourable=10)

    def test_one_short_of_a_quarter_with_high_agreement(self) -> None:
        assert not is_divided((0, 4, 13, 3, 0), favourable=4, unfavourable=3)

    def test_low_agreement_alone(self) -> None:
        # 22% are unfavourable, but nobody stands in the middle.
        assert is_divided((40, 0, 30, 0, 22), favourable=40, unfavourable=22)

    def test_eight_answers_with_a_quarter_exactly_on_each_side(self) -> None:
        # Its agreement is 1/4, so only the quarters divide it.
        assert agreement((2, 4, 2)) == 0.25
        assert is_divided((2, 4, 2), favourable=2, unfavourable=2)

    def test_too_few_answers_to_call_divided(self) -> None:
        assert not is_divided((3, 0, 0, 0, 4), favourable=3, unfavourable=4)
