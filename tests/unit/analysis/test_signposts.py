"""What a signpost says as a whole: its score, small groups in words, and how agencies lean."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.result import SignpostResult
from analysis.settings import AnalysisSettings
from analysis.summary import summarise
from tests.factories_tally import make_bank, make_tally, people, scale_question

LARGE = (
    ("social", "childrens_social_care", 20),
    ("youth", "early_help", 12),
    ("hospital", "nhs_acute", 16),
    ("clinic", "nhs_community", 14),
)


def signpost_of(
    *rows: tuple[str, str, list[tuple[int, int]]], questions: int = 3
) -> SignpostResult:
    """The signpost of a round: for each agency, favourable and unfavourable by question."""
    bank = make_bank({"t_one": [scale_question(f"q_{n}") for n in range(questions)]})
    tally_rows: list[Any] = [
        (
            agency,
            sector,
            "frontline",
            {f"q_{n}": people(yes, 0, no) for n, (yes, no) in enumerate(answers) if yes or no},
        )
        for agency, sector, answers in rows
    ]
    tally = make_tally(bank, tally_rows)
    return summarise(tally, bank, settings=AnalysisSettings(), source="x").signposts[0]


def usual(*small: tuple[str, str, list[tuple[int, int]]], questions: int = 3) -> SignpostResult:
    """Four large agencies of which half are favourable, and small ones as given."""
    return signpost_of(
        *((name, sector, [(n // 2, n - n // 2)] * questions) for name, sector, n in LARGE),
        *small,
        questions=questions,
    )


def words_of(signpost: SignpostResult) -> dict[str, str | None]:
    return {group.group: group.words for group in signpost.groups}


class TestGroupsInWords:
    @pytest.mark.parametrize(
        ("police", "words"),
        [
            pytest.param([(5, 2), (5, 2), (4, 3)], "Mostly positive", id="14 of 21"),
            pytest.param([(4, 3), (4, 3), (4, 3)], "Divided", id="12 of 21"),
            pytest.param([(3, 4), (3, 4), (3, 4)], "Divided", id="9 of 21"),
            pytest.param([(3, 4), (3, 4), (2, 5)], "Mostly not positive", id="8 of 21"),
        ],
    )
    def test_seven_people_are_told_in_words(
        self, police: list[tuple[int, int]], words: str
    ) -> None:
        found = usual(("police", "police", police), ("charity", "voluntary", [(3, 3)] * 3))

        assert words_of(found)["police_and_justice"] == words

    def test_words_have_no_figures(self) -> None:
        found = usual(("police", "police", [(4, 3)] * 3), ("charity", "voluntary", [(3, 3)] * 3))

        assert found.groups
        assert all(group.figures is None and group.mark is None for group in found.groups)

    def test_group_of_four_has_no_words(self) -> None:
        found = usual(("police", "police", [(2, 2)] * 3), ("charity", "voluntary", [(5, 4)] * 3))

        assert "police_and_justice" not in words_of(found)

    def test_group_of_five_has_words(self) -> None:
        found = usual(("police", "police", [(3, 2)] * 3), ("charity", "voluntary", [(5, 4)] * 3))

        assert "police_and_justice" in words_of(found)

    def test_one_question_is_not_enough(self) -> None:
        found = usual(
            ("police", "police", [(4, 3), (0, 0), (2, 2)]),
            ("charity", "voluntary", [(3, 3)] * 3),
        )

        assert "police_and_justice" not in words_of(found)
        assert "voluntary_and_other" in words_of(found)

    def test_group_with_figures_has_no_words(self) -> None:
        found = usual(("police", "police", [(4, 3)] * 3), ("charity", "voluntary", [(3, 3)] * 3))

        shown = {g.group for topic in found.topics for q in topic.questions for g in q.groups}
        assert "health" in shown
        assert "health" not in words_of(found)

    def test_words_that_would_tell_are_left_out(self) -> None:
        # Everybody's favourable answers are 6 on each question: were all partners "divided", which
        # takes 16 of 39 at least, the two of the council could not have been favourable at all.
        rows: list[tuple[str, str, list[tuple[int, int]]]] = [
            ("youth", "early_help", [(0, 2)] * 3),
            ("police", "police", [(2, 3), (3, 2), (2, 3)]),
            ("probation", "probation", [(1, 2), (0, 3), (0, 3)]),
            ("charity", "voluntary", [(3, 2), (2, 3), (3, 2)]),
        ]

        assert "partners" not in words_of(signpost_of(*rows))

    def test_nothing_in_words_where_nothing_is_shown(self) -> None:
        found = signpost_of(
            ("police", "police", [(4, 3)] * 3), ("charity", "voluntary", [(1, 1)] * 3)
        )

        assert found.groups == ()


class TestAgenciesLean:
    def lean(self, *favourable: int) -> str | None:
        sectors = ["childrens_social_care", "early_help", "nhs_acute", "nhs_community", "police"]
        sectors += ["probation", "voluntary", "schools", "colleges"]
        return signpost_of(
            *(
                (sector, sector, [(yes, 6 - yes)] * 2)
                for sector, yes in zip(sectors, favourable, strict=False)
            ),
            questions=2,
        ).agencies_lean

    @pytest.mark.parametrize(
        ("favourable", "words"),
        [
            pytest.param((4, 4, 4, 5, 5, 2), "Most", id="five of six"),
            pytest.param((4, 4, 4, 5, 2, 2), None, id="four of six: one fewer were half"),
            pytest.param((4, 3, 3, 2, 2, 2), "Few", id="one of six, a half is no leaning"),
            pytest.param((4, 4, 5, 2, 2, 2), None, id="three of six"),
            pytest.param((4, 4, 4, 4, 2, 2, 2, 2), "About half", id="four of eight"),
            pytest.param((4, 4, 5, 5, 5), None, id="five agencies"),
        ],
    )
    def test_how_many_agencies_lean(self, favourable: tuple[int, ...], words: str | None) -> None:
        found = self.lean(*favourable)

        assert (found is None) is (words is None)
        assert words is None or (found or "").startswith(words)

    def test_question_that_is_not_shown_does_not_count(self) -> None:
        rows = [(name, name, [(0, 1)]) for name in ("police", "probation", "schools", "colleges")]
        rows += [(name, name, [(1, 0)]) for name in ("nhs_acute", "nhs_community")]

        assert signpost_of(*rows, questions=1).agencies_lean is None


class TestScore:
    def test_score_is_the_mean_of_what_is_shown(self) -> None:
        found = usual(("police", "police", [(7, 0), (0, 7), (0, 0)]))

        assert found.score is not None
        assert found.score.questions == ("q_0", "q_1", "q_2")
        assert found.score.people == 69
        shares = (38 / 69, 31 / 69, 31 / 62)
        assert found.score.score == round(sum(shares) / 3, 2)
        assert found.score.interval.low < found.score.score < found.score.interval.high

    def test_question_not_in_figures_is_left_out(self) -> None:
        rows = [(name, sector, [(n // 2, n - n // 2)] * 2 + [(n, 0)]) for name, sector, n in LARGE]

        found = signpost_of(*rows)

        assert found.score is not None
        assert found.score.questions == ("q_0", "q_1")

    def test_one_question_has_no_score(self) -> None:
        assert usual(questions=1).score is None


def test_large_round_has_words_for_no_group_with_figures() -> None:
    rows = [
        (f"{sector} {n}", sector, [(8, 7)] * 2)
        for sector in ("childrens_social_care", "early_help", "nhs_acute", "police", "voluntary")
        for n in range(2)
    ]

    assert signpost_of(*rows, questions=2).groups == ()
