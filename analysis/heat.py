"""The heat map: a grid of shares, each written in its cell, the darker the more favourable.

The figure in the cell carries the meaning; the shade only helps to find it again. A cell whose
figure is withheld is hatched and marked, and never looks like a low one; one that
was not asked is marked and bare.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analysis import svg, tables
from analysis.chart_words import mark_text, short_share
from analysis.result import Mark
from analysis.svg import Paint

SHADES: Final = (
    Paint(name="share-1", colour="#ffffff", ink="#0b0c0c"),
    Paint(name="share-2", colour="#dbe9f6", ink="#0b0c0c"),
    Paint(name="share-3", colour="#aecbe8", ink="#0b0c0c"),
    Paint(name="share-4", colour="#6aa0d3", ink="#0b0c0c"),
    Paint(name="share-5", colour="#0b3c6f", ink="#ffffff"),
)
"""From few to many favourable; each holds a fifth of the scale."""
WITHHELD: Final = Paint(name="withheld", colour="#ffffff", texture="stripes", ink="#8a8f91")
BAND: Final = 20
"""Percentage points in one shade."""

SIGNS: Final[dict[str, str]] = {
    "nearly all": "++",
    "most": "+",
    "mostly positive": "+",
    "about half": "±",
    "divided": "±",
    "fewer than half": "−",
    "mostly not": "−",
    "mostly not positive": "−",
    "nearly none": "−−",
}
"""What stands in a cell for the gate's words."""
IN_WORDS: Final = "w"

CELL: Final = 30
LEFT: Final = 0.3
WHOLE: Final = 99.4
HEADING: Final = 215
"""Pixels of height a column's heading may take."""
HORIZONTAL: Final = 90
"""Pixels a column must have on the narrowest page for its heading to be written across."""
WITH_SIGN: Final = 42
"""Pixels a column must have on the narrowest page for a percent sign in each cell."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A share from 0 to 1, or words in its place, or a mark and nothing else.

    `part` is True for a mean over fewer questions than the other cells of its row.
    """

    share: float | None = None
    words: str | None = None
    mark: Mark | None = None
    part: bool = False


@dataclass(frozen=True, kw_only=True)
class HeatRow:
    """A row of the grid: its label and one cell for each column."""

    label: str
    cells: tuple[Cell, ...]


def draw(
    columns: Sequence[str],
    rows: Sequence[HeatRow],
    *,
    chart: str,
    title: str,
    description: str,
    note: str = "",
) -> str:
    """The whole drawing. There is at least one column, and every row has a cell for each.

    `note` says what a cell's figure is, where that is not simply the share of one question.
    """
    room = svg.NARROWEST * WHOLE / 100 / len(columns)
    parts, y = _key(rows, note)
    y += 10
    drawn, y = _headings(columns, room=room, y=y)
    parts += drawn
    for row in rows:
        y += 8
        for words in svg.wrap(row.label) or ("",):
            y += svg.LINE_HEIGHT
            parts.append(svg.text(words, y=y, bold=True))
        y += 6
        for place, cell in enumerate(row.cells):
            x = LEFT + WHOLE * place / len(columns)
            parts.append(_cell(cell, chart=chart, x=x, y=y, width=WHOLE / len(columns), room=room))
        y += CELL
    return svg.document(
        "".join(parts),
        chart=chart,
        title=title,
        description=description,
        height=y + 4,
        paints=(*SHADES, WITHHELD),
    )


