"""A book of tables before it is a file: what stands in which cell, for every spreadsheet format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil

from analysis.export.safety import clean, shorten
from analysis.result import Mark
from analysis.tables import mark_code

Cell = str | int | float | None
MARKS = frozenset(map(mark_code, Mark))
LONGEST = 32_000
"""A cell of a spreadsheet holds 32,767 characters."""
LONGEST_HEADING = 200
PERCENT = "0%"
POINTS = "+0;−0;0"
"""Points of difference with their sign."""
LINE = 13.0
TALLEST = 409.0
"""Points of a line of text, and of the tallest row a spreadsheet allows."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column's heading, its width in characters, and the number format of its numbers.

    `number` is written as spreadsheets write it: `#,##0`, `0%`, `0.00`, `0.0` or `POINTS`.
    """

    title: str
    width: float
    number: str = "#,##0"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Heading lines, a table with its header, and lines of words after it.

    `bold` are rows of the table by number.
    """

    name: str
    heading: Sequence[str]
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    after: Sequence[str] = ()
    bold: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, kw_only=True)
class Book:
    """Sheets in their order. `dated` is stamped on the file, so that equal input is equal bytes."""

    title: str
    subject: str
    dated: date
    sheets: Sequence[Sheet]


def cell_text(cell: str) -> str:
    """The text of a cell as every spreadsheet can hold it."""
    return clean(cell)[:LONGEST]


def header_text(column: Column) -> str:
    """A column's heading on one line, no longer than a spreadsheet's table takes."""
    return shorten(column.title, to=LONGEST_HEADING)


def row_height(row: Sequence[Cell], columns: Sequence[Column]) -> float:
    """Points for the tallest cell of a row. Spreadsheets do not all work it out when opening."""
    lines = 1
    for cell, column in zip(row, columns, strict=True):
        if isinstance(cell, str):
            lines = max(
                lines,
                sum(
                    ceil(max(1, len(part)) / (1.05 * column.width))
                    for part in cell_text(cell).split("\n")
                ),
            )
    return min(LINE * lines + 3, TALLEST)


def is_number_column(sheet: Sheet, at: int) -> bool:
    """Whether the column holds any number, so that its header stands over the digits."""
    return any(isinstance(row[at], (int, float)) for row in sheet.rows)
