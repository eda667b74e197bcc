"""The funnel plot and the quartile strip: one council beside others that have no name.

The more people answered, the nearer to the middle a council's share is to be expected: that is the
funnel's shape. The own council is a filled diamond with its name beside it; the others are open
circles.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor
from typing import Final

from analysis import svg, tables
from analysis.benchmarked import Beside, Funnel, FunnelLimit, FunnelPoint
from analysis.chart_words import short_share
from analysis.result import Interval

OWN: Final = "#f2994a"
SPREAD: Final = "#c3d9ee"
LEFT: Final = 16.0
WHOLE: Final = 80.0
HEIGHT: Final = 260
STRIP_LEFT: Final = 4.0
STRIP_WHOLE: Final = 92.0
MOST_PIECES: Final = 24
"""Straight pieces by which each limit is drawn at most."""


def draw_funnel(funnel: Funnel, *, council: str, chart: str, title: str, description: str) -> str:
    """The whole drawing. The funnel has at least one point and two limits."""
    axes = _Axes(funnel)
    parts = [svg.key_mark("diamond", _short(council), fill=OWN, y=svg.LINE_HEIGHT)]
    y = svg.LINE_HEIGHT * 2 + 2.0
    parts.append(svg.key_mark("circle", "Another council, unnamed", fill="none", y=y))
    for words, dashed in (
        ("95 in 100 like councils", False),
        ("998 in 1,000 like councils", True),
    ):
        y += svg.LINE_HEIGHT + 2
        dashes = ' stroke-dasharray="3 3"' if dashed else ""
        parts.append(
            f'<line x1="0" y1="{y - 5:g}" x2="20" y2="{y - 5:g}" stroke="currentColor" '
            f'stroke-width="1.5"{dashes}/>'
        )
        parts.append(svg.text(words, dx=28, y=y))
    y += svg.LINE_HEIGHT + 8
    parts.append(svg.text("Per cent favourable", y=y))
    top = y + svg.LINE_HEIGHT + 12
    parts += axes.drawn(top)
    for inner in (True, False):
        for end in ("low", "high"):
            parts += axes.limit(funnel.limits, inner=inner, end=end, top=top)
    middle = axes.y(funnel.centre, top)
    parts.append(svg.line(x1=LEFT, y1=middle, x2=LEFT + WHOLE, y2=middle, width=1))
    for point in sorted(funnel.points, key=lambda point: point.own):
        parts += axes.point(point, top)
    y = top + HEIGHT + svg.LINE_HEIGHT
    parts += [
        svg.text("0", x=LEFT, y=y, anchor="middle"),
        svg.text(f"{axes.most:,}", x=LEFT + WHOLE, y=y, anchor="end"),
        svg.text("People who answered", x=LEFT + WHOLE / 2, y=y, anchor="middle"),
    ]
    return svg.document(
        "".join(parts),
        chart=chart,
        title=title,
        description=description,
        height=y + 10,
        paints=(),
    )


class _Axes:
    """Where a number of answers and a share stand in the drawing."""

    def __init__(self, funnel: Funnel) -> None:
        people = [point.n for point in funnel.points] + [limit.n for limit in funnel.limits]
        self.most = max(1, *people)
        shares = [point.share for point in funnel.points] + [funnel.centre]
        # The outer limits of very few answers reach from 0 to 1 and would flatten all the rest:
        # what is drawn reaches as far as the councils and the inner limits at their own sizes.
        least = min(point.n for point in funnel.points)
        near = [limit.inner for limit in funnel.limits if limit.n >= least]
        shares += [each for limit in near for each in (limit.low, limit.high)]
        self.low = max(0.0, floor(10 * min(shares) - 0.2) / 10)
        self.high = min(1.0, ceil(10 * max(shares) + 0.2) / 10)

    def x(self, n: float) -> float:
        return LEFT + WHOLE * n / self.most

    def y(self, share: float, top: float) -> float:
        return top + HEIGHT * (self.high - share) / (self.high - self.low)

    def drawn(self, top: float) -> list[str]:
        tens = range(round(10 * self.low), round(10 * self.high) + 1)
        step = 1 if len(tens) <= 6 else 2
        parts = [
            svg.line(x1=LEFT, y1=top, x2=LEFT, y2=top + HEIGHT, width=1),
            svg.line(x1=LEFT, y1=top + HEIGHT, x2=LEFT + WHOLE, y2=top + HEIGHT, width=1),
        ]
        for ten in tens[::step]:
            y = self.y(ten / 10, top)
            parts.append(svg.line(x1=LEFT - 1.5, y1=y, x2=LEFT, y2=y, width=1))
            parts.append(svg.text(f"{10 * ten}%", x=LEFT - 2.5, y=y + 5, anchor="end"))
        return parts

    def limit(
        self, limits: Sequence[FunnelLimit], *, inner: bool, end: str, top: float
    ) -> list[str]:
        """One limit in straight pieces, cut off where it leaves the drawing."""
        step = max(1, ceil(len(limits) / MOST_PIECES))
        kept = [*limits[:-1:step], limits[-1]]
        points = []
        for limit in kept:
            interval: Interval = limit.inner if inner else limit.outer
            points.append((float(limit.n), interval.low if end == "low" else interval.high))
        pieces = []
        for (n1, share1), (n2, share2) in pairwise(points):
            inside = self._inside(n1, share1, n2, share2)
            if inside is not None:
                (n1, share1), (n2, share2) = inside
                pieces.append(
                    svg.line(
                        x1=self.x(n1),
                        y1=self.y(share1, top),
                        x2=self.x(n2),
                        y2=self.y(share2, top),
                        dashed=not inner,
                    )
                )
        return pieces

    def _inside(
        self, n1: float, share1: float, n2: float, share2: float
    ) -> tuple[tuple[float, float], tuple[float, float]] | None:
        """The part of a piece that lies between the lowest and the highest share drawn."""
        ends = []
        for n, share, other_n, other in ((n1, share1, n2, share2), (n2, share2, n1, share1)):
            bound = min(max(share, self.low), self.high)
            if bound != share:
                if (other - bound) * (share - bound) >= 0:
                    return None
                n = n + (other_n - n) * (bound - share) / (other - share)
            ends.append((n, bound))
        return ends[0], ends[1]

    def point(self, point: FunnelPoint, top: float) -> list[str]:
        x, y = self.x(point.n), self.y(point.share, top)
        if not point.own:
            circle = '<circle r="5" fill="none" stroke="currentColor" stroke-width="1.5"/>'
            return [svg.at(circle, x=x, y=y)]
        # Its figure stands over the plot, where it can hide no other council.
        anchor = "end" if point.n > self.most / 2 else "start"
        return [
            svg.line(x1=x, y1=top - 4, x2=x, y2=y, width=1, dashed=True),
            svg.text(
                f"{short_share(point.share)}% of {point.n:,}",
                x=x,
                y=top - 8,
                anchor=anchor,
                bold=True,
            ),
            svg.marker("diamond", x=x, y=y, fill=OWN),
        ]


def draw_strips(
    rows: Sequence[Beside], *, council: str, chart: str, title: str, description: str
) -> str:
    """Each row's own share beside the middle half of councils and their median.

    A row without figures is a line of words. There is at least one row with all of them.
    """
    parts = [svg.key_mark("diamond", _short(council), fill=OWN, y=svg.LINE_HEIGHT)]
    y = svg.LINE_HEIGHT * 2 + 2.0
    parts.append(
        f'<rect x="1" y="{y - 13:g}" width="19" height="14" fill="{SPREAD}" '
        'stroke="currentColor" stroke-width="1"/>'
    )
    parts.append(svg.text("Middle half of the other councils", dx=28, y=y))
    y += svg.LINE_HEIGHT + 2
    parts.append(
        f'<line x1="10" y1="{y - 14:g}" x2="10" y2="{y + 2:g}" stroke="currentColor" '
        'stroke-width="3"/>'
    )
    parts.append(svg.text("Middle council of the others", dx=28, y=y))
    y += svg.LINE_HEIGHT + 10
    parts += [
        svg.text(words, x=STRIP_LEFT + STRIP_WHOLE * share, y=y, anchor=anchor)
        for words, share, anchor in (
            ("0%", 0, "middle"),
            ("50%", 0.5, "middle"),
            ("100%", 1, "end"),
        )
    ]
    for row in rows:
        y += 8
        for words in svg.wrap(row.title) or ("",):
            y += svg.LINE_HEIGHT
            parts.append(svg.text(words, y=y, bold=True))
        for words in svg.wrap(strip_words(row), most=4):
            y += svg.LINE_HEIGHT
            parts.append(svg.text(words, y=y))
        if is_drawn(row):
            parts += _strip(row, y=y + 20)
            y += 32
    return svg.document(
        "".join(parts), chart=chart, title=title, description=description, height=y + 8, paints=()
    )


def is_drawn(row: Beside) -> bool:
    """True where the own share and the councils' median and quartiles are all there."""
    return None not in (row.own, row.median, row.lower, row.upper)


