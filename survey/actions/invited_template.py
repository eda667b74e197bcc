"""An empty file of people to invite, to be filled in: CSV, or a workbook with the words to use."""

from __future__ import annotations

import io

from question_banks.bank import LEVEL_TITLES, SECTOR_TITLES
from survey.actions.invited_file import OPTIONAL, REQUIRED

COLUMNS = (*REQUIRED, *OPTIONAL)
NOTES = {
    "agency": "The name of the agency, written in one way throughout.",
    "sector": "One of the words for sectors, on every row.",
    "invited": "How many people are invited: each gets a link. Leave it empty beside a person.",
    "level": "One of the words for levels, or empty. On every row of an agency, or none.",
    "expected": "Write no if the agency’s silence would not matter. Empty means yes.",
    "label": "A person: a name or a post.",
    "email": "A person’s e-mail address.",
    "contact_name": "Whom to turn to at the agency. Once is enough.",
    "contact_email": "The e-mail address of that contact.",
}
"""What belongs in each column, in a few words."""
_ROWS_PREPARED = 2000
_WIDTHS = {"agency": 36, "sector": 24, "label": 28, "email": 32, "contact_name": 28}


def as_csv() -> bytes:
    """The headings as CSV in UTF-8, with the mark by which spreadsheets know it."""
    return ("\ufeff" + ",".join(COLUMNS) + "\r\n").encode()


def as_workbook() -> bytes:
    """A workbook with the headings, and a sheet with what belongs in each column.

    The cells are text, so that a spreadsheet makes no dates of them, and sectors and levels are
    chosen from a list.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.create_sheet("People", 0)
    words = book["Sheet"]
    words.title = "Words"
    sheet.append(list(COLUMNS))
    sheet.freeze_panes = "A2"
    for number, name in enumerate(COLUMNS, start=1):
        letter = get_column_letter(number)
        sheet[f"{letter}1"].font = Font(bold=True)
        sheet.column_dimensions[letter].width = _WIDTHS.get(name, 16)
        if name != "invited":
            sheet.column_dimensions[letter].number_format = "@"
    words.append(["Column", "What belongs there"])
    for name in COLUMNS:
        words.append([name, NOTES[name]])
    first: dict[str, tuple[int, int]] = {}
    for column, titles in (("sector", SECTOR_TITLES), ("level", LEVEL_TITLES)):
        words.append([])
        words.append([f"Word for {column}", "What it means"])
        start = words.max_row + 1
        for code, title in titles.items():
            words.append([code.value, title])
        first[column] = (start, words.max_row)
    words.column_dimensions["A"].width, words.column_dimensions["B"].width = 28, 70
    for column, (start, end) in first.items():
        letter = get_column_letter(COLUMNS.index(column) + 1)
        choose = DataValidation(
            type="list", formula1=f"Words!$A${start}:$A${end}", allow_blank=True
        )
        choose.add(f"{letter}2:{letter}{_ROWS_PREPARED}")
        sheet.add_data_validation(choose)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
