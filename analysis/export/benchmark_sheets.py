"""A gated benchmark as tables: the own council beside others, none of which is named or ranked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis import tables
from analysis.benchmarked import POSITION_WORDS, Benchmark, Beside
from analysis.export.letter import Letter
from analysis.export.sheets import PERCENT, Book, Cell, Column, Sheet
from analysis.export.stamp import stamp
from analysis.result import Mark


def benchmark_book(benchmark: Benchmark, letter: Letter) -> Book:
    """The tables of a benchmark. Of the letter only the review's title and the date are used."""
    title = f"{letter.review_title}: {benchmark.council} beside other councils"
    heading = (title, f"{benchmark.round_title} · {benchmark.sentence}")
    return Book(
        title=title,
        subject=benchmark.round_title,
        dated=letter.dated,
        sheets=(
            _beside_sheet(benchmark, heading=heading),
            *_funnel_sheet(benchmark, heading=heading),
            Sheet(
                name="Settings",
                heading=[*heading, "Which answers, questionnaire and settings these come from"],
                columns=[Column(title="Setting", width=34), Column(title="Value", width=80)],
                rows=[
                    ("other_councils", str(benchmark.councils)),
                    ("months_apart_at_most", str(benchmark.months)),
                    *stamp(benchmark),
                ],
                after=[tables.BASE_NOTE, tables.BENCHMARK_NOTE, tables.marks_note()],
            ),
        ),
    )


def list_rows(benchmark: Benchmark) -> Iterator[tuple[str, Beside, bool]]:
    """Each signpost's title with its score's row (True), then its questions' (False)."""
    for signpost in benchmark.signposts:
        yield signpost.title, signpost.score, True
        for question in signpost.questions:
            yield signpost.title, question, False


def own_cell(row: Beside) -> Cell:
    """The own share, or the mark that stands in its place."""
    return row.own if row.own is not None else tables.mark_code(row.mark or Mark.NOT_AVAILABLE)


def _beside_sheet(benchmark: Benchmark, *, heading: Sequence[str]) -> Sheet:
    rows: list[tuple[Cell, ...]] = []
    bold: set[int] = set()
    for title, row, whole in list_rows(benchmark):
        if whole:
            bold.add(len(rows))
        limits = row.interval
        rows.append(
            (
                title,
                "" if whole else row.code,
                "All its questions together" if whole else row.title,
                row.base,
                own_cell(row),
                None if limits is None else limits.low,
                None if limits is None else limits.high,
                row.councils,
                row.lower,
                row.median,
                row.upper,
                "" if row.position is None else POSITION_WORDS[row.position],
                row.shrunken,
                row.sentence,
            )
        )
    refused = () if benchmark.refusal is None else (benchmark.refusal,)
    return Sheet(
        name="Beside other councils",
        heading=[*heading, *refused, tables.BENCHMARK_NOTE, tables.marks_note()],
        columns=[
            Column(title=benchmark.bank.signpost_word.capitalize(), width=22),
            Column(title="Code", width=20),
            Column(title="Question", width=34),
            Column(title="Answered", width=10),
            Column(title="Own share", width=9, number=PERCENT),
            Column(title="Range from", width=9, number=PERCENT),
            Column(title="Range to", width=9, number=PERCENT),
            Column(title="Other councils", width=10),
            Column(title="A quarter are below", width=10, number=PERCENT),
            Column(title="Middle council", width=10, number=PERCENT),
            Column(title="A quarter are above", width=10, number=PERCENT),
            Column(title="Where it stands", width=22),
            Column(title="Allowing for few answers", width=11, number=PERCENT),
            Column(title="In a sentence", width=46),
        ],
        rows=rows,
        bold=frozenset(bold),
        after=benchmark.caveats,
    )


def _funnel_sheet(benchmark: Benchmark, *, heading: Sequence[str]) -> Iterator[Sheet]:
    """A sheet only where there are councils enough for a funnel: its points and limits."""
    rows: list[tuple[Cell, ...]] = []
    for title, row, whole in list_rows(benchmark):
        if row.funnel is None:
            continue
        place = (title, "" if whole else row.code)
        rows += [
            (
                *place,
                "This council" if point.own else "Another council",
                point.n,
                point.share,
                None,
                None,
                None,
                None,
            )
            for point in row.funnel.points
        ]
        rows += [
            (
                *place,
                "Limits",
                limit.n,
                row.funnel.centre,
                limit.inner.low,
                limit.inner.high,
                limit.outer.low,
                limit.outer.high,
            )
            for limit in row.funnel.limits
        ]
    if rows:
        yield Sheet(
            name="Funnel",
            heading=[*heading, tables.FUNNEL_NOTE],
            columns=[
                Column(title=benchmark.bank.signpost_word.capitalize(), width=28),
                Column(title="Code", width=24),
                Column(title="What", width=18),
                Column(title="Answered", width=10),
                Column(title="Share", width=10, number=PERCENT),
                Column(title="Inner from", width=10, number=PERCENT),
                Column(title="Inner to", width=10, number=PERCENT),
                Column(title="Outer from", width=10, number=PERCENT),
                Column(title="Outer to", width=10, number=PERCENT),
            ],
            rows=rows,
        )
