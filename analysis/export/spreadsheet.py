"""A book of tables as an open document spreadsheet: typed numbers, headers repeated on paper.

Text is written as text in cells that are formatted as text, so that a name which begins with an
equals sign stays a name when somebody edits it.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, time
from functools import cache
from typing import Any

from odf import config, dc, meta, number, style, table, teletype, text
from odf.element import Element
from odf.namespaces import STYLENS, nsdict
from odf.opendocument import OpenDocument, OpenDocumentSpreadsheet

from analysis.export.archive import with_fixed_times
from analysis.export.safety import one_line
from analysis.export.sheets import (
    MARKS,
    PERCENT,
    POINTS,
    Book,
    Cell,
    Sheet,
    cell_text,
    header_text,
    is_number_column,
    row_height,
)

CHARACTER = 0.09
"""Inches of the column for one character of a column's width."""
FONT = "Arial"
INK = "#0b0c0c"
HEAD_FILL = "#e8eef4"
EDGE = "#b1b4b6"
LANGUAGE = ("en", "GB")


def spreadsheet_bytes(book: Book) -> bytes:
    """The finished file."""
    made = _Spreadsheet(book)
    for sheet in book.sheets:
        made.add(sheet)
    return made.bytes()


class _Spreadsheet:
    """A spreadsheet being made. `bytes` closes it."""

    def __init__(self, book: Book) -> None:
        self._document: OpenDocument = OpenDocumentSpreadsheet()
        self._styles: dict[tuple[object, ...], str] = {}
        self._views: list[Any] = []
        self._ranges: list[Any] = []
        self._describe(book)
        self._default_font()
        self._number_styles()
        self._page()

    def bytes(self) -> bytes:
        """The file with every time in it fixed."""
        ranges = table.DatabaseRanges()
        for each in self._ranges:
            ranges.addElement(each)
        self._document.spreadsheet.addElement(ranges)
        self._freeze()
        # The library declares every namespace that anything in this process has used so far.
        Element.namespaces = dict(nsdict)
        stream = io.BytesIO()
        self._document.write(stream)
        return with_fixed_times(stream.getvalue())

    def add(self, told: Sheet) -> None:
        """A sheet: heading lines, the table, and lines of words after it."""
        made = table.Table(name=told.name, stylename=self._style("table"))
        for column in told.columns:
            width = f"{column.width * CHARACTER:.3f}in"
            made.addElement(table.TableColumn(stylename=self._style("column", width=width)))
        for at, words in enumerate(told.heading):
            look = "title" if at == 0 else "words"
            made.addElement(self._row([one_line(words)], [self._style(look)]))
        made.addElement(table.TableRow())
        made.addElement(self._header(told))
        for at in range(len(told.rows)):
            made.addElement(self._body_row(told, at))
        if not told.rows:
            made.addElement(self._row(["None"], [self._style("text")]))
        if told.after:
            made.addElement(table.TableRow())
        for words in told.after:
            made.addElement(self._row([one_line(words)], [self._style("words")]))
        self._document.spreadsheet.addElement(made)
        self._remember(told)

    def _header(self, told: Sheet) -> Any:
        titles = list(map(header_text, told.columns))
        looks = [self._style("head", right=is_number_column(told, at)) for at in range(len(titles))]
        kept = table.TableHeaderRows()
        kept.addElement(self._row(titles, looks, height=row_height(titles, told.columns)))
        return kept

    def _body_row(self, told: Sheet, at: int) -> Any:
        row = told.rows[at]
        bold = at in told.bold
        looks = []
        for cell, column in zip(row, told.columns, strict=True):
            if isinstance(cell, str) or cell is None:
                looks.append(self._style("text", right=cell in MARKS, bold=bold))
            else:
                looks.append(self._style("number", code=column.number, bold=bold))
        return self._row(row, looks, height=row_height(row, told.columns))

    def _row(self, cells: Any, looks: list[str], *, height: float | None = None) -> Any:
        name = None if height is None else self._style("row", height=f"{height:g}pt")
        row = table.TableRow(stylename=name) if name else table.TableRow()
        for cell, look in zip(cells, looks, strict=True):
            row.addElement(_cell(cell, look))
        return row

    def _describe(self, book: Book) -> None:
        stamp = datetime.combine(book.dated, time.min).isoformat()
        told = self._document.meta
        for element, words in (
            (dc.Title(), one_line(book.title)),
            (dc.Subject(), one_line(book.subject)),
            (meta.InitialCreator(), "Signpost"),
            (dc.Creator(), "Signpost"),
            (meta.CreationDate(), stamp),
            (dc.Date(), stamp),
            (dc.Language(), "-".join(LANGUAGE)),
        ):
            element.addText(words)
            told.addElement(element)

    def _default_font(self) -> None:
        face = style.FontFace(name=FONT, fontfamily=FONT, fontfamilygeneric="swiss")
        self._document.fontfacedecls.addElement(face)
        usual = style.DefaultStyle(family="table-cell")
        usual.addElement(
            style.TextProperties(
                fontname=FONT,
                fontnameasian=FONT,
                fontnamecomplex=FONT,
                fontsize="10pt",
                language=LANGUAGE[0],
                country=LANGUAGE[1],
            )
        )
        self._document.styles.addElement(usual)

    def _number_styles(self) -> None:
        """Formats of numbers, named after what they show."""
        whole = number.NumberStyle(name="N-whole")
        whole.addElement(number.Number(decimalplaces="0", minintegerdigits="1", grouping="true"))
        percent = number.PercentageStyle(name="N-percent")
        percent.addElement(number.Number(decimalplaces="0", minintegerdigits="1"))
        percent.addElement(number.Text(text="%"))
        made = [whole, percent]
        for name, places in (("N-two", "2"), ("N-one", "1")):
            decimal = number.NumberStyle(name=name)
            decimal.addElement(number.Number(decimalplaces=places, minintegerdigits="1"))
            made.append(decimal)
        made += _signed_styles()
        words = number.TextStyle(name="N-text")
        words.addElement(number.TextContent())
        for each in (*made, words):
            self._document.automaticstyles.addElement(each)

    def _page(self) -> None:
        """A4 on its side, as wide as the sheet, pages numbered."""
        layout = style.PageLayout(name="page")
        paper = style.PageLayoutProperties(
            pagewidth="29.7cm",
            pageheight="21cm",
            printorientation="landscape",
            margintop="1.5cm",
            marginbottom="1.2cm",
            marginleft="1.3cm",
            marginright="1.3cm",
        )
        # Fitted to the width, over as many pages as it takes; the library does not know of it.
        paper.setAttrNS(STYLENS, "scale-to-X", "1")
        paper.setAttrNS(STYLENS, "scale-to-Y", "0")
        layout.addElement(paper)
        foot = style.FooterStyle()
        foot.addElement(style.HeaderFooterProperties(minheight="0.6cm", margintop="0.2cm"))
        layout.addElement(foot)
        self._document.automaticstyles.addElement(layout)
        master = style.MasterPage(name="Default", pagelayoutname="page")
        footer = style.Footer()
        words = text.P()
        words.addElement(text.SheetName(text="Sheet"))
        words.addText(", page ")
        words.addElement(text.PageNumber(text="1"))
        words.addText(" of ")
        words.addElement(text.PageCount(text="1"))
        footer.addElement(words)
        master.addElement(footer)
        self._document.masterstyles.addElement(master)

    def _style(self, kind: str, **given: Any) -> str:
        """The name of an automatic style, made the first time it is asked for."""
        key = (kind, *sorted(given.items()))
        if key not in self._styles:
            name = f"{kind}-{len(self._styles)}"
            self._document.automaticstyles.addElement(_LOOKS[kind](name, **given))
            self._styles[key] = name
        return self._styles[key]

    def _remember(self, told: Sheet) -> None:
        """The rows to freeze, and the table's place for its filter buttons."""
        top = len(told.heading) + 2
        last = top + max(1, len(told.rows))
        corner = _letters(len(told.columns))
        self._ranges.append(
            table.DatabaseRange(
                name=told.name.replace(" ", "_"),
                targetrangeaddress=f"'{told.name}'.A{top}:'{told.name}'.{corner}{last}",
                displayfilterbuttons="true",
            )
        )
        entry = config.ConfigItemMapEntry(name=told.name)
        for name, kind, value in (
            ("HorizontalSplitMode", "short", "0"),
            ("VerticalSplitMode", "short", "2"),
            ("VerticalSplitPosition", "int", str(top)),
            ("ActiveSplitRange", "short", "2"),
            ("PositionTop", "int", "0"),
            ("PositionBottom", "int", str(top)),
        ):
            item = config.ConfigItem(name=name, type=kind)
            item.addText(value)
            entry.addElement(item)
        self._views.append(entry)

    def _freeze(self) -> None:
        named = config.ConfigItemMapNamed(name="Tables")
        for entry in self._views:
            named.addElement(entry)
        view = config.ConfigItemMapEntry()
        view.addElement(named)
        views = config.ConfigItemMapIndexed(name="Views")
        views.addElement(view)
        held = config.ConfigItemSet(name="ooo:view-settings")
        held.addElement(views)
        self._document.settings.addElement(held)


