"""A Word document with real styles: headings, lists, tables with a repeated header, page numbers.

Everything is done through styles, so that whoever edits the letter can restyle it at once and a
screen reader can find its way. The bytes are the same whenever the content is.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from analysis.export.archive import with_fixed_times
from analysis.export.report import NOTHING_STANDS_OUT, Columns, Grid
from analysis.export.safety import clean, one_line

FONT = "Arial"
INK = RGBColor(0x0B, 0x0C, 0x0C)
ACCENT = RGBColor(0x0B, 0x3C, 0x6F)
ACCENT_FILL = "E8EEF4"
LANGUAGE = "en-GB"
LONGEST = 6_000
"""A cell or paragraph longer than this is cut; nobody reads it in a letter."""


def new_document(*, title: str, subject: str, dated: date) -> Document:
    """An empty A4 document with its styles, language, properties and page numbers set."""
    document = docx.Document()
    _set_styles(document)
    _set_language(document)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(1.9)
    _number_pages(section.footer.paragraphs[0], title=one_line(title))
    stamp = datetime.combine(dated, time.min, tzinfo=UTC)
    properties = document.core_properties
    properties.title = one_line(title)[:255]
    properties.subject = one_line(subject)[:255]
    properties.author = "Signpost"
    properties.last_modified_by = "Signpost"
    properties.comments = ""
    properties.language = LANGUAGE
    properties.revision = 1
    properties.created = properties.modified = stamp
    return document


def _set_styles(document: Document) -> None:
    sizes = {
        "Normal": (10.5, INK, 0, 6),
        "Title": (20, ACCENT, 0, 4),
        "Subtitle": (12, INK, 0, 12),
        "Heading 1": (14, ACCENT, 14, 4),
        "Heading 2": (11.5, ACCENT, 10, 3),
        "Heading 3": (11, ACCENT, 10, 3),
        "List Bullet": (10.5, INK, 0, 3),
        "Quote": (10.5, INK, 2, 6),
    }
    for name, (size, colour, before, after) in sizes.items():
        style: Any = document.styles[name]
        _plain_font(style, size=size, colour=colour)
        style.font.italic = False
        spacing = style.paragraph_format
        spacing.space_before, spacing.space_after = Pt(before), Pt(after)
        spacing.line_spacing = 1.08
    for name in ("Title", "Subtitle"):
        stretched: Any = document.styles[name]
        for spacing_mark in list(stretched.element.rPr.iter(qn("w:spacing"))):
            spacing_mark.getparent().remove(spacing_mark)
    title: Any = document.styles["Title"]
    title.font.bold = True
    for border in list(title.element.iter(qn("w:pBdr"))):
        border.getparent().remove(border)
    # Word would otherwise close up a list, and bullets of several lines would run together.
    bullet: Any = document.styles["List Bullet"]
    for closed_up in list(bullet.element.iter(qn("w:contextualSpacing"))):
        closed_up.getparent().remove(closed_up)
    quote: Any = document.styles["Quote"]
    quote.paragraph_format.left_indent = Cm(0.8)
    closing: Any = document.styles.add_style("Closing words", WD_STYLE_TYPE.PARAGRAPH)
    closing.base_style = document.styles["Normal"]
    closing.paragraph_format.space_before = Pt(14)
    for name, size, bold in (("Table text", 9, False), ("Table heading", 9, True)):
        cell_style: Any = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        cell_style.base_style = document.styles["Normal"]
        _plain_font(cell_style, size=size, colour=INK)
        cell_style.font.bold = bold
        cell_style.paragraph_format.space_after = Pt(1)
        cell_style.paragraph_format.line_spacing = 1.0


def _plain_font(style: Any, *, size: float, colour: RGBColor) -> None:
    """The house font. The theme's own font, which would win, is taken out."""
    style.font.name = FONT
    style.font.size = Pt(size)
    style.font.color.rgb = colour
    fonts = style.element.rPr.rFonts
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    fonts.set(qn("w:cs"), FONT)


def _set_language(document: Document) -> None:
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    for language in document.settings.element.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), LANGUAGE)


