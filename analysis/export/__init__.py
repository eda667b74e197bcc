"""One module per format: a gated summary in, text or bytes out.

Every exit takes a `Summary` first, which has been through the disclosure gate, and never a frame
or a tally. `write` is the one door for a web page or a command line.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from analysis.export.letter import Letter
from analysis.result import Summary


class Format(StrEnum):
    """The formats a result can leave in."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    DOCX = "docx"


@dataclass(frozen=True, kw_only=True)
class FileType:
    """How a format is named to a browser and to a reader."""

    suffix: str
    media_type: str
    title: str


_OFFICE = "application/vnd.openxmlformats-officedocument"

FILE_TYPES: dict[Format, FileType] = {
    Format.JSON: FileType(
        suffix=".json", media_type="application/json", title="The whole result for other programs"
    ),
    Format.CSV: FileType(
        suffix=".csv", media_type="text/csv; charset=utf-8", title="Every figure, one on a line"
    ),
    Format.XLSX: FileType(
        suffix=".xlsx", media_type=f"{_OFFICE}.spreadsheetml.sheet", title="Tables in a workbook"
    ),
    Format.DOCX: FileType(
        suffix=".docx",
        media_type=f"{_OFFICE}.wordprocessingml.document",
        title="A letter to edit",
    ),
}


def write(summary: Summary, *, to: Format, letter: Letter | None = None) -> bytes:
    """The bytes of a file in the given format. The same input always gives the same bytes.

    The libraries behind a format are loaded only when that format is asked for.
    """
    told = Letter() if letter is None else letter
    match to:
        case Format.JSON:
            from analysis.export.json import to_json

            return to_json(summary).encode()
        case Format.CSV:
            from analysis.export.csv import to_csv

            return to_csv(summary, letter=told)
        case Format.XLSX:
            from analysis.export.xlsx import to_xlsx

            return to_xlsx(summary, letter=told)
        case Format.DOCX:
            from analysis.export.docx import to_docx

            return to_docx(summary, letter=told)
