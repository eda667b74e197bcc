"""A comparison and a benchmark in long form: one figure, or one statement, on each line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.benchmarked import Benchmark, Beside
from analysis.compared import Comparison, Difference, Point, QuestionCompared, ScorePoint, Step
from analysis.export.benchmark_sheets import list_rows
from analysis.export.comparison_sheets import list_questions, step_notes
from analysis.result import Interval, Mark


@dataclass(frozen=True, kw_only=True)
class ComparedLine:
    """One line of a comparison; what does not apply stays empty. The fields are the columns.

    `round` counts from 1, the oldest. A change carries the round it ends in, and `from_round`.
    """

    signpost: str = ""
    question: str = ""
    question_text: str = ""
    from_round: int | None = None
    round: int | None = None
    round_title: str = ""
    basis: str = ""
    measure: str
    option: str = ""
    value: float | int | None = None
    low: float | None = None
    high: float | None = None
    base: int | None = None
    mark: Mark | None = None
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class BesideLine:
    """One line of a benchmark; what does not apply stays empty. The fields are the columns."""

    signpost: str = ""
    question: str = ""
    question_text: str = ""
    measure: str
    option: str = ""
    value: float | int | None = None
    low: float | None = None
    high: float | None = None
    base: int | None = None
    mark: Mark | None = None
    words: str = ""


def compared_lines(comparison: Comparison) -> Iterator[ComparedLine]:
    """Rounds first, then every signpost's scores, then every question, then findings."""
    titles = [each.title for each in comparison.rounds]
    for number, each in enumerate(comparison.rounds, start=1):
        for measure, value in (("people", each.people), ("agencies", each.agencies)):
            yield ComparedLine(
                round=number,
                round_title=each.title,
                measure=measure,
                option=each.kind.value,
                value=value,
                mark=Mark.NOT_AVAILABLE if value is None else None,
                words=each.source,
            )
    for signpost in comparison.signposts:
        for step in signpost.steps:
            for at, point in ((step.before, step.earlier), (step.after, step.later)):
                yield _score_line(signpost.title, point, at=at, title=titles[at])
            yield ComparedLine(
                signpost=signpost.title,
                from_round=step.before + 1,
                round=step.after + 1,
                round_title=titles[step.after],
                measure="score_change",
                option=step.change.value,
                value=step.difference,
                low=_low(step.interval),
                high=_high(step.interval),
                words=step.sentence,
            )
    for signpost_title, question in list_questions(comparison):
        yield from _compared_question(signpost_title, question, titles)
    for found in comparison.findings:
        yield ComparedLine(
            from_round=found.before + 1,
            round=found.after + 1,
            round_title=titles[found.after],
            measure="finding",
            option=found.outcome.value,
            words=f"{found.title}: {found.sentence}",
        )


def _low(interval: Interval | None) -> float | None:
    return None if interval is None else interval.low


def _high(interval: Interval | None) -> float | None:
    return None if interval is None else interval.high


def _score_line(signpost: str, point: ScorePoint, *, at: int, title: str) -> ComparedLine:
    return ComparedLine(
        signpost=signpost,
        round=at + 1,
        round_title=title,
        measure="score",
        value=point.score,
        low=_low(point.interval),
        high=_high(point.interval),
        base=point.people,
        mark=point.mark,
    )


def _compared_question(
    signpost: str, question: QuestionCompared, titles: list[str]
) -> Iterator[ComparedLine]:
    for at, (point, text) in enumerate(zip(question.points, question.texts, strict=True)):
        yield _point_line(
            signpost, question, point, at=at, title=titles[at], text=text or "", basis="all"
        )
    for step in question.steps:
        both = step.both
        if both is not None:
            for at, point in ((step.before, both.before), (step.after, both.after)):
                yield _point_line(
                    signpost,
                    question,
                    point,
                    at=at,
                    title=titles[at],
                    text=question.texts[at] or "",
                    basis="both",
                )
        yield from _step_lines(signpost, question, step, title=titles[step.after])


