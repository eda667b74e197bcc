"""Plain bars from nought: council against all partners, and answered of invited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis import svg, tables
from analysis.result import CoverageState, Figures, GroupResult, SectorCoverage
from analysis.svg import Paint

PAIR = (
    Paint(name="first", colour="#5a94cc"),
    Paint(name="second", colour="#c9e6df", texture="stripes", ink="#1d6b5c"),
)
ANSWERED = Paint(name="answered", colour="#1d6b5c")
BAR = 16
WHOLE = 99.4
"""Percent of the drawing that stands for the whole scale, leaving room for outlines."""
START = 0.3


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A question and the two sides that answered it, each with figures, words or a mark."""

    label: str
    sides: tuple[GroupResult, ...]


def draw_sides(pairs: Sequence[Pair], *, chart: str, title: str, description: str) -> str:
    """Two bars for each question on a scale from 0 to 100%, each with its 95% range below."""
    y = float(svg.LINE_HEIGHT)
    parts = [svg.text("The line under a bar is its 95% range", y=y)]
    y += svg.LINE_HEIGHT + 6
    parts += [
        svg.text("0%", y=y),
        svg.text("50%", x=START + WHOLE / 2, y=y, anchor="middle"),
        svg.text("100%", x=100, y=y, anchor="end"),
    ]
    y += 4
    for pair in pairs:
        y += 8
        for words in svg.wrap(pair.label) or ("",):
            y += svg.LINE_HEIGHT
            parts.append(svg.text(words, y=y, bold=True))
        for side, paint in zip(pair.sides, PAIR, strict=False):
            drawn, y = _draw_side(side, fill=svg.fill_of(chart, paint), y=y)
            parts += drawn
    return svg.document(
        "".join(parts), chart=chart, title=title, description=description, height=y + 8, paints=PAIR
    )


def _draw_side(side: GroupResult, *, fill: str, y: float) -> tuple[list[str], float]:
    parts = []
    figures = side.figures
    row = tables.figure_row(side)
    words = f"{side.title}: {row.share}"
    if figures is not None and figures.base:
        words = f"{side.title}: {row.share} ({row.favourable} people)"
    for each in svg.wrap(words):
        y += svg.LINE_HEIGHT
        parts.append(svg.text(each, y=y))
    y += 6
    if figures is None or not figures.base:
        return parts, y
    parts += _bar_with_range(figures, fill=fill, y=y)
    return parts, y + BAR + 14


def _bar_with_range(figures: Figures, *, fill: str, y: float) -> list[str]:
    share = figures.favourable / figures.base
    low = START + WHOLE * figures.interval.low
    high = START + WHOLE * figures.interval.high
    below = y + BAR + 6
    middle = START + WHOLE / 2
    return [
        svg.rect("none", x=START, y=y, width=WHOLE, height=BAR),
        svg.rect(fill, x=START, y=y, width=WHOLE * share, height=BAR),
        svg.line(x1=middle, y1=y - 3, x2=middle, y2=y + BAR, dashed=True),
        svg.line(x1=low, y1=below, x2=high, y2=below),
        svg.line(x1=low, y1=below - 4, x2=low, y2=below + 4),
        svg.line(x1=high, y1=below - 4, x2=high, y2=below + 4),
    ]


def draw_coverage(
    sectors: Sequence[SectorCoverage], *, chart: str, title: str, description: str
) -> str:
    """A bar for each sector: its length the number invited, the filled part those who answered."""
    longest = max([1, *(max(row.invited or 0, row.answered) for row in sectors)])
    parts: list[str] = []
    y = 0.0
    for row in sectors:
        y += 4
        for words in svg.wrap(row.title) or ("",):
            y += svg.LINE_HEIGHT
            parts.append(svg.text(words, y=y, bold=True))
        y += svg.LINE_HEIGHT
        parts.append(svg.text(coverage_words(row), y=y))
        y += 7
        if row.state is CoverageState.NOT_INVITED:
            y += 8
            continue
        if row.invited:
            width = WHOLE * row.invited / longest
            parts.append(svg.rect("none", x=START, y=y, width=width, height=BAR))
        if row.answered:
            width = WHOLE * row.answered / longest
            parts.append(svg.rect(ANSWERED.colour, x=START, y=y, width=width, height=BAR))
        y += BAR + 10
    return svg.document(
        "".join(parts), chart=chart, title=title, description=description, height=y, paints=()
    )


def coverage_words(row: SectorCoverage) -> str:
    """A sector's line in the chart: answered of invited, or why there is no bar."""
    if row.state is CoverageState.NOT_INVITED:
        return "Not invited"
    if row.invited is None:
        return f"{row.answered:,} answered, number invited not known"
    if row.state is CoverageState.SILENT:
        return f"None of {row.invited:,} invited answered"
    rate = tables.rate_text(row.answered, row.invited)
    return f"{row.answered:,} of {row.invited:,} invited answered ({rate})"
