"""A council beside others: enough of them, none named, limits and shrinkage as published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.meta_analysis import combine_effects

from analysis.benchmarked import Benchmark, Position
from analysis.councils import INNER, OUTER, CouncilRound, benchmark
from analysis.councils_pooling import (
    Council,
    Spread,
    dersimonian_laird,
    funnel_limits,
    paule_mandel,
    shrunken,
    spread,
    variance,
    winsorise,
)
from analysis.result import Mark
from tests.factories_rounds import SECTORS, Said, make_compared_round
from tests.factories_tally import make_bank, scale_question

BANK = make_bank({"t_one": [scale_question("q_one"), scale_question("q_two")]})
CLOSED = date(2031, 4, 30)


def said(share: float, *, each: int = 12) -> Said:
    """Ten agencies of which this share was favourable, as near as people go."""
    return {agency: (round(share * each), each) for agency in SECTORS}


def council(
    name: str, share: float, *, closed: date = CLOSED, each: int = 12, few: bool = False
) -> CouncilRound:
    """A council's round of two questions; `few` where too few answered the second."""
    second: Said = {"Council": (2, 4)} if few else said(share, each=each)
    made = make_compared_round({"q_one": said(share, each=each), "q_two": second}, bank=BANK)
    return CouncilRound(council=name, title=f"Round of {name}", closed=closed, summary=made.summary)


SHARES = (0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8)
OTHERS = [council(f"Council {place}", share) for place, share in enumerate(SHARES)]
OWN = council("Marlow Vale", 0.5, each=14)


class TestGroup:
    @pytest.mark.parametrize("number", [0, 1, 7])
    def test_fewer_than_eight_are_refused_without_a_figure(self, number: int) -> None:
        found = benchmark(OWN, OTHERS[:number])

        assert found.refusal is not None
        assert "At least 8 are needed" in found.refusal
        assert found.signposts == ()
        assert found.councils == number

    def test_eight_are_enough(self) -> None:
        found = benchmark(OWN, OTHERS[:8])

        assert found.refusal is None
        assert found.councils == 8
        assert found.rows()["q_one"].median is not None
        assert found.rows()["q_one"].funnel is None

    def test_own_council_is_not_one_of_the_others(self) -> None:
        assert benchmark(OWN, [*OTHERS[:7], replace(OWN, title="Before")]).refusal is not None

    def test_a_council_counts_once_by_its_nearest_round(self) -> None:
        far = [replace(OTHERS[0], closed=CLOSED - timedelta(days=30 * n)) for n in range(1, 9)]

        assert benchmark(OWN, far).councils == 1

    def test_rounds_too_far_apart_do_not_count(self) -> None:
        old = [replace(each, closed=date(2029, 10, 29)) for each in OTHERS[:3]]
        in_time = [replace(each, closed=date(2029, 10, 30)) for each in OTHERS[3:]]

        assert benchmark(OWN, [*old, *in_time]).councils == 7

    def test_question_in_other_words_is_another_question(self) -> None:
        bank = make_bank({"t_one": [scale_question("q_one", text="I have heard of it.")]})
        made = make_compared_round({"q_one": said(0.5)}, bank=bank)
        others = [
            replace(OTHERS[0], council=f"C {place}", summary=made.summary) for place in range(9)
        ]

        row = benchmark(OWN, others).rows()["q_one"]

        assert row.councils == 0
        assert row.mark is Mark.NOT_AVAILABLE
        assert row.median is None


