"""A bank as one round asks it: signposts chosen, local questions added, and still a valid bank."""

from __future__ import annotations

from pathlib import Path

import pytest

from question_banks.bank import Bank, Level, LongTextQuestion, Question, ScaleQuestion
from question_banks.checks import list_findings
from question_banks.errors import Severity
from question_banks.lineage import Verdict, compare_banks
from question_banks.loader import bank_digest, bank_from_json, bank_to_json, load_bank
from question_banks.local import (
    InvalidChoice,
    add_local,
    is_local,
    local_code,
    local_questions,
    select_signposts,
    without_rules,
)
from question_banks.path import pages

VALID = Path(__file__).parents[2] / "banks" / "valid"
BANK = load_bank("safeguarding_children_2010")
FIRST, SECOND = BANK.signposts[0].code, BANK.signposts[1].code


def scale_question(
    code: str = "local_out_of_hours_k3pq", text: str = "Help can be had at night."
) -> Question:
    return ScaleQuestion(code=code, type="scale", scale=BANK.scales[0].code, text=text, local=True)


def text_question(code: str = "local_what_else_m2xy") -> Question:
    return LongTextQuestion(
        code=code, type="long_text", text="What else should the council know?", local=True
    )


def errors_of(bank: Bank) -> list[str]:
    return [each.message for each in list_findings(bank) if each.severity is Severity.ERROR]


def test_all_signposts_chosen_is_the_published_bank() -> None:
    chosen = select_signposts(BANK, [signpost.code for signpost in BANK.signposts])

    assert bank_digest(chosen) == bank_digest(BANK)


def test_fewer_signposts_keep_the_banks_order_and_are_valid() -> None:
    chosen = select_signposts(BANK, [SECOND, FIRST])

    assert [signpost.code for signpost in chosen.signposts] == [FIRST, SECOND]
    assert errors_of(chosen) == []
    assert chosen.id == BANK.id
    assert bank_digest(chosen) != bank_digest(BANK)


@pytest.mark.parametrize(
    "bank_id",
    [
        "safeguarding_children_2010",
        "safeguarding_children_2012",
        "children_governance_2009",
        "improvement_partnership_2018",
        "section_11",
        "agency_self_evaluation_2018",
    ],
)
def test_each_signpost_of_each_shipped_bank_can_stand_alone(bank_id: str) -> None:
    bank = load_bank(bank_id)

    for signpost in bank.signposts:
        assert errors_of(select_signposts(bank, [signpost.code])) == []


def test_signpost_always_asked_stays() -> None:
    always = BANK.signposts[1].model_copy(update={"required": True})
    bank = BANK.model_copy(update={"signposts": (BANK.signposts[0], always)})

    assert select_signposts(bank, []).signposts == (always,)


@pytest.mark.parametrize(
    ("codes", "fault"),
    [
        ([], "at least one signpost must be chosen"),
        ([FIRST, "nowhere"], "there is no signpost ‘nowhere’"),
    ],
    ids=["none", "unknown"],
)
def test_choice_that_cannot_be_is_refused(codes: list[str], fault: str) -> None:
    with pytest.raises(InvalidChoice) as caught:
        select_signposts(BANK, codes)

    assert fault in caught.value.faults


def test_signpost_that_depends_on_another_needs_it() -> None:
    bank = load_bank(VALID / "follow_on.yaml")
    (steps,) = bank.signposts
    ahead = steps.model_copy(update={"topics": steps.topics[:1]})
    behind = steps.model_copy(
        update={"code": "later", "title": "Later", "comment": None, "topics": steps.topics[1:]}
    )
    rule = bank.by_code["why_not"].show_if
    asked = tuple(
        question.model_copy(update={"show_if": rule}) for question in behind.topics[0].questions
    )
    behind = behind.model_copy(
        update={"topics": (behind.topics[0].model_copy(update={"questions": asked}),)}
    )
    bank = bank.model_copy(update={"signposts": (ahead, behind)})

    with pytest.raises(InvalidChoice) as caught:
        select_signposts(bank, ["later"])

    assert caught.value.faults == (
        "‘Later’ depends on answers given under ‘Steps’: choose both or neither",
    )
    assert len(select_signposts(bank, ["steps"]).signposts) == 1


