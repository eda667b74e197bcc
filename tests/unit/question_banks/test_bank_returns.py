"""What the two agency returns promise: section 11 and the narrative self-evaluation."""

from __future__ import annotations

import pytest

from question_banks.bank import (
    ON_SCALE,
    Bank,
    Level,
    LongTextQuestion,
    OptionKind,
    Question,
    ScaleQuestion,
    Topic,
    in_language,
)
from question_banks.conditions import Answers
from question_banks.loader import load_bank
from question_banks.path import first_incomplete, on_path, pages

SECTION_11 = load_bank("section_11@1.0")
SELF_EVALUATION = load_bank("agency_self_evaluation_2018@1.0")


def questions_of(bank: Bank, code: str) -> list[Question]:
    """The questions of one signpost, its comment left out."""
    signpost = next(s for s in bank.signposts if s.code == code)
    return [question for topic in signpost.topics for question in topic.questions]


def statements_of(bank: Bank) -> list[ScaleQuestion]:
    """The scale questions of a bank, in order."""
    return [question for question in bank.questions() if isinstance(question, ScaleQuestion)]


RATED_TOPICS = [
    pytest.param(topic, id=topic.code)
    for signpost in SECTION_11.signposts
    for topic in signpost.topics
]
RATED = [pytest.param(question, id=question.code) for question in statements_of(SECTION_11)]


def follow_ups(question: ScaleQuestion, answers: Answers) -> set[str]:
    """What is asked because of one rating, without the rating's own code."""
    path = on_path(SECTION_11, level=Level.OTHER, answers=answers)
    return {code.removeprefix(f"{question.code}_") for code in path if code in codes_of(question)}


def codes_of(question: ScaleQuestion) -> set[str]:
    """The codes of the questions that may follow a rating."""
    endings = ("evidence", "action", "owner", "date", "reason")
    return {f"{question.code}_{ending}" for ending in endings}


class TestSection11:
    @pytest.mark.parametrize("signpost", [s.code for s in SECTION_11.signposts])
    def test_standard_has_two_to_four_rated_questions(self, signpost: str) -> None:
        rated = [q for q in questions_of(SECTION_11, signpost) if isinstance(q, ScaleQuestion)]

        assert 2 <= len(rated) <= 4

    def test_scale_has_four_points_no_midpoint_and_one_way_out(self) -> None:
        (scale,) = SECTION_11.scales

        assert [(option.code, option.kind, option.weight) for option in scale.options] == [
            ("met", OptionKind.FAVOURABLE, 100),
            ("mostly_met", OptionKind.FAVOURABLE, 67),
            ("partly_met", OptionKind.UNFAVOURABLE, 33),
            ("not_met", OptionKind.UNFAVOURABLE, 0),
            ("not_applicable", OptionKind.NOT_APPLICABLE, None),
        ]

    def test_notes_give_the_reason_for_the_kinds(self) -> None:
        assert "no midpoint" in SECTION_11.notes
        assert "Mostly met is on the favourable side because" in SECTION_11.notes

    @pytest.mark.parametrize("question", RATED)
    def test_rated_question_describes_every_point_differently(
        self, question: ScaleQuestion
    ) -> None:
        points = [o.code for o in SECTION_11.scale_of(question).options if o.kind in ON_SCALE]

        assert list(question.descriptors) == points
        assert len({in_language(text) for text in question.descriptors.values()}) == len(points)
        assert min(len(in_language(text).split()) for text in question.descriptors.values()) >= 6

    @pytest.mark.parametrize("topic", RATED_TOPICS)
    def test_topic_holds_one_rating_and_suggests_two_lines_of_enquiry(self, topic: Topic) -> None:
        assert [isinstance(q, ScaleQuestion) for q in topic.questions] == [True] + [False] * 5
        assert len({in_language(enquiry.test) for enquiry in topic.enquiries}) == 2

    @pytest.mark.parametrize("question", RATED)
    @pytest.mark.parametrize(
        ("rating", "expected"),
        [
            (None, set()),
            ("met", {"evidence"}),
            ("mostly_met", {"evidence", "action", "owner", "date"}),
            ("partly_met", {"evidence", "action", "owner", "date"}),
            ("not_met", {"evidence", "action", "owner", "date"}),
            ("not_applicable", {"reason"}),
        ],
        ids=["unanswered", "met", "mostly", "partly", "not", "not-applicable"],
    )
    def test_rating_decides_what_follows(
        self, question: ScaleQuestion, rating: str | None, expected: set[str]
    ) -> None:
        answers: Answers = {} if rating is None else {question.code: rating}

        assert follow_ups(question, answers) == expected

    @pytest.mark.parametrize("question", RATED)
    def test_what_follows_is_required_and_of_the_right_type(self, question: ScaleQuestion) -> None:
        found = {code: SECTION_11.by_code[code] for code in codes_of(question)}

        assert {code: q.type for code, q in found.items()} == {
            f"{question.code}_evidence": "long_text",
            f"{question.code}_action": "long_text",
            f"{question.code}_owner": "short_text",
            f"{question.code}_date": "date",
            f"{question.code}_reason": "long_text",
        }
        assert all(q.required for q in found.values())

    def test_rating_and_what_follows_are_on_two_pages(self) -> None:
        question = statements_of(SECTION_11)[0]
        answers: Answers = {question.code: "partly_met"}

        first, second, *_ = pages(SECTION_11, level=Level.STRATEGIC, answers=answers)

        assert [q.code for q in first.questions] == [question.code]
        assert [q.code for q in second.questions] == [
            f"{question.code}_{ending}" for ending in ("evidence", "action", "owner", "date")
        ]

    def test_return_with_everything_met_asks_for_no_plan(self) -> None:
        rated = statements_of(SECTION_11)
        answers: Answers = {question.code: "met" for question in rated}

        path = on_path(SECTION_11, level=Level.OTHER, answers=answers)

        assert [code for code in path if code.endswith(("_action", "_owner", "_date"))] == []
        assert sum(code.endswith("_evidence") for code in path) == len(rated)

    def test_return_is_not_complete_while_an_owner_is_missing(self) -> None:
        answers: Answers = {}
        for question in SECTION_11.questions():
            answers = {**answers, question.code: "met" if question.type == "scale" else "text"}
        short_of = statements_of(SECTION_11)[-1].code
        plan: Answers = {
            **answers,
            short_of: "mostly_met",
            f"{short_of}_date": "2030-01-31",
            f"{short_of}_owner": "",
        }

        whole = pages(SECTION_11, level=Level.OTHER, answers=answers)
        held_up = pages(SECTION_11, level=Level.OTHER, answers=plan)
        stopped_at = first_incomplete(held_up, plan)

        assert first_incomplete(whole, answers) is None
        assert stopped_at is not None
        assert f"{short_of}_owner" in {question.code for question in stopped_at.questions}

    @pytest.mark.parametrize("question", RATED)
    def test_evidence_guidance_says_what_to_do_with_a_restricted_file(
        self, question: ScaleQuestion
    ) -> None:
        guidance = SECTION_11.by_code[f"{question.code}_evidence"].guidance

        assert guidance is not None
        assert "restricted" in in_language(guidance)