def _cell(cell: Cell, look: str) -> Any:
    if cell is None or cell == "":
        return table.TableCell(stylename=look)
    if isinstance(cell, str):
        made = table.TableCell(stylename=look, valuetype="string")
        for words in cell_text(cell).replace("\r\n", "\n").split("\n"):
            paragraph = text.P()
            teletype.addTextToElement(paragraph, words.replace("\r", " "))
            made.addElement(paragraph)
        return made
    made = table.TableCell(stylename=look, valuetype="float", value=repr(cell))
    made.addElement(text.P(text=f"{cell:g}"))
    return made


def _signed_styles() -> list[Any]:
    """Points of difference: a plus sign, a true minus sign, and none for nought."""
    made = []
    for name, sign in (("N-signed-minus", "−"), ("N-signed-nought", ""), ("N-signed", "+")):
        signed = number.NumberStyle(name=name)
        if sign:
            signed.addElement(number.Text(text=sign))
        signed.addElement(number.Number(decimalplaces="0", minintegerdigits="1"))
        made.append(signed)
    for condition, applied in (("value()<0", "N-signed-minus"), ("value()=0", "N-signed-nought")):
        made[-1].addElement(style.Map(condition=condition, applystylename=applied))
    return made


@cache
def _letters(columns: int) -> str:
    """The letter of the last of so many columns.

    >>> _letters(1), _letters(26), _letters(28)
    ('A', 'Z', 'AB')
    """
    letters = ""
    while columns:
        columns, rest = divmod(columns - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


_DATA = {"#,##0": "N-whole", PERCENT: "N-percent", "0.00": "N-two", "0.0": "N-one"}
_DATA[POINTS] = "N-signed"


def _cell_style(name: str, *, data: str, right: bool, bold: bool, wrap: bool, **more: str) -> Any:
    made = style.Style(name=name, family="table-cell", datastylename=data)
    made.addElement(
        style.TableCellProperties(
            wrapoption="wrap" if wrap else "no-wrap",
            verticalalign=more.pop("vertical", "top"),
            textalignsource="fix",
            paddingleft="0.06in",
            paddingright="0.06in",
            **{key: value for key, value in more.items() if key != "fontsize"},
        )
    )
    made.addElement(style.ParagraphProperties(textalign="end" if right else "start"))
    size = more.get("fontsize", "10pt")
    weight = "bold" if bold else "normal"
    made.addElement(
        style.TextProperties(
            color=INK,
            fontsize=size,
            fontweight=weight,
            fontweightasian=weight,
            fontweightcomplex=weight,
        )
    )
    return made


def _text_style(name: str, *, right: bool = False, bold: bool = False) -> Any:
    return _cell_style(
        name, data="N-text", right=right, bold=bold, wrap=True, borderbottom=f"0.5pt solid {EDGE}"
    )


def _number_style(name: str, *, code: str, bold: bool) -> Any:
    return _cell_style(
        name,
        data=_DATA[code],
        right=True,
        bold=bold,
        wrap=True,
        borderbottom=f"0.5pt solid {EDGE}",
    )


def _head_style(name: str, *, right: bool) -> Any:
    return _cell_style(
        name,
        data="N-text",
        right=right,
        bold=True,
        wrap=True,
        vertical="bottom",
        borderbottom=f"1.5pt solid {INK}",
        backgroundcolor=HEAD_FILL,
    )


def _title_style(name: str) -> Any:
    return _cell_style(name, data="N-text", right=False, bold=True, wrap=False, fontsize="14pt")


def _words_style(name: str) -> Any:
    return _cell_style(name, data="N-text", right=False, bold=False, wrap=False)


def _column_style(name: str, *, width: str) -> Any:
    made = style.Style(name=name, family="table-column")
    made.addElement(style.TableColumnProperties(columnwidth=width))
    return made


def _row_style(name: str, *, height: str) -> Any:
    made = style.Style(name=name, family="table-row")
    made.addElement(style.TableRowProperties(rowheight=height, useoptimalrowheight="true"))
    return made


def _table_style(name: str) -> Any:
    made = style.Style(name=name, family="table", masterpagename="Default")
    made.addElement(style.TableProperties(display="true", writingmode="lr-tb"))
    return made


_LOOKS: dict[str, Callable[..., Any]] = {
    "text": _text_style,
    "number": _number_style,
    "head": _head_style,
    "title": _title_style,
    "words": _words_style,
    "column": _column_style,
    "row": _row_style,
    "table": _table_style,
}
