"""A gated result as an open document spreadsheet."""

from __future__ import annotations

from analysis.export.books import book_of
from analysis.export.gated import Exported
from analysis.export.letter import Letter
from analysis.export.spreadsheet import spreadsheet_bytes


def to_ods(result: Exported, *, letter: Letter | None = None) -> bytes:
    """The spreadsheet's bytes, equal for equal input: the same tables as in the workbook."""
    return spreadsheet_bytes(book_of(result, letter or Letter()))
