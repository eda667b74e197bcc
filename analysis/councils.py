"""One council beside others that agreed to share: never a league table.

`benchmark` takes gated summaries and gives medians, quartiles, a funnel and the own place in words.
No other council is named, and what is given of any of them is rounded. A question that one council
added for itself is left out, whatever other councils ask. The rules are told in
docs/methods.md, "Councils".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil
from typing import Final

import numpy as np

from analysis.benchmarked import (
    FEWEST_COUNCILS,
    FEWEST_FOR_FUNNEL,
    Benchmark,
    Beside,
    Funnel,
    FunnelLimit,
    FunnelPoint,
    Position,
    SignpostBeside,
)
from analysis.councils_group import CouncilRound, Matched, figures_of, group_of
from analysis.councils_pooling import Council, funnel_limits, shrunken, spread
from analysis.councils_sentences import few_councils, hidden_here, place, refusal, summed
from analysis.disclosure import whole_points
from analysis.result import Interval, Mark, QuestionResult, SignpostResult
from analysis.rounding import percent_of
from question_banks.local import is_local

__all__ = ["CouncilRound", "benchmark"]

MONTHS: Final = 18
"""How far apart two councils' rounds may lie."""
NEAREST: Final = 5
"""To how many people the size of another council's round is rounded."""
FEWEST_QUESTIONS: Final = 2
INNER: Final = 1.959963984540054
OUTER: Final = 3.090232306167813
"""Standard errors that hold 95% and 99.8% of a normal law."""
_LIMITS: Final = 15

CAVEATS: Final = (
    "The other councils are those that agreed to share. They need not be like councils in general.",
    "Councils differ in whom they invite. A difference may be one of who answered.",
)


def benchmark(
    own: CouncilRound, others: Iterable[CouncilRound], *, months: int = MONTHS
) -> Benchmark:
    """The own round beside those of other councils that agreed to share.

    Of each other council the round nearest in time counts, if it lies within `months` of the own
    one. With fewer than eight of them the benchmark holds a refusal in words and no figure.
    """
    group = group_of(own, others, months=months)
    bank = own.summary.bank
    made = Benchmark(
        audience=own.summary.audience,
        council=own.council,
        round_title=own.title,
        bank=bank,
        councils=len(group),
        months=months,
        sentence="",
        provenance=own.summary.provenance,
    )
    if len(group) < FEWEST_COUNCILS:
        text = refusal(len(group), months=months)
        return made.model_copy(update={"refusal": text, "sentence": text})
    matched = [Matched(own, other) for other in group]
    signposts = tuple(
        found
        for signpost in own.summary.signposts
        if (found := _signpost(signpost, matched)).questions
    )
    rows = [question for signpost in signposts for question in signpost.questions]
    return made.model_copy(
        update={
            "sentence": summed([row.position for row in rows], councils=len(group)),
            "signposts": signposts,
            "caveats": CAVEATS,
            "hidden_cells": sum(row.mark is Mark.CONFIDENTIAL for row in rows),
        }
    )


def _signpost(signpost: SignpostResult, others: Sequence[Matched]) -> SignpostBeside:
    asked = [
        question
        for topic in signpost.topics
        for question in topic.questions
        if question.all is not None and not is_local(question.code)
    ]
    return SignpostBeside(
        code=signpost.code,
        title=signpost.title,
        score=_score(signpost, asked, others),
        questions=tuple(_beside(question, others) for question in asked),
    )


def _beside(question: QuestionResult, others: Sequence[Matched]) -> Beside:
    theirs = [
        Council(whole_points(figures.share), _nearest(figures.base))
        for each in others
        if (figures := each.figures.get(question.code)) is not None
    ]
    exact = [each.figures[question.code].share for each in others if question.code in each.figures]
    figures = figures_of(question)
    row = Beside(
        code=question.code,
        title=question.short,
        text=question.text,
        councils=len(theirs),
        sentence="",
    )
    if figures is None:
        return row.model_copy(update={"mark": Mark.CONFIDENTIAL, "sentence": hidden_here()})
    row = row.model_copy(
        update={"own": figures.share, "base": figures.base, "interval": figures.interval}
    )
    if len(theirs) < FEWEST_COUNCILS:
        return _too_few(row)
    own = Council(figures.share, figures.base)
    row = _placed(row, exact)
    return row.model_copy(
        update={
            "shrunken": whole_points(shrunken(own, [own, *theirs])),
            "funnel": _funnel(own, theirs) if 1 + len(theirs) >= FEWEST_FOR_FUNNEL else None,
        }
    )


