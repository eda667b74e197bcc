"""The gap dumbbell: where two groups stand on each question, and how far apart.

Each row is a line from 0% to 100% with two marks of different shape. What joins them tells how
sure the difference is: a thick bar where it is clear, dashes where it is only possible, a thin
line where there is none to speak of; the words above the line say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analysis import svg, tables
from analysis.chart_words import short_share
from analysis.result import Figures, Gap, GroupResult

SHAPES: Final = ("circle", "diamond")
FILLS: Final = ("#0b3c6f", "#f2994a")
START: Final = 18.0
WHOLE: Final = 64.0
"""Percent of the drawing that stands for 0% to 100%, with room for a figure at either end."""
STRIP: Final = 26


@dataclass(frozen=True, kw_only=True)
class Dumbbell:
    """A question, the two groups set against each other on it, and the difference if there is one
    worth a look."""

    label: str
    first: GroupResult
    second: GroupResult
    gap: Gap | None = None

    @property
    def figures(self) -> tuple[Figures | None, Figures | None]:
        """What is shown of the two; None where nothing is, or nobody answered on the scale."""
        first, second = self.first.figures, self.second.figures
        return (
            first if first is not None and first.base else None,
            second if second is not None and second.base else None,
        )


def difference_words(row: Dumbbell) -> str:
    """How far apart the two are and how sure that is, or what stands in place of a figure."""
    if None in row.figures:
        sides = [
            (side.title, tables.figure_row(side).share)
            for side, figures in zip((row.first, row.second), row.figures, strict=True)
            if figures is None
        ]
        if len(sides) == 2 and sides[0][1] == sides[1][1]:
            return f"Both: {sides[0][1][:1].lower()}{sides[0][1][1:]}"
        return "; ".join(f"{title}: {words[:1].lower()}{words[1:]}" for title, words in sides)
    if row.gap is None:
        return "No clear difference"
    sure = "Clear" if row.gap.clear else "Possible"
    within = " within agencies" if row.gap.kind == "levels" else ""
    return f"{sure} difference: {tables.points_text(row.gap.difference)}{within}"


def draw(rows: Sequence[Dumbbell], *, chart: str, title: str, description: str) -> str:
    """The whole drawing. There is at least one row; all rows set the same two groups apart."""
    parts: list[str] = []
    y = float(svg.LINE_HEIGHT)
    for side, shape, fill in zip((rows[0].first, rows[0].second), SHAPES, FILLS, strict=True):
        name = svg.wrap(side.title, width=svg.NARROWEST - 28, most=1) or ("",)
        parts.append(svg.key_mark(shape, name[0], fill=fill, y=y))
        y += svg.LINE_HEIGHT + 2
    for gap in _kinds(rows):
        words = "Possible difference" if not gap.clear else "Clear difference"
        parts.append(_join(gap, x1="0", x2="20", y=y - 5))
        parts.append(svg.text(words, dx=28, y=y))
        y += svg.LINE_HEIGHT + 2
    y += 4
    parts += [
        svg.text(words, x=START + WHOLE * share, y=y, anchor="middle")
        for words, share in (("0%", 0), ("50%", 0.5), ("100%", 1))
    ]
    for row in rows:
        y += 8
        for words in svg.wrap(row.label) or ("",):
            y += svg.LINE_HEIGHT
            parts.append(svg.text(words, y=y, bold=True))
        for words in svg.wrap(difference_words(row), most=5):
            y += svg.LINE_HEIGHT
            parts.append(svg.text(words, y=y))
        if any(row.figures):
            parts += _strip(row, y=y + 6 + STRIP / 2)
            y += 8 + STRIP
    return svg.document(
        "".join(parts), chart=chart, title=title, description=description, height=y + 8, paints=()
    )


def _kinds(rows: Sequence[Dumbbell]) -> list[Gap]:
    """One difference of each kind that is drawn, the clear kind first."""
    gaps = [row.gap for row in rows if row.gap is not None and None not in row.figures]
    found = (next((gap for gap in gaps if gap.clear is clear), None) for clear in (True, False))
    return [gap for gap in found if gap is not None]


def _strip(row: Dumbbell, *, y: float) -> list[str]:
    """The line with its two marks, each with its figure on the outer side."""
    parts = []
    for share in (0, 0.5, 1):
        x = START + WHOLE * share
        parts.append(svg.line(x1=x, y1=y - 13, x2=x, y2=y + 13, width=1, colour="#8a8f91"))
    placed = [
        (figures.favourable / figures.base, shape, fill)
        for figures, shape, fill in zip(row.figures, SHAPES, FILLS, strict=True)
        if figures is not None
    ]
    # The lower of two has its figure to the left and the higher to the right, so that the figures
    # never meet however close the marks are.
    placed.sort(key=lambda mark: mark[0])
    if len(placed) == 2:
        x1, x2 = (START + WHOLE * share for share, *_ in placed)
        parts.append(_join(row.gap, x1=f"{x1:.2f}%", x2=f"{x2:.2f}%", y=y))
    for place, (share, shape, fill) in enumerate(placed):
        x = START + WHOLE * share
        is_left = len(placed) == 2 and place == 0
        anchor, dx = ("end", -11) if is_left else ("start", 11)
        parts.append(svg.marker(shape, x=x, y=y, fill=fill))
        parts.append(svg.text(f"{short_share(share)}%", x=x, dx=dx, y=y + 5, anchor=anchor))
    return parts


def _join(gap: Gap | None, *, x1: str, x2: str, y: float) -> str:
    """What joins the two marks: thick where the difference is clear, dashed where possible."""
    width, dashes = (1.5, "") if gap is None else ((5, "") if gap.clear else (3, "5 4"))
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<line x1="{x1}" y1="{y:g}" x2="{x2}" y2="{y:g}" stroke="currentColor" '
        f'stroke-width="{width}"{dashed}/>'
    )
