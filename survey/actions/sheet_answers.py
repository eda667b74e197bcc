"""What somebody types of a sheet of paper, read into answers: options by the number beside them.

The page for it has one box for each question with options, so that a sheet can be typed without
looking up or reaching for a mouse. Numbers are those on the blank questionnaire.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from question_banks.answers import FieldError, display, field_names, form_values, parse_form
from question_banks.bank import (
    Bank,
    Level,
    Question,
    ScaleQuestion,
    SeveralChoicesQuestion,
    SingleChoiceQuestion,
    in_language,
)

Posted = Mapping[str, Sequence[str]]
CLOSING = "closing"
CLOSING_TITLE = "Before you finish"

Numbered = ScaleQuestion | SingleChoiceQuestion | SeveralChoicesQuestion


@dataclass(frozen=True)
class SheetPart:
    """One form's worth of a sheet: a signpost with all its questions for a level."""

    key: str
    title: str
    questions: tuple[Question, ...]


def sheet_parts(bank: Bank, level: Level) -> tuple[SheetPart, ...]:
    """The parts of a sheet in the order of the blank questionnaire.

    All questions are there whose level is right, also those that a rule would hide on a screen:
    paper cannot hide. What the rules leave out is dropped when the answers are sent.
    """
    parts = []
    for signpost in bank.signposts:
        questions = [question for topic in signpost.topics for question in topic.questions]
        if signpost.comment is not None:
            questions.append(signpost.comment)
        asked = tuple(one for one in questions if level in one.audience)
        if asked:
            parts.append(SheetPart(signpost.code, in_language(signpost.title), asked))
    closing = tuple(one for one in bank.closing if level in one.audience)
    if closing:
        parts.append(SheetPart(CLOSING, CLOSING_TITLE, closing))
    return tuple(parts)


def option_labels(bank: Bank, question: Question) -> tuple[tuple[str, str], ...]:
    """The code and label of each numbered option; nothing for a question that has none."""
    if isinstance(question, ScaleQuestion):
        return tuple((one.code, in_language(one.label)) for one in bank.scale_of(question).options)
    if isinstance(question, SingleChoiceQuestion | SeveralChoicesQuestion):
        return tuple((one.code, in_language(one.label)) for one in question.choices)
    return ()


def typed_values(bank: Bank, question: Question, value: Any) -> dict[str, list[str]]:
    """The boxes of a question with a stored answer in them; numbers stand for options."""
    if value is None:
        return {}
    codes = [code for code, _ in option_labels(bank, question)]
    if codes:
        chosen = value if isinstance(value, list) else [value]
        numbers = [str(codes.index(code) + 1) for code in chosen if code in codes]
        return {question.code: [" ".join(numbers)]}
    return form_values(question, value)


@dataclass(frozen=True)
class ReadPart:
    """What was typed of one part: the answers that can be kept, and what is wrong with others."""

    answers: dict[str, Any]
    errors: tuple[FieldError, ...]


def read_part(bank: Bank, part: SheetPart, posted: Posted) -> ReadPart:
    """The answers of one part of a sheet; a box left empty is a question left blank on paper."""
    answers: dict[str, Any] = {}
    errors: list[FieldError] = []
    for question in part.questions:
        given: Posted = posted
        options = option_labels(bank, question)
        if options:
            text = (posted.get(question.code) or ("",))[0].strip()
            wrong = _number_error(question, text, len(options))
            if wrong is not None:
                errors.append(wrong)
                continue
            numbers = [int(each) for each in re.findall(r"\d+", text)]
            given = {question.code: [options[number - 1][0] for number in numbers]}
        if not any(text.strip() for name in field_names(question) for text in given.get(name, ())):
            answers[question.code] = None
            continue
        parsed = parse_form(bank, question, given)
        if parsed.is_valid:
            answers[question.code] = parsed.value
        else:
            errors.extend(parsed.errors)
    return ReadPart(answers=answers, errors=tuple(errors))


def _number_error(question: Question, text: str, count: int) -> FieldError | None:
    several = isinstance(question, SeveralChoicesQuestion)
    pattern = r"\d{1,3}(?:[\s,]+\d{1,3})*" if several else r"\d{1,3}"
    if not text:
        return None
    if not re.fullmatch(pattern, text, re.ASCII):
        words = f"Enter numbers from 1 to {count}, such as 1 3" if several else ""
        return FieldError(
            question.code, question.code, words or f"Enter a number from 1 to {count}"
        )
    if any(not 1 <= int(each) <= count for each in re.findall(r"\d+", text)):
        message = f"Enter a number from 1 to {count}: there is no answer {text} on the paper"
        return FieldError(question.code, question.code, message)
    return None


def shown_answer(bank: Bank, question: Question, value: Any) -> str:
    """An answer as it is read back; "Left blank" for none."""
    return display(bank, question, value) if value is not None else "Left blank"
