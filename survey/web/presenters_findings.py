"""What the pages of findings show. Made from the stored, gated summary and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.attribution import group_titles
from analysis.charts import Chart, coverage_chart
from analysis.charts_groups import heat_chart
from analysis.export import FILE_TYPES, Format
from analysis.result import (
    VERDICT_WORDS,
    QuestionResult,
    ReturnBeside,
    SignpostResult,
    Summary,
    TopicResult,
    Verdict,
)
from analysis.tables import (
    choice_text,
    counted,
    coverage_text,
    figure_row,
)
from analysis.why import why_question, why_topic
from question_banks.bank import Sector
from survey.data.comments import ReleasedComment
from survey.data.decisions import DecisionRow
from survey.data.snapshots import SnapshotRef
from survey.web.presenters_readings import TAGS, ReadingView, reading_view
from survey.web.presenters_rounds import RoundHead
from survey.web.presenting import date_time


@dataclass(frozen=True)
class Findings:
    """Everything the pages are made from: the summary in force and what people did with it."""

    head: RoundHead
    snapshot: SnapshotRef
    summary: Summary
    decisions: Mapping[str, DecisionRow]
    released: Sequence[ReleasedComment]
    places: Mapping[str, tuple[str, str]]
    signpost_of: Mapping[str, str]


@dataclass(frozen=True)
class TopicLine:
    """A topic in the list of a signpost."""

    code: str
    title: str
    reading: ReadingView


@dataclass(frozen=True)
class SignpostLine:
    """A signpost in the list of all."""

    code: str
    title: str
    sentence: str
    topics: tuple[TopicLine, ...]
    comments: int


@dataclass(frozen=True)
class Tally:
    """How many topics read in one way."""

    words: str
    tag: str
    count: str


@dataclass(frozen=True)
class ReturnLine:
    """An agency's own rating beside its practitioners' answers."""

    agency: str
    question: str
    rating: str
    practitioners: str
    sentence: str


@dataclass(frozen=True)
class FileChoice:
    """A file that can be asked for."""

    value: str
    title: str


@dataclass(frozen=True)
class FindingsPage:
    """The first page of the findings."""

    head: RoundHead
    snapshot: str
    signpost_word: str
    who: str
    caveats: tuple[str, ...]
    hidden: str
    tallies: tuple[Tally, ...]
    heat: Chart | None
    returns: tuple[ReturnLine, ...]
    coverage: Chart
    signposts: tuple[SignpostLine, ...]
    others: tuple[QuestionLine, ...]
    other_comments: tuple[Quote, ...]
    files: tuple[FileChoice, ...]


@dataclass(frozen=True)
class Quote:
    """A released comment; `source` is "" where naming even the sector could tell who wrote it."""

    text: str
    question: str
    source: str
    quotable: bool


@dataclass(frozen=True)
class QuestionLine:
    """A question in the list of its topic."""

    code: str
    text: str
    figure: str
    reading: ReadingView | None
    held: bool


def findings_page(found: Findings) -> FindingsPage:
    """The list of signposts, each with its topics as statements."""
    return FindingsPage(
        head=found.head,
        snapshot=snapshot_text(found.snapshot),
        signpost_word=found.summary.bank.signpost_word,
        who=coverage_text(found.summary.coverage),
        caveats=_once(*found.summary.coverage.caveats, *found.summary.caveats),
        hidden=_hidden(found.summary),
        tallies=_tallies(found),
        heat=heat_chart(found.summary),
        returns=returns_of(found.summary),
        coverage=coverage_chart(found.summary.coverage),
        signposts=tuple(_signpost_line(found, signpost) for signpost in found.summary.signposts),
        others=tuple(question_line(found, item) for item in found.summary.other_questions),
        other_comments=tuple(quotes_of(found, "")),
        files=tuple(FileChoice(value=one, title=FILE_TYPES[one].title) for one in Format),
    )


def snapshot_text(snapshot: SnapshotRef) -> str:
    """Which figures these are."""
    people = counted(snapshot.answered, "person", "people")
    return f"Snapshot {snapshot.number}, made at {date_time(snapshot.made_at)} from {people}"


def _hidden(summary: Summary) -> str:
    if not summary.hidden_cells:
        return ""
    figures = counted(summary.hidden_cells, "figure is", "figures are")
    return f"{figures} not shown, so that nobody in a small group can be recognised."


def _once(*sentences: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentences))


def returns_of(summary: Summary, *, question: str | None = None) -> tuple[ReturnLine, ...]:
    """The agencies' own ratings, of one question where it is named, in the order of the result."""
    questions = summary.questions()
    return tuple(
        ReturnLine(
            agency=row.agency,
            question=questions[row.question].short if row.question in questions else "",
            rating=row.rating,
            practitioners=_practitioners(row),
            sentence=row.sentence,
        )
        for row in summary.returns
        if question in (None, row.question)
    )