class TestAgencySelfEvaluation:
    def test_nothing_is_rated(self) -> None:
        assert statements_of(SELF_EVALUATION) == []
        assert SELF_EVALUATION.scales == ()

    def test_version_and_date_come_first_and_are_required(self) -> None:
        version, as_at = list(SELF_EVALUATION.questions())[:2]

        assert (version.code, version.type, version.required) == (
            "ase_version",
            "short_text",
            True,
        )
        assert (as_at.code, as_at.type, as_at.required) == ("ase_as_at", "date", True)

    @pytest.mark.parametrize("signpost", [s.code for s in SELF_EVALUATION.signposts][1:])
    def test_section_asks_for_an_account_that_must_be_given(self, signpost: str) -> None:
        accounts = [
            question
            for question in questions_of(SELF_EVALUATION, signpost)
            if isinstance(question, LongTextQuestion)
        ]

        assert any(question.required for question in accounts)
        assert [question.code for question in accounts if question.guidance is None] == []

    @pytest.mark.parametrize(
        ("asked", "answer", "follows", "shown"),
        [
            ("ase_stage", "draft", "ase_agreed_by", False),
            ("ase_stage", "senior", "ase_agreed_by", True),
            ("ase_how_audits", 0, "ase_how_audits_met", False),
            ("ase_how_audits", 12, "ase_how_audits_met", True),
            ("ase_how_audits", 12, "ase_how_audits_checked", True),
            ("ase_next_actions", 0, "ase_next_actions_late", False),
            ("ase_next_actions", 30, "ase_next_actions_late", True),
            ("ase_workforce_asked", "never", "ase_workforce_replied", False),
            ("ase_workforce_asked", "year", "ase_workforce_replied", True),
        ],
    )
    def test_answer_decides_what_follows(
        self, asked: str, answer: str | int, follows: str, shown: bool
    ) -> None:
        answers: Answers = {asked: answer}

        path = on_path(SELF_EVALUATION, level=Level.STRATEGIC, answers=answers)

        assert (follows in path) is shown

    def test_each_group_of_people_is_asked_about_those_not_heard(self) -> None:
        unheard = ("ase_children_unheard", "ase_parents_unheard", "ase_partners_silent")

        assert all(SELF_EVALUATION.by_code[code].required for code in unheard)