def _number_pages(paragraph: Paragraph, *, title: str) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.add_run(f"{title[:80]}   Page ").font.size = Pt(9)
    _field(paragraph, "PAGE")
    paragraph.add_run(" of ").font.size = Pt(9)
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Paragraph, name: str) -> None:
    for kind, words in (("begin", ""), ("", name), ("separate", ""), ("text", "1"), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(9)
        if kind in ("begin", "separate", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:t" if kind == "text" else "w:instrText")
            mark.text = words
        run._r.append(mark)


def paragraph(document: Document, words: str, *, style: str = "Normal") -> Paragraph:
    """A paragraph of plain words."""
    return document.add_paragraph(clean(words)[:LONGEST], style=style)


def paragraph_with_title(document: Document, title: str, words: str) -> Paragraph:
    """A paragraph that opens with its title in bold."""
    made = document.add_paragraph()
    made.add_run(f"{clean(title)[:LONGEST]}: ").bold = True
    made.add_run(clean(words)[:LONGEST])
    return made


def heading(document: Document, words: str, *, level: int) -> None:
    """A heading, which stays on the page of what follows it."""
    document.add_heading(one_line(words)[:LONGEST], level=level)


def landscape(document: Document) -> None:
    """Begin a new section on its side, for wide tables."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(1.6)
    section.top_margin = section.bottom_margin = Cm(1.5)


def table(document: Document, told: Grid, *, together: bool = False) -> None:
    """A table whose header is repeated on every page and whose rows are never split.

    `together` keeps a short table on one page.
    """
    grid = _grid(
        document,
        description=told.description,
        headers=told.headers,
        widths=told.widths,
        rows=len(told.rows),
    )
    for cells, row in zip(grid[1:], told.rows, strict=True):
        for column, words in enumerate(row):
            cell = cells[column].paragraphs[0]
            cell.style = "Table text"
            cell.add_run(one_line(words)[:LONGEST])
            if column in told.numbers:
                cell.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if together:
        for cells in grid[:-1]:
            for kept in cells:
                kept.paragraphs[0].paragraph_format.keep_with_next = True
    for column in told.numbers:
        grid[0][column].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _gap_after(document)


def bullet_columns(document: Document, told: Columns) -> None:
    """Two columns of bullets side by side, each bullet a bold title and its words."""
    grid = _grid(
        document,
        description=told.description,
        headers=told.headers,
        widths=(8.3, 8.3),
        rows=1,
    )
    for at, bullets in enumerate(told.columns):
        cell = grid[1][at]
        first = cell.paragraphs[0]
        if not bullets:
            first.add_run(NOTHING_STANDS_OUT)
        for number, (title, words) in enumerate(bullets):
            line = first if number == 0 else cell.add_paragraph()
            line.style = "List Bullet"
            line.add_run(f"{one_line(title)[:LONGEST]}: ").bold = True
            line.add_run(clean(words)[:LONGEST])
        if told.closing[at]:
            cell.add_paragraph(told.closing[at])
    # The one row of bullets may run over a page; only rows of figures are kept whole.
    row = grid[1][0]._tc.getparent()
    for prevented in list(row.iter(qn("w:cantSplit"))):
        prevented.getparent().remove(prevented)
    _gap_after(document)


def _gap_after(document: Document) -> None:
    """A low empty line: without one, two tables that follow each other become one."""
    gap = document.add_paragraph(style="Table text")
    gap.paragraph_format.line_spacing = Pt(4)


def _grid(
    document: Document,
    *,
    description: str,
    headers: Sequence[str],
    widths: Sequence[float],
    rows: int,
) -> list[tuple[_Cell, ...]]:
    """An empty table with its header written. Returns its cells, row by row."""
    made = document.add_table(rows=rows + 1, cols=len(headers), style="Table Grid")
    made.autofit = False
    properties = made._tbl.tblPr
    # The format fixes the order: borders, layout, padding, look, description.
    properties.find(qn("w:tblLayout")).addprevious(_borders())
    properties.find(qn("w:tblLayout")).addnext(_padding())
    told = OxmlElement("w:tblDescription")
    told.set(qn("w:val"), one_line(description)[:LONGEST])
    properties.append(told)
    # Asking the table for its cells one by one would walk the whole of it every time.
    grid = [row.cells for row in made.rows]
    for column, width in enumerate(widths):
        made.columns[column].width = Cm(width)
    for head, words in zip(grid[0], headers, strict=True):
        head.paragraphs[0].style = "Table heading"
        head.paragraphs[0].add_run(one_line(words)[:LONGEST])
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", ACCENT_FILL)):
            shade.set(qn(f"w:{name}"), value)
        head._tc.get_or_add_tcPr().append(shade)
    for cells in grid:
        for cell, width in zip(cells, widths, strict=True):
            cell.width = Cm(width)
    for number, row in enumerate(made.rows):
        kept = row._tr.get_or_add_trPr()
        kept.append(OxmlElement("w:cantSplit"))
        if number == 0:
            kept.append(OxmlElement("w:tblHeader"))
    return grid


def _borders() -> Any:
    """Thin grey lines between rows and none between columns: easier on the eye than a grid."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        edge = OxmlElement(f"w:{side}")
        upright = side in ("left", "right", "insideV")
        edge.set(qn("w:val"), "nil" if upright else "single")
        edge.set(qn("w:sz"), "4")
        edge.set(qn("w:color"), "8A9299")
        borders.append(edge)
    return borders


def _padding() -> Any:
    padding = OxmlElement("w:tblCellMar")
    for side, twentieths in (("top", "34"), ("left", "85"), ("bottom", "34"), ("right", "85")):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), twentieths)
        edge.set(qn("w:type"), "dxa")
        padding.append(edge)
    return padding


def to_bytes(document: Document) -> bytes:
    """The document's file with every time in it fixed, so that equal content is equal bytes."""
    written = io.BytesIO()
    document.save(written)
    return with_fixed_times(written.getvalue())
