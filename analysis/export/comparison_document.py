"""A comparison of rounds as a report to edit: what changed in words, then tables.

Prose first, from the comparison's own sentences; the figures of every question stand in an annex
on its side, and where they come from at the end.
"""

from __future__ import annotations

from collections.abc import Iterator

from analysis import tables
from analysis.compared import (
    CHANGE_WORDS,
    OUTCOME_WORDS,
    VERDICT_WORDS,
    Change,
    Comparison,
    Difference,
    Point,
    QuestionCompared,
    RoundKind,
    SignpostCompared,
    Step,
)
from analysis.export.comparison_sheets import list_questions, round_name, step_notes
from analysis.export.letter import Letter
from analysis.export.prose import sentence
from analysis.export.report import Block, Bullets, Grid, Heading, Report, Sideways, Style, Words
from analysis.export.stamp import stamp_text
from analysis.listing import listed
from analysis.result import Mark

NOT_SHOWN = "Not shown"
MARKED = {
    Mark.CONFIDENTIAL: NOT_SHOWN,
    Mark.NOT_APPLICABLE: "Not asked",
    Mark.NOT_AVAILABLE: "Not published",
    Mark.LOW_RELIABILITY: "Too few answers",
}
CHANGED = (Change.IMPROVED, Change.DECLINED)


def comparison_report(comparison: Comparison, letter: Letter) -> Report:
    """The whole report."""
    about = (listed([round_name(each) for each in comparison.rounds]), letter.letter_date)
    return Report(
        title=f"{letter.review_title}: {comparison.title}",
        subtitle=" · ".join(part for part in about if part),
        subject=comparison.title,
        dated=letter.dated,
        blocks=(
            Words(text=sentence(comparison.sentence)),
            *_rounds(comparison),
            *_care(comparison),
            *(block for signpost in comparison.signposts for block in _signpost(signpost)),
            *_findings(comparison),
            *_dropped(comparison),
            *_annex(comparison),
        ),
    )


def point_text(point: Point) -> str:
    """One question in one round as a reader sees it: the share and its base, or why there is none.

    >>> point_text(Point(share=.6, base=50)), point_text(Point(mark=Mark.NOT_APPLICABLE))
    ('60% of 50', 'Not asked')
    """
    if point.share is None:
        return point.words or MARKED[point.mark or Mark.NOT_AVAILABLE]
    if point.base is None:
        return f"{tables.percent_of(point.share)}% (base not published)"
    return f"{tables.share_text(round(point.share * point.base), point.base)} of {point.base:,}"


def change_text(found: Difference) -> str:
    """A change with its range in points, or nothing where there is none."""
    if found.difference is None:
        return ""
    points = tables.percent_of(found.difference)
    noun = "point" if abs(points) == 1 else "points"
    text = f"{tables.signed(points)} {noun}"
    if found.interval is None:
        return text
    low, high = (tables.percent_of(each) for each in (found.interval.low, found.interval.high))
    return f"{text} ({tables.signed(low)} to {tables.signed(high)})"


def _rounds(comparison: Comparison) -> Iterator[Block]:
    yield Heading(text="What is compared")
    rows = []
    for each in comparison.rounds:
        people = "Not known" if each.people is None else f"{each.people:,}"
        agencies = "Not known" if each.agencies is None else f"{each.agencies:,}"
        bank = "" if each.bank is None else each.bank.title
        told = [bank] if bank else []
        if each.kind is RoundKind.PUBLISHED:
            told.append(f"Published totals: {each.source}")
            if not each.bases_published:
                told.append(
                    "Not every base was published, so some figures are shown but not tested"
                )
        rows.append((round_name(each), people, agencies, " ".join(map(sentence, told))))
    yield Grid(
        description="The rounds that are compared, the oldest first",
        headers=("Round", "People who answered", "Agencies", "Questionnaire and source"),
        widths=(5.0, 2.6, 2.2, 6.8),
        rows=rows,
        numbers=frozenset({1, 2}),
    )


def _care(comparison: Comparison) -> Iterator[Block]:
    told = [each for each in comparison.caveats if each]
    if not told:
        return
    yield Words(text="Please read what follows with this in mind:")
    yield Bullets(items=list(dict.fromkeys(map(sentence, told))))


