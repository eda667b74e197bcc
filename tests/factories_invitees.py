"""A long file of people to invite, as it should be and with faults planted in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

from openpyxl import Workbook

from question_banks.bank import LEVEL_TITLES, SECTOR_TITLES

COLUMNS = ("agency", "sector", "invited", "level", "label", "email", "contact_email")
AGENCIES = 250
Row = list[str]
Place = tuple[int, str]
Writer = Callable[[Sequence[Row]], bytes]


def right_rows(count: int = 5000, *, agencies: int = AGENCIES) -> list[Row]:
    """People of so many agencies, row after row, without a fault."""
    sectors = [sector.value for sector in SECTOR_TITLES]
    levels = [level.value for level in LEVEL_TITLES]
    rows = []
    for number in range(count):
        agency = number % agencies
        rows.append(
            [
                f"Agency {agency:03} of Fennshire",
                sectors[agency % len(sectors)],
                "",
                levels[number % len(levels)],
                f"Person {number:05}",
                f"person.{number:05}@agency{agency:03}.example.org",
                f"head@agency{agency:03}.example.org" if number < agencies else "",
            ]
        )
    return rows


FAULTS: tuple[tuple[str, str], ...] = (
    ("sector", "polic"),
    ("sector", ""),
    ("sector", "Council: housing"),
    ("sector", "police"),
    ("agency", ""),
    ("agency", "agency 005 of fennshire"),
    ("agency", "Agency-006 of Fennshire"),
    ("agency", "x" * 201),
    ("invited", "2"),
    ("invited", "many"),
    ("invited", "0"),
    ("invited", "-1"),
    ("level", "boss"),
    ("level", ""),
    ("level", "Frontline practitioner"),
    ("label", "y" * 201),
    ("email", "person.at.example.org"),
    ("email", "person@"),
    ("email", "@example.org"),
    ("email", "person@example"),
    ("email", "person@example.org."),
    ("email", "person@@example.org"),
    ("email", "per son@example.org"),
    ("email", "“person@example.org”"),
    ("email", "Pat <person@example.org>"),
    ("email", "mailto:person@example.org"),
    ("email", "pérson@example.org"),
    ("email", "person@example..org"),
    ("email", "a@example.org; b@example.org"),
    ("email", "person@example,org"),
    ("email", "PERSON.00000@agency000.example.org"),
    ("email", " person.00001@AGENCY001.example.org "),
    ("email", "person@" + "long." * 60 + "org"),
    ("email", "'person@example.org'"),
    ("contact_email", "nobody"),
    ("contact_email", "somebody.else@example.org"),
    ("contact_email", "a@b"),
    ("email", "=HYPERLINK(0)"),
    ("email", "person@-example.org"),
    ("email", "person\u00a0two@example.org"),
)
"""Forty columns and what stands there that should not."""


def planted(rows: Sequence[Row]) -> tuple[list[Row], list[Place]]:
    """The rows with one fault in every hundredth, and where they are as a spreadsheet counts."""
    faulty, places = [list(row) for row in rows], []
    for number, (column, text) in enumerate(FAULTS):
        index = 300 + number * 100
        faulty[index][COLUMNS.index(column)] = text
        places.append((index + 2, column))
    return faulty, places


def as_csv(rows: Sequence[Row]) -> bytes:
    """The file as CSV."""
    text = io.StringIO()
    csv.writer(text).writerows([COLUMNS, *rows])
    return text.getvalue().encode()


def as_xlsx(rows: Sequence[Row]) -> bytes:
    """The file as a workbook."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("People")
    sheet.append(COLUMNS)
    for row in rows:
        sheet.append([cell or None for cell in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
