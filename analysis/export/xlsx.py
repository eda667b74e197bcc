"""A gated result as an Excel workbook."""

from __future__ import annotations

from analysis.export.books import book_of
from analysis.export.gated import Exported
from analysis.export.letter import Letter
from analysis.export.workbook import workbook_bytes


def to_xlsx(result: Exported, *, letter: Letter | None = None) -> bytes:
    """The workbook's bytes, equal for equal input.

    Comments that are not quotable are left out, whatever the letter holds.
    """
    return workbook_bytes(book_of(result, letter or Letter()))
