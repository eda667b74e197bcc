"""Holds `question_banks.path` to the table in routing.txt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from question_banks.answers import parse_cell
from question_banks.bank import Bank, Level
from question_banks.conditions import Value
from question_banks.loader import load_bank
from question_banks.path import pages

TABLE = Path(__file__).with_name("routing.txt")
BANKS = Path(__file__).parents[1] / "banks" / "valid"


def read_cases() -> Iterator[object]:
    """One test case for each row: bank, level, answers, expected pages."""
    bank = ""
    for number, line in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("bank "):
            bank = line.removeprefix("bank ")
        elif line and not line.startswith("#"):
            level, answers, expected = (cell.strip() for cell in line.split("|"))
            name = f"line {number}: {bank} {level} {answers}".strip()
            yield pytest.param(bank, Level(level), answers, expected, id=name)


def read_answers(bank: Bank, text: str) -> dict[str, Value]:
    """The stored answers that a row describes."""
    stored: dict[str, Value] = {}
    for pair in text.split():
        code, value = pair.split("=")
        if value == "-":
            stored[code] = None
            continue
        parsed = parse_cell(bank, bank.by_code[code], value.replace("+", "|"))
        assert parsed.is_valid, parsed
        stored[code] = parsed.value
    return stored


@pytest.mark.parametrize(("name", "level", "answers", "expected"), list(read_cases()))
def test_pages_on_the_path(name: str, level: Level, answers: str, expected: str) -> None:
    bank = load_bank(BANKS / f"{name}.yaml")

    path = pages(bank, level=level, answers=read_answers(bank, answers))

    seen = [f"{page.key}({' '.join(q.code for q in page.questions)})" for page in path]
    assert " ".join(seen) == expected