class TestPosition:
    def test_quartiles_are_in_whole_points(self) -> None:
        row = benchmark(OWN, OTHERS).rows()["q_one"]

        shares = [round(share * 12) / 12 for share in SHARES]
        expected = np.quantile(shares, [0.25, 0.5, 0.75], method="median_unbiased")
        assert (row.lower, row.median, row.upper) == pytest.approx(expected, abs=0.00501)
        for figure in (row.lower, row.median, row.upper):
            assert figure is not None
            assert round(figure * 100) == pytest.approx(figure * 100)

    @pytest.mark.parametrize(
        ("share", "position", "words"),
        [
            (0.5, Position.MIDDLE_HALF, "much like those elsewhere"),
            (0.95, Position.ABOVE, "above the middle half"),
            (0.1, Position.BELOW, "below the middle half"),
        ],
        ids=["middle", "above", "below"],
    )
    def test_own_place_is_said_in_words(self, share: float, position: Position, words: str) -> None:
        row = benchmark(council("Own", share), OTHERS).rows()["q_one"]

        assert row.position is position
        assert words in row.sentence

    def test_few_answers_may_be_among_them_by_chance(self) -> None:
        row = benchmark(council("Own", 0.75, each=4), OTHERS).rows()["q_one"]

        assert row.position is Position.ABOVE
        assert "by chance" in row.sentence

    def test_own_figure_that_is_hidden_is_not_set_beside_others(self) -> None:
        found = benchmark(council("Own", 0.5, few=True), OTHERS)
        row = found.rows()["q_two"]

        assert row.mark is Mark.CONFIDENTIAL
        assert row.own is None
        assert row.median is None
        assert found.hidden_cells == 1

    def test_question_that_few_show_has_no_quartiles(self) -> None:
        others = [council(f"C {place}", 0.5, few=place > 5) for place in range(10)]

        row = benchmark(OWN, others).rows()["q_two"]

        assert row.councils == 6
        assert row.mark is Mark.NOT_AVAILABLE
        assert row.median is None
        assert row.own is not None

    def test_score_is_on_the_questions_that_all_show(self) -> None:
        score = benchmark(OWN, OTHERS).signposts[0].score

        assert score.own == 0.5
        assert score.councils == 10
        assert score.position is Position.MIDDLE_HALF
        assert score.sentence.startswith("On average over its questions 50%")

    def test_score_of_one_question_is_none(self) -> None:
        score = benchmark(council("Own", 0.5, few=True), OTHERS).signposts[0].score

        assert score.mark is Mark.CONFIDENTIAL
        assert score.own is None


class TestNobodyIsNamed:
    def test_no_other_council_stands_in_the_result(self) -> None:
        text = benchmark(OWN, OTHERS).model_dump_json()

        assert "Council 1" not in text
        assert "Round of Council" not in text
        for other in OTHERS:
            assert other.summary.provenance.tally_digest not in text

    def test_order_of_councils_does_not_matter(self) -> None:
        assert benchmark(OWN, OTHERS) == benchmark(OWN, OTHERS[::-1])

    def test_points_of_others_are_rounded(self) -> None:
        funnel = (
            benchmark(OWN, [council(f"C {n}", 0.37, each=11 + n) for n in range(10)])
            .rows()["q_one"]
            .funnel
        )

        assert funnel is not None
        assert len(funnel.points) == 11
        for point in funnel.points:
            if not point.own:
                assert point.n % 5 == 0
                assert round(point.share, 2) == point.share

    def test_can_be_stored_and_read_back(self) -> None:
        found = benchmark(OWN, OTHERS)

        assert Benchmark.model_validate_json(found.model_dump_json()) == found


class TestFunnel:
    def test_dispersion_is_the_mean_square_of_winsorised_distances(self) -> None:
        councils = [Council(share, 50) for share in SHARES]
        centre = float(np.mean(SHARES))
        z = (np.array(SHARES) - centre) / np.sqrt(centre * (1 - centre) / 50)
        z[0], z[-1] = z[1], z[-2]

        found = spread(councils)

        assert found.centre == pytest.approx(centre)
        assert found.dispersion == pytest.approx(float((z**2).mean()))

    def test_limits_of_councils_alike_are_those_of_chance(self) -> None:
        limits = funnel_limits(Spread(0.5, 0.4), n=100, deviate=INNER)

        assert limits == pytest.approx((0.5 - 0.05 * INNER, 0.5 + 0.05 * INNER))

    def test_spread_of_councils_widens_the_limits(self) -> None:
        narrow = funnel_limits(Spread(0.5, 1.0), n=400, deviate=OUTER)
        wide = funnel_limits(Spread(0.5, 4.0), n=400, deviate=OUTER)

        assert wide.high - 0.5 == pytest.approx(2 * (narrow.high - 0.5))

    def test_deviates_hold_what_they_say(self) -> None:
        assert NormalDist().inv_cdf(0.975) == pytest.approx(INNER)
        assert NormalDist().inv_cdf(0.999) == pytest.approx(OUTER)

    @pytest.mark.parametrize("share", [0.0, 1.0], ids=["nobody", "everybody"])
    def test_councils_all_of_one_mind_have_no_spread(self, share: float) -> None:
        assert spread([Council(share, 40)] * 10) == Spread(share, 0.0)

    @pytest.mark.parametrize(
        ("share", "outside"), [(0.8, "above"), (0.5, "within"), (0.2, "below")]
    )
    def test_own_council_outside_is_said(self, share: float, outside: str) -> None:
        alike = [council(f"C {place}", 0.5) for place in range(10)]

        funnel = benchmark(council("Own", share), alike).rows()["q_one"].funnel

        assert funnel is not None
        assert funnel.outside == outside

    def test_own_share_in_words_has_no_funnel(self) -> None:
        assert benchmark(council("Own", 1.0), OTHERS).rows()["q_one"].funnel is None

    def test_limits_narrow_as_people_grow(self) -> None:
        funnel = benchmark(OWN, OTHERS).rows()["q_one"].funnel

        assert funnel is not None
        widths = [limit.inner.high - limit.inner.low for limit in funnel.limits]
        assert widths == sorted(widths, reverse=True)
        for limit in funnel.limits:
            assert limit.outer.low <= limit.inner.low < limit.inner.high <= limit.outer.high

    def test_ends_are_drawn_in_to_the_next(self) -> None:
        assert winsorise([5, 1, 9, 3], part=0.25) == [5, 3, 5, 3]
        assert winsorise([5, 1, 9, 3], part=0.2) == [5, 1, 9, 3]


