"""What the page of one question of a comparison shows, and the pages to note something on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.charts import Chart
from analysis.charts_rounds import split_chart
from analysis.compared import (
    BASIS_WORDS,
    CIRCUMSTANCE_WORDS,
    Basis,
    Comparison,
    Difference,
    Point,
    QuestionCompared,
    Split,
    Step,
)
from analysis.result import Mark
from survey.actions.comparing import may_decide
from survey.data.comparing import ComparisonRow, NoteRow
from survey.web.presenters_compare import (
    ChangeView,
    difference_view,
    point_text,
    signed_points,
    step_words,
    wording_words,
)
from survey.web.presenters_rounds import RoundHead
from survey.web.presenting import long_date


@dataclass(frozen=True)
class WordingView:
    """How a question was worded in one or more rounds."""

    rounds: str
    text: str


@dataclass(frozen=True)
class BasisRow:
    """The change among one set of people."""

    basis: str
    before: str
    after: str
    change: ChangeView
    sentence: str


@dataclass(frozen=True)
class NoteView:
    """A note on what changed around a question."""

    id: str
    kind: str
    note: str
    by: str


@dataclass(frozen=True)
class StepView:
    """One question from one round to the next. `after` is the later round's place."""

    after: int
    words: str
    change: ChangeView
    sentence: str
    wording: str
    why: str
    decided: str
    can_decide: bool
    rows: tuple[BasisRow, ...]
    split: tuple[tuple[str, str], ...]
    split_sentence: str
    split_withheld: bool
    is_only_mix: bool
    notes: tuple[NoteView, ...]
    chart: Chart | None


@dataclass(frozen=True)
class QuestionPage:
    """One question through all rounds, the newest step first."""

    head: RoundHead
    comparison: str
    code: str
    title: str
    wordings: tuple[WordingView, ...]
    steps: tuple[StepView, ...]


@dataclass(frozen=True)
class StepPage:
    """The page of a form on one question's step: the two wordings and where one is."""

    head: RoundHead
    comparison: str
    code: str
    title: str
    after: int
    words: str
    text_before: str
    text_after: str
    why: str


def question_page(
    head: RoundHead, row: ComparisonRow, code: str, *, notes: Sequence[NoteRow]
) -> QuestionPage | None:
    """The page of a question, or None where the comparison has none of that code."""
    found = row.comparison
    question = found.questions().get(code)
    if question is None:
        return None
    return QuestionPage(
        head=head,
        comparison=row.id,
        code=code,
        title=question.short or question.text,
        wordings=_wordings(found, question),
        steps=tuple(_step(row, question, step, notes=notes) for step in reversed(question.steps)),
    )


def step_page(head: RoundHead, row: ComparisonRow, code: str, after: int) -> StepPage | None:
    """The page of a form on a question's step to a round, or None where there is no such step."""
    found = row.comparison
    question = found.questions().get(code)
    step = find_step(question, after) if question is not None else None
    if question is None or step is None:
        return None
    return StepPage(
        head=head,
        comparison=row.id,
        code=code,
        title=question.short or question.text,
        after=after,
        words=step_words(found, step.before, step.after),
        text_before=question.texts[step.before] or "",
        text_after=question.texts[step.after] or "",
        why=step.why,
    )


def find_step(question: QuestionCompared, after: int) -> Step | None:
    """The step to the round of that place, or None."""
    return next((step for step in question.steps if step.after == after), None)


def code_of_step(question: QuestionCompared, step: Step) -> str:
    """The code under which a note on a step is kept: the later round's, else the earlier's."""
    return question.codes[step.after] or question.codes[step.before] or question.code


def _wordings(found: Comparison, question: QuestionCompared) -> tuple[WordingView, ...]:
    by_text: dict[str, list[str]] = {}
    for round_, text in zip(found.rounds, question.texts, strict=True):
        if text is not None:
            by_text.setdefault(text, []).append(round_.title)
    return tuple(WordingView(", ".join(titles), text) for text, titles in by_text.items())


def _step(
    row: ComparisonRow, question: QuestionCompared, step: Step, *, notes: Sequence[NoteRow]
) -> StepView:
    ends = row.places[step.before].end, row.places[step.after].end
    code = code_of_step(question, step)
    here = [note for note in notes if (note.before, note.after) == ends and note.question == code]
    decided = ""
    if step.decided is not None:
        decided = f"{step.decided.by}: {step.decided.why}"
    differences = [step.all] if step.both is None else [step.all, step.both]
    return StepView(
        after=step.after,
        words=step_words(row.comparison, step.before, step.after),
        change=difference_view(step.all, change=step.change),
        sentence=step.sentence,
        wording=wording_words(step),
        why=step.why,
        decided=decided,
        can_decide=may_decide(step),
        rows=tuple(_basis_row(difference) for difference in differences),
        split=_split_rows(step.split) if step.split is not None else (),
        split_sentence=step.split.sentence if step.split is not None else "",
        split_withheld=step.split is None and step.split_mark is Mark.CONFIDENTIAL,
        is_only_mix=step.split is not None and step.split.only_mix,
        notes=tuple(
            NoteView(
                id=note.id,
                kind=CIRCUMSTANCE_WORDS[note.kind],
                note=note.note,
                by=f"{note.who}, {long_date(note.at)}",
            )
            for note in here
        ),
        chart=split_chart(question) if step is question.latest else None,
    )


def _basis_row(difference: Difference) -> BasisRow:
    return BasisRow(
        basis=BASIS_WORDS[difference.basis],
        before=_of_basis(difference, difference.before),
        after=_of_basis(difference, difference.after),
        change=difference_view(difference),
        sentence=difference.sentence if difference.basis is Basis.BOTH else "",
    )


def _of_basis(difference: Difference, point: Point) -> str:
    if difference.basis is Basis.BOTH and point.mark is Mark.NOT_APPLICABLE:
        return "Nobody"
    return point_text(point)


def _split_rows(split: Split) -> tuple[tuple[str, str], ...]:
    parts = [
        ("Agencies that answered both times answered differently", split.rate),
        ("The same agencies make up more or fewer of the answers", split.mix),
        ("Agencies that answered only the later time", split.came),
        ("Agencies that answered only the earlier time", split.went),
    ]
    rows = [(words, signed_points(points)) for words, points in parts]
    return (*rows, ("Together", signed_points(split.total)))
