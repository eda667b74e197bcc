"""A report as a Word document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.export import word
from analysis.export.report import (
    Block,
    Bullets,
    Columns,
    Grid,
    Heading,
    Picture,
    Report,
    Sideways,
    Style,
    Words,
)

if TYPE_CHECKING:
    from docx.document import Document

MOST_TOGETHER = 12
"""Rows of a table that are kept on one page."""
STYLES = {
    Style.NORMAL: "Normal",
    Style.NOTE: "Table text",
    Style.QUOTE: "Quote",
    Style.CLOSING: "Closing words",
}


def document_bytes(report: Report) -> bytes:
    """The document's bytes, equal for equal input. Pictures are left to the formats for reading."""
    document = word.new_document(title=report.title, subject=report.subject, dated=report.dated)
    word.paragraph(document, report.title, style="Title")
    if report.subtitle:
        word.paragraph(document, report.subtitle, style="Subtitle")
    for block in report.blocks:
        _add(document, block)
    return word.to_bytes(document)


def _add(document: Document, block: Block) -> None:
    match block:
        case Heading():
            word.heading(document, block.text, level=block.level)
        case Words() if block.title:
            word.paragraph_with_title(document, block.title, block.text)
        case Words():
            word.paragraph(document, block.text, style=STYLES[block.style])
        case Bullets():
            for item in block.items:
                word.paragraph(document, item, style="List Bullet")
        case Columns():
            word.bullet_columns(document, block)
        case Grid():
            word.table(
                document, block, together=block.together and len(block.rows) <= MOST_TOGETHER
            )
        case Sideways():
            word.landscape(document)
        case Picture():
            pass
