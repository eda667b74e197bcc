"""Reading the first sheet of an Excel workbook (.xlsx) as rows of text, without trusting it.

A workbook is a zipped folder of XML, so a small file may unpack to a very large one, or ask the
reader to fetch something: what is in it is measured and looked at before it is read. Formulas are
not worked out, and the value that a formula is said to have is not believed.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, time
from io import BytesIO
from typing import Any, Final

from analysis.delimited import FaultList, shown

MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 40
MOST_UNPACKED_BYTES: Final = 64 * 1024 * 1024
MOST_PARTS: Final = 500

_SAVE_AS_XLSX: Final = "Save it as “Excel workbook (.xlsx)” or as “CSV UTF-8 (comma delimited)”."
_NOT_READ: Final = f"This workbook cannot be read. {_SAVE_AS_XLSX}"
_OTHER_KINDS: Final = {
    b"application/vnd.oasis.opendocument.spreadsheet": "an OpenDocument spreadsheet (.ods)",
    b"application/vnd.oasis.opendocument.text": "a text document",
}


def is_workbook(content: bytes) -> bool:
    """Whether a file begins as a zipped file or an old Excel file does, and so is no CSV file.

    >>> is_workbook(b"agency,sector"), is_workbook(b"PK\\x03\\x04")
    (False, True)
    """
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0"))


def read_workbook(content: bytes, *, faults: FaultList) -> Iterator[tuple[int, list[str]]]:
    """Row numbers and cells of the first sheet, without blank rows.

    Cells come as text: a whole number without a decimal point. A formula, a date or an error is a
    fault, and the cell comes empty. Raises FaultyFile for what is not such a workbook.
    """
    if problem := _not_a_workbook(content):
        faults.add(problem)
        faults.raise_if_any()
    return _rows(content, faults)


def _not_a_workbook(content: bytes) -> str | None:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return f"This is an old Excel file (.xls), or one with a password. {_SAVE_AS_XLSX}"
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            return _not_a_package(package)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        return _NOT_READ


def _not_a_package(package: zipfile.ZipFile) -> str | None:
    parts = package.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        return (
            "This workbook is too large once it is unpacked. Copy the rows that are needed into a "
            "new workbook, without pictures and formats."
        )
    if "mimetype" in names:
        kind = _OTHER_KINDS.get(package.read("mimetype").strip(), "another kind of zipped file")
        return f"This is {kind}, which is not read here. {_SAVE_AS_XLSX}"
    if "xl/workbook.xml" not in names:
        return f"This is a zipped file, but not an Excel workbook. {_SAVE_AS_XLSX}"
    for part in parts:
        # No spreadsheet program writes these declarations, and by them a reader is told to fetch
        # or to swell. They could hide in UTF-16, which is not used in workbooks either.
        text = package.read(part) if part.filename.endswith((".xml", ".rels")) else b""
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text or b"\0" in text[:4]:
            return _NOT_READ
        if text.startswith((b"\xff\xfe", b"\xfe\xff")):
            return _NOT_READ
    return None


def _rows(content: bytes, faults: FaultList) -> Iterator[tuple[int, list[str]]]:
    heading: list[str] = []
    for number, cells in enumerate(_cells(content, faults), start=1):
        texts = [_text(cell, number, heading, faults) for cell in cells]
        while texts and not texts[-1].strip():
            texts.pop()
        if not texts:
            continue
        if number > MOST_ROWS + 1 or len(texts) > MOST_COLUMNS:
            faults.add(
                f"Only {MOST_ROWS:,} rows and {MOST_COLUMNS} columns are read, and there is more.",
                row=number,
            )
            return
        heading = heading or texts
        yield number, texts + [""] * (len(heading) - len(texts))


def _cells(content: bytes, faults: FaultList) -> list[tuple[Any, ...]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        with closing(book):
            if book.worksheets:
                sheet = book.worksheets[0]
                return list(sheet.iter_rows(max_col=MOST_COLUMNS + 1, max_row=MOST_ROWS + 2))
            problem = "The workbook has no sheet with rows."
    except Exception:  # a broken workbook breaks openpyxl in any of many ways
        problem = _NOT_READ
    faults.add(problem)
    faults.raise_if_any()
    return []


def _text(cell: Any, row: int, heading: Sequence[str], faults: FaultList) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str) and cell.data_type not in {"f", "e"}:
        return value
    if isinstance(value, int | float) and cell.data_type == "n":
        return str(value)
    column = heading[cell.column - 1] if cell.column <= len(heading) else cell.column_letter
    faults.add(_why_not(cell.data_type, value), row=row, column=column)
    return ""


def _why_not(kind: str, value: object) -> str:
    if kind == "e":
        return f"The cell shows the error {shown(str(value))}. Write what it should say."
    if isinstance(value, date | time):
        return "The spreadsheet has made a date or a time of this cell. Format it as text."
    return "The cell holds a formula. Put its value there: copy, then “Paste special: values”."