@st.composite
def effects(draw: st.DrawFn) -> tuple[list[float], list[float]]:
    number = draw(st.integers(3, 12))
    shares = st.integers(2, 98).map(lambda n: n / 100)
    return (
        [draw(shares) for _ in range(number)],
        [draw(st.integers(1, 400)) / 10_000 for _ in range(number)],
    )


class TestShrinkage:
    @given(effects())
    def test_between_variances_are_those_of_statsmodels(
        self, drawn: tuple[list[float], list[float]]
    ) -> None:
        found, variances = drawn
        with np.errstate(all="ignore"):
            moments = combine_effects(np.array(found), np.array(variances), method_re="chi2")

        assert dersimonian_laird(found, variances) == pytest.approx(
            max(0.0, float(moments.tau2)), abs=1e-10
        )

    @given(effects())
    def test_paule_mandel_solves_its_equation(self, drawn: tuple[list[float], list[float]]) -> None:
        found, variances = drawn
        between = paule_mandel(found, variances)
        weights = 1 / (np.array(variances) + between)
        centre = (weights * found).sum() / weights.sum()
        q = (weights * (np.array(found) - centre) ** 2).sum()

        if between:
            assert q == pytest.approx(len(found) - 1, rel=1e-5)
        else:
            assert q <= len(found) - 1

    def test_paule_mandel_is_that_of_statsmodels(self) -> None:
        found, variances = [0.5, 0.6, 0.3, 0.8], [0.01, 0.02, 0.005, 0.01]
        expected = combine_effects(
            np.array(found), np.array(variances), method_re="iterated", atol=1e-12
        )

        assert paule_mandel(found, variances) == pytest.approx(float(expected.tau2), abs=1e-7)

    def test_councils_alike_are_drawn_to_their_mean(self) -> None:
        own = Council(0.6, 20)

        assert shrunken(own, [own, *[Council(0.5, 50)] * 9]) == pytest.approx(0.504, abs=0.003)

    def test_large_council_among_unlike_ones_stays_where_it_is(self) -> None:
        own = Council(0.9, 5000)
        others = [Council(share, 100) for share in SHARES]

        assert shrunken(own, [own, *others]) == pytest.approx(0.9, abs=0.001)

    def test_small_council_is_drawn_further(self) -> None:
        others = [Council(share, 100) for share in SHARES]
        small, large = Council(0.9, 10), Council(0.9, 200)

        assert shrunken(small, [small, *others]) < shrunken(large, [large, *others])

    def test_no_share_is_certain(self) -> None:
        assert variance(Council(0.0, 10)) > 0
        assert variance(Council(1.0, 10)) == pytest.approx(variance(Council(0.0, 10)))

    def test_one_council_alone_has_no_spread(self) -> None:
        assert dersimonian_laird([0.5], [0.01]) == 0.0


LOCAL = make_bank(
    {
        "t_one": [scale_question("q_one"), scale_question("q_two")],
        "local_s_one": [scale_question("local_help_at_night_k3pq")],
    }
)


def asked_locally(name: str, share: float, *, local: float) -> CouncilRound:
    """A council's round of two questions of the bank and one local question."""
    made = make_compared_round(
        {
            "q_one": said(share),
            "q_two": said(share),
            "local_help_at_night_k3pq": said(local),
        },
        bank=LOCAL,
    )
    return CouncilRound(council=name, title=f"Round of {name}", closed=CLOSED, summary=made.summary)


def test_local_question_is_beside_no_other_councils_and_in_no_score() -> None:
    own = asked_locally("Marlow Vale", 0.5, local=0.95)
    others = [
        asked_locally(f"Council {place}", share, local=0.05) for place, share in enumerate(SHARES)
    ]

    found = benchmark(own, others)

    (signpost,) = found.signposts
    assert [row.code for row in signpost.questions] == ["q_one", "q_two"]
    (shown,) = own.summary.signposts
    assert shown.score is not None
    assert shown.score.questions == ("q_one", "q_two")
    assert own.questions["local_help_at_night_k3pq"].all is not None
    assert signpost.score.own == 0.5
