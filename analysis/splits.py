"""What a change is made of: a bar for each part, to the left of nought where it pulls down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from analysis import svg, tables
from analysis.compared import Split

RISE: Final = "#0b3c6f"
FALL: Final = svg.Paint(name="fall", colour="#f2994a", texture="stripes", ink="#9c3a00")
BAR: Final = 16
LEFT: Final = 16.0
WHOLE: Final = 68.0
"""Percent of the drawing for the bars, with room for a figure on either side."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a change in whole percentage points; the last is all of it."""

    label: str
    points: int
    is_total: bool = False


def parts_of(split: Split) -> tuple[Part, ...]:
    """The parts in words, those of nought left out but for how people answered, then the whole."""
    parts = (
        Part(label="The same agencies answered differently", points=split.rate),
        Part(label="The same agencies were more or fewer of those who answered", points=split.mix),
        Part(label="Agencies that answered only this time", points=split.came),
        Part(label="Agencies that answered only the time before", points=split.went),
    )
    kept = tuple(part for place, part in enumerate(parts) if part.points or not place)
    return (*kept, Part(label="The whole change", points=split.total, is_total=True))


def draw(split: Split, *, chart: str, title: str, description: str) -> str:
    """The whole drawing."""
    rows = parts_of(split)
    low = min(0, *(row.points for row in rows))
    high = max(0, *(row.points for row in rows))
    scale = WHOLE / max(1, high - low)
    nought = LEFT - low * scale
    parts: list[str] = []
    y = 0.0
    for row in rows:
        y += 4
        if row.is_total:
            parts.append(svg.line(x1=0, y1=y, x2=100, y2=y, width=1))
            y += 2
        for words in svg.wrap(row.label):
            y += svg.LINE_HEIGHT
            parts.append(svg.text(words, y=y, bold=row.is_total))
        y += 7
        x = nought + min(0, row.points) * scale
        fill = RISE if row.points > 0 else svg.fill_of(chart, FALL)
        if row.points:
            width = abs(row.points) * scale
            parts.append(svg.rect(fill, x=x, y=y, width=width, height=BAR))
        parts.append(svg.line(x1=nought, y1=y - 3, x2=nought, y2=y + BAR + 3))
        anchor, dx = ("end", -7) if row.points < 0 else ("start", 7)
        at = nought + row.points * scale
        words = tables.signed(row.points)
        parts.append(svg.text(words, x=at, dx=dx, y=y + BAR - 3, anchor=anchor, bold=row.is_total))
        y += BAR + 6
    return svg.document(
        "".join(parts),
        chart=chart,
        title=title,
        description=description,
        height=y + 4,
        paints=(FALL,),
    )
