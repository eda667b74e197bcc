"""Answers sent in day by day, as a line: how a round goes while it is open.

Nothing here is a result: it is drawn of numbers of people, the whole round's, while results are
still closed to everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from analysis import svg
from analysis.charts import Chart, ChartTable
from analysis.rounding import counted

HEIGHT: Final = 200
TOP: Final = 30
LEFT: Final = 4.0
RIGHT: Final = 96.0
MOST_MARKED: Final = 45
"""Days up to which each has its own mark."""
STEPS: Final = (1, 2, 5)
LINES: Final = 4
"""Lines across the drawing at most, the one at nought left out."""
COLOUR: Final = "#0b3c6f"
FAINT: Final = "#b1b4b6"
MOST_DAYS: Final = 400
"""Days across the drawing at most; the last ones are drawn of a longer time."""


def days_chart(counts: Mapping[date, int], *, first: date, last: date) -> Chart | None:
    """People who sent in answers, from the day `first` to `last`; None where nobody has.

    Days outside that have answers are drawn too. On days that are not in `counts` nobody did.
    """
    if not any(counts.values()):
        return None
    begun, ended = min(first, *counts), max(last, *counts)
    length = min((ended - begun).days, MOST_DAYS - 1) + 1
    days = [ended - timedelta(days=back) for back in reversed(range(length))]
    sent_in = [counts.get(day, 0) for day in days]
    title = "Answers sent in, day by day"
    sentence = _sentence(counts)
    return Chart(
        name="days",
        title=title,
        svg=_draw(days, sent_in, title=title, description=sentence),
        sentence=sentence,
        table=_table(counts, title),
    )


def written(day: date) -> str:
    """A date in words.

    >>> written(date(2031, 3, 3))
    '3 March 2031'
    """
    return f"{day.day} {day:%B %Y}"


def _sentence(counts: Mapping[date, int]) -> str:
    people = counted(sum(counts.values()), "person", "people")
    some = sorted(day for day, count in counts.items() if count)
    if len(some) == 1:
        return f"{people} sent in answers, on {written(some[0])}."
    most = max(counts[day] for day in some)
    busiest = [day for day in some if counts[day] == most]
    peak = f"Most came on {written(busiest[0])}: {most:,}. " if len(busiest) == 1 else ""
    return f"{people} sent in answers, on {len(some)} days. {peak}The last was {written(some[-1])}."


def _table(counts: Mapping[date, int], title: str) -> ChartTable:
    rows = []
    together = 0
    for day in sorted(counts):
        together += counts[day]
        rows.append((written(day), f"{counts[day]:,}", f"{together:,}"))
    return ChartTable(caption=title, headers=("Day", "Sent in", "Up to then"), rows=tuple(rows))


def step_of(most: int) -> int:
    """The whole number between two lines, so that there are few of them and they read easily.

    >>> [step_of(most) for most in (1, 4, 9, 37, 260)]
    [1, 1, 5, 10, 100]
    """
    size = 1
    while True:
        for step in STEPS:
            if most <= LINES * step * size:
                return step * size
        size *= 10


def _draw(days: list[date], sent_in: list[int], *, title: str, description: str) -> str:
    step = step_of(max(sent_in))
    top_value = step * -(-max(sent_in) // step)
    bottom = TOP + HEIGHT

    def x_of(place: int) -> float:
        return LEFT + (RIGHT - LEFT) * (place / (len(days) - 1) if len(days) > 1 else 0.5)

    def y_of(count: int) -> float:
        return round(bottom - HEIGHT * count / top_value, 1)

    parts = []
    for value in range(0, top_value + 1, step):
        y = y_of(value)
        parts.append(
            svg.line(x1=0, y1=y, x2=100, y2=y, width=1, colour=FAINT if value else "currentColor")
        )
        parts.append(svg.text(f"{value:,}", x=0, y=y - 4, is_small=True))
    places = list(range(len(days)))
    for one, other in pairwise(places):
        parts.append(
            svg.line(
                x1=x_of(one),
                y1=y_of(sent_in[one]),
                x2=x_of(other),
                y2=y_of(sent_in[other]),
                width=2.5,
                colour=COLOUR,
            )
        )
    if len(days) <= MOST_MARKED:
        for place in places:
            if sent_in[place] or len(days) == 1:
                parts.append(
                    svg.marker("circle", x=x_of(place), y=y_of(sent_in[place]), fill=COLOUR)
                )
    parts += _dates(days)
    return svg.document(
        "".join(parts),
        chart="days",
        title=title,
        description=description,
        height=bottom + 32,
        paints=(),
    )


def _dates(days: list[date]) -> list[str]:
    """The first day and the last under the drawing, or the one there is."""
    y = TOP + HEIGHT + 22
    if len(days) == 1:
        return [svg.text(written(days[0]), x=50, y=y, anchor="middle", is_small=True)]
    return [
        svg.text(written(days[0]), x=0, y=y, is_small=True),
        svg.text(written(days[-1]), x=100, y=y, anchor="end", is_small=True),
    ]
