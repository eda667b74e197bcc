"""What the pages of findings show. Made from the stored, gated summary and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.charts import (
    Chart,
    coverage_chart,
    sides_chart,
    signpost_chart,
)
from analysis.export import FILE_TYPES, Format
from analysis.result import (
    VERDICT_WORDS,
    EnquiryResult,
    GroupKind,
    QuestionResult,
    SignpostResult,
    Summary,
    TopicResult,
    Verdict,
)
from analysis.tables import (
    MARK_WORDS,
    choice_text,
    counted,
    coverage_text,
    figure_row,
    leaning_text,
)
from question_banks.bank import Sector
from survey.data.comments import ReleasedComment
from survey.data.decisions import DecisionRow
from survey.data.snapshots import SnapshotRef
from survey.web.presenters_readings import TAGS, ReadingView, reading_view
from survey.web.presenters_rounds import RoundHead
from survey.web.presenting import date_time

PLURALS = {
    "signpost": "signposts",
    "theme": "themes",
    "standard": "standards",
    "section": "sections",
}


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
    signposts_word: str
    who: str
    caveats: tuple[str, ...]
    hidden: str
    tallies: tuple[Tally, ...]
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


@dataclass(frozen=True)
class TopicView:
    """A topic on its signpost's page."""

    code: str
    title: str
    reading: ReadingView
    enquiries: tuple[EnquiryResult, ...]
    sides: Chart | None
    sides_hidden: str
    gaps: tuple[str, ...]
    questions: tuple[QuestionLine, ...]


@dataclass(frozen=True)
class SignpostPage:
    """One signpost: its topics, its chart, and what people wrote."""

    head: RoundHead
    code: str
    title: str
    sentence: str
    caveats: tuple[str, ...]
    chart: Chart | None
    topics: tuple[TopicView, ...]
    leaning: str
    quotes: tuple[Quote, ...]
    before: tuple[str, str] | None
    after: tuple[str, str] | None


def findings_page(found: Findings) -> FindingsPage:
    """The list of signposts, each with its topics as statements."""
    word = found.summary.bank.signpost_word
    return FindingsPage(
        head=found.head,
        snapshot=snapshot_text(found.snapshot),
        signpost_word=word,
        signposts_word=PLURALS.get(word, f"{word}s"),
        who=coverage_text(found.summary.coverage),
        caveats=_once(*found.summary.coverage.caveats, *found.summary.caveats),
        hidden=_hidden(found.summary),
        tallies=_tallies(found),
        coverage=coverage_chart(found.summary.coverage),
        signposts=tuple(_signpost_line(found, signpost) for signpost in found.summary.signposts),
        others=tuple(_question_line(found, item) for item in found.summary.other_questions),
        other_comments=tuple(_quotes(found, "")),
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
            TopicLine(code=topic.code, title=topic.title, reading=_reading(found, topic))
            for topic in signpost.topics
        ),
        comments=sum(found.signpost_of.get(c.question) == signpost.code for c in found.released),
    )


def _reading(found: Findings, topic: TopicResult) -> ReadingView:
    decision = found.decisions.get(topic.code)
    return reading_view(topic.reading, decision, snapshot=found.snapshot.number)


def question_reading(found: Findings, question: QuestionResult) -> ReadingView | None:
    """A question's reading with the decision in force on it, or None where it is not read."""
    if question.reading is None:
        return None
    decision = found.decisions.get(question.code)
    return reading_view(question.reading, decision, snapshot=found.snapshot.number)


def _question_line(found: Findings, question: QuestionResult) -> QuestionLine:
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
    )


def _quotes(found: Findings, signpost: str) -> Iterator[Quote]:
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
    """Sector to the group it may be named under: the smallest that the gate shows figures of.

    A sector without such a group is not named at all: its few people would be recognised.
    """
    shown = {
        (group.kind, group.group): group.title
        for question in summary.questions().values()
        for group in question.groups
        if group.figures is not None
    }
    groups = summary.settings.get("sector_groups")
    council = summary.settings.get("council_sectors")
    named: dict[Sector, str] = {}
    for sector in Sector:
        side = "council" if isinstance(council, list) and sector in council else "partners"
        names = [(GroupKind.SIDE, side)]
        if isinstance(groups, dict):
            held = [name for name, sectors in groups.items() if sector in sectors]
            names = [(GroupKind.SECTOR_GROUP, name) for name in held] + names
        title = next((shown[name] for name in names if name in shown), None)
        if title is not None:
            named[sector] = title
    return named


def signpost_page(found: Findings, code: str) -> SignpostPage | None:
    """The page of a signpost, or None where there is none with that code."""
    signposts = found.summary.signposts
    place = next((i for i, signpost in enumerate(signposts) if signpost.code == code), None)
    if place is None:
        return None
    signpost = signposts[place]
    return SignpostPage(
        head=found.head,
        code=signpost.code,
        title=signpost.title,
        sentence=signpost.sentence,
        caveats=signpost.caveats,
        chart=signpost_chart(signpost),
        topics=tuple(_topic_view(found, topic) for topic in signpost.topics),
        leaning=leaning_text(signpost),
        quotes=tuple(_quotes(found, signpost.code)),
        before=_named(signposts[place - 1]) if place else None,
        after=_named(signposts[place + 1]) if place + 1 < len(signposts) else None,
    )


def _named(signpost: SignpostResult) -> tuple[str, str]:
    return signpost.code, signpost.title


def _topic_view(found: Findings, topic: TopicResult) -> TopicView:
    chart = sides_chart(
        topic.questions, title=f"The council and all partners on {topic.title}", ident=topic.code
    )
    return TopicView(
        code=topic.code,
        title=topic.title,
        reading=_reading(found, topic),
        enquiries=topic.enquiries,
        sides=chart,
        sides_hidden="" if chart else _why_no_sides(topic.questions),
        gaps=tuple(
            f"“{question.short or question.text}”: {gap.words}"
            for question in topic.questions
            for gap in question.gaps
        ),
        questions=tuple(_question_line(found, question) for question in topic.questions),
    )


def _why_no_sides(questions: Sequence[QuestionResult]) -> str:
    marks = [
        group.mark
        for question in questions
        for group in question.groups
        if group.kind is GroupKind.SIDE and group.mark is not None
    ]
    if not marks:
        return ""
    return f"The council against all partners: {MARK_WORDS[marks[0]].lower()}."
