"""Shares and their intervals, held to published numbers and to what any interval must do."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from analysis.shares import (
    _fewest_favourable,
    bounds,
    clip,
    deviate,
    dont_know_share,
    high_within,
    hypergeometric_counts,
    index,
    interval,
    low_reaches,
    margin_of_error,
    share_counting_dont_know,
    wilson,
)
from tests.reference.published import BINOM_WILSON, NEWCOMBE_SINGLE, SPROP_EXACT

C95 = Fraction(95, 100)
C80 = Fraction(80, 100)


@pytest.fixture(autouse=True, scope="module")
def _fresh() -> None:
    """Limits that were kept would hide that they are now made in another way."""
    _fewest_favourable.cache_clear()


@st.composite
def answers(draw: st.DrawFn) -> tuple[int, int, int]:
    """Favourable, base and population."""
    population = draw(st.integers(1, 120))
    base = draw(st.integers(1, population))
    return draw(st.integers(0, base)), base, population


class TestWilson:
    @pytest.mark.parametrize(("favourable", "base", "low", "high"), NEWCOMBE_SINGLE)
    def test_limits_are_those_of_newcombe(
        self, favourable: int, base: int, low: float, high: float
    ) -> None:
        limits = wilson(favourable, base, confidence=C95)

        assert limits == pytest.approx((low, high), abs=0.00005)

    @pytest.mark.parametrize(
        ("favourable", "base"), [(0, 20), (1, 29), (29, 29), (1, 1), (500, 1234)]
    )
    def test_limits_are_those_of_statsmodels(self, favourable: int, base: int) -> None:
        limits = wilson(favourable, base, confidence=C95)

        expected = proportion_confint(favourable, base, method="wilson")
        assert limits == pytest.approx(tuple(map(float, expected)), abs=1e-12)

    @pytest.mark.parametrize(("favourable", "base", "low", "high"), BINOM_WILSON)
    def test_limits_are_those_of_r(
        self, favourable: int, base: int, low: float, high: float
    ) -> None:
        limits = wilson(favourable, base, confidence=C95)

        assert limits == pytest.approx((low, high), rel=1e-12)

    @pytest.mark.parametrize("base", [1, 7, 50])
    def test_outer_limit_is_exact_where_nobody_or_everybody_is_favourable(self, base: int) -> None:
        assert wilson(0, base, confidence=C95).low == 0.0
        assert wilson(base, base, confidence=C95).high == 1.0

    def test_finite_population_limits_are_clipped_to_what_is_possible(self) -> None:
        limits = wilson(9, 15, confidence=C95, population=20)

        assert limits.high == 14 / 20

    def test_finite_population_clips_below_too(self) -> None:
        assert wilson(6, 15, confidence=C95, population=20).low == 6 / 20

    def test_clipping_leaves_limits_that_are_possible_alone(self) -> None:
        enlarged = 100 * 299 / 200

        assert wilson(45, 100, confidence=C95, population=300) == pytest.approx(
            wilson(0.45 * enlarged, enlarged, confidence=C95)
        )

    def test_whole_population_gives_the_point(self) -> None:
        assert wilson(9, 15, confidence=C95, population=15) == (0.6, 0.6)

    def test_no_base_is_refused(self) -> None:
        with pytest.raises(ValueError, match="base of at least one"):
            wilson(0, 0, confidence=C95)


class TestHypergeometric:
    @pytest.mark.parametrize(("favourable", "base", "population", "low", "high"), SPROP_EXACT)
    def test_limits_are_within_one_person_of_samplingbook(
        self, favourable: int, base: int, population: int, low: int, high: int
    ) -> None:
        limits = hypergeometric_counts(favourable, base, population=population, confidence=C95)

        assert 0 <= limits.low - low <= 1
        assert 0 <= high - limits.high <= 1

    @example((0, 1, 120))
    @example((1, 1, 120))
    @given(answers())
    def test_limits_invert_the_exact_tests(self, given_answers: tuple[int, int, int]) -> None:
        favourable, base, population = given_answers
        low, high = hypergeometric_counts(favourable, base, population=population, confidence=C95)

        possible = range(favourable, population - base + favourable + 1)
        kept = [
            inside
            for inside in possible
            if _chance(favourable, base, population, inside, at_least=True) > Fraction(25, 1000)
            and _chance(favourable, base, population, inside, at_least=False) > Fraction(25, 1000)
        ]

        assert (low, high) == (kept[0], kept[-1])

    def test_everybody_answered_gives_the_point(self) -> None:
        assert interval(30, 50, confidence=C95, population=50) == (0.6, 0.6)

    @pytest.mark.parametrize("favourable", [0, 20], ids=["nobody", "everybody"])
    def test_nobody_or_everybody_reaches_the_end(self, favourable: int) -> None:
        low, high = interval(favourable, 20, confidence=C95, population=60)

        assert (low == 0) is (favourable == 0)
        assert (high == 1) is (favourable == 20)

    def test_large_population_comes_near_wilson(self) -> None:
        exact = interval(400, 1000, confidence=C95, population=90_000)

        assert exact == pytest.approx(wilson(400, 1000, confidence=C95), abs=0.002)


def _chance(
    favourable: int, base: int, population: int, inside: int, *, at_least: bool
) -> Fraction:
    """The exact chance of as many, or as few, as were seen."""
    seen = range(favourable, base + 1) if at_least else range(favourable + 1)
    ways = sum(comb(inside, x) * comb(population - inside, base - x) for x in seen)
    return Fraction(ways, comb(population, base))


class TestInterval:
    @given(answers(), st.booleans(), st.sampled_from([C80, C95]))
    def test_holds_the_share_within_what_is_possible(
        self, given_answers: tuple[int, int, int], finite: bool, confidence: Fraction
    ) -> None:
        favourable, base, population = given_answers
        low, high = interval(
            favourable, base, confidence=confidence, population=population if finite else None
        )

        assert 0 <= low <= favourable / base + 1e-12
        assert favourable / base - 1e-12 <= high <= 1
        if finite:
            lowest, highest = bounds(favourable, base, asked=population)
            assert lowest <= low
            assert high <= highest

    @given(answers(), st.booleans())
    def test_rises_with_the_favourable(
        self, given_answers: tuple[int, int, int], finite: bool
    ) -> None:
        favourable, base, population = given_answers
        if favourable == 0:
            return
        known = population if finite else None
        fewer = interval(favourable - 1, base, confidence=C95, population=known)
        more = interval(favourable, base, confidence=C95, population=known)

        assert fewer.low <= more.low
        assert fewer.high <= more.high

    @given(answers(), st.booleans())
    def test_is_narrower_for_less_confidence(
        self, given_answers: tuple[int, int, int], finite: bool
    ) -> None:
        favourable, base, population = given_answers
        known = population if finite else None
        wide = interval(favourable, base, confidence=C95, population=known)
        narrow = interval(favourable, base, confidence=C80, population=known)

        assert wide.low <= narrow.low
        assert narrow.high <= wide.high

    @pytest.mark.parametrize(
        ("favourable", "base", "population", "message"),
        [
            (0, 0, None, "base of at least one"),
            (-1, 5, None, "some of the base"),
            (6, 5, None, "some of the base"),
            (3, 5, 4, "part of the population"),
        ],
        ids=["no base", "negative", "more than the base", "population too small"],
    )
    def test_impossible_counts_are_refused(
        self, favourable: int, base: int, population: int | None, message: str
    ) -> None:
        with pytest.raises(ValueError, match=message):
            interval(favourable, base, confidence=C95, population=population)


class TestLines:
    @given(
        answers(),
        st.booleans(),
        st.sampled_from([C80, C95]),
        st.fractions(min_value=Fraction(1, 100), max_value=Fraction(99, 100), max_denominator=100),
    )
    def test_low_reaches_says_what_the_shown_limit_says(
        self,
        given_answers: tuple[int, int, int],
        finite: bool,
        confidence: Fraction,
        line: Fraction,
    ) -> None:
        favourable, base, population = given_answers
        known = population if finite else None
        low = interval(favourable, base, confidence=confidence, population=known).low
        if abs(low - float(line)) < 1e-9:
            return

        reaches = low_reaches(
            line, favourable=favourable, base=base, confidence=confidence, population=known
        )

        assert reaches is (low > float(line))

    @given(answers(), st.booleans(), st.sampled_from([Fraction(1, 2), Fraction(3, 5)]))
    def test_high_within_mirrors_low_reaches(
        self, given_answers: tuple[int, int, int], finite: bool, line: Fraction
    ) -> None:
        favourable, base, population = given_answers
        known = population if finite else None
        high = interval(favourable, base, confidence=C80, population=known).high
        if abs(high - float(line)) < 1e-9:
            return

        within = high_within(
            line, favourable=favourable, base=base, confidence=C80, population=known
        )

        assert within is (high < float(line))

    def test_limit_on_the_line_reaches_it_exactly(self) -> None:
        # 45 of 90 people is the lowest number that 30 of 50 leaves open, and is half of them.
        assert hypergeometric_counts(30, 50, population=90, confidence=C95).low == 45
        assert low_reaches(Fraction(1, 2), favourable=30, base=50, confidence=C95, population=90)
        assert not low_reaches(
            Fraction(1, 2) + Fraction(1, 10**12),
            favourable=30,
            base=50,
            confidence=C95,
            population=90,
        )

    def test_upper_limit_is_held_to_the_population_too(self) -> None:
        within = [
            high_within(Fraction(1, 2), favourable=20, base=50, confidence=C95, population=known)
            for known in (90, None)
        ]

        assert within == [True, False]

    def test_highest_number_that_is_possible_may_be_reached(self) -> None:
        # With 9 favourable of 11, the chance of 9 in 10 drawn is 2/11, under the .45 of the test.
        assert low_reaches(
            Fraction(9, 10), favourable=9, base=10, confidence=Fraction(1, 10), population=11
        )


class TestTies:
    """A chance of exactly half of what confidence leaves rules a number out."""

    @pytest.mark.parametrize(("population", "low"), [(39, 1), (40, 2), (41, 2)])
    def test_one_favourable_answer(self, population: int, low: int) -> None:
        # With one favourable person of 40, the chance to draw just them is .025.
        assert hypergeometric_counts(1, 1, population=population, confidence=C95).low == low

    @pytest.mark.parametrize(
        ("more", "low"), [(Fraction(0), 4), (Fraction(1, 10**12), 3), (Fraction(-1, 10**12), 4)]
    )
    def test_sum_of_chances(self, more: Fraction, low: int) -> None:
        # With 3 favourable of 10, the chance of 2 or 3 in 4 drawn is (3 x 21 + 1 x 7)/210 = 1/3.
        limits = hypergeometric_counts(2, 4, population=10, confidence=Fraction(1, 3) + more)

        assert limits.low == low


class TestRefusals:
    @pytest.mark.parametrize(
        ("favourable", "base", "population"),
        [(3, 6, 5), (7, 5, 10)],
        ids=["more answers than people", "more favourable than answers"],
    )
    def test_impossible_counts(self, favourable: int, base: int, population: int) -> None:
        line = Fraction(1, 2)
        for refused in (
            lambda: wilson(favourable, base, confidence=C95, population=population),
            lambda: interval(favourable, base, confidence=C95, population=population),
            lambda: hypergeometric_counts(favourable, base, confidence=C95, population=population),
            lambda: low_reaches(
                line, favourable=favourable, base=base, confidence=C95, population=population
            ),
        ):
            with pytest.raises(ValueError, match=r"population|some of the base"):
                refused()


class TestBounds:
    def test_bounds_of_the_worked_case_hold_the_silent(self) -> None:
        assert bounds(52, 88, asked=152) == pytest.approx((0.342, 0.763), abs=0.0005)

    def test_bounds_collapse_when_everybody_answered(self) -> None:
        assert bounds(3, 4, asked=4) == (0.75, 0.75)

    def test_fewer_asked_than_answered_is_refused(self) -> None:
        with pytest.raises(ValueError, match="part of the population"):
            bounds(3, 5, asked=4)


class TestMarginOfError:
    @pytest.mark.parametrize(
        ("share", "base", "population", "points"), [(0.43, 120, 200, 6), (0.60, 375, 500, 2)]
    )
    def test_published_margins_in_whole_points(
        self, share: float, base: int, population: int, points: int
    ) -> None:
        assert round(margin_of_error(share, base, population=population) * 100) == points

    @pytest.mark.parametrize(
        ("share", "base", "population", "margin"),
        [(0.43, 120, 200, 0.056163), (0.5, 1, 2, 0.979982)],
        ids=["as the first above", "one of two"],
    )
    def test_margins_to_the_sixth_place(
        self, share: float, base: int, population: int, margin: float
    ) -> None:
        # 1.959964 * sqrt(p * (1 - p) / n) * sqrt((N - n) / (N - 1)), worked out by hand.
        assert margin_of_error(share, base, population=population) == pytest.approx(
            margin, abs=1e-6
        )

    def test_base_beyond_the_population_is_refused(self) -> None:
        with pytest.raises(ValueError, match="part of the population"):
            margin_of_error(0.4, 10, population=5)

    def test_without_a_population_there_is_no_correction(self) -> None:
        assert margin_of_error(0.5, 100) == pytest.approx(0.098, abs=0.0001)

    @pytest.mark.parametrize("people", [1, 40])
    def test_whole_population_has_no_margin(self, people: int) -> None:
        assert margin_of_error(0.5, people, population=people) == 0


class TestDontKnow:
    def test_share_is_of_applicable_answers(self) -> None:
        assert dont_know_share(10, 30) == 0.25
        assert dont_know_share(5, 5) == 0.5

    def test_share_of_nobody_is_nought(self) -> None:
        assert dont_know_share(0, 0) == 0

    def test_sensitivity_counts_dont_know_as_not_favourable(self) -> None:
        assert share_counting_dont_know(18, 30, dont_know=10) == 0.45


class TestIndex:
    @pytest.mark.parametrize(
        ("counts", "expected"),
        [((10, 40, 10, 16, 24), 49.0), ((22, 28, 34, 12, 4), 63.0)],
        ids=["profile A", "profile B"],
    )
    def test_profiles_with_equal_shares_differ(
        self, counts: tuple[int, ...], expected: float
    ) -> None:
        assert sum(counts[:2]) == 50
        assert index(counts, (100, 75, 50, 25, 0)) == expected

    @pytest.mark.parametrize(
        ("counts", "weights"),
        [((0, 0), (100, 0)), ((3, 4), (100, None))],
        ids=["no answers", "an option without a weight"],
    )
    def test_undefined_index_is_none(
        self, counts: tuple[int, ...], weights: tuple[int | None, ...]
    ) -> None:
        assert index(counts, weights) is None

    def test_a_weight_too_few_is_refused(self) -> None:
        with pytest.raises(ValueError, match="shorter"):
            index((1, 2), (100,))


def test_clip_keeps_within_nought_and_one() -> None:
    assert [clip(value) for value in (-0.1, 0.3, 1.0000001)] == [0.0, 0.3, 1.0]


@pytest.mark.parametrize("confidence", [Fraction(0), Fraction(1)])
def test_deviate_refuses_certainty(confidence: Fraction) -> None:
    with pytest.raises(ValueError, match="more than 0 and less than 1"):
        deviate(confidence)
