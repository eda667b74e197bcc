"""The gated result in long form: one figure, or one statement, on each line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from analysis import tables
from analysis.result import (
    ChoiceCounts,
    Coverage,
    CoverageState,
    Figures,
    GroupKind,
    GroupResult,
    Interval,
    Mark,
    QuestionResult,
    ReturnBeside,
    SignpostResult,
    Summary,
    TopicResult,
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line; what does not apply stays empty. The fields are the columns, in order."""

    signpost: str = ""
    signpost_title: str = ""
    topic: str = ""
    topic_title: str = ""
    question: str = ""
    wording_version: str = ""
    question_text: str = ""
    group_kind: str = ""
    group: str = ""
    group_title: str = ""
    measure: str
    option: str = ""
    option_label: str = ""
    value: float | int | None = None
    low: float | None = None
    high: float | None = None
    base: int | None = None
    mark: Mark | None = None
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where in the questionnaire a line belongs."""

    signpost: SignpostResult | None = None
    topic: TopicResult | None = None
    question: QuestionResult

    def line(
        self,
        measure: str,
        *,
        group: GroupResult | None = None,
        option: str = "",
        option_label: str = "",
        value: float | None = None,
        limits: Interval | None = None,
        base: int | None = None,
        mark: Mark | None = None,
        words: str = "",
    ) -> Line:
        """A line of this question."""
        return Line(
            signpost=self.signpost.code if self.signpost else "",
            signpost_title=self.signpost.title if self.signpost else "",
            topic=self.topic.code if self.topic else "",
            topic_title=self.topic.title if self.topic else "",
            question=self.question.code,
            wording_version=str(self.question.wording_version),
            question_text=self.question.text,
            group_kind=group.kind.value if group else "",
            group=group.group if group else "",
            group_title=group.title if group else "",
            measure=measure,
            option=option,
            option_label=option_label,
            value=value,
            low=limits.low if limits else None,
            high=limits.high if limits else None,
            base=base,
            mark=mark,
            words=words,
        )


def list_lines(summary: Summary) -> Iterator[Line]:
    """Coverage first, then every signpost with its topics and questions in the order asked."""
    yield from _coverage_lines(summary.coverage)
    for signpost in summary.signposts:
        yield from _signpost_lines(signpost)
        for topic in signpost.topics:
            yield from _topic_lines(topic, signpost=signpost)
    for each in summary.returns:
        yield from _return_lines(each)
    for question in summary.other_questions:
        yield from _question_lines(_Place(question=question))


def _coverage_lines(coverage: Coverage) -> Iterator[Line]:
    def pair(
        kind: str, code: str, title: str, *, invited: int | None, answered: int, words: str = ""
    ) -> Iterator[Line]:
        yield Line(
            group_kind=kind,
            group=code,
            group_title=title,
            measure="invited",
            value=invited,
            mark=Mark.NOT_AVAILABLE if invited is None else None,
            words=words,
        )
        yield Line(
            group_kind=kind,
            group=code,
            group_title=title,
            measure="answered",
            value=answered,
            base=invited,
            words=words,
        )

    yield from pair("all", "all", "Everybody", invited=coverage.invited, answered=coverage.answered)
    for sector in coverage.sectors:
        yield from pair(
            "sector",
            sector.sector.value,
            sector.title,
            invited=0 if sector.state is CoverageState.NOT_INVITED else sector.invited,
            answered=sector.answered,
            words=tables.STATE_WORDS[sector.state],
        )
    for agency in coverage.agencies:
        yield from pair(
            "agency",
            agency.agency,
            agency.agency,
            invited=0 if agency.state is CoverageState.NOT_INVITED else agency.invited,
            answered=agency.answered,
            words=tables.STATE_WORDS[agency.state],
        )
    for level in coverage.levels:
        yield Line(
            group_kind="level",
            group=level.level.value,
            group_title=level.title,
            measure="answered",
            value=level.answered,
        )


def _return_lines(each: ReturnBeside) -> Iterator[Line]:
    """An agency's own rating, and its practitioners' share or what stands in its place."""
    place = Line(
        question=each.question,
        group_kind=each.practitioners.kind.value,
        group=each.practitioners.group,
        group_title=each.practitioners.title,
        measure="agency_return",
    )
    own = replace(place, group_kind="agency", group=each.agency, group_title=each.agency)
    yield replace(
        own,
        option=each.kind.value,
        option_label=each.rating,
        value=each.apart,
        words=each.sentence,
    )
    figures = each.practitioners.figures
    row = tables.figure_row(each.practitioners)
    yield replace(
        place,
        measure="beside_agency_return",
        option_label=each.agency,
        value=figures.share if figures is not None and figures.base else None,
        base=None if figures is None else figures.base,
        mark=row.mark,
        words="" if figures is not None else row.share,
    )


def _signpost_lines(signpost: SignpostResult) -> Iterator[Line]:
    place = Line(signpost=signpost.code, signpost_title=signpost.title, measure="sentence")
    yield replace(place, words=signpost.sentence)
    leans = {
        "mostly_favourable": signpost.mostly_favourable,
        "mostly_unfavourable": signpost.mostly_unfavourable,
    }
    for measure, people in leans.items():
        mark = Mark.CONFIDENTIAL if people is None else None
        yield replace(place, measure=measure, value=people, mark=mark)
    if signpost.score is not None:
        score = signpost.score
        yield replace(
            place,
            measure="score",
            value=score.score,
            low=score.interval.low,
            high=score.interval.high,
            base=score.people,
        )
    for group in signpost.groups:
        row = tables.figure_row(group)
        yield replace(
            place,
            measure="leaning",
            group_kind=group.kind.value,
            group=group.group,
            group_title=group.title,
            mark=row.mark,
            words=row.share,
        )
    if signpost.agencies_lean:
        yield replace(place, measure="agencies_lean", words=signpost.agencies_lean)


def _topic_lines(topic: TopicResult, *, signpost: SignpostResult) -> Iterator[Line]:
    yield Line(
        signpost=signpost.code,
        signpost_title=signpost.title,
        topic=topic.code,
        topic_title=topic.title,
        measure="reading",
        option=topic.reading.verdict.value,
        option_label=tables.reading_words(topic.reading),
        words=topic.reading.sentence,
    )
    for question in topic.questions:
        yield from _question_lines(_Place(signpost=signpost, topic=topic, question=question))


def _question_lines(place: _Place) -> Iterator[Line]:
    question = place.question
    if question.reading is not None:
        yield place.line(
            "reading",
            option=question.reading.verdict.value,
            option_label=tables.reading_words(question.reading),
            words=question.reading.sentence,
        )
    if question.held:
        yield place.line("held", words=tables.HELD_NOTE)
    groups = (() if question.all is None else (question.all,)) + question.groups
    for group in groups:
        yield from _group_lines(place, group)
    if question.voices is not None:
        voices = question.voices
        yield place.line(
            "equal_voices_share", value=voices.share, limits=voices.interval, base=voices.voices
        )
    for gap in question.gaps:
        yield place.line(
            "difference",
            option=gap.kind,
            option_label=f"{gap.first} less {gap.second}",
            value=gap.difference,
            limits=gap.interval,
            words=gap.words,
        )
    if question.counts is not None:
        yield from _count_lines(place, question.counts)


def _group_lines(place: _Place, group: GroupResult) -> Iterator[Line]:
    figures = group.figures
    if figures is None:
        row = tables.figure_row(group)
        yield place.line("favourable_share", group=group, mark=row.mark, words=row.share)
        return
    yield place.line(
        "favourable_share",
        group=group,
        value=figures.share if figures.base else None,
        limits=figures.interval,
        base=figures.base,
        mark=group.mark,
        words=group.words or "",
    )
    yield from _measure_lines(place, group, figures)
    for option in figures.options:
        yield place.line(
            "count",
            group=group,
            option=option.option,
            option_label=option.label,
            value=option.count,
            base=figures.people,
        )


def _measure_lines(place: _Place, group: GroupResult, figures: Figures) -> Iterator[Line]:
    applicable = figures.base + figures.dont_know
    if figures.bounds is not None:
        yield place.line(
            "non_response_bounds", group=group, limits=figures.bounds, base=figures.asked
        )
    yield place.line("dont_know_share", group=group, value=figures.dont_know_share, base=applicable)
    yield place.line(
        "share_counting_dont_know",
        group=group,
        value=figures.share_counting_dont_know,
        base=applicable,
    )
    for measure, people in (
        ("favourable", figures.favourable),
        ("neutral", figures.neutral),
        ("unfavourable", figures.unfavourable),
        ("skipped", figures.skipped),
        ("not_shown", figures.not_shown),
        ("agencies", figures.agencies),
    ):
        yield place.line(measure, group=group, value=people)
    for measure, value in (("agreement", figures.agreement), ("index", figures.index)):
        if value is not None:
            yield place.line(measure, group=group, value=float(value), base=figures.base)


def _count_lines(place: _Place, counts: ChoiceCounts) -> Iterator[Line]:
    everybody = GroupResult(group="all", title="Everybody", kind=GroupKind.ALL)
    if counts.mark is not None:
        words = tables.MARK_WORDS[counts.mark]
        yield place.line("answered", group=everybody, mark=counts.mark, words=words)
        return
    yield place.line("answered", group=everybody, value=counts.answered)
    yield place.line("skipped", group=everybody, value=counts.skipped)
    for option in counts.options:
        label = option.label
        if option.count is not None:
            yield place.line(
                "count",
                group=everybody,
                option=option.option,
                option_label=label,
                value=option.count,
                base=counts.answered,
            )
        if option.median_place is not None:
            yield place.line(
                "median_place",
                group=everybody,
                option=option.option,
                option_label=label,
                value=option.median_place,
                base=counts.answered,
            )
    if isinstance(counts.median, str):
        yield place.line("median", group=everybody, words=counts.median, base=counts.answered)
    elif counts.median is not None:
        yield place.line("median", group=everybody, value=counts.median, base=counts.answered)
