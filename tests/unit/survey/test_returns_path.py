"""The pages of a return, and what is missing in it."""

from __future__ import annotations

import pytest

from question_banks.bank import Bank, ScaleQuestion
from question_banks.loader import load_bank
from question_banks.local import add_local
from survey.actions.returns import core_of, local_of
from survey.actions.returns_missing import Lack, list_missing
from survey.actions.returns_path import (
    Part,
    count_answered,
    is_settled,
    may_say_not_applicable,
    sections,
)
from survey.actions.returns_rules import Said

RATING = "s11_named_leader"
FOLLOWING = [f"{RATING}_{part}" for part in ("evidence", "action", "owner", "date", "reason")]


@pytest.fixture(scope="module")
def bank() -> Bank:
    """The section 11 bank."""
    return load_bank("section_11")


def _asked(bank: Bank, answers: dict[str, Said]) -> list[str]:
    first = sections(Part(bank), answers)[0].pages[0]
    return [question.code for question in first.questions]


@pytest.mark.parametrize(
    ("rating", "following"),
    [
        pytest.param(None, [], id="not rated"),
        pytest.param("met", FOLLOWING[:1], id="met needs evidence"),
        pytest.param("mostly_met", FOLLOWING[:4], id="mostly met needs a plan"),
        pytest.param("not_met", FOLLOWING[:4], id="not met needs a plan"),
        pytest.param("not_applicable", FOLLOWING[4:], id="not applicable needs a reason"),
    ],
)
def test_what_follows_from_a_rating_stands_on_its_page(
    bank: Bank, rating: str | None, following: list[str]
) -> None:
    answers = {RATING: Said(rating)} if rating else {}

    assert _asked(bank, answers) == [RATING, *following]


def test_sections_are_the_signposts_and_the_closing_prompts(bank: Bank) -> None:
    found = sections(Part(bank), {})

    assert [section.code for section in found] == [
        *(signpost.code for signpost in bank.signposts),
        "closing",
    ]
    assert sum(len(section.pages) for section in found) == 28


@pytest.mark.parametrize(
    "name", ["section_11", "agency_self_evaluation_2018", "safeguarding_children_2012"]
)
def test_every_question_without_a_rule_is_asked_of_an_agency(name: str) -> None:
    """A return has no level, so what is asked of some levels only is asked all the same."""
    bank = load_bank(name)
    asked = {
        question.code
        for section in sections(Part(bank), {})
        for page in section.pages
        for question in page.questions
    }

    assert asked >= {question.code for question in bank.questions() if question.show_if is None}


def test_missing_names_each_lack_in_the_order_of_the_pages(bank: Bank) -> None:
    answers = {
        RATING: Said("mostly_met"),
        f"{RATING}_evidence": Said("A handbook"),
        f"{RATING}_action": Said(None),
        f"{RATING}_owner": Said("Deputy chief"),
        f"{RATING}_date": Said("2031-09-30"),
    }
    found = list_missing(
        sections(Part(bank), answers)[:1],
        answers={None: answers},
        held={(None, f"{RATING}_evidence")},
        carried={(None, f"{RATING}_owner"), (None, f"{RATING}_action")},
    )

    assert [(one.question.code, one.lack) for one in found[:3]] == [
        (f"{RATING}_evidence", Lack.CHOICE),
        (f"{RATING}_action", Lack.ANSWER),
        (f"{RATING}_owner", Lack.CONFIRMATION),
    ]
    assert [one.page.key for one in found[3:]] == [
        "s11_board_attention_standard",
        "s11_resources_standard",
    ]


def test_optional_closing_prompts_are_never_missing(bank: Bank) -> None:
    closing = sections(Part(bank), {})[-1]

    assert list_missing([closing], answers={}, held=(), carried=()) == []
    assert all(is_settled(question, {}) for page in closing.pages for question in page.questions)


@pytest.mark.parametrize(
    ("name", "code", "may"),
    [
        pytest.param("section_11", RATING, False, id="the scale has that option"),
        pytest.param("section_11", f"{RATING}_evidence", False, id="follows from an answer"),
        pytest.param("section_11", "s11_closing_help", False, id="may be left empty anyway"),
        pytest.param("agency_self_evaluation_2018", "ase_as_at", True, id="needs an answer"),
    ],
)
def test_not_applicable_is_offered_where_nothing_else_says_so(
    name: str, code: str, may: bool
) -> None:
    bank = load_bank(name)

    assert may_say_not_applicable(bank, bank.by_code[code]) is may


def test_answered_counts_reasons_and_not_what_was_emptied(bank: Bank) -> None:
    page = sections(Part(bank), {RATING: Said("met")})[0].pages[0]

    assert count_answered([page], {}) == 0
    assert count_answered([page], {RATING: Said("met")}) == 1
    assert count_answered([page], {RATING: Said(None, "None of ours")}) == 1
    assert count_answered([page], {RATING: Said(None)}) == 0


def test_bank_without_local_questions_is_its_own_core(bank: Bank) -> None:
    assert core_of(bank) is bank
    assert local_of(bank) is None


def test_local_questions_are_parted_from_the_core(bank: Bank) -> None:
    question = ScaleQuestion(
        type="scale",
        code="local_out_of_hours_k3pq",
        text="Our staff can reach a social worker at night.",
        scale="met",
        local=True,
    )
    asked = add_local(bank, [(bank.signposts[0].code, question)])
    local = local_of(asked)
    assert local is not None
    (section,) = sections(Part(local, round_id="r" * 32, title="Added by Wexmoor"), {})

    assert core_of(asked) == bank
    assert [one.code for one in local.questions()] == [question.code]
    assert (section.code, section.title, section.round_id) == (
        f"local-{'r' * 32}",
        "Added by Wexmoor",
        "r" * 32,
    )
