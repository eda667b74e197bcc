"""The spreadsheet of the open format holds the workbook's cells, typed, and is set up for paper."""

from __future__ import annotations

import io
from typing import Any

import odf.opendocument
import openpyxl
import pytest
from odf import config, meta, style, table, teletype, text
from odf.namespaces import STYLENS

from analysis.export.letter import Letter
from analysis.export.ods import to_ods
from analysis.export.sheets import POINTS, Book, Column, Sheet
from analysis.export.spreadsheet import _letters, spreadsheet_bytes
from analysis.export.xlsx import to_xlsx
from analysis.result import GroupKind, Mark, Summary
from tests import factories_summary as make
from tests.files_opened import parts_of


def opened(content: bytes) -> Any:
    return odf.opendocument.load(io.BytesIO(content))


def rows_of(sheet: Any) -> list[list[tuple[str, str]]]:
    """Type and content of every cell of a sheet, row by row; empty cells as empty pairs."""
    found = []
    for row in sheet.getElementsByType(table.TableRow):
        cells = []
        for cell in row.getElementsByType(table.TableCell):
            kind = str(cell.getAttribute("valuetype") or "")
            words = "\n".join(map(teletype.extractText, cell.getElementsByType(text.P)))
            cells.append((kind, str(cell.getAttribute("value")) if kind == "float" else words))
        found.append(cells)
    return found


def sheets_of(content: bytes) -> dict[str, Any]:
    sheets = opened(content).spreadsheet.getElementsByType(table.Table)
    return {sheet.getAttribute("name"): sheet for sheet in sheets}


def typed(value: object) -> tuple[str, object]:
    """A value of the workbook as `rows_of` has it; the workbook keeps 16 digits."""
    if isinstance(value, (int, float)):
        return "float", round(value, 12)
    return "string", value


def a_round() -> Summary:
    hidden = make.question(
        "hidden",
        everybody=make.group(mark=Mark.CONFIDENTIAL),
        groups=(make.group("Council", kind=GroupKind.SIDE, words="Mostly positive"),),
    )
    topics = (make.topic(questions=(make.question(), hidden)),)
    return make.summary((make.signpost(topics=topics),), others=(make.counted_question(),))


def test_every_cell_is_that_of_the_workbook() -> None:
    summary = a_round()
    workbook = openpyxl.load_workbook(io.BytesIO(to_xlsx(summary)))

    sheets = sheets_of(to_ods(summary))

    assert list(sheets) == workbook.sheetnames
    for name, sheet in sheets.items():
        wanted = [
            [typed(value) for value in row if value is not None]
            for row in workbook[name].iter_rows(values_only=True)
        ]
        got = [
            [typed(float(value) if kind == "float" else value) for kind, value in row if kind]
            for row in rows_of(sheet)
        ]
        assert [row for row in got if row] == [row for row in wanted if row], name


def test_header_rows_are_repeated_and_frozen_and_pages_fit() -> None:
    content = to_ods(a_round())
    sheets = sheets_of(content)

    for sheet in sheets.values():
        (kept,) = sheet.getElementsByType(table.TableHeaderRows)
        assert len(kept.getElementsByType(table.TableRow)) == 1
    settings = opened(content).settings
    frozen = [
        item
        for item in settings.getElementsByType(config.ConfigItem)
        if item.getAttribute("name") == "VerticalSplitMode"
    ]
    assert [str(item) for item in frozen] == ["2"] * len(sheets)
    (paper,) = opened(content).automaticstyles.getElementsByType(style.PageLayoutProperties)
    assert (paper.getAttribute("pagewidth"), paper.getAttribute("pageheight")) == ("29.7cm", "21cm")
    assert paper.getAttrNS(STYLENS, "scale-to-X") == "1"


@pytest.mark.parametrize("name", make.HOSTILE[:7], ids=range(7))
def test_text_that_looks_like_a_formula_stays_text(name: str) -> None:
    content = to_ods(make.hostile(name), letter=make.hostile_letter(name))

    for part, body in parts_of(content).items():
        assert b"table:formula" not in body, part
        assert b"xlink:href" not in body, part
    texts = {
        each.getAttribute("name")
        for each in opened(content).automaticstyles.getElementsByType(style.Style)
        if each.getAttribute("datastylename") == "N-text"
    }
    for sheet in sheets_of(content).values():
        for cell in sheet.getElementsByType(table.TableCell):
            if cell.getAttribute("valuetype") == "string":
                assert cell.getAttribute("stylename") in texts


def test_first_member_says_what_the_file_is_and_nothing_tells_the_time() -> None:
    parts = parts_of(to_ods(a_round(), letter=Letter(council="Wexmoor Council")))

    assert next(iter(parts)) == "mimetype"
    assert parts["mimetype"] == b"application/vnd.oasis.opendocument.spreadsheet"
    told = opened(to_ods(a_round(), letter=Letter(council="Wexmoor Council"))).meta
    (created,) = told.getElementsByType(meta.CreationDate)
    assert str(created) == "2000-01-01T00:00:00"


def test_numbers_show_their_sign_in_points_and_an_empty_table_says_none() -> None:
    sheet = Sheet(
        name="Changes",
        heading=["Title"],
        columns=[Column(title="Change", width=9, number=POINTS)],
        rows=[(5,), (-5,), (0,)],
        after=["A note"],
    )
    empty = Sheet(name="Empty", heading=["Title"], columns=[Column(title="A", width=9)], rows=[])
    book = Book(title="T", subject="S", dated=Letter().dated, sheets=[sheet, empty])

    content = spreadsheet_bytes(book)

    sheets = sheets_of(content)
    assert rows_of(sheets["Empty"])[-1] == [("string", "None")]
    assert rows_of(sheets["Changes"])[-1] == [("string", "A note")]
    assert b'style:condition="value()&lt;0"' in parts_of(content)["content.xml"]


@pytest.mark.parametrize(("columns", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ")])
def test_letters_of_a_column(columns: int, letters: str) -> None:
    assert _letters(columns) == letters
