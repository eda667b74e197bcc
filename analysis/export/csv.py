"""The gated result as one long table: a figure on each line.

The first `PREAMBLE_LINES` lines say what the file is, one thing on each; the line after them is
the header. A spreadsheet opens it as it is, and pandas reads it with
`read_csv(path, skiprows=PREAMBLE_LINES)`.
"""

from __future__ import annotations

import csv
import io
from dataclasses import fields

from analysis import tables
from analysis.export.letter import Letter
from analysis.export.lines import Line, list_lines
from analysis.export.safety import formula_safe, one_line
from analysis.result import Mark, Summary

PREAMBLE_LINES = 9
HEADER = tuple(field.name for field in fields(Line))


def to_csv(summary: Summary, *, letter: Letter | None = None) -> bytes:
    """The result as CSV in UTF-8 with a byte order mark, which Excel needs to read the letters."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    for name, words in _preamble(summary, letter=letter or Letter()):
        writer.writerow([name, formula_safe(one_line(words))])
    writer.writerow(HEADER)
    for line in list_lines(summary):
        writer.writerow(_cells(line))
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _preamble(summary: Summary, *, letter: Letter) -> tuple[tuple[str, str], ...]:
    """Nine lines, always: the number is part of the format."""
    caveats = " ".join((*summary.coverage.caveats, *summary.caveats))
    return (
        ("Title", f"{letter.review_title}: what the answers say"),
        ("Council", letter.council),
        ("Round", " ".join(part for part in (letter.round_title, letter.closed) if part)),
        ("Questionnaire", f"{summary.bank.title} ({summary.bank.bank}@{summary.bank.version})"),
        ("Answered", tables.coverage_text(summary.coverage)),
        ("Base", tables.BASE_NOTE),
        ("Rounding", "Shares run from 0 to 1 and are rounded to four decimal places, nothing else"),
        (
            "Marks",
            "; ".join(
                f"{tables.mark_code(mark)} {tables.MARK_WORDS[mark].lower()}" for mark in Mark
            )
            + f"; {summary.hidden_cells} cells are withheld in all",
        ),
        ("Notes", caveats or "None"),
    )


def _cells(line: Line) -> list[str]:
    return [_cell(getattr(line, name)) for name in HEADER]


def _cell(value: str | float | Mark | None) -> str:
    if value is None:
        return ""
    if isinstance(value, Mark):
        return tables.mark_code(value)
    if isinstance(value, str):
        return formula_safe(one_line(value))
    return str(value) if isinstance(value, int) else f"{value:.4f}"
