"""Blank questionnaires and letters as tagged PDFs."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import pikepdf
import pytest

from question_banks.bank import Level
from question_banks.loader import list_banks, load_bank
from survey.actions.letters import RoundInPrint, Sheet, letters_pdf
from survey.actions.sheet_answers import option_labels, sheet_parts
from survey.web.blank_pdf import blank_pdf, head_of_bank
from survey.web.respond_pages import blank_parts

DAY = date(2031, 3, 3)


def tags(data: bytes) -> list[str]:
    """The kinds of the elements of a PDF's structure, in no order."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en-GB"
        return [
            str(each.S)
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/StructElem"
        ]


@pytest.mark.parametrize("bank", list_banks(), ids=lambda bank: bank.id)
@pytest.mark.parametrize("level", [None, Level.BOARD], ids=["every level", "board"])
def test_blank_of_every_bank_is_tagged(bank: Any, level: Level | None) -> None:
    data = blank_pdf(bank, head_of_bank(bank), level=level, large=level is None, on=DAY)

    found = tags(data)
    parts = blank_parts(bank, level)
    assert found.count("/H1") == len(parts) + (level is None) + any(
        field.is_comment for part in parts for _, fields in part.topics for field in fields
    )
    assert "/L" in found
    assert "/LI" in found


def test_same_questionnaire_gives_the_same_bytes() -> None:
    bank = load_bank("safeguarding_children_2010")
    first, second = (
        blank_pdf(bank, head_of_bank(bank), level=None, large=False, on=DAY) for _ in range(2)
    )

    assert first == second


@pytest.mark.parametrize("level", list(Level), ids=str)
def test_paper_and_the_page_to_type_it_on_agree(level: Level) -> None:
    bank = load_bank("safeguarding_children_2010")
    paper = [
        (field.name, tuple(option.label for option in field.options))
        for part in blank_parts(bank, level)
        for _, fields in part.topics
        for field in fields
    ]

    typed = [
        (question.code, tuple(label for _, label in option_labels(bank, question)))
        for part in sheet_parts(bank, level)
        for question in part.questions
    ]

    assert paper == typed


def test_letter_says_what_its_square_is() -> None:
    about = RoundInPrint(
        council="Wexmoor Council",
        title="Working together",
        purpose="how agencies work together",
        minutes=15,
        closes_at=datetime(2031, 3, 14, 23, 59, tzinfo=UTC),
        contact="review@example.org",
        code_address="https://signpost.test/code",
    )
    sheets = [
        Sheet("Harrow Fields Police", name, "https://signpost.test/i/7QKF2M/x", "7QKF-2MXP-9RTC")
        for name in ("Pat 👋 مرحبا", "=cmd|x", "#set text(red)")
    ]

    data = letters_pdf(about, sheets, large=True, now=datetime(2031, 3, 3, tzinfo=UTC))

    assert tags(data).count("/Figure") == 3
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 3
        described = [
            str(each.Alt)
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure"
        ]
    assert all("phone’s camera" in text for text in described)
