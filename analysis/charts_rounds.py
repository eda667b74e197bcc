"""Charts of a comparison of rounds: slopes, and what a change is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from analysis import slopes, splits, svg, tables
from analysis.chart_words import short_share
from analysis.charts import LABEL, Chart, ChartTable
from analysis.compared import (
    CHANGE_WORDS,
    Change,
    Comparison,
    Point,
    QuestionCompared,
    RoundCompared,
    SignpostCompared,
    Split,
)
from analysis.export.safety import shorten
from analysis.listing import listed
from analysis.slopes import Slope

_SAID: Final = (Change.IMPROVED, Change.DECLINED, Change.NO_CLEAR_CHANGE)
_COUNTED: Final[dict[Change, str]] = {
    Change.IMPROVED: "improved",
    Change.DECLINED: "declined",
    Change.NO_CLEAR_CHANGE: "showed no clear change",
}


def slopes_chart(comparison: Comparison, signpost: SignpostCompared) -> Chart | None:
    """How the shares of a signpost's questions went from round to round.

    Only questions that can be compared over the last step are drawn, each with its earlier rounds
    where those can be compared too. A question that too few answered is a line of words. None
    where no question can be drawn.
    """
    asked = [question for question in signpost.questions if _is_last(question, comparison)]
    drawn = [question for question in asked if _change(question) in _SAID and _has_ends(question)]
    if not drawn:
        return None
    few = [question for question in asked if _change(question) is Change.TOO_FEW]
    lines = [_slope(question) for question in drawn]
    # A round that none of these questions can be compared with has no place among them.
    first = min(
        place for line in lines for place, share in enumerate(line.shares) if share is not None
    )
    lines = [replace(line, shares=line.shares[first:]) for line in lines]
    title = f"From round to round: {signpost.title}"
    name = svg.identifier("slopes", signpost.code)
    sentence = _slopes_sentence(drawn, few, others=len(signpost.questions) - len(drawn) - len(few))
    rounds = comparison.rounds[first:]
    spans = f"Left: {_when(rounds[0])}. Right: {_when(rounds[-1])}."
    if len(rounds) > 2:
        spans = f"From left to right: {'; '.join(map(_when, rounds))}. Changes are since the last."
    table = ChartTable(
        caption=title,
        headers=("Question", *(round_.title for round_ in comparison.rounds), "Change"),
        rows=tuple(
            (
                question.short or question.text,
                *(_point_text(point) for point in question.points),
                CHANGE_WORDS[_change(question)],
            )
            for question in (*drawn, *few)
        ),
    )
    picture = slopes.draw(
        lines,
        spans=spans,
        undrawn=[f"“{question.short or question.text}”: too few to say." for question in few],
        chart=f"chart-{name}",
        title=title,
        description=sentence,
    )
    return Chart(name=name, title=title, svg=picture, sentence=sentence, table=table)


def split_chart(question: QuestionCompared) -> Chart | None:
    """What the change of one question's share over the last step is made of.

    None where it may not be taken apart, or there is nothing to take apart.
    """
    split = question.latest.split if question.latest is not None else None
    if split is None:
        return None
    label = shorten(question.short or question.text, to=LABEL)
    title = f"How the change is made up: {label}"
    name = svg.identifier("split", question.code)
    table = ChartTable(
        caption=title,
        headers=("Part", "Points"),
        rows=tuple((part.label, tables.signed(part.points)) for part in splits.parts_of(split)),
    )
    sentence = _split_sentence(split)
    picture = splits.draw(split, chart=f"chart-{name}", title=title, description=sentence)
    return Chart(name=name, title=title, svg=picture, sentence=sentence, table=table)


def _split_sentence(split: Split) -> str:
    return split.sentence or f"The change is {tables.points_text(split.total / 100)}."


def _is_last(question: QuestionCompared, comparison: Comparison) -> bool:
    latest = question.latest
    return latest is not None and latest.comparable and latest.after == len(comparison.rounds) - 1


def _change(question: QuestionCompared) -> Change:
    return Change.NOT_COMPARABLE if question.latest is None else question.latest.change


def _has_ends(question: QuestionCompared) -> bool:
    return all(point.share is not None for point in question.points[-2:])


def _slope(question: QuestionCompared) -> Slope:
    """The shares back to the last round that can be compared, and nothing before it."""
    comparable = {step.after for step in question.steps if step.comparable}
    shares: list[float | None] = [question.points[-1].share]
    joined = True
    for place in range(len(question.points) - 2, -1, -1):
        joined = joined and place + 1 in comparable
        shares.insert(0, question.points[place].share if joined else None)
    return Slope(
        label=question.short or question.text, shares=tuple(shares), change=_change(question)
    )


def _when(round_: RoundCompared) -> str:
    title = shorten(round_.title, to=LABEL)
    return f"{title} ({round_.when})" if round_.when else title


def _point_text(point: Point) -> str:
    if point.share is None:
        return point.words or ("" if point.mark is None else tables.MARK_WORDS[point.mark])
    share = f"{short_share(point.share)}%"
    return f"{share} of {point.base:,}" if point.base else f"{share}, base not published"


def _slopes_sentence(
    drawn: Sequence[QuestionCompared], few: Sequence[QuestionCompared], *, others: int
) -> str:
    """How many went which way, the largest clear change, and what is not drawn."""
    counts = [
        (words, sum(_change(question) is change for question in drawn))
        for change, words in _COUNTED.items()
    ]
    parts = [f"{number} {words}" for words, number in counts if number]
    if len(drawn) == 1:
        said = f"“{_label(drawn[0])}” {_COUNTED[_change(drawn[0])]}: {_from_to(drawn[0])}."
    else:
        said = f"Of the {len(drawn)} questions drawn, {listed(parts)}."
    clear = [question for question in drawn if _change(question) is not Change.NO_CLEAR_CHANGE]
    if clear and len(drawn) > 1:
        most = max(clear, key=lambda question: abs(_size(question)))
        said += f" The largest change is on “{_label(most)}”: {_from_to(most)}."
    if few:
        said += f" On {tables.counted(len(few), 'question')} too few answered to say."
    if others:
        why = "is not drawn: it" if others == 1 else "are not drawn: they"
        said += f" {tables.counted(others, 'question')} {why} cannot be compared."
    return said


def _size(question: QuestionCompared) -> float:
    before, after = _slope(question).ends
    return after - before


def _label(question: QuestionCompared) -> str:
    return shorten(question.short or question.text, to=LABEL)


def _from_to(question: QuestionCompared) -> str:
    before, after = _slope(question).ends
    return f"{short_share(before)}% to {short_share(after)}%"
