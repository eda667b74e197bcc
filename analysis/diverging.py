"""The diverging stacked bar: unfavourable to the left, favourable to the right.

Neutral answers stand half on each side of the middle line. Don't know stands apart at the side,
on the same scale. Direction, outlines, stripes and printed percentages carry the meaning; colour
only helps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from analysis import svg, tables
from analysis.result import Figures, GroupResult
from analysis.svg import Paint
from question_banks.bank import ON_SCALE, OptionKind

FAVOURABLE = (
    Paint(name="favourable-1", colour="#0b3c6f"),
    Paint(name="favourable-2", colour="#5a94cc"),
    Paint(name="favourable-3", colour="#b9d4ee"),
)
UNFAVOURABLE = (
    Paint(name="unfavourable-1", colour="#9c3a00", texture="stripes"),
    Paint(name="unfavourable-2", colour="#f2994a", texture="stripes"),
    Paint(name="unfavourable-3", colour="#fbd9b5", texture="stripes", ink="#9c3a00"),
)
NEUTRAL = (
    Paint(name="neutral-1", colour="#e3e3e3"),
    Paint(name="neutral-2", colour="#f5f5f5"),
)
DONT_KNOW = Paint(name="dont-know", colour="#ffffff", texture="dots", ink="#505a5f")
PAINTS = (*FAVOURABLE, *UNFAVOURABLE, *NEUTRAL, DONT_KNOW)

BAR = 24
LEAST_SIDE = 35.0
"""Percentage points drawn on each side at least, so that the labels under a bar have room."""
DONT_KNOW_WIDTH = 29.5
"""Percent of the drawing kept for don't know, wide enough for its heading on a telephone."""
GAP = 4.0


@dataclass(frozen=True, kw_only=True)
class Row:
    """A bar, or a line of words where the group's figures were withheld."""

    label: str
    group: GroupResult


@dataclass(frozen=True, kw_only=True)
class Segment:
    """One part of a bar."""

    label: str
    kind: OptionKind
    count: int
    paint: Paint


def segments(figures: Figures) -> tuple[Segment, ...]:
    """The parts of a bar from left to right: the most unfavourable first.

    Without counts per option there is one part for each kind.
    """
    options = [(row.label, row.kind, row.count) for row in figures.options if row.kind in ON_SCALE]
    if not options:
        options = [
            ("Favourable", OptionKind.FAVOURABLE, figures.favourable),
            ("Neither", OptionKind.NEUTRAL, figures.neutral),
            ("Unfavourable", OptionKind.UNFAVOURABLE, figures.unfavourable),
        ]
    by_kind = {
        kind: [(label, count) for label, its_kind, count in options if its_kind is kind]
        for kind in ON_SCALE
    }
    left = _painted(by_kind, OptionKind.UNFAVOURABLE, paints=UNFAVOURABLE, strongest_last=True)
    middle = _painted(by_kind, OptionKind.NEUTRAL, paints=NEUTRAL)
    right = _painted(by_kind, OptionKind.FAVOURABLE, paints=FAVOURABLE)
    return (*reversed(left), *reversed(middle), *reversed(right))


def _painted(
    by_kind: dict[OptionKind, list[tuple[str, int]]],
    kind: OptionKind,
    *,
    paints: tuple[Paint, ...],
    strongest_last: bool = False,
) -> list[Segment]:
    """The options of a kind in the scale's order, the strongest in the darkest paint."""
    options = by_kind[kind]
    painted = []
    for place, (label, count) in enumerate(options):
        strength = len(options) - 1 - place if strongest_last else place
        # A kind with one option is drawn in the middle shade: nothing is stronger or weaker.
        shade = 1 if len(options) == 1 and kind is not OptionKind.NEUTRAL else strength
        paint = paints[min(shade, len(paints) - 1)]
        painted.append(Segment(label=label, kind=kind, count=count, paint=paint))
    return painted


@dataclass(frozen=True, kw_only=True)
class _Axis:
    """Where the parts of the bars stand: percent of the drawing, `scale` per percentage point."""

    scale: float
    middle: float
    right: float
    dont_know: float


