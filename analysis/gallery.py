"""Every chart of a gated summary under its name, made only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analysis import charts, charts_gaps, charts_groups, svg
from analysis.charts import Chart
from analysis.charts_gaps import Gaps
from analysis.result import QuestionResult, SignpostResult, Summary

Maker = Callable[[], Chart | None]

GAP_TITLES: dict[Gaps, str] = {
    Gaps.COUNCIL_PARTNERS: "The council and all partners on {title}",
    Gaps.LEVELS: "Strategic leaders and frontline practitioners on {title}",
}


def find_chart(summary: Summary, name: str) -> Chart | None:
    """The chart of that name (`Chart.name`), or None where there is none or nothing to draw."""
    maker = next((maker for known, maker in _makers(summary) if known == name), None)
    return None if maker is None else maker()


def list_charts(summary: Summary) -> tuple[Chart, ...]:
    """Every chart that can be drawn, in the order of the findings."""
    made = (maker() for _, maker in _makers(summary))
    return tuple(chart for chart in made if chart is not None)


def gaps_of(signpost: SignpostResult, kind: Gaps) -> Chart | None:
    """Two groups set against each other over all questions of a signpost."""
    questions = [question for topic in signpost.topics for question in topic.questions]
    title = GAP_TITLES[kind].format(title=signpost.title)
    return charts_gaps.gaps_chart(questions, kind=kind, title=title, ident=signpost.code)


def sides_of(question: QuestionResult) -> Chart | None:
    """The council and all partners on one question, each with its range."""
    return charts.sides_chart(
        (question,),
        title=f"The council and all partners on: {question.short or question.text}",
        ident=question.code,
    )


def _makers(summary: Summary) -> Iterator[tuple[str, Maker]]:
    yield "coverage", lambda: charts.coverage_chart(summary.coverage)
    yield "heat", lambda: charts_groups.heat_chart(summary)
    for signpost in summary.signposts:
        yield from _of_signpost(signpost)
    for question in summary.questions().values():
        yield from _of_question(question)


def _of_signpost(signpost: SignpostResult) -> Iterator[tuple[str, Maker]]:
    code = signpost.code
    yield svg.identifier("signpost", code), lambda: charts.signpost_chart(signpost)
    yield svg.identifier("heat", code), lambda: charts_groups.signpost_heat_chart(signpost)
    yield (
        svg.identifier("gaps", Gaps.COUNCIL_PARTNERS, code),
        lambda: gaps_of(signpost, Gaps.COUNCIL_PARTNERS),
    )
    yield svg.identifier("gaps", Gaps.LEVELS, code), lambda: gaps_of(signpost, Gaps.LEVELS)


def _of_question(question: QuestionResult) -> Iterator[tuple[str, Maker]]:
    code = question.code
    yield svg.identifier("question", code), lambda: charts.question_chart(question)
    yield svg.identifier("groups", code), lambda: charts.groups_chart(question)
    yield svg.identifier("sides", code), lambda: sides_of(question)
