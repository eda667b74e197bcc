"""A signpost's score, held to a regression on single answers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.regression.linear_model import OLS

from analysis.shares import Limits, wilson
from analysis.tally import from_frame
from analysis.themes import (
    Answers,
    Both,
    Score,
    covariance,
    pairs_of_everybody,
    score_change,
    score_of,
    smoothed_variance,
)
from tests.factories_tally import make_bank, scale_question

Said = np.ndarray
"""Respondents by questions: 1 favourable, 0 not, nan not on the scale."""


def draw(people: int, questions: int, *, seed: int, missing: float = 0.2) -> Said:
    """Answers that move together: each person has a leaning of their own."""
    random = np.random.default_rng(seed)
    leaning = random.uniform(0.1, 0.9, size=(people, 1))
    said = (random.uniform(size=(people, questions)) < leaning).astype(float)
    said[random.uniform(size=said.shape) < missing] = np.nan
    return said


def names(said: Said) -> list[str]:
    return [f"q_{place}" for place in range(said.shape[1])]


def answers_of(said: Said) -> dict[str, Answers]:
    return {
        name: Answers(int(np.nansum(column)), int((~np.isnan(column)).sum()))
        for name, column in zip(names(said), said.T, strict=True)
    }


def pairs_of(said: Said) -> dict[tuple[str, str], Both]:
    found = {}
    for first, one in enumerate(names(said)):
        for second in range(first + 1, said.shape[1]):
            held = said[~np.isnan(said[:, [first, second]]).any(axis=1)][:, [first, second]]
            found[one, names(said)[second]] = Both(
                len(held),
                int(held[:, 0].sum()),
                int(held[:, 1].sum()),
                int(held.prod(axis=1).sum()),
            )
    return found


def robust_covariances(said: Said) -> np.ndarray:
    """Covariances of the shares by a regression on questions, robust to people's own leaning."""
    people, question = np.nonzero(~np.isnan(said))
    dummies = np.eye(said.shape[1])[question]
    fitted = OLS(said[people, question], dummies).fit(
        cov_type="cluster", cov_kwds={"groups": people, "use_correction": False}
    )
    return np.asarray(fitted.cov_params())


class TestCovariance:
    @pytest.mark.parametrize("seed", range(6))
    def test_every_covariance_is_that_of_statsmodels(self, seed: int) -> None:
        said = draw(40, 4, seed=seed)
        answers, pairs = answers_of(said), pairs_of(said)

        expected = robust_covariances(said)

        for (first, second), both in pairs.items():
            at = names(said).index(first), names(said).index(second)
            assert covariance(answers[first], answers[second], both) == pytest.approx(expected[at])

    def test_people_who_answered_only_one_of_two_add_nothing(self) -> None:
        assert covariance(Answers(3, 10), Answers(4, 10), Both(0, 0, 0, 0)) == 0


class TestVariance:
    @pytest.mark.parametrize("seed", range(6))
    def test_is_that_of_statsmodels_with_one_more_person(self, seed: int) -> None:
        # The person who is half favourable on all and half on none is two halves of a person; with
        # everybody counted twice, the halves are whole.
        said = draw(60, 5, seed=seed)
        doubled = np.vstack([said, said, np.ones((1, 5)), np.zeros((1, 5))])
        shares = np.nanmean(doubled, axis=0)
        given_answers = (~np.isnan(said)).sum(axis=0)

        residuals = np.where(np.isnan(doubled), 0, doubled - shares) / given_answers
        expected = (residuals.mean(axis=1) ** 2).sum() / 2

        found = smoothed_variance(answers_of(said), pairs_of(said))
        assert found == pytest.approx(expected)

    @pytest.mark.parametrize("seed", range(4))
    def test_is_near_that_of_drawing_people_again(self, seed: int) -> None:
        said = draw(120, 4, seed=seed, missing=0.1)
        random = np.random.default_rng(seed)

        again = [
            np.nanmean(said[random.integers(0, len(said), len(said))], axis=0).mean()
            for _ in range(800)
        ]

        found = smoothed_variance(answers_of(said), pairs_of(said)) ** 0.5
        assert found == pytest.approx(float(np.std(again)), rel=0.12)

    def test_missing_pair_makes_it_wider(self) -> None:
        said = draw(50, 3, seed=1)
        pairs = pairs_of(said)
        known = smoothed_variance(answers_of(said), pairs)
        del pairs["q_0", "q_1"]

        assert smoothed_variance(answers_of(said), pairs) > known

    def test_same_question_twice_is_as_unsure_as_once(self) -> None:
        answers = {"a": Answers(30, 50), "b": Answers(30, 50)}
        pairs = {("a", "b"): Both(50, 30, 30, 30)}

        assert smoothed_variance(answers, pairs) == pytest.approx(
            smoothed_variance({"a": answers["a"]}, {})
        )


