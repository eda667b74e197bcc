"""Slopes from one round to the next: one line for each question, named at its end.

A thick line with a triangle that points up or down is a change; a thin line with a round end is no
clear change. Names stand at the ends of the lines in a column of their own, moved apart where the
ends are close, each joined to its line. What cannot be drawn is said in words beneath, and so is
never taken for no change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analysis import svg
from analysis.chart_words import short_share
from analysis.compared import CHANGE_WORDS, Change

FIRST: Final = 14.0
LAST: Final = 42.0
NAMES: Final = 47.0
"""Percent of the drawing at which the lines start and end and the names begin."""
LEAST_HEIGHT: Final = 240
BETWEEN: Final = 8
"""Pixels between two names."""

SHAPES: Final[dict[Change, tuple[str, str]]] = {
    Change.IMPROVED: ("up", "#0b3c6f"),
    Change.NO_CLEAR_CHANGE: ("circle", "#ffffff"),
    Change.DECLINED: ("down", "#f2994a"),
}
"""The mark at the end of a line, and its colour."""


@dataclass(frozen=True, kw_only=True)
class Slope:
    """A question's shares, oldest round first, None where there is none to draw, and its change.

    The last two shares are there, and `change` is of the last step.
    """

    label: str
    shares: tuple[float | None, ...]
    change: Change

    @property
    def ends(self) -> tuple[float, float]:
        """The shares of the last step. Raises ValueError where one is missing."""
        before, after = self.shares[-2:]
        if before is None or after is None:
            raise ValueError("a slope needs a share at both ends of the last step")
        return before, after


def draw(
    slopes: Sequence[Slope],
    *,
    spans: str,
    undrawn: Sequence[str],
    chart: str,
    title: str,
    description: str,
) -> str:
    """The whole drawing. There is at least one slope; all have as many shares.

    `spans` says which rounds are on the left and on the right; `undrawn` are lines of words on
    what has no slope.
    """
    parts: list[str] = []
    y = 0.0
    for words in svg.wrap(spans, most=4):
        y += svg.LINE_HEIGHT
        parts.append(svg.text(words, y=y))
    drawn, y = _key(slopes, y=y + 6)
    parts += drawn
    top = y + 24
    names = [_name(slope) for slope in slopes]
    heights = [svg.LINE_HEIGHT * len(lines) for lines in names]
    height = max(LEAST_HEIGHT, sum(heights) + BETWEEN * (len(heights) - 1))
    parts += _axis(top=top, height=height)
    middles = apart(
        [height * (1 - slope.ends[1]) for slope in slopes],
        heights,
        between=BETWEEN,
        room=height,
    )
    for slope, lines, middle, tall in zip(slopes, names, middles, heights, strict=True):
        parts += _line(slope, top=top, height=height)
        end = top + height * (1 - slope.ends[1])
        parts.append(
            svg.line(x1=LAST + 2, y1=end, x2=NAMES - 0.8, y2=top + middle, width=1, dashed=True)
        )
        first = top + middle - tall / 2 + svg.LINE_HEIGHT - 5
        for place, words in enumerate(lines):
            parts.append(
                svg.text(words, x=NAMES, y=first + svg.LINE_HEIGHT * place, bold=place == 0)
            )
    y = top + height + 14
    for each in undrawn:
        y += 6
        for words in svg.wrap(each, most=4):
            y += svg.LINE_HEIGHT
            parts.append(svg.text(words, y=y))
    return svg.document(
        "".join(parts), chart=chart, title=title, description=description, height=y + 8, paints=()
    )


def apart(
    wanted: Sequence[float], heights: Sequence[float], *, between: float, room: float
) -> list[float]:
    """Middles of boxes as near as can be to where they are wanted, none touching, all in the room.

    `wanted` are middles and `heights` the boxes' own; together with what is `between` two they
    must fit into `room`, else they are set one under the other from the top.

    >>> apart([10, 12, 90], [20, 20, 20], between=0, room=100)
    [10.0, 30.0, 90.0]
    """
    order = sorted(range(len(wanted)), key=lambda place: (wanted[place], place))
    # Boxes that would touch are joined into a block, which stands where its boxes want it on
    # average; blocks that then touch are joined in turn.
    blocks: list[tuple[float, list[int]]] = []
    for place in order:
        block = (_top([place], wanted, heights, between, room), [place])
        while (
            blocks and blocks[-1][0] + _tall(blocks[-1][1], heights, between) + between > block[0]
        ):
            held = [*blocks.pop()[1], *block[1]]
            block = (_top(held, wanted, heights, between, room), held)
        blocks.append(block)
    middles = [0.0] * len(wanted)
    for top, held in blocks:
        for place in held:
            middles[place] = top + heights[place] / 2
            top += heights[place] + between
    return middles


def _tall(held: Sequence[int], heights: Sequence[float], between: float) -> float:
    return sum(heights[place] for place in held) + between * (len(held) - 1)


def _top(
    held: Sequence[int],
    wanted: Sequence[float],
    heights: Sequence[float],
    between: float,
    room: float,
) -> float:
    """Where a block of boxes starts, so that they are on average where they are wanted."""
    offset = 0.0
    total = 0.0
    for place in held:
        total += wanted[place] - heights[place] / 2 - offset
        offset += heights[place] + between
    return max(0.0, min(total / len(held), room - _tall(held, heights, between)))


def _name(slope: Slope) -> tuple[str, ...]:
    before, after = slope.ends
    room = svg.NARROWEST * (100 - NAMES) / 100
    figures = f"{short_share(before)}% to {short_share(after)}%"
    return (figures, *svg.wrap(slope.label, width=room))


def _key(slopes: Sequence[Slope], *, y: float) -> tuple[list[str], float]:
    parts = []
    for change, (shape, fill) in SHAPES.items():
        if any(slope.change is change for slope in slopes):
            y += svg.LINE_HEIGHT + 2
            parts.append(svg.key_mark(shape, CHANGE_WORDS[change], fill=fill, y=y))
    return parts, y


def _axis(*, top: float, height: float) -> list[str]:
    parts = []
    for share in (0, 0.5, 1):
        y = top + height * (1 - share)
        parts.append(svg.line(x1=FIRST, y1=y, x2=LAST, y2=y, width=1, colour="#8a8f91"))
        parts.append(svg.text(f"{share:.0%}", y=y + 5))
    return parts


def _line(slope: Slope, *, top: float, height: float) -> list[str]:
    parts = []
    places = len(slope.shares) - 1
    points = [
        None
        if share is None
        else (FIRST + (LAST - FIRST) * at / places, top + height * (1 - share))
        for at, share in enumerate(slope.shares)
    ]
    shape, fill = SHAPES[slope.change]
    width = 1.5 if slope.change is Change.NO_CLEAR_CHANGE else 3.5
    for at in range(places):
        start, end = points[at], points[at + 1]
        if start is not None and end is not None:
            thick = width if at == places - 1 else 1.5
            parts.append(svg.line(x1=start[0], y1=start[1], x2=end[0], y2=end[1], width=thick))
    parts += [
        svg.at('<circle r="3" fill="currentColor"/>', x=point[0], y=point[1])
        for point in points[:-1]
        if point is not None
    ]
    last = points[-1]
    if last is not None:
        parts.append(svg.marker(shape, x=last[0], y=last[1], fill=fill))
    return parts