def _point_line(
    signpost: str,
    question: QuestionCompared,
    point: Point,
    *,
    at: int,
    title: str,
    text: str,
    basis: str,
) -> ComparedLine:
    return ComparedLine(
        signpost=signpost,
        question=question.code,
        question_text=text,
        round=at + 1,
        round_title=title,
        basis=basis,
        measure="favourable_share",
        value=point.share,
        low=_low(point.interval),
        high=_high(point.interval),
        base=point.base,
        mark=point.mark,
        words=point.words or "",
    )


def _step_lines(
    signpost: str, question: QuestionCompared, step: Step, *, title: str
) -> Iterator[ComparedLine]:
    def line(
        measure: str,
        *,
        basis: str = "",
        option: str = "",
        value: float | None = None,
        limits: Interval | None = None,
        mark: Mark | None = None,
        words: str = "",
    ) -> ComparedLine:
        return ComparedLine(
            signpost=signpost,
            question=question.code,
            question_text=question.text,
            from_round=step.before + 1,
            round=step.after + 1,
            round_title=title,
            basis=basis,
            measure=measure,
            option=option,
            value=value,
            low=_low(limits),
            high=_high(limits),
            mark=mark,
            words=words,
        )

    def change(found: Difference) -> ComparedLine:
        return line(
            "change",
            basis=found.basis.value,
            option=found.change.value,
            value=found.difference,
            limits=found.interval,
            words=found.sentence,
        )

    yield line("wording", option=step.verdict.value, words=step_notes(step))
    yield change(step.all)
    if step.both is not None:
        yield change(step.both)
    if step.split is not None:
        parts = step.split
        for measure, points in (
            ("change_answered_differently", parts.rate),
            ("change_different_mix", parts.mix),
            ("change_agencies_came", parts.came),
            ("change_agencies_went", parts.went),
        ):
            yield line(measure, value=points / 100, words=parts.sentence)
    elif step.split_mark is not None:
        yield line("change_answered_differently", mark=step.split_mark)


def beside_lines(benchmark: Benchmark) -> Iterator[BesideLine]:
    """Every signpost's score beside other councils', then its questions."""
    for signpost, row, whole in list_rows(benchmark):
        yield from _beside_row(signpost, row, whole=whole)


def _beside_row(signpost: str, row: Beside, *, whole: bool) -> Iterator[BesideLine]:
    def line(
        measure: str,
        *,
        option: str = "",
        value: float | None = None,
        limits: Interval | None = None,
        base: int | None = None,
        mark: Mark | None = None,
        words: str = "",
    ) -> BesideLine:
        return BesideLine(
            signpost=signpost,
            question="" if whole else row.code,
            question_text="" if whole else row.text or row.title,
            measure=measure,
            option=option,
            value=value,
            low=_low(limits),
            high=_high(limits),
            base=base,
            mark=mark,
            words=words,
        )

    yield line(
        "own_score" if whole else "own_share",
        option="" if row.position is None else row.position.value,
        value=row.own,
        limits=row.interval,
        base=row.base,
        mark=row.mark,
        words=row.sentence,
    )
    if row.median is not None:
        quartiles = (
            Interval(low=row.lower, high=row.upper)
            if row.lower is not None and row.upper is not None
            else None
        )
        yield line("middle_council", value=row.median, limits=quartiles, base=row.councils)
    if row.shrunken is not None:
        yield line("own_allowing_for_few_answers", value=row.shrunken)
    if row.funnel is not None:
        funnel = row.funnel
        yield line("funnel_centre", option=funnel.outside, value=funnel.centre)
        yield line("funnel_dispersion", value=funnel.dispersion)
        for point in funnel.points:
            who = "own" if point.own else "other"
            yield line("funnel_point", option=who, value=point.share, base=point.n)
        for limit in funnel.limits:
            yield line("funnel_inner", limits=limit.inner, base=limit.n)
            yield line("funnel_outer", limits=limit.outer, base=limit.n)
