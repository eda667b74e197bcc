"""A book of tables as an Excel workbook: frozen headers, and pages set up for paper.

Text is always written as text, so a name that begins with an equals sign stays a name; such a
cell also carries the mark that keeps it text when somebody edits it.
"""

from __future__ import annotations

import io
from datetime import datetime, time
from typing import Any

import xlsxwriter

from analysis.export.safety import formula_safe, one_line
from analysis.export.sheets import (
    MARKS,
    Book,
    Cell,
    Sheet,
    cell_text,
    header_text,
    is_number_column,
    row_height,
)

A4 = 9


def workbook_bytes(book: Book) -> bytes:
    """The finished file."""
    made = _Workbook(book)
    for sheet in book.sheets:
        made.add(sheet)
    return made.bytes()


class _Workbook:
    """A workbook being made. `bytes` closes it."""

    def __init__(self, book: Book) -> None:
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
                "title": one_line(book.title),
                "subject": one_line(book.subject),
                "author": "Signpost",
                "created": datetime.combine(book.dated, time.min),
            }
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def bytes(self) -> bytes:
        """The finished file."""
        self._book.close()
        return self._stream.getvalue()

    def add(self, told: Sheet) -> None:
        """A sheet whose header is frozen and repeated on every printed page."""
        sheet = self._book.add_worksheet(told.name)
        for at, words in enumerate(told.heading):
            size = {"font_size": 14, "bold": True} if at == 0 else {}
            self._write(sheet, at, 0, one_line(words), {"text_wrap": False, **size})
        top = len(told.heading) + 1
        for at, column in enumerate(told.columns):
            sheet.set_column(at, at, column.width)
        self._table(sheet, top, told)
        below = top + max(1, len(told.rows)) + 2
        for at, words in enumerate(told.after):
            self._write(sheet, below + at, 0, one_line(words), {"text_wrap": False})
        sheet.freeze_panes(top + 1, 0)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(top)
        sheet.set_footer("&L&A&RPage &P of &N")

    def _table(self, sheet: Any, top: int, told: Sheet) -> None:
        columns, rows = told.columns, told.rows
        head = {"bold": True, "bottom": 2, "bg_color": "#E8EEF4", "valign": "bottom"}
        body = {"bottom": 4, "bottom_color": "#B1B4B6"}
        for at, column in enumerate(columns):
            number = is_number_column(told, at)
            self._write(
                sheet,
                top,
                at,
                header_text(column),
                head | ({"align": "right"} if number else {"align": "left", "indent": 1}),
            )
        sheet.set_row(top, row_height(list(map(header_text, columns)), columns))
        for number_of_row, row in enumerate(rows):
            sheet.set_row(top + 1 + number_of_row, row_height(row, columns))
            weight = {"bold": True} if number_of_row in told.bold else {}
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
                "name": told.name.replace(" ", "_"),
                "style": None,
                "columns": [
                    {"header": header_text(column), "header_format": self._format(head)}
                    for column in columns
                ],
            },
        )

    def _write(self, sheet: Any, row: int, column: int, cell: Cell, look: dict[str, Any]) -> None:
        if cell is None or cell == "":
            sheet.write_blank(row, column, None, self._format(look))
        elif isinstance(cell, str):
            words = cell_text(cell)
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