def _axis(shown: Sequence[Figures]) -> _Axis:
    def side(count: int, figures: Figures) -> float:
        return 100 * (count + figures.neutral / 2) / figures.base

    left = max(LEAST_SIDE, *(side(each.unfavourable, each) for each in shown))
    right = max(LEAST_SIDE, *(side(each.favourable, each) for each in shown))
    left, right = (5 * ceil(round(extent, 9) / 5) for extent in (left, right))
    apart = max(100 * each.dont_know / (each.base + each.dont_know) for each in shown)
    scale = min(
        (100 - GAP - DONT_KNOW_WIDTH) / (left + right), (99.5 - GAP) / (left + right + apart)
    )
    end = 0.3 + (left + right) * scale
    return _Axis(scale=scale, middle=0.3 + left * scale, right=end, dont_know=end + GAP)


def draw(rows: Sequence[Row], *, chart: str, title: str, description: str) -> str:
    """The whole drawing. At least one row must have figures with an answer on the scale."""
    shown = [row.group.figures for row in rows if row.group.figures and row.group.figures.base]
    axis = _axis(shown)
    parts, y = _legend(chart, shown)
    y += 12
    y += svg.LINE_HEIGHT
    parts += [
        svg.text("Unfavourable", y=y),
        svg.text("Favourable", x=axis.right, y=y, anchor="end"),
        svg.text("Don’t know", x=axis.dont_know, y=y),
    ]
    y += 8
    for row in rows:
        drawn, y = _draw_row(row, chart=chart, axis=axis, y=y)
        parts += drawn
    return svg.document(
        "".join(parts), chart=chart, title=title, description=description, height=y, paints=PAINTS
    )


def _legend(chart: str, shown: Sequence[Figures]) -> tuple[list[str], float]:
    """The key, in two columns where its words are short. Returns it and its height."""
    keys = [
        [(part.label, part.kind, part.paint) for part in segments(figures)] for figures in shown
    ]
    if all(key == keys[0] for key in keys):
        entries = [(label, paint) for label, _, paint in keys[0]]
    else:
        entries = [
            ("Unfavourable, darker if strongly so", UNFAVOURABLE[1]),
            ("Neither", NEUTRAL[0]),
            ("Favourable, darker if strongly so", FAVOURABLE[1]),
        ]
    entries.append(("Don’t know", DONT_KNOW))
    return svg.key(chart, entries)


def _draw_row(row: Row, *, chart: str, axis: _Axis, y: float) -> tuple[list[str], float]:
    parts: list[str] = []
    y += 6
    for words in svg.wrap(row.label) or ("",):
        y += svg.LINE_HEIGHT
        parts.append(svg.text(words, y=y, bold=True))
    figures = row.group.figures
    if figures is None or not figures.base:
        for words in svg.wrap(tables.figure_row(row.group).share, most=4):
            y += svg.LINE_HEIGHT
            parts.append(svg.text(words, y=y))
        return parts, y + 14
    y += svg.LINE_HEIGHT
    parts.append(svg.text(f"{figures.favourable:,} of {figures.base:,} people favourable", y=y))
    y += 10
    each = 100 * axis.scale / figures.base
    x = axis.middle - each * (figures.unfavourable + figures.neutral / 2)
    for segment in segments(figures):
        width = each * segment.count
        if segment.count:
            fill = svg.fill_of(chart, segment.paint)
            parts.append(svg.rect(fill, x=x, y=y, width=width, height=BAR))
        x += width
    applicable = figures.base + figures.dont_know
    if figures.dont_know:
        width = 100 * axis.scale * figures.dont_know / applicable
        fill = svg.fill_of(chart, DONT_KNOW)
        parts.append(svg.rect(fill, x=axis.dont_know, y=y, width=width, height=BAR))
    parts.append(svg.line(x1=axis.middle, y1=y - 4, x2=axis.middle, y2=y + BAR + 4))
    y += BAR + svg.LINE_HEIGHT
    base = figures.base
    parts += [
        svg.text(tables.share_text(figures.unfavourable, base), y=y),
        svg.text(
            tables.share_text(figures.favourable, base), x=axis.right, y=y, anchor="end", bold=True
        ),
        svg.text(tables.share_text(figures.dont_know, applicable), x=axis.dont_know, y=y),
    ]
    if figures.neutral:
        share = tables.share_text(figures.neutral, base)
        parts.append(svg.text(share, x=axis.middle, y=y, anchor="middle"))
    return parts, y + 12
