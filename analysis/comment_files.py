"""The sheet of comments and the result of comments as files: JSON, CSV, XLSX and ODS.

Made of released comments and of what `analysis.commented` may show, and of nothing else.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from analysis.coding import HOW
from analysis.comment_codebook import CommentCodebook
from analysis.commented import NO_CODE, SHEET_HEADER, CommentsResult
from analysis.result import Mark
from question_banks.answers import SEPARATOR

if TYPE_CHECKING:
    from analysis.export.sheets import Book, Cell

DATED: Final = date(2000, 1, 1)
"""The date stamped on files, so that the same comments give the same bytes."""

_RESULT_HEADER: Final = ("measure", "code", "title", "people", "comments", "of", "mark", "words")


def sheet_as(to: str, rows: Sequence[Sequence[str]], codebook: CommentCodebook) -> bytes:
    """The sheet to fill in, as json, csv, xlsx or ods."""
    if to == "json":
        content = [dict(zip(SHEET_HEADER, row, strict=True)) for row in rows]
        return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
    return _csv(SHEET_HEADER, rows) if to == "csv" else _spread(to, _sheet_book(rows, codebook))


def result_as(to: str, result: CommentsResult) -> bytes:
    """The result of comments, as json, csv, xlsx or ods."""
    if to == "json":
        return (result.model_dump_json(indent=2) + "\n").encode()
    if to == "csv":
        return _csv(_RESULT_HEADER, _result_rows(result))
    return _spread(to, _result_book(result))


def _csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    from analysis.export.safety import formula_safe

    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(
            [formula_safe(cell) if isinstance(cell, str) else _number(cell) for cell in row]
        )
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _number(cell: float | None) -> str:
    return "" if cell is None else str(cell)


def _spread(to: str, book: Book) -> bytes:
    if to == "xlsx":
        from analysis.export.workbook import workbook_bytes

        return workbook_bytes(book)
    from analysis.export.spreadsheet import spreadsheet_bytes

    return spreadsheet_bytes(book)


def _result_rows(result: CommentsResult) -> list[tuple[Cell, ...]]:
    coding, quotes = result.coding, result.quotes.quotes if result.quotes else ()
    rows: list[tuple[Cell, ...]] = [
        (
            "coded",
            "",
            result.codebook_title,
            None,
            coding.coded,
            coding.released,
            "",
            coding.sentence,
        )
    ]
    rows += [
        (
            "code",
            code.code,
            code.title,
            code.people,
            code.comments,
            coding.released,
            "" if code.mark is None else f"[{code.mark.value}]",
            "",
        )
        for code in coding.codes
    ]
    rows += [
        ("term", "", term.term, term.people, term.comments, result.terms.released, "", "")
        for term in result.terms.terms
    ]
    rows += [
        (
            "quotation",
            quote.signpost,
            quote.attribution,
            None,
            None,
            None,
            "",
            f"{quote.text} {for_and_against(quote.favourable, quote.unfavourable)}",
        )
        for quote in quotes
    ]
    return rows


def for_and_against(favourable: int, unfavourable: int) -> str:
    """The people on either side of a signpost, as they stand beside a quotation.

    >>> for_and_against(30, 1)
    '(30 people mostly positive here, 1 person mostly not)'
    """
    positive = f"{favourable:,} {'person' if favourable == 1 else 'people'} mostly positive here"
    negative = f"{unfavourable:,} {'person' if unfavourable == 1 else 'people'} mostly not"
    return f"({positive}, {negative})"


def _sheet_book(rows: Sequence[Sequence[str]], codebook: CommentCodebook) -> Book:
    from analysis.export.sheets import Book, Column, Sheet

    comments = Sheet(
        name="Comments",
        heading=(f"{codebook.title} ({codebook.id})", HOW),
        columns=(
            Column(title="comment_id", width=16),
            Column(title="question", width=20),
            Column(title="comment", width=70),
            Column(title="suggested", width=26),
            Column(title="because", width=26),
            Column(title="codes", width=30),
        ),
        rows=tuple(rows),
        after=(
            f"Under codes: codes joined by {SEPARATOR}; {NO_CODE} where none fits; empty if unread",
        ),
    )
    codes = Sheet(
        name="Codes",
        heading=(f"{codebook.title} ({codebook.id})",),
        columns=(
            Column(title="Code", width=28),
            Column(title="Title", width=30),
            Column(title="What belongs here", width=60),
            Column(title="What does not", width=40),
        ),
        rows=tuple(
            (code.code, code.title, code.about, code.not_for or "") for code in codebook.codes
        ),
    )
    return Book(title=codebook.title, subject="Comments", dated=DATED, sheets=(comments, codes))


def _result_book(result: CommentsResult) -> Book:
    from analysis.export.sheets import Book, Column, Sheet
    from analysis.tables import mark_code

    hidden = mark_code(Mark.CONFIDENTIAL)
    coding = result.coding
    sheets = [
        Sheet(
            name="Codes",
            heading=(result.codebook_title, coding.sentence, coding.how),
            columns=(
                Column(title="What comments speak of", width=44),
                Column(title="Comments", width=12),
                Column(title="People, at least", width=16),
            ),
            rows=tuple(
                (
                    code.title,
                    hidden if code.comments is None else code.comments,
                    hidden if code.people is None else code.people,
                )
                for code in coding.codes
            ),
            after=(f"{hidden} fewer than 3 people, or of fewer than 2 agencies",),
        ),
        Sheet(
            name="Terms",
            heading=("What people say in the same words", result.terms.sentence),
            columns=(
                Column(title="Term", width=40),
                Column(title="People, at least", width=16),
                Column(title="Comments", width=12),
            ),
            rows=tuple((term.term, term.people, term.comments) for term in result.terms.terms),
        ),
    ]
    if result.quotes is not None:
        sheets.append(
            Sheet(
                name="Quotations",
                heading=("In people's own words", "Each beside the people on either side"),
                columns=(
                    Column(title="Signpost", width=30),
                    Column(title="Quotation", width=70),
                    Column(title="From", width=30),
                    Column(title="Mostly positive", width=16),
                    Column(title="Mostly not", width=16),
                ),
                rows=tuple(
                    (
                        quote.title,
                        quote.text,
                        quote.attribution,
                        quote.favourable,
                        quote.unfavourable,
                    )
                    for quote in result.quotes.quotes
                ),
            )
        )
    return Book(title=result.codebook_title, subject="Comments", dated=DATED, sheets=sheets)