def _practitioners(row: ReturnBeside) -> str:
    shown = figure_row(row.practitioners)
    words = f"{shown.share} favourable: {shown.favourable} people" if shown.shown else shown.share
    return f"{shown.title} (its own are too few to show): {words}" if row.of_group else words


def _tallies(found: Findings) -> tuple[Tally, ...]:
    verdicts = [
        _verdict(found, topic) for signpost in found.summary.signposts for topic in signpost.topics
    ]
    return tuple(
        Tally(
            words=VERDICT_WORDS[verdict],
            tag=TAGS[verdict],
            count=counted(verdicts.count(verdict), "topic"),
        )
        for verdict in Verdict
        if verdict in verdicts
    )


def _verdict(found: Findings, topic: TopicResult) -> Verdict:
    decision = found.decisions.get(topic.code)
    if decision is not None and decision.verdict is not None:
        return Verdict(decision.verdict)
    return topic.reading.verdict


def _signpost_line(found: Findings, signpost: SignpostResult) -> SignpostLine:
    return SignpostLine(
        code=signpost.code,
        title=signpost.title,
        sentence=signpost.sentence,
        topics=tuple(
            TopicLine(code=topic.code, title=topic.title, reading=topic_reading(found, topic))
            for topic in signpost.topics
        ),
        comments=sum(found.signpost_of.get(c.question) == signpost.code for c in found.released),
    )


def topic_reading(found: Findings, topic: TopicResult) -> ReadingView:
    """A topic's reading with the decision in force on it."""
    decision = found.decisions.get(topic.code)
    why = why_topic(topic.reading)
    return reading_view(topic.reading, decision, snapshot=found.snapshot.number, why=why)


def question_reading(found: Findings, question: QuestionResult) -> ReadingView | None:
    """A question's reading with the decision in force on it, or None where it is not read."""
    if question.reading is None:
        return None
    decision = found.decisions.get(question.code)
    why = why_question(question, settings=found.summary.settings)
    return reading_view(question.reading, decision, snapshot=found.snapshot.number, why=why)


def question_line(found: Findings, question: QuestionResult) -> QuestionLine:
    """A question in a line: its figure, and how it reads."""
    if question.all is not None:
        row = figure_row(question.all)
        figure = row.share
        if row.shown and question.all.figures is not None and question.all.figures.base:
            figure = f"{row.share} favourable: {row.favourable} people"
    else:
        figure = choice_text(question.counts) if question.counts else ""
    return QuestionLine(
        code=question.code,
        text=question.text,
        figure=figure,
        reading=question_reading(found, question),
        held=question.held,
    )


def quotes_of(found: Findings, signpost: str) -> Iterator[Quote]:
    """The comments released under a signpost; "" is the closing prompts, which have none."""
    sources = attributions(found.summary)
    for comment in found.released:
        if found.signpost_of.get(comment.question, "") == signpost:
            yield Quote(
                text=comment.text,
                question=found.places.get(comment.question, ("", ""))[1],
                source=sources.get(comment.sector, ""),
                quotable=comment.quotable,
            )


def attributions(summary: Summary) -> dict[Sector, str]:
    """Sector to the group its comments may be named under, anywhere in the findings."""
    return group_titles(summary.questions().values(), settings=summary.settings)
