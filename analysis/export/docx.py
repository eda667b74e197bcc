"""A gated result as a document to edit: a letter for a round, a report for the others."""

from __future__ import annotations

from analysis.export.gated import Exported
from analysis.export.letter import Letter
from analysis.export.reports import report_of
from analysis.export.word_report import document_bytes


def to_docx(result: Exported, *, letter: Letter | None = None) -> bytes:
    """The document's bytes, equal for equal input."""
    return document_bytes(report_of(result, letter or Letter()))
