"""Charts cut to the height of a page: a few questions in each, under one title."""

from __future__ import annotations

from collections.abc import Iterator

from analysis import charts
from analysis.export.report import Picture
from analysis.result import Coverage, QuestionResult, SignpostResult

MOST_BARS = 3
"""Questions of one chart."""


def signpost_parts(
    signpost: SignpostResult, *, most: int = MOST_BARS
) -> Iterator[tuple[SignpostResult, tuple[QuestionResult, ...]]]:
    """The signpost with a few of its scale questions at a time, and which those are."""
    asked = [
        question
        for topic in signpost.topics
        for question in topic.questions
        if question.all is not None
    ]
    for start in range(0, len(asked), most):
        kept = tuple(asked[start : start + most])
        codes = {question.code for question in kept}
        topics = tuple(
            topic.model_copy(
                update={"questions": tuple(q for q in topic.questions if q.code in codes)}
            )
            for topic in signpost.topics
        )
        yield signpost.model_copy(update={"topics": topics}), kept


def signpost_pictures(signpost: SignpostResult) -> Iterator[Picture]:
    """The signpost's diverging bars, over as many pictures as it takes."""
    drawn = [
        chart
        for part, _ in signpost_parts(signpost)
        if (chart := charts.signpost_chart(part)) is not None
    ]
    for number, chart in enumerate(drawn, start=1):
        part = f" ({number} of {len(drawn)})" if len(drawn) > 1 else ""
        yield Picture(
            svg=chart.svg, title=f"{chart.title}{part}", sentence=chart.sentence, narrow=True
        )


def coverage_picture(coverage: Coverage) -> Picture:
    """Who was invited and who answered: one picture, since its bars share one scale."""
    chart = charts.coverage_chart(coverage)
    return Picture(svg=chart.svg, title=chart.title, sentence=chart.sentence)
