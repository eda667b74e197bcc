"""Charts of a benchmark: the funnel plot, and each question beside the middle half of councils."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from analysis import funnel, svg, tables
from analysis.benchmarked import POSITION_WORDS, Benchmark, Beside, Position, SignpostBeside
from analysis.chart_words import short_share
from analysis.charts import Chart, ChartTable
from analysis.listing import listed

_PLACED: Final[dict[Position, str]] = {
    Position.ABOVE: "above the middle half of councils",
    Position.MIDDLE_HALF: "within it",
    Position.BELOW: "below it",
}


def funnel_chart(benchmark: Benchmark, row: Beside) -> Chart | None:
    """One question's or score's share by how many answered, the own council marked.

    None where there are too few councils for it.
    """
    held = row.funnel
    if held is None or len(held.limits) < 2 or not held.points:
        return None
    title = f"Councils by how many answered: {row.title}"
    name = svg.identifier("funnel", row.code)
    others = [point for point in held.points if not point.own]
    outside = {
        "above": "lies above what chance and the usual differences between councils explain",
        "below": "lies below what chance and the usual differences between councils explain",
    }.get(held.outside, "lies within what chance and the usual differences explain")
    own = next((point for point in held.points if point.own), None)
    where = f"With {short_share(own.share)}% of {own.n:,} people, " if own is not None else ""
    sentence = (
        f"{where}{benchmark.council} {outside}. {tables.counted(len(others), 'other council')} "
        f"{'is drawn without a name' if len(others) == 1 else 'are drawn without names'}; over "
        f"all of them {short_share(held.centre)}% were favourable."
    )
    table = ChartTable(
        caption=title,
        headers=("Council", "People who answered", "Favourable"),
        rows=tuple(
            (
                benchmark.council if point.own else "Another council",
                f"{point.n:,}" if point.own else f"about {point.n:,}",
                f"{short_share(point.share)}%",
            )
            for point in held.points
        ),
    )
    picture = funnel.draw_funnel(
        held,
        council=benchmark.council,
        chart=f"chart-{name}",
        title=title,
        description=sentence,
    )
    return Chart(name=name, title=title, svg=picture, sentence=sentence, table=table)


def beside_chart(benchmark: Benchmark, signpost: SignpostBeside) -> Chart | None:
    """A signpost's questions beside the median and the middle half of councils.

    None where no question has all of them.
    """
    rows = signpost.questions
    drawn = [row for row in rows if funnel.is_drawn(row)]
    if not drawn:
        return None
    title = f"Beside other councils: {signpost.title}"
    name = svg.identifier("beside", signpost.code)
    sentence = _beside_sentence(benchmark, drawn, hidden=len(rows) - len(drawn))
    table = ChartTable(
        caption=title,
        headers=(
            "Question",
            benchmark.council,
            "Middle council",
            "Middle half",
            "Councils",
            "Where",
        ),
        rows=tuple(_beside_row(row) for row in rows),
    )
    picture = funnel.draw_strips(
        rows, council=benchmark.council, chart=f"chart-{name}", title=title, description=sentence
    )
    return Chart(name=name, title=title, svg=picture, sentence=sentence, table=table)


def _beside_row(row: Beside) -> tuple[str, ...]:
    if row.own is None:
        return (row.title, funnel.strip_words(row), "", "", "", "")
    own = f"{short_share(row.own)}%"
    if row.median is None or row.lower is None or row.upper is None:
        return (row.title, own, "", "", f"{row.councils}", "Too few councils")
    return (
        row.title,
        own,
        f"{short_share(row.median)}%",
        f"{short_share(row.lower)}% to {short_share(row.upper)}%",
        f"{row.councils}",
        "" if row.position is None else POSITION_WORDS[row.position],
    )


def _beside_sentence(benchmark: Benchmark, drawn: Sequence[Beside], *, hidden: int) -> str:
    counts = [
        (words, sum(row.position is position for row in drawn))
        for position, words in _PLACED.items()
    ]
    parts = [f"on {number} {words}" for words, number in counts if number]
    if not parts:
        said = "No words are given on where it stands."
    else:
        # Where the first part does not name the middle half, "it" has nothing to stand for.
        parts[0] = re.sub(r"\bit$", "the middle half of councils", parts[0])
        said = f"Of {len(drawn)} questions, {benchmark.council} is {listed(parts)}."
        if len(drawn) == 1:
            where = parts[0].removeprefix("on 1 ")
            said = f"On the one question drawn {benchmark.council} is {where}."
    if hidden:
        verb = "is" if hidden == 1 else "are"
        said += f" {tables.counted(hidden, 'question')} {verb} not drawn."
    return said