def strip_words(row: Beside) -> str:
    """The own share, the median and the middle half in words, or why there are none."""
    if row.own is None:
        return "Not shown" if row.mark is None else tables.MARK_WORDS[row.mark]
    if row.median is None or row.lower is None or row.upper is None:
        return "Too few councils to set beside"
    middle = f"{short_share(row.lower)}% to {short_share(row.upper)}%"
    return f"{short_share(row.own)}%; others {middle}, middle {short_share(row.median)}%"


def _strip(row: Beside, *, y: float) -> list[str]:
    def x(share: float | None) -> float:
        return STRIP_LEFT + STRIP_WHOLE * (share or 0.0)

    parts = [svg.line(x1=x(0), y1=y, x2=x(1), y2=y, width=1)]
    for share in (0, 0.5, 1):
        parts.append(svg.line(x1=x(share), y1=y - 5, x2=x(share), y2=y + 5, width=1))
    parts.append(
        svg.rect(SPREAD, x=x(row.lower), y=y - 9, width=x(row.upper) - x(row.lower), height=18)
    )
    parts.append(svg.line(x1=x(row.median), y1=y - 11, x2=x(row.median), y2=y + 11, width=3))
    parts.append(svg.marker("diamond", x=x(row.own), y=y, fill=OWN))
    return parts


def _short(name: str) -> str:
    return (svg.wrap(name, width=svg.NARROWEST - 28, most=1) or ("",))[0]
