"""What the page of one signpost shows. Made from the stored, gated summary and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis import gallery
from analysis.charts import Chart, signpost_chart
from analysis.charts_gaps import Gaps
from analysis.charts_groups import signpost_heat_chart
from analysis.result import (
    EnquiryResult,
    GroupKind,
    QuestionResult,
    SignpostResult,
    ThemeScore,
    TopicResult,
)
from analysis.scope import scope_words
from analysis.tables import MARK_WORDS, counted, leaning_text, percent_of
from survey.web.presenters_findings import (
    Findings,
    QuestionLine,
    Quote,
    question_line,
    quotes_of,
    topic_reading,
)
from survey.web.presenters_readings import ReadingView
from survey.web.presenters_rounds import RoundHead


@dataclass(frozen=True)
class TopicView:
    """A topic on its signpost's page."""

    code: str
    title: str
    reading: ReadingView
    scope: str
    enquiries: tuple[EnquiryResult, ...]
    gaps: tuple[str, ...]
    questions: tuple[QuestionLine, ...]


@dataclass(frozen=True)
class SignpostPage:
    """One signpost: what its topics say, its pictures, and what people wrote.

    `groups` are small groups in words, `sides` and `levels` the two gap pictures; `sides_hidden`
    says why there is none of the council against all partners.
    """

    head: RoundHead
    code: str
    title: str
    sentence: str
    score: str
    groups: tuple[str, ...]
    caveats: tuple[str, ...]
    topics: tuple[TopicView, ...]
    chart: Chart | None
    heat: Chart | None
    sides: Chart | None
    sides_hidden: str
    levels: Chart | None
    leaning: str
    quotes: tuple[Quote, ...]
    before: tuple[str, str] | None
    after: tuple[str, str] | None


def signpost_page(found: Findings, code: str) -> SignpostPage | None:
    """The page of a signpost, or None where there is none with that code."""
    signposts = found.summary.signposts
    place = next((i for i, signpost in enumerate(signposts) if signpost.code == code), None)
    if place is None:
        return None
    signpost = signposts[place]
    sides = gallery.gaps_of(signpost, Gaps.COUNCIL_PARTNERS)
    return SignpostPage(
        head=found.head,
        code=signpost.code,
        title=signpost.title,
        sentence=signpost.sentence,
        score="" if signpost.score is None else score_text(signpost.score),
        groups=tuple(
            f"{group.title}: {group.words[:1].lower()}{group.words[1:]}"
            for group in signpost.groups
            if group.words
        ),
        caveats=signpost.caveats,
        topics=tuple(_topic_view(found, topic) for topic in signpost.topics),
        chart=signpost_chart(signpost),
        heat=signpost_heat_chart(signpost),
        sides=sides,
        sides_hidden="" if sides else _why_no_sides(signpost),
        levels=gallery.gaps_of(signpost, Gaps.LEVELS),
        leaning=leaning_text(signpost),
        quotes=tuple(quotes_of(found, signpost.code)),
        before=_named(signposts[place - 1]) if place else None,
        after=_named(signposts[place + 1]) if place + 1 < len(signposts) else None,
    )


def score_text(score: ThemeScore) -> str:
    """A signpost's score in a sentence.

    >>> from analysis.result import Interval
    >>> score_text(ThemeScore(questions=("a", "b"), people=48, score=0.57,
    ...                       interval=Interval(low=0.49, high=0.65)))
    'Over 2 questions, on average 57% of the 48 people who answered were favourable; allowing for \
how many answered, it could be 49% to 65%.'
    """
    questions = counted(len(score.questions), "question")
    low, high = percent_of(score.interval.low), percent_of(score.interval.high)
    return (
        f"Over {questions}, on average {percent_of(score.score)}% of the {score.people:,} people "
        f"who answered were favourable; allowing for how many answered, it could be {low}% to "
        f"{high}%."
    )


def _named(signpost: SignpostResult) -> tuple[str, str]:
    return signpost.code, signpost.title


def _topic_view(found: Findings, topic: TopicResult) -> TopicView:
    return TopicView(
        code=topic.code,
        title=topic.title,
        reading=topic_reading(found, topic),
        scope=scope_words(topic, settings=found.summary.settings),
        enquiries=topic.enquiries,
        gaps=tuple(
            f"“{question.short or question.text}”: {gap.words}"
            for question in topic.questions
            for gap in question.gaps
        ),
        questions=tuple(question_line(found, question) for question in topic.questions),
    )


def _why_no_sides(signpost: SignpostResult) -> str:
    questions: Sequence[QuestionResult] = [
        question for topic in signpost.topics for question in topic.questions
    ]
    marks = [
        group.mark
        for question in questions
        for group in question.groups
        if group.kind is GroupKind.SIDE and group.mark is not None
    ]
    if not marks:
        return ""
    return f"The council against all partners: {MARK_WORDS[marks[0]].lower()}."
