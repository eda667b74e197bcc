"""Differences between groups, held to published numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.proportion import confint_proportions_2indep

from analysis.gaps import (
    CONFIDENCE,
    Difference,
    Pair,
    Strength,
    benjamini_hochberg,
    cochran_mantel_haenszel_p,
    contributing,
    difference_p,
    fisher_exact,
    judge_family,
    newcombe,
    plain_difference,
    stratified_difference,
    two_sided,
)
from analysis.shares import wilson
from tests.reference.published import (
    BENJAMINI_HOCHBERG,
    BERKELEY,
    METAFOR_DIFFERENCE,
    METAFOR_STRATA,
    NEWCOMBE_DIFFERENCE,
)


@st.composite
def pairs(draw: st.DrawFn) -> Pair:
    """Two groups of one to forty people."""
    base_1, base_2 = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    return Pair(draw(st.integers(0, base_1)), base_1, draw(st.integers(0, base_2)), base_2)


class TestNewcombe:
    @pytest.mark.parametrize(("x1", "n1", "x2", "n2", "low", "high"), NEWCOMBE_DIFFERENCE)
    def test_limits_are_those_of_the_paper(
        self, x1: int, n1: int, x2: int, n2: int, low: float, high: float
    ) -> None:
        assert newcombe(Pair(x1, n1, x2, n2)) == pytest.approx((low, high), abs=0.00005)

    @pytest.mark.parametrize(
        "pair",
        [
            Pair(6, 7, 2, 7),
            Pair(5, 56, 0, 29),
            Pair(0, 10, 0, 20),
            Pair(0, 10, 0, 10),
            Pair(10, 10, 0, 20),
            Pair(10, 10, 0, 10),
            Pair(1, 1, 0, 1),
            Pair(530, 1000, 470, 999),
        ],
        ids=lambda pair: "-".join(map(str, pair)),
    )
    def test_limits_are_those_of_statsmodels(self, pair: Pair) -> None:
        expected = confint_proportions_2indep(*pair, method="newcomb", compare="diff")

        assert newcombe(pair) == pytest.approx(tuple(expected), abs=1e-12)

    def test_group_of_which_everybody_answered_adds_no_doubt(self) -> None:
        alone = wilson(30, 50, confidence=CONFIDENCE)

        low, high = newcombe(Pair(30, 50, 8, 20), populations=(None, 20))

        assert (low, high) == pytest.approx((alone.low - 0.4, alone.high - 0.4))

    def test_two_whole_populations_leave_the_point(self) -> None:
        assert newcombe(Pair(30, 50, 8, 20), populations=(50, 20)) == pytest.approx((0.2, 0.2))

    @given(pairs())
    def test_limits_hold_the_difference_and_mirror(self, pair: Pair) -> None:
        low, high = newcombe(pair)
        mirrored = newcombe(Pair(pair[2], pair[3], pair[0], pair[1]))
        difference = pair.favourable_1 / pair.base_1 - pair.favourable_2 / pair.base_2

        assert -1 <= low <= difference + 1e-12
        assert difference - 1e-12 <= high <= 1
        assert mirrored == pytest.approx((-high, -low))


class TestDifferenceP:
    @given(pairs())
    def test_fisher_is_that_of_scipy(self, pair: Pair) -> None:
        table = np.array(
            [
                [pair.favourable_1, pair.base_1 - pair.favourable_1],
                [pair.favourable_2, pair.base_2 - pair.favourable_2],
            ]
        )

        assert fisher_exact(pair) == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-9)

    def test_score_test_is_the_chi_squared_test_without_correction(self) -> None:
        table = [[56, 14], [48, 32]]

        expected = stats.chi2_contingency(table, correction=False).pvalue

        assert difference_p(Pair(56, 70, 48, 80)) == pytest.approx(expected)

    def test_sparse_table_uses_fisher(self) -> None:
        pair = Pair(9, 10, 4, 9)

        assert difference_p(pair) == fisher_exact(pair)

    def test_expected_count_of_five_is_enough_for_the_score_test(self) -> None:
        pair = Pair(7, 10, 3, 10)

        assert difference_p(pair) != fisher_exact(pair)

    @pytest.mark.parametrize("favourable", [0, 12], ids=["nobody", "everybody"])
    def test_no_difference_at_the_ends(self, favourable: int) -> None:
        assert difference_p(Pair(favourable, 12, favourable, 12)) == 1.0

    def test_known_population_makes_a_difference_surer(self) -> None:
        pair = Pair(60, 100, 50, 100)
        variance = 0.55 * 0.45 * ((120 - 100) / 119 / 100 + (400 - 100) / 399 / 100)

        known = difference_p(pair, populations=(120, 400))

        assert known < difference_p(pair)
        assert known == pytest.approx(2 * stats.norm.sf(0.1 / variance**0.5))

    @pytest.mark.parametrize(
        ("pair", "expected"),
        [(Pair(11, 20, 10, 20), 0.0), (Pair(10, 20, 15, 30), 1.0)],
        ids=["one person more", "the same share"],
    )
    def test_whole_populations_differ_or_not(self, pair: Pair, expected: float) -> None:
        assert difference_p(pair, populations=(20, pair.base_2)) == expected

    def test_two_sided_at_the_usual_deviate(self) -> None:
        assert two_sided(-1.959963984540054) == pytest.approx(0.05)


class TestStratified:
    def test_estimate_and_interval_are_those_of_metafor(self) -> None:
        found = stratified_difference([Pair(*stratum) for stratum in METAFOR_STRATA])

        assert found is not None
        estimate, error, low, high = METAFOR_DIFFERENCE
        assert found[:3] == pytest.approx((estimate, low, high), abs=5e-7)
        assert (found.high - found.low) / 2 / 1.959964 == pytest.approx(error, abs=5e-7)

    def test_cochran_mantel_haenszel_is_that_of_statsmodels(self) -> None:
        tables = [
            np.array([[men, applied - men], [women, of - women]], dtype=float)
            for men, applied, women, of in BERKELEY
        ]
        expected = StratifiedTable(tables).test_null_odds(correction=False).pvalue

        p_value = cochran_mantel_haenszel_p([Pair(*department) for department in BERKELEY])

        assert p_value == pytest.approx(expected, rel=1e-9)

    def test_difference_between_agencies_is_no_difference_within(self) -> None:
        # Strategic leaders are mostly in the agency that is positive, frontline staff in the other.
        strata = [Pair(18, 20, 9, 10), Pair(1, 10, 2, 20)]

        found = stratified_difference(strata)

        assert found is not None
        assert found.difference == pytest.approx(0)
        assert plain_difference(Pair(19, 30, 11, 30)).difference > 0.25

    def test_stratum_with_one_group_adds_nothing(self) -> None:
        both = Pair(6, 10, 3, 10)

        assert stratified_difference([both, Pair(9, 9, 0, 0), Pair(0, 0, 4, 4)]) == (
            stratified_difference([both])
        )
        assert contributing([both, Pair(9, 9, 0, 0)]) == (both,)

    def test_no_stratum_with_both_groups_gives_none(self) -> None:
        assert stratified_difference([Pair(3, 4, 0, 0)]) is None

    def test_all_of_one_mind_has_no_variance_and_no_evidence(self) -> None:
        found = stratified_difference([Pair(3, 3, 5, 5), Pair(1, 1, 2, 2)])

        assert found == Difference(0.0, 0.0, 0.0, 1.0)

    def test_limits_stay_within_possible_differences(self) -> None:
        found = stratified_difference([Pair(3, 3, 0, 1), Pair(2, 2, 1, 2)])

        assert found is not None
        assert found.high == 1.0

    def test_stratum_of_two_people_counts(self) -> None:
        assert cochran_mantel_haenszel_p([Pair(1, 1, 0, 1)] * 4) == pytest.approx(
            two_sided(2 / 1), abs=1e-12
        )


class TestFamily:
    def test_four_of_fifteen_are_rejected(self) -> None:
        rejected = benjamini_hochberg(BENJAMINI_HOCHBERG, rate=0.05)

        assert rejected == (True,) * 4 + (False,) * 11

    def test_order_of_the_family_does_not_matter(self) -> None:
        assert benjamini_hochberg(BENJAMINI_HOCHBERG[::-1], rate=0.05) == (
            (False,) * 11 + (True,) * 4
        )

    def test_step_up_rejects_past_a_gap(self) -> None:
        # .03 is over its own line of .0333 x 2/2 only in rank one; the larger one carries it.
        assert benjamini_hochberg([0.03, 0.04], rate=0.05) == (True, True)

    def test_empty_family(self) -> None:
        assert benjamini_hochberg([], rate=0.05) == ()
        assert judge_family([]) == ()

    def test_clear_needs_size_and_evidence(self) -> None:
        large_and_sure = plain_difference(Pair(56, 70, 40, 80))
        large_only = plain_difference(Pair(7, 10, 5, 10))
        sure_only = plain_difference(Pair(900, 1000, 800, 1000))
        neither = plain_difference(Pair(26, 50, 24, 50))

        judged = judge_family([large_and_sure, large_only, sure_only, neither])

        assert [found.strength for found in judged] == [
            Strength.CLEAR,
            Strength.POSSIBLE,
            Strength.POSSIBLE,
            Strength.NONE,
        ]

    def test_twenty_points_exactly_is_large(self) -> None:
        twenty = plain_difference(Pair(7, 10, 5, 10))

        assert twenty.difference < 0.2
        assert judge_family([twenty])[0].strength is Strength.POSSIBLE

    def test_family_takes_away_what_stood_alone(self) -> None:
        alone = plain_difference(Pair(16, 20, 9, 20))
        noise = [plain_difference(Pair(10, 20, 10, 20))] * 30

        assert judge_family([alone])[0].strength is Strength.CLEAR
        assert judge_family([alone, *noise])[0].strength is Strength.POSSIBLE
