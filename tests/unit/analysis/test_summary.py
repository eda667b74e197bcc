"""The whole result: its sentences, coverage, counts, caveats and order."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from random import Random
from typing import Any

import pytest

from analysis.errors import InvalidTally
from analysis.result import (
    CoverageState,
    Firmness,
    GroupKind,
    Mark,
    QuestionResult,
    Reason,
    SignpostResult,
    Summary,
    TopicResult,
    Verdict,
)
from analysis.settings import AnalysisSettings
from analysis.summary import code_version, summarise
from analysis.tally import PatternRow, Tally, from_counts
from question_banks.bank import SECTOR_TITLES, Bank, Level, ScaleQuestion, Sector
from question_banks.loader import load_bank
from tests.factories_tally import make_bank, make_tally, people, scale_question

AGENCIES = (
    ("social", "childrens_social_care", "frontline"),
    ("police", "police", "frontline"),
    ("probation", "probation", "frontline"),
    ("hospital", "nhs_acute", "frontline"),
    ("clinic", "nhs_community", "frontline"),
)


def of_each(*counts: tuple[int, ...], code: str = "q_one") -> list[Any]:
    """One row of answers for each agency in turn."""
    return [
        (*agency, {code: people(*answers)})
        for agency, answers in zip(AGENCIES, counts, strict=False)
    ]


def both_of_each(first: tuple[int, ...], second: tuple[int, ...]) -> list[Any]:
    """The same answers of every agency to two questions."""
    return [(*agency, {"q_one": people(*first), "q_two": people(*second)}) for agency in AGENCIES]


def summary_of(
    rows: list[Any], *, bank: Bank | None = None, lines: dict[str, Any] | None = None, **keys: Any
) -> Summary:
    """The result of rows of answers."""
    held = bank or make_bank()
    return summarise(
        make_tally(held, rows, **keys),
        held,
        settings=AnalysisSettings(**(lines or {})),
        source="a test",
    )


def question(summary: Summary, code: str = "q_one") -> QuestionResult:
    """One question of a result."""
    return summary.questions()[code]


def sentence(summary: Summary, code: str = "q_one") -> str:
    """The sentence of one question."""
    reading = question(summary, code).reading
    assert reading is not None
    return reading.sentence


def topic(summary: Summary) -> TopicResult:
    """The first topic."""
    return summary.signposts[0].topics[0]


class TestQuestionSentences:
    @pytest.mark.parametrize(
        ("rows", "expected"),
        [
            (
                of_each(*[(16, 2, 2)] * 5),
                (
                    "80 of the 100 people who answered, in 5 agencies, were positive about “Q "
                    "one”; "
                    "this reads as a strength."
                ),
            ),
            (
                of_each(*[(6, 2, 2)] * 5),
                (
                    "30 of the 50 people who answered, in 5 agencies, were positive about “Q one”; "
                    "this tends to read as a strength."
                ),
            ),
            (
                of_each(*[(2, 4, 4)] * 5),
                (
                    "10 of the 50 people who answered, in 5 agencies, were positive about “Q one”; "
                    "this is an area to explore."
                ),
            ),
            (
                of_each(*[(4, 3, 3)] * 5),
                (
                    "20 of the 50 people who answered, in 5 agencies, were positive about “Q one”; "
                    "this may be an area to explore."
                ),
            ),
            (
                of_each(*[(11, 5, 4)] * 5),
                (
                    "55 of the 100 people who answered, in 5 agencies, were positive about “Q "
                    "one”; "
                    "the picture is mixed and leans towards the positive."
                ),
            ),
            (
                of_each((3, 0, 4), (2, 1, 1)),
                "Too few agencies answered “Q one” to say.",
            ),
            (
                of_each((2, 0, 2), (1, 0, 1), (1, 0, 2)),
                "Too few people answered “Q one” to say.",
            ),
            (
                of_each((2, 0, 2), (2, 1, 1), (1, 0, 2)),
                (
                    "5 of the 11 people who answered, in 3 agencies, were positive about “Q one”; "
                    "the picture is mixed and leans towards the negative."
                ),
            ),
            (
                of_each((3, 1, 2), (3, 1, 2), (3, 1, 2)),
                (
                    "9 of the 18 people who answered, in 3 agencies, were positive about “Q one”; "
                    "the picture is evenly mixed."
                ),
            ),
            (
                of_each((12, 0, 0), (12, 0, 0), (11, 0, 1)),
                (
                    "Nearly all of the people who answered were positive about “Q one”; "
                    "this reads as a strength."
                ),
            ),
            (
                of_each((0, 0, 12), (0, 6, 6), (1, 0, 11)),
                (
                    "Nearly none of the people who answered were positive about “Q one”; "
                    "this is an area to explore."
                ),
            ),
        ],
        ids=[
            "clear strength",
            "indicative strength",
            "clear area",
            "indicative area",
            "mixed, positive",
            "two agencies",
            "nine people",
            "mixed, negative",
            "evenly mixed",
            "nearly all",
            "nearly none",
        ],
    )
    def test_sentence_of_each_reading(self, rows: list[Any], expected: str) -> None:
        assert sentence(summary_of(rows)) == expected

    def test_not_known_with_figures_and_without(self) -> None:
        many = [(*agency, {"q_one": people(3, 1, 2, dk=6)}) for agency in AGENCIES]
        most = [(*agency, {"q_one": people(1, 0, 0, dk=6)}) for agency in AGENCIES]

        assert sentence(summary_of(many)) == (
            "30 of the 60 people to whom it applied did not know about “Q one”; "
            "this is worth exploring."
        )
        assert sentence(summary_of(most)) == (
            "Many of the people to whom it applied did not know about “Q one”; "
            "this is worth exploring."
        )

    def test_low_response(self) -> None:
        found = summary_of(
            of_each(*[(6, 2, 2)] * 5), invited={agency[0]: 40 for agency in AGENCIES}
        )

        assert sentence(found) == "Too few of the people who were asked answered “Q one” to say."

    def test_council_against_partners(self) -> None:
        found = summary_of(of_each((18, 0, 2), (2, 2, 4), (2, 2, 4), (2, 2, 4), (2, 2, 4)))

        assert sentence(found) == (
            "18 of the 20 people who answered in the council were positive about “Q one”, against "
            "8 of the 32 people who answered in partner agencies; this reads as a strength for the "
            "council and as an area to explore for partner agencies."
        )

    def test_council_against_partners_in_words(self) -> None:
        found = summary_of(of_each((2, 10, 8), (8,), (8,), (8,), (8,)))

        assert sentence(found) == (
            "Nearly all of the people who answered in partner agencies were positive about "
            "“Q one”, against fewer than half of the people who answered in the council; this "
            "reads as a strength for partner agencies and as an area to explore for the council."
        )

    def test_strategic_against_frontline(self) -> None:
        rows = [
            (name, sector, level, {"q_one": people(*counts)})
            for name, sector, _ in AGENCIES
            for level, counts in (("strategic", (9, 0, 1)), ("frontline", (4, 2, 9)))
        ]

        assert sentence(summary_of(rows)) == (
            "45 of the 50 strategic leaders who answered were positive about “Q one”, against 20 "
            "of the 75 frontline practitioners who answered; this reads as a strength for "
            "strategic leaders and as an area to explore for frontline practitioners."
        )

    def test_one_level_against_everybody(self) -> None:
        rows = [
            (name, sector, level, {"q_one": people(*counts)})
            for name, sector, _ in AGENCIES
            for level, counts in (
                ("strategic", (9, 0, 1)),
                ("frontline", (11, 4, 5)),
                ("operational", (2, 8, 20)),
            )
        ]

        assert sentence(summary_of(rows)) == (
            "45 of the 50 strategic leaders who answered were positive about “Q one”, against 110 "
            "of the 300 people who answered, in 5 agencies; this reads as a strength for strategic "
            "leaders and as an area to explore for everybody together."
        )


class TestMissingSectors:
    BANK = make_bank(
        {
            "t_one": [
                scale_question("q_one", leans_on=["schools", "voluntary"]),
                scale_question("q_two", requires=["schools"]),
            ]
        }
    )

    def found(self) -> Summary:
        return summary_of(
            both_of_each((16, 2, 2), (16, 2, 2)),
            bank=self.BANK,
            also=[("schools", "schools")],
            invited={agency[0]: 24 for agency in AGENCIES} | {"schools": 30},
        )

    def test_silent_and_not_invited_sectors_are_caveats(self) -> None:
        found = self.found()

        assert sentence(found) == (
            "80 of the 100 people who answered, in 5 agencies, were positive about “Q one”; this "
            "reads as a strength."
        )
        reading = question(found).reading
        assert reading is not None
        assert [(each.reason, each.words) for each in reading.modifiers] == [
            (
                Reason.LEANT_ON_SILENT,
                "This leans on what schools would say, and no answer came from them.",
            ),
            (
                Reason.LEANT_ON_NOT_INVITED,
                "This leans on what the voluntary sector would say, and nobody there was invited.",
            ),
        ]

    def test_question_that_requires_a_silent_sector_is_not_read(self) -> None:
        found = self.found()

        assert sentence(found, "q_two") == (
            "“Q two” cannot be judged without schools, and no answer came from them."
        )
        reading = question(found, "q_two").reading
        assert reading is not None
        assert reading.verdict is Verdict.TOO_FEW
        assert [each.words for each in reading.reasons] == [
            "It cannot be judged without schools, and no answer came from them."
        ]
        everybody = question(found, "q_two").all
        assert everybody is not None
        assert everybody.figures is not None

    def test_signpost_and_round_say_who_is_missing(self) -> None:
        found = self.found()
        signpost = found.signposts[0]

        assert signpost.sentence == ("One topic reads as a strength.")
        assert signpost.caveats == (
            "“Q one” and “Q two” lean on what schools would say, and no answer came from them.",
            "“Q one” leans on what the voluntary sector would say, and nobody there was invited.",
        )
        assert found.coverage.caveats == (
            (
                "No answer came from schools, though people there were invited. Silence is not "
                "read as agreement: what they would have said is missing here."
            ),
        )
        assert found.caveats == ()

    def test_topic_carries_the_caveat_of_its_questions(self) -> None:
        assert topic(self.found()).reading.sentence == (
            "What people said about matters of t_one reads as a strength: 80 of the 100 people who "
            "answered were positive about “Q one”. No answer came from schools and nobody from "
            "the voluntary sector was invited, so their views are missing."
        )


class TestTopicSentences:
    BANK = make_bank({"t_one": [scale_question("q_one"), scale_question("q_two")]})

    @pytest.mark.parametrize(
        ("first", "second", "expected"),
        [
            (
                (16, 2, 2),
                (2, 8, 10),
                (
                    "What people said about matters of t_one points both ways: 80 of the 100 "
                    "people "
                    "who answered were positive about “Q one”, which reads as a strength; 10 of "
                    "the "
                    "100 people who answered were positive about “Q two”, which is an area to "
                    "explore."
                ),
            ),
            (
                (2, 8, 10),
                (4, 3, 3),
                (
                    "What people said about matters of t_one is an area to explore: 10 of the 100 "
                    "people who answered were positive about “Q one”, and 20 of 50 about “Q two”."
                ),
            ),
            (
                (11, 5, 4),
                (21, 10, 9),
                (
                    "What people said about matters of t_one is mixed and leans towards the "
                    "positive: "
                    "55 of the 100 people who answered were positive about “Q one”, and 105 of "
                    "200 about “Q two”."
                ),
            ),
            (
                (20, 0, 0),
                (1, 0, 0),
                (
                    "What people said about matters of t_one reads as a strength: nearly all of "
                    "the "
                    "people who answered were positive about “Q one”."
                ),
            ),
            (
                (20, 0, 0),
                (19, 0, 0),
                (
                    "What people said about matters of t_one reads as a strength: nearly all of "
                    "the people who answered were positive about “Q one”, and nearly all about "
                    "“Q two”."
                ),
            ),
            (
                (1, 0, 0),
                (1, 0, 0),
                "Too few answers were given about matters of t_one to say.",
            ),
        ],
        ids=["both", "area", "mixed", "words", "words of both", "too few"],
    )
    def test_sentence_of_each_reading(
        self, first: tuple[int, ...], second: tuple[int, ...], expected: str
    ) -> None:
        found = summary_of(both_of_each(first, second), bank=self.BANK)

        assert topic(found).reading.sentence == expected

    def test_not_known(self) -> None:
        rows = [
            (*agency, {code: people(3, 1, 2, dk=6) for code in ("q_one", "q_two")})
            for agency in AGENCIES
        ]

        assert topic(summary_of(rows, bank=self.BANK)).reading.sentence == (
            "Many people did not know about matters of t_one: 30 of the 60 people to whom it "
            "applied did not know about “Q one”, and 30 of 60 about “Q two”."
        )

    def test_not_known_without_figures_says_many_once(self) -> None:
        # All but nobody on the scale: how many did not know would tell of the few who did.
        rows = [
            (*agency, {code: people(1, dk=9) for code in ("q_one", "q_two")}) for agency in AGENCIES
        ]

        assert topic(summary_of(rows, bank=self.BANK)).reading.sentence == (
            "Many people did not know about matters of t_one, in particular about “Q one” and "
            "“Q two”."
        )

    def test_not_known_beside_a_strength(self) -> None:
        rows = [
            (*agency, {"q_one": people(16, 2, 2), "q_two": people(3, 1, 2, dk=6)})
            for agency in AGENCIES
        ]

        found = topic(summary_of(rows, bank=self.BANK)).reading

        assert found.verdict is Verdict.BOTH
        assert found.sentence.endswith(
            "to whom it applied did not know about “Q two”, which is an area to explore."
        )

    def test_others_of_a_column_are_named(self) -> None:
        bank = make_bank({"t_one": [scale_question(f"q_{n}") for n in ("one", "two", "three")]})
        rows = [
            (*agency, {"q_one": people(17, 3), "q_two": people(16, 4), "q_three": people(2, 18)})
            for agency in AGENCIES
        ]

        assert topic(summary_of(rows, bank=bank)).reading.sentence.endswith(
            "which is an area to explore (“Q two” also reads as a strength)."
        )

    def test_question_that_is_both_speaks_for_its_topic(self) -> None:
        found = summary_of(of_each((18, 0, 2), (2, 2, 4), (2, 2, 4), (2, 2, 4), (2, 2, 4)))

        assert topic(found).reading.sentence == (
            "What people said about matters of t_one points both ways: 18 of the 20 people who "
            "answered in the council were positive about “Q one”, against 8 of the 32 people who "
            "answered in partner agencies; this reads as a strength for the council and as an area "
            "to explore for partner agencies."
        )

    def test_question_that_is_not_read_does_not_speak_for_a_mixed_topic(self) -> None:
        found = topic(summary_of(both_of_each((11, 5, 4), (1, 0, 0)), bank=self.BANK))

        assert found.supporting == ("q_one", "q_two")
        assert found.reading.sentence == (
            "What people said about matters of t_one is mixed and leans towards the positive: "
            "55 of the 100 people who answered were positive about “Q one”."
        )

    def test_reasons_name_their_questions(self) -> None:
        found = topic(summary_of(both_of_each((16, 2, 2), (17, 2, 1)), bank=self.BANK)).reading

        assert [each.words for each in found.reasons] == [
            (
                "“Q one” and “Q two”: 60 per cent or more were positive, and with this many "
                "answers a "
                "share under 50 per cent would be a surprise."
            )
        ]

    def test_reasons_with_their_own_figures_are_given_each(self) -> None:
        rows = [
            (*agency, {"q_one": people(12, 2, 2, dk=5), "q_two": people(12, 2, 2, dk=4)})
            for agency in AGENCIES
        ]

        found = topic(summary_of(rows, bank=self.BANK)).reading

        assert [each.words for each in found.modifiers] == [
            (
                "“Q one”: 25 of the 105 people to whom it applied did not know. “Q two”: 20 of the "
                "100 people to whom it applied did not know."
            )
        ]

    def test_supporting_and_enquiries_are_carried(self) -> None:
        found = topic(summary_of(both_of_each((16, 2, 2), (17, 2, 1)), bank=self.BANK))

        assert found.supporting == ("q_two", "q_one")
        assert found.enquiries[0].test == "Test it"
        assert [q.code for q in found.questions] == ["q_one", "q_two"]


class TestModifierWords:
    def words(self, found: Summary, reason: Reason) -> str:
        reading = question(found).reading
        assert reading is not None
        return next(each.words for each in reading.modifiers if each.reason is reason)

    def test_groups_far_apart(self) -> None:
        found = summary_of(of_each((18, 1, 1), (4, 2, 2), (4, 2, 2), (4, 2, 2), (4, 2, 2)))

        assert self.words(found, Reason.GROUPS_APART) == (
            "“Council” and “All partners” are far apart: 18 of 20 people were positive, against 16 "
            "of 32."
        )

    def test_one_agency_and_voices(self) -> None:
        found = summary_of(of_each((2, 2, 4), (38, 1, 1), (2, 2, 4), (2, 2, 4)))

        assert self.words(found, Reason.ONE_AGENCY_DECIDES) == (
            "Without one of the agencies this would read differently."
        )
        assert self.words(found, Reason.VOICES_DIFFER) == (
            "With each agency counted equally, whatever its size, this would read differently."
        )
        reading = question(found).reading
        assert reading is not None
        assert reading.reasons[-1].words == (
            "With each agency counted equally, under 50 per cent were positive."
        )

    def test_lines_are_said_as_they_are_set(self) -> None:
        found = summary_of(
            of_each(*[(16, 2, 2)] * 5), lines={"strength_line": "0.625", "min_agencies": 4}
        )

        reading = question(found).reading
        assert reading is not None
        assert reading.reasons[0].words.startswith("62.5 per cent or more were positive")


class TestSignpostSentences:
    def test_topics_are_counted_by_how_they_read(self) -> None:
        bank = make_bank({f"t_{n}": [scale_question(f"q_{n}")] for n in range(4)})
        rows = [
            (
                *agency,
                {
                    "q_0": people(16, 2, 2),
                    "q_1": people(17, 2, 1),
                    "q_2": people(2, 8, 10),
                    "q_3": people(3, 1, 2, dk=6),
                },
            )
            for agency in AGENCIES
        ]

        assert summary_of(rows, bank=bank).signposts[0].sentence == (
            "Two topics read as strengths, one is an area to explore and one is not known to many "
            "partners."
        )

    def test_signpost_without_a_scale_question(self) -> None:
        bank = make_bank({"t_one": [COUNTED["single"]]})

        found = summary_of([], bank=bank)

        assert found.signposts[0].sentence == "Nothing here is asked on a scale."
        assert found.signposts[0].topics == ()
        assert [q.code for q in found.other_questions] == ["q_single"]


CHOICES = [{"code": f"c_{letter}", "label": f"Choice {letter}"} for letter in "abc"]
COUNTED: dict[str, dict[str, Any]] = {
    "single": {
        "type": "single_choice", "code": "q_single", "text": "Which?", "choices": CHOICES
    },
    "several": {
        "type": "several_choices", "code": "q_several", "text": "Which ones?", "choices": CHOICES
    },
    "ranking": {"type": "ranking", "code": "q_ranking", "text": "Order?", "choices": CHOICES},
    "number": {"type": "number", "code": "q_number", "text": "How many?"},
    "date": {"type": "date", "code": "q_date", "text": "When?"},
    "text": {"type": "short_text", "code": "q_text", "text": "What?"},
}  # fmt: skip


class TestCountedQuestions:
    def counts(self, kind: str, answers: dict[Any, int], *, agencies: int = 4) -> Any:
        bank = make_bank({"t_one": [scale_question("q_one"), COUNTED[kind], COUNTED["text"]]})
        code = str(COUNTED[kind]["code"])
        rows: list[Any] = [
            (code, agency[0], agency[2], value, n)
            for agency in AGENCIES[:agencies]
            for value, n in answers.items()
        ]
        tally = from_counts(
            bank,
            answers=rows,
            respondents=[
                (agency[0], agency[2], sum(answers.values())) for agency in AGENCIES[:agencies]
            ],
            patterns=[],
            agencies=[agency[:2] for agency in AGENCIES[:agencies]],
        )
        found = summarise(tally, bank, settings=AnalysisSettings(), source="x")
        assert "q_text" not in found.questions()
        return found.questions()[code].counts

    def test_single_choice_is_counted(self) -> None:
        counts = self.counts("single", {"c_a": 3, "c_b": 2, None: 1})

        assert (counts.answered, counts.skipped) == (20, 4)
        assert [(each.option, each.label, each.count) for each in counts.options] == [
            ("c_a", "Choice a", 12),
            ("c_b", "Choice b", 8),
            ("c_c", "Choice c", 0),
        ]

    def test_several_choices_are_counted_by_person(self) -> None:
        counts = self.counts("several", {("c_a", "c_b"): 2, ("c_a",): 1, ("c_c",): 1})

        assert counts.answered == 16
        assert [each.count for each in counts.options] == [12, 8, 4]

    def test_ranking_gives_median_places(self) -> None:
        counts = self.counts("ranking", {("c_a", "c_b", "c_c"): 2, ("c_b", "c_a", "c_c"): 2})

        assert [each.median_place for each in counts.options] == [1.5, 1.5, 3.0]

    def test_choice_that_nobody_placed_has_no_median(self) -> None:
        counts = self.counts("ranking", {("c_a", "c_b"): 3})

        assert [each.median_place for each in counts.options] == [1.0, 2.0, None]

    def test_number_gives_the_median(self) -> None:
        assert self.counts("number", {"4": 2, "10": 1, "2.5": 1}).median == 4.0
        assert self.counts("number", {"4": 2, "10": 2}).median == 7.0

    def test_date_gives_the_earlier_of_the_middle_two(self) -> None:
        assert self.counts("date", {"2024-05-01": 2, "2023-01-31": 2}).median == "2023-01-31"

    @pytest.mark.parametrize(
        ("answers", "agencies"),
        [
            ({"c_a": 1, "c_b": 2}, 3),
            ({"c_a": 5, "c_b": 5}, 2),
            ({"c_a": 5}, 4),
            ({None: 5}, 4),
        ],
        ids=["nine people", "two agencies", "all alike", "nobody answered"],
    )
    def test_too_few_or_all_alike_is_confidential(
        self, answers: dict[Any, int], agencies: int
    ) -> None:
        counts = self.counts("single", answers, agencies=agencies)

        assert counts.mark is Mark.CONFIDENTIAL
        assert (counts.answered, counts.skipped, counts.options) == (None, None, ())

    def test_question_nobody_was_shown_is_confidential(self) -> None:
        bank = make_bank({"t_one": [scale_question("q_one"), COUNTED["number"]]})

        found = summary_of([], bank=bank).questions()["q_number"].counts

        assert found is not None
        assert found.mark is Mark.CONFIDENTIAL

    def test_number_without_values_has_no_median(self) -> None:
        assert self.counts("single", {"c_a": 3, "c_b": 2}).median is None


class TestCoverage:
    def found(self, **lines: Any) -> Summary:
        return summary_of(
            of_each(*[(6, 2, 2)] * 4),
            also=[("schools", "schools"), ("college", "colleges"), ("clinic", "nhs_community")],
            invited={"social": 12, "police": 10, "probation": 20, "schools": 30, "college": 0},
            lines={"expected_sectors": ["schools", "faith", "police"], **lines},
        )

    def test_agencies_in_three_states(self) -> None:
        agencies = {each.agency: each for each in self.found().coverage.agencies}

        assert {
            name: (each.invited, each.answered, each.state) for name, each in agencies.items()
        } == {
            "clinic": (None, 0, CoverageState.SILENT),
            "college": (0, 0, CoverageState.NOT_INVITED),
            "hospital": (None, 10, CoverageState.ANSWERED),
            "police": (10, 10, CoverageState.ANSWERED),
            "probation": (20, 10, CoverageState.ANSWERED),
            "schools": (30, 0, CoverageState.SILENT),
            "social": (12, 10, CoverageState.ANSWERED),
        }

    def test_sectors_of_the_round_and_those_expected(self) -> None:
        sectors = {each.sector: each for each in self.found().coverage.sectors}

        assert list(sectors) == [
            Sector.CHILDRENS_SOCIAL_CARE,
            Sector.POLICE,
            Sector.NHS_ACUTE,
            Sector.NHS_COMMUNITY,
            Sector.SCHOOLS,
            Sector.COLLEGES,
            Sector.PROBATION,
            Sector.FAITH,
        ]
        faith = sectors[Sector.FAITH]
        assert (faith.agencies, faith.invited, faith.answered) == (0, 0, 0)
        assert faith.state is CoverageState.NOT_INVITED
        assert faith.title == SECTOR_TITLES[Sector.FAITH]
        assert sectors[Sector.NHS_ACUTE].invited is None

    def test_totals_and_levels(self) -> None:
        coverage = self.found().coverage

        assert (coverage.invited, coverage.answered, coverage.agencies_answered) == (None, 40, 4)
        assert {each.level: each.answered for each in coverage.levels} == {
            Level.STRATEGIC: 0,
            Level.OPERATIONAL: 0,
            Level.FRONTLINE: 40,
            Level.BOARD: 0,
            Level.OTHER: 0,
        }

    def test_silence_and_missing_invitations_are_caveats(self) -> None:
        assert self.found().coverage.caveats == (
            (
                "No answer came from NHS community and mental health services or schools, though "
                "people there were invited. Silence is not read as agreement: what they would have "
                "said is missing here."
            ),
            "Nobody from faith bodies was invited, although answers from them were expected.",
        )

    def test_more_answers_than_invited_is_a_caveat(self) -> None:
        found = summary_of(
            of_each(*[(6, 2, 2)] * 3), invited={"social": 9, "police": 20, "probation": 20}
        )

        assert found.coverage.caveats == (
            (
                "More people answered than were invited in at least one agency, so the number "
                "asked "
                "is not used there or for everybody together."
            ),
        )

    def test_low_response_is_a_caveat(self) -> None:
        found = summary_of(
            of_each(*[(6, 2, 2)] * 3), invited={"social": 41, "police": 30, "probation": 30}
        )

        assert found.coverage.caveats == (
            (
                "Few of the people who were invited answered, and those who did may see things "
                "differently from those who did not."
            ),
        )

    def test_empty_round(self) -> None:
        found = summary_of([])

        assert (found.coverage.invited, found.coverage.answered) == (None, 0)
        assert found.caveats == ("Too few people answered to say anything about any question.",)
        assert question(found).groups == ()


class TestInvitedByLevel:
    BANK = make_bank(
        {"t_one": [scale_question("q_one", audience=["strategic"]), scale_question("q_two")]}
    )
    ROWS: tuple[Any, ...] = tuple(
        (name, sector, level, {"q_two": people(4, 1)} | more)
        for name, sector, _ in AGENCIES
        for level, more in (
            ("strategic", {"q_one": people(4, 1)}),
            ("frontline", {}),
        )
    )

    def asked(self, invited: Any) -> tuple[int | None, int | None]:
        found = summary_of(list(self.ROWS), bank=self.BANK, invited=invited)
        numbers = []
        for code in ("q_one", "q_two"):
            everybody = question(found, code).all
            assert everybody is not None
            assert everybody.figures is not None
            numbers.append(everybody.figures.asked)
        return numbers[0], numbers[1]

    def test_question_for_one_level_is_not_set_against_all_invited(self) -> None:
        assert self.asked({agency[0]: 20 for agency in AGENCIES}) == (None, 100)

    def test_numbers_by_level_are_used_and_summed(self) -> None:
        invited = {
            (agency[0], level): n
            for agency in AGENCIES
            for level, n in (("strategic", 6), ("frontline", 12))
        }

        assert self.asked(invited) == (30, 90)

    def test_number_missing_for_a_level_that_answered_is_not_known(self) -> None:
        invited = {(agency[0], "strategic"): 6 for agency in AGENCIES}

        assert self.asked(invited) == (30, None)

    def test_question_behind_a_rule_has_no_known_number_asked(self) -> None:
        bank = make_bank(
            {
                "t_one": [
                    scale_question("q_one"),
                    scale_question("q_two", show_if={"question": "q_one", "op": "answered"}),
                ]
            }
        )
        found = summary_of(
            both_of_each((6, 2, 2), (6, 2, 2)),
            bank=bank,
            invited={agency[0]: 20 for agency in AGENCIES},
        )

        everybody = question(found, "q_two").all
        assert everybody is not None
        assert everybody.figures is not None
        assert everybody.figures.asked is None


class TestLeans:
    def signpost(self, *patterns: PatternRow) -> SignpostResult:
        rows = both_of_each((6, 2, 2), (6, 2, 2))
        bank = make_bank({"t_one": [scale_question("q_one"), scale_question("q_two")]})
        return summary_of(rows, bank=bank, patterns=patterns).signposts[0]

    def test_people_for_and_against_a_signpost(self) -> None:
        found = self.signpost(
            *(("s_one", agency[0], "frontline", 0b0101, 3) for agency in AGENCIES),
            *(("s_one", agency[0], "frontline", 0b1111, 2) for agency in AGENCIES),
            *(("s_one", agency[0], "frontline", 0b1101, 1) for agency in AGENCIES),
        )

        assert (found.mostly_favourable, found.mostly_unfavourable) == (15, 10)

    def test_too_few_agencies_to_count(self) -> None:
        found = self.signpost(
            *(("s_one", agency[0], "frontline", 0b0101, 4) for agency in AGENCIES[:2]),
            *(("s_one", agency[0], "frontline", 0b1111, 4) for agency in AGENCIES[:2]),
        )

        assert (found.mostly_favourable, found.mostly_unfavourable) == (None, None)


class TestResult:
    def test_says_what_it_was_made_of(self) -> None:
        bank = make_bank()
        found = summary_of(of_each(*[(6, 2, 2)] * 5), bank=bank)

        assert (found.audience, found.bank.bank, found.bank.version) == (
            "review_team",
            "test_bank",
            "1.0",
        )
        assert found.settings["strength_line"] == "0.6"
        assert found.provenance.source == "a test"
        assert found.provenance.code_version == code_version()
        assert found.provenance.settings_digest == AnalysisSettings().digest()
        assert Summary.model_validate_json(found.model_dump_json()) == found

    def test_hidden_groups_and_counts_are_counted(self) -> None:
        bank = make_bank({"t_one": [scale_question("q_one"), COUNTED["number"]]})
        found = summary_of(of_each(*[(6, 2, 2)] * 5), bank=bank)

        marks = [group.mark for group in question(found).groups]
        assert marks.count(Mark.CONFIDENTIAL) + 1 == found.hidden_cells

    def test_tally_of_another_bank_is_refused(self) -> None:
        other = make_bank({"t_two": [scale_question("q_two")]}).model_copy(
            update={"bank": "other_bank"}
        )

        with pytest.raises(InvalidTally, match=r"is of other_bank@1\.0, not of test_bank@1\.0"):
            summarise(make_tally(other, []), make_bank(), settings=AnalysisSettings(), source="x")

    def test_groups_come_in_a_fixed_order(self) -> None:
        found = summary_of(of_each(*[(6, 2, 2)] * 5))

        assert [(group.kind, group.group) for group in question(found).groups] == [
            (GroupKind.SIDE, "council"),
            (GroupKind.SIDE, "partners"),
            (GroupKind.SECTOR_GROUP, "health"),
            (GroupKind.SECTOR_GROUP, "police_and_justice"),
        ]


def test_code_version_of_a_copy_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_found(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("analysis.summary.version", not_found)

    assert code_version() == "not installed"


class TestRoundOfTheField:
    """Fifty answers of ninety invited, schools silent: 60% have enough data, 24% are sure of
    non-specialist staff. The first is told as a strength, the second as an area."""

    AGENCIES = (
        ("social", "childrens_social_care", 20, 16, 10, 4),
        ("education", "council_education", 6, 5, 3, 1),
        ("police", "police", 10, 9, 5, 2),
        ("hospital", "nhs_acute", 8, 7, 4, 2),
        ("clinic", "nhs_community", 6, 5, 3, 1),
        ("commissioner", "nhs_commissioner", 4, 3, 2, 1),
        ("charity", "voluntary", 6, 5, 3, 1),
    )

    def found(self, *, everyone_in_scope: bool) -> Summary:
        bank = make_bank(
            {
                "t_data": [scale_question("q_one", leans_on=["schools"])],
                "t_staff": [scale_question("q_two")],
            }
        )
        rows = [
            (
                name,
                sector,
                "frontline",
                {
                    "q_one": people(data, 0, answered - data),
                    "q_two": people(staff, 0, answered - staff),
                },
            )
            for name, sector, _, answered, data, staff in self.AGENCIES
        ]
        return summary_of(
            rows,
            bank=bank,
            also=[("schools", "schools")],
            invited={row[0]: row[2] for row in self.AGENCIES} | {"schools": 30},
            lines={"everyone_in_scope": everyone_in_scope, "expected_sectors": ["schools"]},
        )

    @pytest.mark.parametrize("everyone_in_scope", [True, False])
    def test_reads_as_the_field_told_it(self, everyone_in_scope: bool) -> None:
        found = self.found(everyone_in_scope=everyone_in_scope)

        data, staff = (t.reading for t in found.signposts[0].topics)
        assert (found.coverage.invited, found.coverage.answered) == (90, 50)
        assert data.verdict is Verdict.STRENGTH
        assert (staff.verdict, staff.firmness) == (Verdict.CONSIDERATION, Firmness.CLEAR)
        assert sentence(found).startswith(
            "30 of the 50 people who answered, in 7 agencies, were positive about “Q one”; this "
            "tends to read as a strength."
        )
        assert "No answer came from schools" in data.sentence
        assert sentence(found, "q_two") == (
            "12 of the 50 people who answered, in 7 agencies, were positive about “Q two”; this "
            "is an area to explore."
        )

    def test_without_some_one_agency_it_would_not_be_sixty_per_cent(self) -> None:
        reading = question(self.found(everyone_in_scope=True)).reading

        assert reading is not None
        assert Reason.ONE_AGENCY_DECIDES in {each.reason for each in reading.modifiers}


def _large_round(bank: Bank) -> Tally:
    """Forty agencies that answer every question of a real bank."""
    random = Random(7)
    sectors = list(Sector)
    rows: list[Any] = []
    respondents = []
    agencies = []
    for place in range(40):
        agencies.append((f"agency {place:02}", sectors[place % len(sectors)].value))
        for level in Level:
            number = random.randint(0, 6)
            if not number:
                continue
            respondents.append((agencies[-1][0], level.value, number))
            for asked in bank.questions():
                if isinstance(asked, ScaleQuestion) and level in asked.audience:
                    options = [option.code for option in bank.scale_of(asked).options]
                    rows += [
                        (asked.code, agencies[-1][0], level.value, random.choice(options), 1)
                        for _ in range(number)
                    ]
    return from_counts(
        bank,
        answers=rows,
        respondents=respondents,
        patterns=[],
        agencies=agencies,
        invited=[(name, "", 40) for name, _ in agencies],
    )


def test_large_round_of_a_real_bank_has_a_sentence_for_each_topic() -> None:
    bank = load_bank("safeguarding_children_2010")
    tally = _large_round(bank)

    found = summarise(tally, bank, settings=AnalysisSettings(everyone_in_scope=True), source="x")

    assert all(topic.reading.sentence for signpost in found.signposts for topic in signpost.topics)
