"""One answer, and the options of a tally in which the person who gave it is counted."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from analysis.errors import InvalidTally
from analysis.tally_words import ANSWERED, SKIPPED
from question_banks.bank import (
    Bank,
    DateQuestion,
    LongTextQuestion,
    NumberQuestion,
    Question,
    RankingQuestion,
    ScaleQuestion,
    SeveralChoicesQuestion,
    ShortTextQuestion,
    SingleChoiceQuestion,
)

Value = str | int | float | Decimal | dt.date | Sequence[str] | None
"""One answer: a code, a number, a date, several codes in order, or None for skipped."""


def canonical_value(value: Value) -> str:
    """A number or a date as the one text that stands for it in `Tally.values`.

    >>> canonical_value(12.0), canonical_value("0012.50"), canonical_value(dt.date(2024, 5, 1))
    ('12', '12.5', '2024-05-01')
    """
    if isinstance(value, dt.date):
        return dt.date(value.year, value.month, value.day).isoformat()
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if not number.is_finite():
        raise InvalidTally(f"{value!r} is not a number that can be counted.")
    return format(number.normalize(), "f") if number else "0"


def is_counted(question: Question) -> bool:
    """True for every type of question but text, which never enters a tally."""
    return not isinstance(question, ShortTextQuestion | LongTextQuestion)


def options_of(question: Question, bank: Bank, value: Value) -> list[str]:
    """The options of `Tally.cells` in which one person with this answer is counted."""
    if value is None:
        return [SKIPPED]
    if isinstance(question, NumberQuestion | DateQuestion):
        return [ANSWERED]
    if isinstance(question, ScaleQuestion | SingleChoiceQuestion):
        return known_options(question, bank, [str(value)])
    if isinstance(value, str):
        value = json.loads(value) if value.startswith("[") else [value]
    if not isinstance(value, Sequence) or not value:
        raise InvalidTally(f"{value!r} is not an answer to {question.code!r}.")
    chosen = known_options(question, bank, [str(code) for code in value])
    if isinstance(question, RankingQuestion):
        chosen = [f"{code}@{place}" for place, code in enumerate(chosen, start=1)]
    return [ANSWERED, *chosen]


def known_options(question: Question, bank: Bank, chosen: list[str]) -> list[str]:
    """`chosen`, when every code is one of the question's and none is given twice."""
    if isinstance(question, ScaleQuestion):
        known = {option.code for option in bank.scale_of(question).options}
    elif isinstance(question, SingleChoiceQuestion | SeveralChoicesQuestion | RankingQuestion):
        known = {choice.code for choice in question.choices}
    else:
        raise AssertionError(question.type)
    for code in chosen:
        if code not in known:
            raise InvalidTally(f"{code!r} is not an option of {question.code!r}.")
    if len(set(chosen)) < len(chosen):
        raise InvalidTally(f"{chosen!r} names an option of {question.code!r} twice.")
    return chosen
