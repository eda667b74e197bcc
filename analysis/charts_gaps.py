"""The gap dumbbells: two groups set against each other on every question of a signpost."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from analysis import dumbbells, svg, tables
from analysis.charts import LABEL, Chart, ChartTable
from analysis.dumbbells import Dumbbell
from analysis.export.safety import shorten
from analysis.result import GroupKind, GroupResult, QuestionResult
from analysis.settings import COUNCIL, PARTNERS
from question_banks.bank import Level


class Gaps(StrEnum):
    """Which two groups a dumbbell sets against each other; the value is `Gap.kind`."""

    COUNCIL_PARTNERS = "council_partners"
    LEVELS = "levels"


_PAIRS: Final[dict[Gaps, tuple[GroupKind, str, str]]] = {
    Gaps.COUNCIL_PARTNERS: (GroupKind.SIDE, COUNCIL, PARTNERS),
    Gaps.LEVELS: (GroupKind.LEVEL, Level.STRATEGIC.value, Level.FRONTLINE.value),
}


def gaps_chart(
    questions: Sequence[QuestionResult], *, kind: Gaps, title: str, ident: str
) -> Chart | None:
    """Two groups set against each other on every question that was read, hidden ones in words.

    None where no question shows both in figures. `ident` makes the drawing's ids its own.
    """
    rows = [row for row in (_dumbbell(question, kind) for question in questions) if row]
    if not any(None not in row.figures for row in rows):
        return None
    name = svg.identifier("gaps", kind, ident)
    sentence = gaps_sentence(rows)
    names = (rows[0].first.title, rows[0].second.title)
    table = ChartTable(
        caption=title,
        headers=("Question", *names, "Difference"),
        rows=tuple(
            (row.label, *(_side_text(side) for side in (row.first, row.second)), _difference(row))
            for row in rows
        ),
    )
    picture = dumbbells.draw(rows, chart=f"chart-{name}", title=title, description=sentence)
    return Chart(name=name, title=title, svg=picture, sentence=sentence, table=table)


def gaps_sentence(rows: Sequence[Dumbbell]) -> str:
    """On how many questions the two differ, on which the most, and what is not shown."""
    shown = [row for row in rows if None not in row.figures]
    clear = [row for row in shown if row.gap is not None and row.gap.clear]
    possible = [row for row in shown if row.gap is not None and not row.gap.clear]
    first, second = (_lower(side.title) for side in (rows[0].first, rows[0].second))
    questions = tables.counted(len(shown), "question")
    if not clear and not possible:
        said = f"On none of the {questions} shown do {first} and {second} clearly differ."
        if len(shown) == 1:
            said = f"On the question shown, {first} and {second} do not clearly differ."
    else:
        widest = max(clear or possible, key=lambda row: abs(row.gap.difference if row.gap else 0))
        verb = "clearly differ" if clear else "may differ"
        told = clear or possible
        named = f"“{shorten(widest.label, to=LABEL)}”: {_against(widest)}"
        where = f"{len(told)}, most on {named}" if len(told) > 1 else f"one, {named}"
        said = f"Of the {questions} shown, {first} and {second} {verb} on {where}."
        if len(shown) == 1:
            said = f"On {named}; {first} and {second} {verb}."
        if clear and possible:
            said += f" On {len(possible)} more they may."
    hidden = len(rows) - len(shown)
    if hidden:
        verb = "is" if hidden == 1 else "are"
        said += f" {tables.counted(hidden, 'question')} {verb} given without both figures."
    return said


def _lower(title: str) -> str:
    """A group's title within a sentence."""
    words = title[:1].lower() + title[1:]
    return f"the {words}" if words == "council" else words


def _against(row: Dumbbell) -> str:
    said = []
    for side, figures in zip((row.first, row.second), row.figures, strict=True):
        if figures is not None:
            share = tables.share_text(figures.favourable, figures.base)
            said.append(f"{share} of {figures.base:,} people ({side.title})")
    return " against ".join(said)


def _side_text(side: GroupResult) -> str:
    row = tables.figure_row(side)
    return f"{row.share} ({row.favourable})" if row.shown and row.favourable else row.share


def _difference(row: Dumbbell) -> str:
    return "" if None in row.figures else dumbbells.difference_words(row)


def _dumbbell(question: QuestionResult, kind: Gaps) -> Dumbbell | None:
    of_kind, *names = _PAIRS[kind]
    held = {group.group: group for group in question.groups if group.kind is of_kind}
    if any(name not in held for name in names):
        return None
    gap = next((gap for gap in question.gaps if gap.kind == kind), None)
    return Dumbbell(
        label=question.short or question.text,
        first=held[names[0]],
        second=held[names[1]],
        gap=gap,
    )