class TestScore:
    def test_is_the_mean_of_shares_and_not_of_people(self) -> None:
        # Nine people answered one question and one both: people's own means would give .95.
        found = score_of(
            {"a": Answers(10, 10), "b": Answers(0, 1)},
            {("a", "b"): Both(1, 1, 0, 0)},
            questions=["a", "b"],
        )

        assert found is not None
        assert found.score == 0.5

    def test_order_of_questions_and_of_pairs_does_not_matter(self) -> None:
        said = draw(40, 4, seed=3)
        turned = {
            (second, first): Both(both.both, both.other, both.first, both.favourable)
            for (first, second), both in pairs_of(said).items()
        }
        one = score_of(answers_of(said), pairs_of(said), questions=names(said))
        other = score_of(answers_of(said), turned, questions=names(said)[::-1])

        assert one is not None
        assert other is not None
        assert one.limits == pytest.approx(other.limits)

    def test_can_be_made_again_for_a_common_set(self) -> None:
        said = draw(40, 4, seed=4)
        whole = score_of(answers_of(said), pairs_of(said), questions=["q_1", "q_3"])
        part = said[:, [1, 3]]
        alone = score_of(answers_of(part), pairs_of(part), questions=names(part))

        assert whole is not None
        assert alone is not None
        assert whole.score == alone.score
        assert whole.standard_error == alone.standard_error

    @pytest.mark.parametrize("favourable", [0, 12], ids=["nobody", "everybody"])
    def test_is_never_certain_where_all_were_of_one_mind(self, favourable: int) -> None:
        answers = {code: Answers(favourable, 12) for code in "abc"}
        pairs = {pair: Both(12, *[favourable] * 3) for pair in (("a", "b"), ("a", "c"), ("b", "c"))}

        found = score_of(answers, pairs, questions="abc")

        # As unsure as one question: what one person says tells what they say to the others.
        alone = wilson(favourable, 12, confidence=Fraction(95, 100))
        assert found is not None
        assert found.limits.high - found.limits.low >= 0.9 * (alone.high - alone.low)

    @pytest.mark.parametrize(
        ("questions", "answers"),
        [
            (["a"], {"a": Answers(3, 9)}),
            (["a", "b"], {"a": Answers(3, 9)}),
            (["a", "b"], {"a": Answers(3, 9), "b": Answers(0, 0)}),
            ([], {}),
        ],
        ids=["one question", "one unknown", "one without answers", "none"],
    )
    def test_there_is_none_under_two_questions(
        self, questions: list[str], answers: dict[str, Answers]
    ) -> None:
        assert score_of(answers, {}, questions=questions) is None

    def test_whole_population_leaves_the_point(self) -> None:
        answers = {"a": Answers(6, 10), "b": Answers(7, 10)}

        found = score_of(answers, {}, questions=["a", "b"], population=10)

        assert found is not None
        assert found.limits == pytest.approx((0.65, 0.65))

    def test_known_population_narrows_it(self) -> None:
        answers = {"a": Answers(6, 10), "b": Answers(7, 10)}
        wide = score_of(answers, {}, questions=["a", "b"])
        narrow = score_of(answers, {}, questions=["a", "b"], population=15)

        assert wide is not None
        assert narrow is not None
        assert narrow.limits.low > wide.limits.low
        assert narrow.standard_error == pytest.approx(wide.standard_error * (5 / 14) ** 0.5)

    @settings(max_examples=60)
    @given(st.integers(2, 25), st.integers(2, 4), st.integers(0, 10_000))
    def test_limits_hold_the_score(self, people: int, questions: int, seed: int) -> None:
        said = draw(people, questions, seed=seed)
        found = score_of(answers_of(said), pairs_of(said), questions=names(said))

        if found is not None:
            assert 0 <= found.limits.low <= found.score + 1e-12
            assert found.score - 1e-12 <= found.limits.high <= 1
            assert found.standard_error > 0


class TestScoreChange:
    def test_no_change_has_an_interval_around_nothing(self) -> None:
        one = Score(("a", "b"), 0.5, 0.05, 100.0, Limits(0.4, 0.6))

        found = score_change(one, one)

        assert found.p_value == 1.0
        assert found.low == -found.high

    @pytest.mark.parametrize(("later", "p_value"), [(0.5, 1.0), (0.6, 0.0)], ids=["same", "more"])
    def test_whole_populations_differ_or_not(self, later: float, p_value: float) -> None:
        earlier = Score(("a", "b"), 0.5, 0.0, 20.0, Limits(0.5, 0.5))

        found = score_change(earlier, Score(("a", "b"), later, 0.0, 20.0, Limits(later, later)))

        assert found.p_value == p_value
        assert found[:3] == pytest.approx((later - 0.5, later - 0.5, later - 0.5))


def test_pairs_of_a_tally_are_those_of_its_respondents() -> None:
    said = draw(30, 3, seed=9)
    bank = make_bank({"t_one": [scale_question(name) for name in names(said)]})
    columns = {
        name: [None if np.isnan(each) else "ag" if each else "di" for each in column]
        for name, column in zip(names(said), said.T, strict=True)
    }
    frame = pd.DataFrame(
        {
            "agency": ["One", "Two", "Three"] * 10,
            "sector": ["police", "schools", "voluntary"] * 10,
            "level": ["frontline", "strategic"] * 15,
            **columns,
        }
    )

    assert pairs_of_everybody(from_frame(frame, bank)) == pairs_of(said)
