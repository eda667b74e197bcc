"""Every word and number of an exported file, read with the library of its format."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import odf.opendocument
import openpyxl
import pikepdf
import pyreadstat
from odf import table, teletype, text
from pptx import Presentation

from analysis.export import Format


def text_of(content: bytes, form: Format) -> str:
    """All text of a file, what is hidden in charts, notes and properties included."""
    return "\n".join(_READERS[form](content))


def _json(content: bytes) -> Iterator[str]:
    def walk(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for key, each in value.items():
                yield str(key)
                yield from walk(each)
        elif isinstance(value, list):
            for each in value:
                yield from walk(each)
        else:
            yield str(value)

    yield from walk(json.loads(content))


def _csv(content: bytes) -> Iterator[str]:
    yield content.decode("utf-8-sig")


def _xlsx(content: bytes) -> Iterator[str]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    yield str(book.properties.title)
    for sheet in book.worksheets:
        for row in sheet.iter_rows(values_only=True):
            yield from (str(value) for value in row if value is not None)


def _ods(content: bytes) -> Iterator[str]:
    book = odf.opendocument.load(io.BytesIO(content))
    for cell in book.spreadsheet.getElementsByType(table.TableCell):
        yield str(cell.getAttribute("value") or "")
        for paragraph in cell.getElementsByType(text.P):
            yield teletype.extractText(paragraph)


def _docx(content: bytes) -> Iterator[str]:
    document = docx.Document(io.BytesIO(content))
    for element in document.element.body.iter():
        if element.tag.endswith("}t"):
            yield element.text or ""
        elif element.tag.endswith("}tblDescription"):
            yield str(next(iter(element.attrib.values())))


def _pptx(content: bytes) -> Iterator[str]:
    deck: Any = Presentation(io.BytesIO(content))
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                yield shape.text_frame.text
            yield shape._element.xpath(".//p:cNvPr")[0].get("descr") or ""
            if shape.has_chart:
                for plot in shape.chart.plots:
                    yield from map(str, plot.categories)
                    for series in plot.series:
                        yield str(series.name)
                        yield from map(str, series.values)
                yield from _xlsx(shape.chart.part.chart_workbook.xlsx_part.blob)


def _pdf(content: bytes) -> Iterator[str]:
    """The text that is set, drawn charts included, and what is said of the charts."""
    with pikepdf.open(io.BytesIO(content)) as opened:
        yield str(opened.docinfo.get("/Title", ""))
        for held in opened.objects:
            if isinstance(held, pikepdf.Dictionary) and "/Alt" in held:
                yield str(held["/Alt"])
        for page in opened.pages:
            yield from _page_text(page.obj)


def _page_text(place: Any) -> Iterator[str]:
    """The text of a page or a form in it, by the fonts' own tables of letters."""
    fonts = {
        name: _letters(font)
        for name, font in dict(place.get("/Resources", {}).get("/Font", {})).items()
    }
    letters: dict[int, str] = {}
    line = ""
    instruction: Any
    for instruction in pikepdf.parse_content_stream(place):
        operands, operator = instruction.operands, instruction.operator
        if str(operator) == "Tf":
            letters = fonts[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            parts = operands[0] if str(operator) == "TJ" else [operands[0]]
            for part in parts:
                if isinstance(part, pikepdf.String):
                    raw = bytes(part)
                    for at in range(0, len(raw), 2):
                        line += letters.get(int.from_bytes(raw[at : at + 2], "big"), "")
        elif str(operator) in ("Td", "Tm", "ET", "T*"):
            line += " "
    yield line
    for form in dict(place.get("/Resources", {}).get("/XObject", {})).values():
        if form.get("/Subtype") == "/Form":
            yield from _page_text(form)


def _letters(font: Any) -> dict[int, str]:
    """Glyph number to letters, from the font's table for reading aloud."""
    found: dict[int, str] = {}
    lines = bytes(font["/ToUnicode"].read_bytes()).decode("latin-1").splitlines()
    for line in lines:
        parts = line.replace("<", " ").replace(">", " ").split()
        if len(parts) == 2 and line.startswith("<"):
            found[int(parts[0], 16)] = bytes.fromhex(parts[1]).decode("utf-16-be")
        elif len(parts) == 3 and line.startswith("<") and len(parts[0]) == 4:
            first, last = int(parts[0], 16), int(parts[1], 16)
            start = int.from_bytes(bytes.fromhex(parts[2]), "big")
            for place in range(first, last + 1):
                found[place] = chr(start + place - first)
    return found


def _sav(content: bytes) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "read.sav"
        file.write_bytes(content)
        frame, about = pyreadstat.read_sav(file, user_missing=True)
    yield from about.notes
    yield str(about.file_label)
    for column in frame.columns:
        yield from (str(value) for value in frame[column])
    yield from (
        str(label) for labels in about.variable_value_labels.values() for label in labels.values()
    )


_READERS = {
    Format.JSON: _json,
    Format.CSV: _csv,
    Format.XLSX: _xlsx,
    Format.ODS: _ods,
    Format.DOCX: _docx,
    Format.PPTX: _pptx,
    Format.PDF: _pdf,
    Format.SAV: _sav,
}


def parts_of(content: bytes) -> dict[str, bytes]:
    """The members of an archive by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}