def _signpost(signpost: SignpostCompared) -> Iterator[Block]:
    """The score first, then the questions that clearly changed last, then how the others stand.

    Earlier steps are in the annex.
    """
    yield Heading(text=signpost.title)
    for score in signpost.steps:
        yield Words(text=sentence(score.sentence))
    for caveat in signpost.caveats:
        yield Words(text=sentence(caveat))
    others: dict[Change, list[str]] = {}
    for question in signpost.questions:
        step = question.latest
        if step is not None and step.change in CHANGED:
            yield Words(title=_named(question), text=_told(step))
        elif step is not None:
            others.setdefault(step.change, []).append(_named(question))
    for change, names in others.items():
        yield Words(text=f"{CHANGE_WORDS[change]}: {'; '.join(names)}.")


def _named(question: QuestionCompared) -> str:
    return question.short or question.text


def _told(step: Step) -> str:
    """The step's sentence with the split and the notes that belong to it, each said once."""
    parts = [sentence(step.sentence)]
    if step.both is not None and step.both.sentence not in step.sentence:
        parts.append(sentence(step.both.sentence))
    if notes := step_notes(step):
        parts.append(notes)
    return " ".join(dict.fromkeys(parts))


def _findings(comparison: Comparison) -> Iterator[Block]:
    if not comparison.findings:
        return
    yield Heading(text="What became of earlier readings")
    yield Grid(
        description="What earlier readings became, by the answers alone",
        headers=("Topic", "Outcome", "What the answers say"),
        widths=(4.2, 3.4, 9.0),
        rows=[
            (found.title, OUTCOME_WORDS[found.outcome], found.sentence)
            for found in comparison.findings
        ],
    )


def _dropped(comparison: Comparison) -> Iterator[Block]:
    if comparison.dropped:
        yield Heading(text="Questions that are no longer asked")
        yield Bullets(items=[question.text for question in comparison.dropped])


def _annex(comparison: Comparison) -> Iterator[Block]:
    yield Sideways()
    yield Heading(text="Annex: the figures")
    notes = (tables.BASE_NOTE, tables.CHANGE_NOTE, tables.SPLIT_NOTE, tables.ROUNDING_NOTE)
    yield Words(text=" ".join(notes), style=Style.NOTE)
    asked: dict[str, list[QuestionCompared]] = {}
    for title, question in list_questions(comparison):
        asked.setdefault(title, []).append(question)
    for title, questions in asked.items():
        rows = [
            row
            for question in questions
            for step in question.steps
            for row in _rows(question, step)
        ]
        if not rows:
            continue
        yield Heading(text=title, level=2)
        yield Grid(
            description=f"Figures for the questions on {title}",
            headers=(
                "Question",
                "Then and now",
                "Whose answers",
                "Then",
                "Now",
                "Change",
                "In a word",
                "What the change is made of",
            ),
            widths=(6.2, 2.4, 3.2, 2.6, 2.6, 3.2, 2.4, 4.0),
            rows=rows,
            numbers=frozenset({3, 4, 5}),
            together=True,
        )
    yield Heading(text="What the figures were made from", level=2)
    yield Words(text=stamp_text(comparison), style=Style.NOTE)


def _rows(question: QuestionCompared, step: Step) -> list[tuple[str, ...]]:
    def row(first: bool, who: str, found: Difference, split: str) -> tuple[str, ...]:
        return (
            _named(question) if first else "",
            VERDICT_WORDS[step.verdict] if first else "",
            who,
            point_text(found.before),
            point_text(found.after),
            change_text(found),
            CHANGE_WORDS[found.change],
            split,
        )

    rows = [row(True, "All agencies", step.all, _split(step))]
    if step.both is not None:
        rows.append(row(False, "Those that answered both times", step.both, ""))
    return rows


def _split(step: Step) -> str:
    if step.split is None:
        return NOT_SHOWN if step.split_mark is Mark.CONFIDENTIAL else ""
    parts = (
        ("answered differently", step.split.rate),
        ("different mix", step.split.mix),
        ("came", step.split.came),
        ("went", step.split.went),
    )
    return ", ".join(f"{name} {tables.signed(points)}" for name, points in parts)
