"""What a change is made of: parts that add up, before rounding and after."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.gaps import Pair
from analysis.rounds_split import Parts, Points, is_only_mix, split, told, weights, whole_points


@st.composite
def agencies(draw: st.DrawFn) -> list[Pair]:
    """Some agencies, of which one at least answered both times."""

    def half(least: int) -> tuple[int, int]:
        base = draw(st.integers(least, 60))
        return draw(st.integers(0, base)), base

    both = [Pair(*half(1), *half(1)) for _ in range(draw(st.integers(1, 5)))]
    came = [Pair(0, 0, *half(1)) for _ in range(draw(st.integers(0, 3)))]
    went = [Pair(*half(1), 0, 0) for _ in range(draw(st.integers(0, 3)))]
    return [*both, *came, *went]


def pooled(held: list[Pair], *, later: bool) -> Fraction:
    favourable = sum(pair.favourable_2 if later else pair.favourable_1 for pair in held)
    return Fraction(favourable, sum(pair.base_2 if later else pair.base_1 for pair in held))


class TestSplit:
    @given(agencies())
    def test_parts_add_up_to_the_change(self, held: list[Pair]) -> None:
        parts = split(held)

        assert parts is not None
        change = pooled(held, later=True) - pooled(held, later=False)
        assert parts.total == pytest.approx(float(change), abs=1e-12)

    def test_is_that_of_standardising_by_hand(self) -> None:
        # Two agencies: 60% and 20% of 50 each, then 70% of 20 and 30% of 80. At average parts
        # (.35 and .65) both rose by 10 points; the first's part fell by 30 points at an average
        # difference of 40 points between the two.
        parts = split([Pair(30, 50, 14, 20), Pair(10, 50, 24, 80)])

        assert parts is not None
        assert parts == pytest.approx((0.10, -0.12, 0.0, 0.0))

    def test_agencies_unchanged_have_no_rate(self) -> None:
        parts = split([Pair(64, 80, 24, 30), Pair(8, 20, 28, 70)])

        assert parts is not None
        assert parts == pytest.approx((0.0, -0.20, 0.0, 0.0))

    def test_same_mix_has_no_mix(self) -> None:
        parts = split([Pair(10, 20, 15, 20), Pair(10, 40, 20, 40)])

        assert parts is not None
        assert parts == pytest.approx((0.25, 0.0, 0.0, 0.0))

    def test_who_came_and_went_is_told_apart(self) -> None:
        # The agency in both stays at half; a favourable one went and an unfavourable one came.
        parts = split([Pair(10, 20, 10, 20), Pair(20, 20, 0, 0), Pair(0, 0, 0, 20)])

        assert parts is not None
        assert parts == pytest.approx((0.0, 0.0, -0.25, -0.25))

    def test_there_is_none_where_no_agency_answered_twice(self) -> None:
        assert split([Pair(5, 9, 0, 0), Pair(0, 0, 5, 9)]) is None

    @given(agencies())
    def test_the_other_way_round_is_the_opposite(self, held: list[Pair]) -> None:
        there = split(held)
        back = split([Pair(p.favourable_2, p.base_2, p.favourable_1, p.base_1) for p in held])

        assert there is not None
        assert back is not None
        expected = (-there.rate, -there.mix, -there.went, -there.came)
        assert back == pytest.approx(expected, abs=1e-12)

    @given(agencies())
    def test_rate_is_the_weighted_sum_that_the_audit_is_given(self, held: list[Pair]) -> None:
        named = {str(place): pair for place, pair in enumerate(held)}
        parts = split(held)

        rate = sum(
            weight
            * (
                named[name].favourable_2 / named[name].base_2
                - named[name].favourable_1 / named[name].base_1
            )
            for name, weight in weights(named).items()
        )
        assert parts is not None
        assert rate == pytest.approx(parts.rate, abs=1e-12)
        assert sum(weights(named).values()) == pytest.approx(1)


class TestWholePoints:
    @given(agencies())
    def test_points_add_up_to_the_change_as_it_is_shown(self, held: list[Pair]) -> None:
        parts = split(held)
        assert parts is not None
        points = whole_points(parts)

        change = (pooled(held, later=True) - pooled(held, later=False)) * 100
        away_from_zero = int(abs(change) + Fraction(1, 2)) * (1 if change > 0 else -1)
        assert points.total == away_from_zero
        for exact, shown in zip(parts, points, strict=True):
            assert abs(exact * 100 - shown) < 1 + 1e-6
            if abs(exact) < 1e-12:
                assert shown == 0

    @given(agencies())
    def test_all_that_a_reader_takes_for_possible_shows_the_same(self, held: list[Pair]) -> None:
        parts = split(held)
        assert parts is not None
        low, high = told(parts)
        both = parts.rate + parts.mix

        assert low <= parts.rate <= high
        for at in (low, (low + high) / 2, high):
            assert whole_points(parts._replace(rate=at, mix=both - at)) == whole_points(parts)

    def test_dust_of_floats_does_not_move_a_point(self) -> None:
        assert whole_points(Parts(0.1 + 0.2, -0.3 + 1e-17, 0.0, 0.0)) == Points(30, -30, 0, 0)


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (Points(0, -18, 0, 0), True),
        (Points(-4, -14, 0, 0), True),
        (Points(-5, -13, 0, 0), False),
        (Points(3, -10, -8, 0), True),
        (Points(20, -2, 0, 0), False),
        (Points(2, 4, 3, 3), True),
        (Points(5, -5, 0, 0), False),
    ],
    ids=["all mix", "nearly all", "too much rate", "against", "rate", "rise", "no change"],
)
def test_only_mix(points: Points, expected: bool) -> None:
    assert is_only_mix(points) is expected
