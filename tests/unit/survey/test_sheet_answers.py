"""Answers typed from paper: numbers for options, blanks, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from question_banks.bank import Level, Question
from question_banks.loader import list_banks, load_bank
from survey.actions.sheet_answers import (
    SheetPart,
    option_labels,
    read_part,
    sheet_parts,
    typed_values,
)

BANK = load_bank("tests/banks/valid/every_type.yaml")
FRONT = Level.FRONTLINE
BY_TYPE: dict[str, tuple[SheetPart, Question]] = {
    question.type: (part, question)
    for part in sheet_parts(BANK, FRONT)
    for question in part.questions
}


def read(kind: str, text: str) -> tuple[Any, tuple[str, ...]]:
    """What is made of a text typed for the question of that type."""
    part, question = BY_TYPE[kind]
    found = read_part(BANK, part, {question.code: [text]})
    messages = tuple(error.message for error in found.errors if error.question == question.code)
    return found.answers.get(question.code), messages


@pytest.mark.parametrize(
    ("kind", "text", "places"),
    [
        ("scale", "1", [0]),
        ("scale", " 2 ", [1]),
        ("single_choice", "2", [1]),
        ("several_choices", "1 3", [0, 2]),
        ("several_choices", "3,1", [0, 2]),
        ("several_choices", "2", [1]),
    ],
)
def test_number_stands_for_the_option_beside_it(kind: str, text: str, places: list[int]) -> None:
    _, question = BY_TYPE[kind]
    codes = [option_labels(BANK, question)[place][0] for place in places]

    value, messages = read(kind, text)

    assert messages == ()
    assert value == (codes if kind == "several_choices" else codes[0])


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("scale", "0"),
        ("scale", "99"),
        ("scale", "1 2"),
        ("scale", "one"),
        ("scale", "٣"),
        ("scale", "-1"),
        ("several_choices", "1 99"),
        ("several_choices", "1-3"),
        ("number", "many"),
        ("short_text", "x" * 60_000),
    ],
)
def test_what_is_not_on_the_paper_is_refused(kind: str, text: str) -> None:
    value, messages = read(kind, text)

    assert value is None
    assert len(messages) == 1


@pytest.mark.parametrize("kind", sorted(BY_TYPE))
def test_empty_box_is_a_question_left_blank(kind: str) -> None:
    part, question = BY_TYPE[kind]

    found = read_part(BANK, part, {})

    assert found.errors == ()
    assert found.answers[question.code] is None


def test_kept_answers_are_typed_as_they_were() -> None:
    part, question = BY_TYPE["several_choices"]
    value = read_part(BANK, part, {question.code: ["1 3"]}).answers[question.code]

    assert typed_values(BANK, question, value) == {question.code: ["1 3"]}
    assert typed_values(BANK, question, None) == {}


@pytest.mark.parametrize("bank", list_banks(), ids=lambda bank: bank.id)
def test_sheet_holds_every_question_of_each_level_once(bank: Any) -> None:
    for level in Level:
        codes = [one.code for part in sheet_parts(bank, level) for one in part.questions]

        assert sorted(codes) == sorted(
            code for code, one in bank.by_code.items() if level in one.audience
        )