def test_unused_scale_is_left_out() -> None:
    bank = load_bank("safeguarding_children_2012")
    scales = {
        signpost.code: len(select_signposts(bank, [signpost.code]).scales)
        for signpost in bank.signposts
    }

    assert all(count <= len(bank.scales) for count in scales.values())
    every = load_bank(VALID / "every_type.yaml")
    other = every.scales[0].model_copy(update={"code": "spare"})
    spare = every.model_copy(
        update={
            "scales": (*every.scales, other),
            "signposts": (
                *every.signposts,
                every.signposts[0].model_copy(update={"code": "more"}),
            ),
        }
    )
    kept = select_signposts(spare, [every.signposts[0].code])
    assert "spare" not in {scale.code for scale in kept.scales}


def test_local_questions_stand_last_on_a_page_of_their_own_and_are_valid() -> None:
    bank = add_local(BANK, [(FIRST, scale_question()), (SECOND, text_question())])

    assert errors_of(bank) == []
    path = pages(bank, level=Level.FRONTLINE, answers={})
    own = [page for page in path if page.topic and page.topic.title == "Local questions"]
    assert [page.key for page in own] == [f"local_{FIRST}", f"local_{SECOND}"]
    assert [code for code, _ in local_questions(bank)] == [FIRST, SECOND]
    assert bank_from_json(bank_to_json(bank)) == bank


def test_no_local_question_leaves_the_bank_alone() -> None:
    assert add_local(BANK, []) is BANK


def test_local_topic_has_a_line_of_enquiry_only_where_it_is_judged() -> None:
    judged = add_local(BANK, [(FIRST, scale_question())]).signposts[0].topics[-1]
    told = add_local(BANK, [(FIRST, text_question())]).signposts[0].topics[-1]

    assert (len(judged.enquiries), len(told.enquiries)) == (1, 0)


@pytest.mark.parametrize(
    ("signpost", "question", "fault"),
    [
        ("nowhere", scale_question(), "there is no signpost ‘nowhere’ to put it under"),
        (FIRST, scale_question("out_of_hours"), "has a code that begins with local_"),
        (
            FIRST,
            scale_question().model_copy(update={"local": False}),
            "a local question is marked so",
        ),
    ],
    ids=["no such signpost", "code", "not marked"],
)
def test_question_that_cannot_stand_there_is_refused(
    signpost: str, question: Question, fault: str
) -> None:
    with pytest.raises(InvalidChoice, match="local") as caught:
        add_local(BANK, [(signpost, question)])

    assert fault in str(caught.value)


def test_two_questions_of_one_code_make_a_faulty_bank() -> None:
    bank = add_local(BANK, [(FIRST, scale_question()), (SECOND, scale_question())])

    assert "the question code ‘local_out_of_hours_k3pq’ is used twice" in errors_of(bank)


def test_same_local_question_in_two_rounds_is_the_same_and_reworded_is_not() -> None:
    before = add_local(BANK, [(FIRST, scale_question())])
    reworded = add_local(BANK, [(FIRST, scale_question(text="Help can be had by day."))])
    code = "local_out_of_hours_k3pq"

    same = {each.after: each.verdict for each in compare_banks(before, before)}
    other = {each.after: each.verdict for each in compare_banks(before, reworded)}
    assert (same[code], other[code]) == (Verdict.SAME, Verdict.REWORDED)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Out of hours?", "local_out_of_hours_ab12"),
        ("Ydw i’n gallu? Âû", "local_ydw_in_gallu_au_ab12"),
        ("شكرا", "local_ab12"),
        ("x" * 500, f"local_{'x' * 40}_ab12"),
    ],
    ids=["plain", "accents", "no Latin letters", "long"],
)
def test_code_of_a_local_question(text: str, code: str) -> None:
    assert local_code(text, tail="ab12") == code
    assert is_local(code)
    assert len(code) <= 60


def test_no_shipped_question_is_local() -> None:
    assert local_questions(BANK) == ()
    assert not any(is_local(question.code) for question in BANK.questions())


def test_without_rules_every_question_is_asked() -> None:
    bank = load_bank(VALID / "follow_on.yaml")
    asked = {
        question.code
        for page in pages(without_rules(bank), level=Level.OTHER, answers={})
        for question in page.questions
    }

    assert {"why_not", "since", "much_more"} <= asked