def _too_few(row: Beside) -> Beside:
    return row.model_copy(
        update={"mark": Mark.NOT_AVAILABLE, "sentence": few_councils(row.councils)}
    )


def _placed(row: Beside, theirs: Sequence[float], *, is_score: bool = False) -> Beside:
    """The row with quartiles of the others, in whole points, and the own place among them."""
    assert row.own is not None
    low, middle, high = (
        whole_points(float(each))
        for each in np.quantile(theirs, [0.25, 0.5, 0.75], method="median_unbiased")
    )
    own = whole_points(row.own)
    position = Position.MIDDLE_HALF
    if own > high:
        position = Position.ABOVE
    elif own < low:
        position = Position.BELOW
    interval = row.interval
    unsure = (
        position is not Position.MIDDLE_HALF
        and interval is not None
        and interval.low <= high
        and interval.high >= low
    )
    return row.model_copy(
        update={
            "median": middle,
            "lower": low,
            "upper": high,
            "position": position,
            "sentence": place(
                percent_of(own),
                percent_of(low),
                percent_of(high),
                position=position,
                councils=row.councils,
                unsure=unsure,
                is_score=is_score,
            ),
        }
    )


def _score(
    signpost: SignpostResult, asked: Sequence[QuestionResult], others: Sequence[Matched]
) -> Beside:
    """The signpost's score beside those of councils that show all of its questions."""
    shown = {
        question.code: figures
        for question in asked
        if (figures := figures_of(question)) is not None
    }
    codes = [
        code for code in shown if sum(code in each.figures for each in others) >= FEWEST_COUNCILS
    ]
    held = [each for each in others if all(code in each.figures for code in codes)]
    row = Beside(
        code=signpost.code,
        title=signpost.title,
        councils=len(held) if codes else 0,
        sentence="",
    )
    if len(shown) < FEWEST_QUESTIONS:
        return row.model_copy(update={"mark": Mark.CONFIDENTIAL, "sentence": hidden_here()})
    score = signpost.score
    same = score is not None and set(score.questions) == set(codes)
    row = row.model_copy(
        update={
            "own": whole_points(_mean(shown[code].share for code in codes or shown)),
            "interval": score.interval if score is not None and same else None,
        }
    )
    if len(codes) < FEWEST_QUESTIONS or len(held) < FEWEST_COUNCILS:
        return _too_few(row)
    return _placed(
        row, [_mean(each.figures[code].share for code in codes) for each in held], is_score=True
    )


def _mean(shares: Iterable[float]) -> float:
    held = list(shares)
    return sum(held) / len(held)


def _nearest(people: int) -> int:
    """How many people, to the nearest five and at least five."""
    return max(NEAREST, NEAREST * round(people / NEAREST))


def _funnel(own: Council, theirs: Sequence[Council]) -> Funnel:
    found = spread([own, *theirs])
    points = [FunnelPoint(n=each.n, share=each.share) for each in theirs]
    points.append(FunnelPoint(n=own.n, share=own.share, own=True))
    limits = funnel_limits(found, n=own.n, deviate=INNER)
    outside = "within"
    if own.share > limits.high:
        outside = "above"
    elif own.share < limits.low:
        outside = "below"
    return Funnel(
        centre=whole_points(found.centre),
        dispersion=round(max(1.0, found.dispersion), 2),
        points=tuple(sorted(points, key=lambda each: (each.n, each.share))),
        limits=tuple(
            FunnelLimit(
                n=n,
                inner=_interval(funnel_limits(found, n=n, deviate=INNER)),
                outer=_interval(funnel_limits(found, n=n, deviate=OUTER)),
            )
            for n in _sizes([point.n for point in points])
        ),
        outside=outside,
    )


def _sizes(numbers: Sequence[int]) -> list[int]:
    """Numbers of people at which the limits are drawn, closer together where they are few."""
    low, high = max(1, min(numbers) - NEAREST), max(numbers) + NEAREST
    steps = np.linspace(low**0.5, high**0.5, _LIMITS) ** 2
    return sorted({ceil(round(float(step), 6)) for step in steps})


def _interval(limits: tuple[float, float]) -> Interval:
    return Interval(low=round(limits[0], 4), high=round(limits[1], 4))
