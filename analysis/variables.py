"""The columns of a responses file explained: a codebook of a bank as CSV, JSON, XLSX or SAV.

`question_banks.codebook` knows the questions; here stand also the columns that say who answered,
and the files. Nothing here holds an answer.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from question_banks.answers import SEPARATOR
from question_banks.bank import LEVEL_TITLES, SECTOR_TITLES, Bank, in_language
from question_banks.codebook import Direction, Variable, codebook

if TYPE_CHECKING:
    from analysis.export.sheets import Book

FORMAT: Final = "signpost-codebook/1"

DATED: Final = date(2000, 1, 1)
"""The date stamped on files, so that the same bank gives the same bytes."""

_SAV_DATE: Final = slice(92, 109)
"""Where an SPSS file says when it was made."""
_LONGEST_LABEL: Final = 255
"""Bytes SPSS keeps of the label of a variable."""
_LONGEST_VALUE_LABEL: Final = 120
"""Bytes SPSS keeps of the label of a value."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One value that one column may have; a column with free values has one row without a value.

    `kind` and `weight` are for options of a scale, `is_missing` is true for options that are
    answers but not on the scale (don't know, not applicable).
    """

    column: str
    label: str
    text: str
    type: str
    wording_version: int | None = None
    signpost: str = ""
    signpost_title: str = ""
    topic: str = ""
    levels: str = ""
    scale: str = ""
    direction: str = Direction.NONE.value
    lowest: float | None = None
    highest: float | None = None
    unit: str = ""
    has_rule: bool = False
    value: str = ""
    value_label: str = ""
    order: int | None = None
    kind: str = ""
    weight: int | None = None
    is_missing: bool = False


HEADER: Final = tuple(field.name for field in fields(Row))

_WHO: Final[tuple[tuple[str, str, str, dict[str, str]], ...]] = (
    ("response_id", "An identifier of the response that leads to nobody", "text", {}),
    ("agency", "The agency the respondent works for", "text", {}),
    (
        "sector",
        "The part of the partnership the agency belongs to",
        "single_choice",
        {sector.value: title for sector, title in SECTOR_TITLES.items()},
    ),
    (
        "level",
        "Where the respondent works in the agency",
        "single_choice",
        {level.value: title for level, title in LEVEL_TITLES.items()},
    ),
)
"""The columns that say who answered: name, label, type, values with their labels."""


def rows(bank: Bank) -> tuple[Row, ...]:
    """Every column of a responses file for `bank`, one row for each value it may have.

    >>> from question_banks.loader import load_bank
    >>> [row.value for row in rows(load_bank("section_11")) if row.column == "level"][:2]
    ['strategic', 'operational']
    """
    return tuple(_rows(bank))


def _rows(bank: Bank) -> Iterator[Row]:
    for column, label, kind, values in _WHO:
        row = Row(column=column, label=label, text=label, type=kind)
        if not values:
            yield row
        for order, (value, title) in enumerate(values.items(), start=1):
            yield replace(row, value=value, value_label=title, order=order)
    for variable in codebook(bank):
        row = _row(variable)
        if not variable.options:
            yield row
        for option in variable.options:
            yield replace(
                row,
                value=option.code,
                value_label=option.label,
                order=option.order,
                kind=option.kind.value if option.kind is not None else "",
                weight=option.weight,
                is_missing=option.code in variable.missing,
            )


def _row(variable: Variable) -> Row:
    return Row(
        column=variable.code,
        label=variable.label,
        text=variable.text,
        type=variable.type,
        wording_version=variable.wording_version,
        signpost=variable.signpost,
        signpost_title=variable.signpost_title,
        topic=variable.topic,
        levels=SEPARATOR.join(level.value for level in variable.levels),
        scale=variable.scale,
        direction=variable.direction.value,
        lowest=variable.lowest,
        highest=variable.highest,
        unit=variable.unit,
        has_rule=variable.has_rule,
    )


def to_json(bank: Bank) -> bytes:
    """The codebook as JSON: the bank, then a list of columns, each with its values."""
    columns: dict[str, dict[str, object]] = {}
    for row in rows(bank):
        plain = asdict(row)
        value = {name: plain.pop(name) for name in _OF_VALUE}
        column = columns.setdefault(row.column, plain | {"values": []})
        held = column["values"]
        assert isinstance(held, list)
        if row.value:
            held.append(value)
    content = {
        "format": FORMAT,
        "bank": bank.id,
        "title": in_language(bank.title),
        "columns": list(columns.values()),
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


_OF_VALUE: Final = ("value", "value_label", "order", "kind", "weight", "is_missing")


def to_csv(bank: Bank) -> bytes:
    """The codebook as CSV in UTF-8 with a byte order mark: a row for each value of each column."""
    from analysis.export.safety import formula_safe, one_line

    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(HEADER)
    for row in rows(bank):
        writer.writerow(
            [
                formula_safe(one_line(cell)) if isinstance(cell, str) else _plain(cell)
                for cell in asdict(row).values()
            ]
        )
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _plain(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return format(cell, "g") if isinstance(cell, float) else str(cell)


def to_xlsx(bank: Bank) -> bytes:
    """The codebook as a workbook for Excel."""
    from analysis.export.workbook import workbook_bytes

    return workbook_bytes(_book(bank))


def to_ods(bank: Bank) -> bytes:
    """The codebook as a spreadsheet of the open format."""
    from analysis.export.spreadsheet import spreadsheet_bytes

    return spreadsheet_bytes(_book(bank))


def _book(bank: Bank) -> Book:
    """A sheet of columns and a sheet of their values."""
    from analysis.export.sheets import Book, Column, Sheet

    title = f"{in_language(bank.title)} ({bank.id})"
    all_rows = rows(bank)
    first: dict[str, Row] = {}
    for row in all_rows:
        first.setdefault(row.column, row)
    columns = Sheet(
        name="Columns",
        heading=(title, "What each column of a file of responses holds"),
        columns=(
            Column(title="Column", width=26),
            Column(title="Question", width=60),
            Column(title="Type", width=16),
            Column(title="Wording", width=10),
            Column(title=bank.signpost_word.capitalize(), width=36),
            Column(title="Asked of", width=40),
        ),
        rows=tuple(
            (
                row.column,
                row.text,
                row.type.replace("_", " "),
                row.wording_version,
                row.signpost_title,
                row.levels.replace(SEPARATOR, ", ").replace("_", " "),
            )
            for row in first.values()
        ),
        after=("An empty cell is a question that was skipped, whatever its type.",),
    )
    values = Sheet(
        name="Values",
        heading=(title, "What the codes in a cell stand for"),
        columns=(
            Column(title="Column", width=26),
            Column(title="Code", width=26),
            Column(title="Label", width=50),
            Column(title="Kind", width=18),
            Column(title="Weight", width=10),
        ),
        rows=tuple(
            (row.column, row.value, row.value_label, row.kind.replace("_", " "), row.weight)
            for row in all_rows
            if row.value
        ),
        after=(f"Several codes in one cell, and a ranking in order, are joined by {SEPARATOR}",),
    )
    return Book(title=title, subject="Codebook", dated=DATED, sheets=(columns, values))


def to_sav(bank: Bank) -> bytes:
    """An SPSS file without cases that holds the labels of every column and of its values."""
    import pandas as pd
    import pyreadstat

    labels: dict[str, str | None] = {}
    values: dict[str, Any] = {}
    for row in rows(bank):
        labels[row.column] = _cut(row.text, _LONGEST_LABEL)
        if row.value:
            values.setdefault(row.column, {})[row.value] = _cut(
                row.value_label, _LONGEST_VALUE_LABEL
            )
    frame = pd.DataFrame({column: pd.Series([], dtype="str") for column in labels})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "codebook.sav"
        pyreadstat.write_sav(
            frame,
            str(file),
            file_label=_cut(in_language(bank.title), 60),
            column_labels=labels,
            variable_value_labels=values,
        )
        content = bytearray(file.read_bytes())
    content[_SAV_DATE] = b"01 Jan 0000:00:00"
    return bytes(content)


def _cut(text: str, most: int) -> str:
    """The text in at most `most` bytes of UTF-8, cut between letters."""
    return text.encode()[:most].decode(errors="ignore")
