"""One module per format: a gated result in, text or bytes out.

Every exit takes a `Summary`, a `Comparison` or a `Benchmark` first, which has been through the
disclosure gate, and never a frame or a tally. `write` is the one door for a web page, a notebook
or a command line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from analysis.errors import AnalysisError
from analysis.export.gated import Exported as Exported
from analysis.export.gated import refuse_ungated
from analysis.export.letter import Letter
from analysis.result import Summary


class Format(StrEnum):
    """The formats a result can leave in."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    ODS = "ods"
    DOCX = "docx"
    PPTX = "pptx"
    PDF = "pdf"
    SAV = "sav"


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
        suffix=".xlsx",
        media_type=f"{_OFFICE}.spreadsheetml.sheet",
        title="Tables in a workbook, for Excel",
    ),
    Format.ODS: FileType(
        suffix=".ods",
        media_type="application/vnd.oasis.opendocument.spreadsheet",
        title="Tables in a spreadsheet of the open format",
    ),
    Format.DOCX: FileType(
        suffix=".docx",
        media_type=f"{_OFFICE}.wordprocessingml.document",
        title="A letter to edit",
    ),
    Format.PPTX: FileType(
        suffix=".pptx",
        media_type=f"{_OFFICE}.presentationml.presentation",
        title="Slides to present and edit",
    ),
    Format.PDF: FileType(
        suffix=".pdf", media_type="application/pdf", title="A report to read and print"
    ),
    Format.SAV: FileType(
        suffix=".sav", media_type="application/x-spss-sav", title="A data file for SPSS"
    ),
}

BESIDE_FORMATS = (Format.JSON, Format.CSV, Format.XLSX, Format.ODS, Format.DOCX)
"""The formats of a comparison and of a benchmark."""


class NoSuchFile(AnalysisError):
    """A result of this kind is not written in this format."""


def list_formats(kind: type[Exported]) -> tuple[Format, ...]:
    """The formats a result of this kind can be written in."""
    return tuple(Format) if kind is Summary else BESIDE_FORMATS


def file_title(file_format: Format, *, kind: type[Exported] = Summary) -> str:
    """What a page calls a file of this format: a comparison's document is no letter.

    >>> file_title(Format.DOCX)
    'A letter to edit'
    """
    if file_format is Format.DOCX and kind is not Summary:
        return "A report to edit"
    return FILE_TYPES[file_format].title


def write(result: Exported, *, to: Format, letter: Letter | None = None) -> bytes:
    """The bytes of a file in the given format. The same input always gives the same bytes.

    The libraries behind a format are loaded only when that format is asked for. Raises TypeError
    for anything that has not been through the gate, and NoSuchFile for a format that results of
    this kind do not have.
    """
    refuse_ungated(result)
    told = Letter() if letter is None else letter
    match to:
        case Format.JSON:
            from analysis.export.json import to_json

            return to_json(result).encode()
        case Format.CSV:
            from analysis.export.csv import to_csv

            return to_csv(result, letter=told)
        case Format.XLSX:
            from analysis.export.xlsx import to_xlsx

            return to_xlsx(result, letter=told)
        case Format.ODS:
            from analysis.export.ods import to_ods

            return to_ods(result, letter=told)
        case Format.DOCX:
            from analysis.export.docx import to_docx

            return to_docx(result, letter=told)
        case _:
            if not isinstance(result, Summary):
                raise NoSuchFile(f"a {type(result).__name__} is not written as {to.value}")
            return _summary_only(to)(result, letter=told)


def _summary_only(to: Format) -> Callable[..., bytes]:
    """The writer of a format that only a round's own result has."""
    match to:
        case Format.PPTX:
            from analysis.export.pptx import to_pptx

            return to_pptx
        case Format.PDF:
            from analysis.export.pdf import to_pdf

            return to_pdf
        case _:
            from analysis.export.sav import to_sav

            return to_sav
