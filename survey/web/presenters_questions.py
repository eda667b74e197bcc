"""What the page of one question of the findings shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis import gallery
from analysis.charts import Chart, groups_chart, question_chart
from analysis.result import QuestionResult, Summary
from analysis.tables import (
    ChoiceRow,
    FigureRow,
    GapRow,
    choice_rows,
    choice_text,
    counted,
    figure_row,
    gap_rows,
    group_rows,
    share_text,
    voices_text,
)
from survey.web.presenters_findings import (
    Findings,
    ReturnLine,
    question_reading,
    returns_of,
)
from survey.web.presenters_readings import ReadingView
from survey.web.presenters_rounds import RoundHead


@dataclass(frozen=True)
class QuestionPage:
    """One question with everything behind its reading."""

    head: RoundHead
    code: str
    text: str
    signpost: tuple[str, str] | None
    topic: str
    reading: ReadingView | None
    figure: FigureRow | None
    dont_know: str
    not_asked: str
    held: bool
    chart: Chart | None
    sides: Chart | None
    groups: Chart | None
    group_rows: tuple[FigureRow, ...]
    gaps: tuple[GapRow, ...]
    returns: tuple[ReturnLine, ...]
    voices: str
    choices: tuple[ChoiceRow, ...]
    choice_text: str
    before: tuple[str, str] | None
    after: tuple[str, str] | None


def question_page(found: Findings, code: str) -> QuestionPage | None:
    """The page of a question, or None where there is none with that code."""
    questions = found.summary.questions()
    question = questions.get(code)
    if question is None:
        return None
    codes = list(questions)
    place = codes.index(code)
    signpost, topic = _place_of(found.summary, code)
    figures = question.all.figures if question.all else None
    return QuestionPage(
        head=found.head,
        code=code,
        text=question.text,
        signpost=signpost,
        topic=topic,
        reading=question_reading(found, question),
        figure=figure_row(question.all) if question.all else None,
        dont_know=_dont_know(question),
        not_asked=(
            counted(figures.not_shown, "person was", "people were") + " not asked this question."
            if figures and figures.not_shown
            else ""
        ),
        held=question.held,
        chart=question_chart(question),
        sides=gallery.sides_of(question),
        groups=groups_chart(question),
        group_rows=group_rows(question),
        gaps=gap_rows(question),
        returns=returns_of(found.summary, question=code),
        voices=voices_text(question.voices) if question.voices else "",
        choices=choice_rows(question.counts) if question.counts else (),
        choice_text=choice_text(question.counts) if question.counts else "",
        before=_titled(questions, codes, place - 1),
        after=_titled(questions, codes, place + 1),
    )


def _dont_know(question: QuestionResult) -> str:
    figures = question.all.figures if question.all else None
    if figures is None or not figures.dont_know:
        return "Nobody said that they do not know."
    applicable = figures.base + figures.dont_know
    people = counted(figures.dont_know, "person", "people")
    return (
        f"{people}, {share_text(figures.dont_know, applicable)} of those to whom it applies. "
        "With them counted as not favourable, the share would be "
        f"{share_text(figures.favourable, applicable)}."
    )


def _titled(
    questions: Mapping[str, QuestionResult], codes: Sequence[str], place: int
) -> tuple[str, str] | None:
    if not 0 <= place < len(codes):
        return None
    question = questions[codes[place]]
    return question.code, question.short or question.text


def _place_of(summary: Summary, code: str) -> tuple[tuple[str, str] | None, str]:
    for signpost in summary.signposts:
        for topic in signpost.topics:
            if any(question.code == code for question in topic.questions):
                return (signpost.code, signpost.title), topic.title
    return None, ""
