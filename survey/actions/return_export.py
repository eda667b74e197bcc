"""A round's signed returns as a table: own and moderated score, plan, evidence. CSV and Excel.

For the review team: agencies are named. Importing this loads the library that writes workbooks.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date

from analysis.export.safety import formula_safe, one_line
from analysis.export.sheets import Book, Cell, Column, Sheet
from analysis.export.workbook import workbook_bytes
from question_banks.answers import display
from question_banks.bank import (
    SECTOR_TITLES,
    Bank,
    Question,
    RankingQuestion,
    ScaleQuestion,
    Sector,
    SeveralChoicesQuestion,
    in_language,
)
from question_banks.conditions import Value
from survey.actions.return_reading import SignedReturn
from survey.actions.returns_path import Section

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The files a table of returns can be had as, with their types."""

COLUMNS = (
    Column(title="Agency", width=26),
    Column(title="Sector", width=22),
    Column(title="Protective marking", width=14),
    Column(title="Section", width=24),
    Column(title="Code", width=22),
    Column(title="Question", width=44),
    Column(title="Answer", width=50),
    Column(title="Not applicable because", width=30),
    Column(title="Moderated score", width=18),
    Column(title="Reason for the score", width=40),
    Column(title="Scored by", width=20),
    Column(title="Evidence", width=30),
    Column(title="Action", width=40),
    Column(title="Owner", width=22),
    Column(title="Date", width=14),
    Column(title="Pieces of evidence", width=12),
    Column(title="Signed by", width=26),
    Column(title="Signed on", width=14),
)
"""One line for each question that is no part of another's plan."""

PLAN = ("evidence", "action", "owner", "date")


def rows_of(signed: SignedReturn) -> Iterator[tuple[Cell, ...]]:
    """A line for each question of a signed return; a rating's plan stands in its own line."""
    for section in signed.sections:
        asked = {question.code for page in section.pages for question in page.questions}
        for page in section.pages:
            for question in page.questions:
                rating, _, part = question.code.rpartition("_")
                if part in (*PLAN, "reason") and rating in asked:
                    continue
                yield _row(signed, section, question.code)


def _row(signed: SignedReturn, section: Section, code: str) -> tuple[Cell, ...]:
    given = signed.given
    assert given.signed is not None  # only a signed return is read
    bank = signed.part(section.round_id).bank
    question = bank.by_code[code]
    answer = signed.answers.get((section.round_id, code))
    score = signed.scores.get(code)
    moderated = ""
    if score is not None and isinstance(question, ScaleQuestion):
        option = bank.scale_of(question).option(score.option)
        moderated = in_language(option.label) if option is not None else ""
    plan = {part: _said(signed, section, f"{code}_{part}") for part in (*PLAN, "reason")}
    return (
        given.agency,
        SECTOR_TITLES[Sector(given.sector)],
        given.marking,
        section.title,
        code,
        in_language(question.text),
        _words(bank, question, answer.value) if answer is not None else "",
        (answer.not_applicable if answer is not None else "") or plan["reason"],
        moderated,
        score.reason if score is not None else "",
        score.name if score is not None else "",
        plan["evidence"],
        plan["action"],
        plan["owner"],
        plan["date"],
        sum(row.question == code and row.removed_at_utc is None for row in signed.evidence),
        f"{given.signed.officer}, {given.signed.post}",
        given.signed.signed_on.isoformat(),
    )


def _said(signed: SignedReturn, section: Section, code: str) -> str:
    bank = signed.part(section.round_id).bank
    question = bank.by_code.get(code)
    answer = signed.answers.get((section.round_id, code))
    if question is None or answer is None:
        return ""
    return _words(bank, question, answer.value)


def _words(bank: Bank, question: Question, value: Value) -> str:
    """An answer in a cell: what was chosen or put in order stays apart in one line, too."""
    words = display(bank, question, value)
    if isinstance(question, SeveralChoicesQuestion | RankingQuestion):
        return words.replace("\n", "; ")
    return words


def to_file(
    signed: Sequence[SignedReturn], *, file_format: str, title: str, council: str, dated: date
) -> bytes:
    """The table of these returns as a file of one of FORMATS."""
    rows = [row for one in signed for row in rows_of(one)]
    if file_format == "csv":
        return _csv(rows)
    sheet = Sheet(
        name="Agency returns",
        heading=(f"{title}: agency returns", council, "For the review team only."),
        columns=COLUMNS,
        rows=rows,
    )
    return workbook_bytes(
        Book(title=f"{title}: agency returns", subject=council, dated=dated, sheets=(sheet,))
    )


def _csv(rows: Sequence[Sequence[Cell]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([column.title for column in COLUMNS])
    for row in rows:
        writer.writerow(
            [formula_safe(one_line(cell)) if isinstance(cell, str) else cell for cell in row]
        )
    # Excel needs the mark to read the letters.
    return b"\xef\xbb\xbf" + stream.getvalue().encode()
