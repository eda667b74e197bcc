"""One cell of a file of responses or of invited numbers: its value, or what is wrong with it.

Every parser gives the value and a message; the message is "" where nothing is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from analysis.delimited import nearest, shown
from question_banks.answers import SEPARATOR, parse_cell
from question_banks.bank import (
    LEVEL_TITLES,
    SECTOR_TITLES,
    Bank,
    DateQuestion,
    Level,
    NumberQuestion,
    Question,
    RankingQuestion,
    ScaleQuestion,
    Sector,
    SeveralChoicesQuestion,
    SingleChoiceQuestion,
    in_language,
)
from question_banks.text import clean_line

LONGEST_ID: Final = 100
LONGEST_AGENCY: Final = 200

Cell = str | int | float | tuple[str, ...] | None
"""An answer in a frame: as it is stored, but that several codes are a tuple."""

_MANGLED_NUMBER: Final = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")
_MANGLED_DATE: Final = re.compile(
    r"\d{1,2}[-/ ](?:\d{1,2}|[A-Za-z]{3})(?:[-/ ]\d{2,4})?|[A-Za-z]{3}[-/ ]\d{2,4}"
    r"|\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?|[2-6]\d{4}"
)


def response_id(text: str) -> tuple[str | None, str]:
    line = clean_line(text)
    if not line:
        return None, "Every response needs an identifier of its own."
    if len(line) > LONGEST_ID:
        return None, f"The identifier is longer than {LONGEST_ID} characters."
    if _MANGLED_NUMBER.fullmatch(line):
        return None, (
            f"{shown(line)} looks like a long number that a spreadsheet has shortened. Format the "
            "column as text and put the identifiers in again."
        )
    return line, ""


def agency_name(text: str) -> tuple[str | None, str]:
    """The name of an agency with single spaces, or None and what is wrong with it."""
    line = " ".join(clean_line(text).split())
    if not line:
        return None, "The name of the agency is missing."
    if len(line) > LONGEST_AGENCY:
        return None, f"The name is longer than {LONGEST_AGENCY} characters."
    return line, ""


def other_spelling(spellings: dict[str, tuple[str, int]], agency: str, row: int) -> str:
    """A fault when `agency` was spelt otherwise before, else ""; remembers the first spelling."""
    key = re.sub(r"[\W_]+", "", agency).casefold() or agency
    spelt, first = spellings.setdefault(key, (agency, row))
    if spelt == agency:
        return ""
    return (
        f"{shown(agency)} is spelt {shown(spelt)} in row {first}. If it is one agency, write it in "
        "one way; if it is two, give them names that differ in more than capitals and punctuation."
    )


def sector_code(text: str) -> tuple[str | None, str]:
    """The code of a sector, or None and what is wrong with it."""
    return _one_of(text, SECTOR_TITLES, "sector")


def level_code(text: str) -> tuple[str | None, str]:
    """The code of a level, or None and what is wrong with it."""
    return _one_of(text, LEVEL_TITLES, "level")


def _one_of(
    text: str, titles: Mapping[Sector, str] | Mapping[Level, str], word: str
) -> tuple[str | None, str]:
    line = clean_line(text)
    labels = {code.value: title for code, title in titles.items()}
    if line in labels:
        return line, ""
    hint = _meant(line, labels) or f" Use one of {', '.join(labels)}."
    said = f"{shown(line)} is not the code of a {word}." if line else f"The {word} is missing."
    return None, said + hint


def _meant(text: str, labels: Mapping[str, str]) -> str:
    """Which code was probably meant, by code or by label, as the end of a message."""
    for code, label in labels.items():
        if text and text.casefold() in (label.casefold(), code):
            return f" Did you mean “{code}”?"
    return nearest(text, list(labels))


def answer(bank: Bank, question: Question, text: str) -> tuple[Cell, str]:
    parsed = parse_cell(bank, question, text)
    if parsed.is_valid:
        value = parsed.value
        return (tuple(value) if isinstance(value, list) else value), ""
    return None, f"{parsed.errors[0].message}.{_hint(bank, question, clean_line(text))}"


def _hint(bank: Bank, question: Question, text: str) -> str:
    """What probably happened to a cell that is no answer, as the end of a message."""
    match question:
        case NumberQuestion() | DateQuestion() if _MANGLED_DATE.fullmatch(text):
            return (
                " A spreadsheet may have changed it: format the column as text and put the answers "
                "in again."
            )
        case ScaleQuestion():
            options = bank.scale_of(question).options
            labels = {option.code: in_language(option.label) for option in options}
        case SingleChoiceQuestion() | SeveralChoicesQuestion() | RankingQuestion():
            labels = {choice.code: in_language(choice.label) for choice in question.choices}
        case _:
            return ""
    if isinstance(question, SeveralChoicesQuestion | RankingQuestion) and re.search("[,;/]", text):
        return f" Join several codes by {SEPARATOR}."
    wrong = next((p for p in map(str.strip, text.split(SEPARATOR)) if p not in labels), "")
    return _meant(wrong, labels) if wrong else ""
