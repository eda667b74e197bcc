"""Sheets of a workbook: a heading, a table with a frozen header, and a page set up for paper.

Text is always written as text, so a name that begins with an equals sign stays a name; such a
cell also carries the mark that keeps it text when somebody edits it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from math import ceil
from typing import Any

import xlsxwriter

from analysis.export.safety import clean, formula_safe, one_line
from analysis.result import Mark
from analysis.tables import mark_code

Cell = str | int | float | None
MARKS = frozenset(map(mark_code, Mark))
LONGEST = 32_000
"""A cell holds 32,767 characters."""
A4 = 9
LINE = 13.0
TALLEST = 409.0
"""Points of a line of text, and of the tallest row a spreadsheet allows."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column's heading, its width in characters, and the number format of its numbers."""

    title: str
    width: float
    number: str = "#,##0"


def _height(row: Sequence[Cell], columns: Sequence[Column]) -> float:
    """Points for the tallest cell of a row. Spreadsheets do not all work it out when opening."""
    lines = 1
    for cell, column in zip(row, columns, strict=True):
        if isinstance(cell, str):
            paragraphs = clean(cell)[:LONGEST].split("\n")
            lines = max(
                lines, sum(ceil(max(1, len(part)) / (1.15 * column.width)) for part in paragraphs)
            )
    return min(LINE * lines + 3, TALLEST)


class Workbook:
    """A workbook being made. `bytes` closes it."""

    def __init__(self, *, title: str, subject: str, dated: date) -> None:
        self._stream = io.BytesIO()
        self._book = xlsxwriter.Workbook(
            self._stream,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        # The file's dates come from the input, so that the same input gives the same bytes.
        self._book.set_properties(
            {
                "title": one_line(title),
                "subject": one_line(subject),
                "author": "Signpost",
                "created": datetime.combine(dated, time.min),
            }
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def bytes(self) -> bytes:
        """The finished file."""
        self._book.close()
        return self._stream.getvalue()

    def sheet(
        self,
        name: str,
        *,
        heading: Sequence[str],
        columns: Sequence[Column],
        rows: Sequence[Sequence[Cell]],
        after: Sequence[str] = (),
        bold: frozenset[int] = frozenset(),
    ) -> None:
        """A sheet: heading lines, the table, and lines of words after it.

        The header is frozen and repeated on every printed page. `bold` are rows by number.
        """
        sheet = self._book.add_worksheet(name)
        for at, words in enumerate(heading):
            size = {"font_size": 14, "bold": True} if at == 0 else {}
            self._write(sheet, at, 0, one_line(words), {"text_wrap": False, **size})
        top = len(heading) + 1
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
        self._table(sheet, top, name=name, columns=columns, rows=rows, bold=bold)
        below = top + max(1, len(rows)) + 2
        for at, words in enumerate(after):
            self._write(sheet, below + at, 0, one_line(words), {"text_wrap": False})
        sheet.freeze_panes(top + 1, 0)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(top)
        sheet.set_footer("&L&A&RPage &P of &N")

    def _table(
        self,
        sheet: Any,
        top: int,
        *,
        name: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Cell]],
        bold: frozenset[int],
    ) -> None:
        head = {"bold": True, "bottom": 2, "bg_color": "#E8EEF4", "valign": "bottom"}
        body = {"bottom": 4, "bottom_color": "#B1B4B6"}
        for at, column in enumerate(columns):
            number = bool(rows) and any(isinstance(row[at], (int, float)) for row in rows)
            self._write(
                sheet,
                top,
                at,
                column.title,
                head | ({"align": "right"} if number else {"align": "left", "indent": 1}),
            )
        sheet.set_row(top, _height([column.title for column in columns], columns))
        for number_of_row, row in enumerate(rows):
            sheet.set_row(top + 1 + number_of_row, _height(row, columns))
            weight = {"bold": True} if number_of_row in bold else {}
            for at, cell in enumerate(row):
                column = columns[at]
                look = body | weight
                if isinstance(cell, (int, float)):
                    look |= {"num_format": column.number, "align": "right"}
                elif cell in MARKS:
                    look |= {"align": "right"}
                else:
                    look |= {"align": "left", "indent": 1}
                self._write(sheet, top + 1 + number_of_row, at, cell, look)
        last = top + max(1, len(rows))
        if not rows:
            self._write(sheet, last, 0, "None", body)
        sheet.add_table(
            top,
            0,
            last,
            len(columns) - 1,
            {
                "name": name.replace(" ", "_"),
                "style": None,
                "columns": [
                    {"header": column.title, "header_format": self._format(head)}
                    for column in columns
                ],
            },
        )

    def _write(self, sheet: Any, row: int, column: int, cell: Cell, look: dict[str, Any]) -> None:
        if cell is None or cell == "":
            sheet.write_blank(row, column, None, self._format(look))
        elif isinstance(cell, str):
            words = clean(cell)[:LONGEST]
            if formula_safe(words) != words:
                look = look | {"quote_prefix": True}
            sheet.write_string(row, column, words, self._format(look))
        else:
            sheet.write_number(row, column, cell, self._format(look))

    def _format(self, look: dict[str, Any]) -> Any:
        whole = {"text_wrap": True, "valign": "top", "font_name": "Arial", "font_size": 10} | look
        key = tuple(sorted(whole.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(whole)
        return self._formats[key]
