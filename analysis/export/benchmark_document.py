"""A benchmark as a report to edit: where the council stands, in words, then a table."""

from __future__ import annotations

from collections.abc import Iterator

from analysis import tables
from analysis.benchmarked import POSITION_WORDS, Benchmark, Beside, Position
from analysis.export.letter import Letter
from analysis.export.prose import sentence
from analysis.export.report import Block, Bullets, Grid, Heading, Report, Sideways, Style, Words
from analysis.export.stamp import stamp_text
from analysis.listing import listed
from analysis.result import Mark

MARKED = {
    Mark.CONFIDENTIAL: "Not shown",
    Mark.NOT_APPLICABLE: "Does not apply",
    Mark.NOT_AVAILABLE: "Not available",
    Mark.LOW_RELIABILITY: "Too few answers",
}


def benchmark_report(benchmark: Benchmark, letter: Letter) -> Report:
    """The whole report."""
    about = (benchmark.round_title, letter.letter_date)
    return Report(
        title=f"{letter.review_title}: {benchmark.council} beside other councils",
        subtitle=" · ".join(part for part in about if part),
        subject=benchmark.council,
        dated=letter.dated,
        blocks=(*_opening(benchmark), *_signposts(benchmark), *_annex(benchmark)),
    )


def _opening(benchmark: Benchmark) -> Iterator[Block]:
    for words in (benchmark.refusal or "", benchmark.sentence, tables.BENCHMARK_NOTE):
        if words:
            yield Words(text=sentence(words))
    if benchmark.caveats:
        yield Bullets(items=list(dict.fromkeys(map(sentence, benchmark.caveats))))


def _signposts(benchmark: Benchmark) -> Iterator[Block]:
    for signpost in benchmark.signposts:
        yield Heading(text=signpost.title)
        yield Words(text=sentence(signpost.score.sentence))
        for words in _positions(signpost.questions):
            yield Words(text=words)


def _positions(questions: tuple[Beside, ...]) -> list[str]:
    """Which questions stand above and below the middle half of councils, and how many within."""
    told = []
    for position in (Position.ABOVE, Position.BELOW):
        names = [f"“{row.title}”" for row in questions if row.position is position]
        if names:
            told.append(f"{POSITION_WORDS[position]}: {listed(names)}.")
    within = sum(row.position is Position.MIDDLE_HALF for row in questions)
    if within:
        words = POSITION_WORDS[Position.MIDDLE_HALF]
        told.append(f"{words}: {tables.counted(within, 'question')}.")
    return told


def _annex(benchmark: Benchmark) -> Iterator[Block]:
    if benchmark.signposts:
        yield Sideways()
        yield Heading(text="Annex: the figures")
        notes = (tables.BASE_NOTE, tables.INTERVAL_NOTE, tables.ROUNDING_NOTE)
        yield Words(text=" ".join(notes), style=Style.NOTE)
    for signpost in benchmark.signposts:
        rows = [_row(signpost.score, "All its questions together")]
        rows += [_row(question, question.title) for question in signpost.questions]
        yield Heading(text=signpost.title, level=2)
        yield Grid(
            description=f"{signpost.title}: this council’s shares beside other councils’",
            headers=(
                "Question",
                "Answered",
                "Own share",
                "95% range",
                "Other councils",
                "A quarter are below",
                "Middle council",
                "A quarter are above",
                "Where it stands",
            ),
            widths=(7.4, 1.9, 2.0, 2.6, 2.0, 2.3, 2.0, 2.3, 4.0),
            rows=rows,
            numbers=frozenset(range(1, 8)),
            together=True,
        )
    yield Heading(text="What the figures were made from", level=2)
    yield Words(text=stamp_text(benchmark), style=Style.NOTE)


def _row(row: Beside, title: str) -> tuple[str, ...]:
    return (
        title,
        "" if row.base is None else f"{row.base:,}",
        _own(row),
        "" if row.interval is None else tables.interval_text(row.interval),
        f"{row.councils:,}",
        *(_whole(share) for share in (row.lower, row.median, row.upper)),
        "" if row.position is None else POSITION_WORDS[row.position],
    )


def _own(row: Beside) -> str:
    if row.own is None:
        return MARKED[row.mark or Mark.NOT_AVAILABLE]
    return _whole(row.own)


def _whole(share: float | None) -> str:
    return "" if share is None else f"{tables.percent_of(share)}%"