def shade(share: float) -> Paint:
    """The paint of a share, by the whole percent that is written in the cell.

    >>> shade(0.195).name, shade(0.194).name, shade(1.0).name
    ('share-2', 'share-1', 'share-5')
    """
    return SHADES[min(tables.percent_of(share) // BAND, len(SHADES) - 1)]


def cell_text(cell: Cell) -> str:
    """A cell's figure, words or mark as a table writes them.

    >>> cell_text(Cell(share=0.6)), cell_text(Cell(mark=Mark.CONFIDENTIAL))
    ('60%', '[c] too few to show')
    """
    if cell.share is not None:
        return f"{short_share(cell.share)}%{'*' if cell.part else ''}"
    if cell.words:
        return cell.words
    return mark_text(cell.mark or Mark.NOT_AVAILABLE)


def _short(cell: Cell, *, room: float) -> str:
    if cell.share is not None:
        sign = "%" if room >= WITH_SIGN else ""
        return f"{short_share(cell.share)}{sign}{'*' if cell.part else ''}"
    if cell.words:
        return SIGNS.get(cell.words.lower(), IN_WORDS)
    return tables.mark_code(cell.mark or Mark.NOT_AVAILABLE)


def _cell(cell: Cell, *, chart: str, x: float, y: float, width: float, room: float) -> str:
    words = _short(cell, room=room)
    middle, line = x + width / 2, y + CELL / 2 + 5
    if cell.share is not None:
        paint = shade(cell.share)
        box = svg.rect(paint.colour, x=x, y=y, width=width, height=CELL)
        is_small = svg.width_of(words) + 2 > room
        return box + svg.text(
            words, x=middle, y=line, anchor="middle", colour=paint.ink, is_small=is_small
        )
    if cell.words:
        box = svg.rect(SHADES[0].colour, x=x, y=y, width=width, height=CELL)
        return box + svg.text(
            words, x=middle, y=line, anchor="middle", bold=True, colour=SHADES[0].ink
        )
    mark = svg.text(words, x=middle, y=line, anchor="middle", colour=SHADES[0].ink)
    if cell.mark is not Mark.CONFIDENTIAL:
        return svg.rect(SHADES[0].colour, x=x, y=y, width=width, height=CELL) + mark
    half = svg.width_of(words) / 2 + 1
    plate = f'<rect x="{-half:.1f}" y="6" width="{2 * half:.1f}" height="18" fill="#ffffff"/>'
    hatched = svg.rect(svg.fill_of(chart, WITHHELD), x=x, y=y, width=width, height=CELL)
    return hatched + svg.at(plate, x=middle, y=y) + mark


def _headings(columns: Sequence[str], *, room: float, y: float) -> tuple[list[str], float]:
    """The columns' names, across where there is room, else reading upwards."""
    parts = []
    each = WHOLE / len(columns)
    if room >= HORIZONTAL:
        wrapped = [svg.wrap(name, width=room - 8) for name in columns]
        for place, lines in enumerate(wrapped):
            for row, words in enumerate(lines):
                x = LEFT + each * (place + 0.5)
                top = y + svg.LINE_HEIGHT * (row + 1)
                parts.append(svg.text(words, x=x, y=top, anchor="middle"))
        return parts, y + svg.LINE_HEIGHT * max(map(len, wrapped)) + 2
    most = max(1, int((room - 4) // svg.LINE_HEIGHT))
    wrapped = [svg.wrap(name, width=HEADING, most=most) for name in columns]
    height = max(svg.width_of(words) for lines in wrapped for words in lines)
    for place, lines in enumerate(wrapped):
        x = LEFT + each * (place + 0.5)
        for row, words in enumerate(lines):
            dx = (row - (len(lines) - 1) / 2) * (svg.LINE_HEIGHT - 2) + 5
            parts.append(svg.upright(words, x=x, y=y + height, dx=dx))
    return parts, y + height + 2


def _key(rows: Sequence[HeatRow], note: str) -> tuple[list[str], float]:
    """What the shades, signs and marks mean; only those signs and marks that stand in a cell."""
    parts = [svg.text("Per cent who were favourable:", y=svg.LINE_HEIGHT)]
    y = svg.LINE_HEIGHT + 6.0
    each = WHOLE / len(SHADES)
    for place, paint in enumerate(SHADES):
        last = 100 if place == len(SHADES) - 1 else BAND * (place + 1) - 1
        x = LEFT + each * place
        parts += [
            svg.rect(paint.colour, x=x, y=y, width=each, height=24),
            svg.text(
                f"{BAND * place}–{last}",
                x=x + each / 2,
                y=y + 17,
                anchor="middle",
                colour=paint.ink,
            ),
        ]
    y += 24
    cells = [cell for row in rows for cell in row.cells]
    for words in [note, *_notes(cells)]:
        for each_line in svg.wrap(words):
            y += svg.LINE_HEIGHT
            parts.append(svg.text(each_line, y=y + 3))
    return parts, y + 6


def _notes(cells: Sequence[Cell]) -> list[str]:
    notes: list[str] = []
    said: dict[str, list[str]] = {}
    for cell in cells:
        if cell.share is None and cell.words:
            sign = SIGNS.get(cell.words.lower(), IN_WORDS)
            words = cell.words.lower() if sign != IN_WORDS else "in words, see the table"
            if words not in said.setdefault(sign, []):
                said[sign].append(words)
    order = [*dict.fromkeys(SIGNS.values()), IN_WORDS]
    notes += [f"{sign} {' or '.join(said[sign])}" for sign in order if sign in said]
    marks = {
        cell.mark or Mark.NOT_AVAILABLE for cell in cells if cell.share is None and not cell.words
    }
    notes += [mark_text(mark) for mark in Mark if mark in marks]
    if any(cell.part and cell.share is not None for cell in cells):
        notes.append("* over fewer questions than the rest of the row")
    return notes
