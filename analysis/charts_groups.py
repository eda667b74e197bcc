"""The heat maps: every group on every question of a signpost, and on every signpost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from analysis import heat, svg, tables
from analysis.chart_words import short_share
from analysis.charts import LABEL, Chart, ChartTable
from analysis.export.safety import shorten
from analysis.heat import Cell, HeatRow
from analysis.result import (
    GroupKind,
    GroupResult,
    Mark,
    QuestionResult,
    SignpostResult,
    Summary,
)
from question_banks.bank import Level

EVERYBODY: Final = "Everybody"
HALF: Final = 0.5
"""A group's mean stands in a cell when it is over this part of the questions at least."""


_KINDS: Final = (GroupKind.SIDE, GroupKind.LEVEL, GroupKind.SECTOR_GROUP)


@dataclass(frozen=True)
class _Column:
    kind: GroupKind
    group: str
    title: str


def signpost_heat_chart(signpost: SignpostResult) -> Chart | None:
    """Every question of a signpost by every group; None where no group has figures.

    Everybody is the first column.
    """
    asked = _asked(signpost)
    columns = _columns(asked)
    if len(columns) < 2 or not any(g.figures for q in asked for g in q.groups):
        return None
    rows = [
        HeatRow(
            label=question.short or question.text,
            cells=tuple(_question_cell(question, column) for column in columns),
        )
        for question in asked
    ]
    return _heat(
        rows,
        columns,
        name=svg.identifier("heat", signpost.code),
        title=f"{signpost.title}, question by question and group by group",
        heading="Question",
    )


def heat_chart(summary: Summary) -> Chart | None:
    """Every signpost by every group, each cell the mean share over the signpost's questions.

    The cells of a row are set side by side, so they are over the same questions: those on which
    the council and all partners are both shown in figures, or all where there are none such. A
    cell over fewer of them is marked; a group that is shown on fewer than half has none.
    A group that has words for the signpost has those. None where no group has figures.
    """
    word = summary.bank.signpost_word
    signposts = [signpost for signpost in summary.signposts if _asked(signpost)]
    columns = _columns([question for signpost in signposts for question in _asked(signpost)])
    rows = [
        HeatRow(
            label=signpost.title,
            cells=tuple(_signpost_cell(signpost, column) for column in columns),
        )
        for signpost in signposts
    ]
    if not any(cell.share is not None for row in rows for cell in row.cells[1:]):
        return None
    return _heat(
        rows,
        columns,
        name="heat",
        title=f"Each {word} by group",
        note="A cell is a mean over questions, the same for the whole row.",
        heading=word[:1].upper() + word[1:],
    )


def _asked(signpost: SignpostResult) -> list[QuestionResult]:
    return [
        question
        for topic in signpost.topics
        for question in topic.questions
        if question.all is not None
    ]


def _columns(questions: Sequence[QuestionResult]) -> list[_Column]:
    """Everybody, the sides, the levels, the sector groups; a group that is a side only once."""
    found: dict[tuple[GroupKind, str], _Column] = {}
    titles = set()
    for question in questions:
        for group in question.groups:
            key = (group.kind, group.group)
            if key not in found and group.title not in titles:
                found[key] = _Column(group.kind, group.group, group.title)
                titles.add(group.title)
    return [_Column(GroupKind.ALL, "", EVERYBODY), *sorted(found.values(), key=_place)]


def _place(column: _Column) -> tuple[int, int]:
    levels = [level.value for level in Level]
    return _KINDS.index(column.kind), (
        levels.index(column.group) if column.kind is GroupKind.LEVEL else 0
    )


def _held(question: QuestionResult, column: _Column) -> GroupResult | None:
    if column.kind is GroupKind.ALL:
        return question.all
    return next(
        (g for g in question.groups if (g.kind, g.group) == (column.kind, column.group)), None
    )


def _question_cell(question: QuestionResult, column: _Column) -> Cell:
    group = _held(question, column)
    if group is None:
        return Cell(mark=Mark.NOT_AVAILABLE)
    share = _share(group)
    if share is not None:
        return Cell(share=share)
    if group.figures is not None:
        return Cell(mark=Mark.NOT_AVAILABLE)
    return Cell(words=group.words, mark=group.mark)


def _share(group: GroupResult | None) -> float | None:
    if group is None or group.figures is None or not group.figures.base:
        return None
    return group.figures.favourable / group.figures.base


def _alike(signpost: SignpostResult) -> list[QuestionResult]:
    """The questions over which the cells of a signpost's row are means."""
    shown = [question for question in _asked(signpost) if _share(question.all) is not None]
    both = [
        question
        for question in shown
        if sum(_share(g) is not None for g in question.groups if g.kind is GroupKind.SIDE) > 1
    ]
    return both or shown


def _signpost_cell(signpost: SignpostResult, column: _Column) -> Cell:
    alike = _alike(signpost)
    groups = [_held(question, column) for question in alike]
    shares = [share for share in map(_share, groups) if share is not None]
    if shares and len(shares) >= HALF * len(alike):
        return Cell(share=sum(shares) / len(shares), part=len(shares) < len(alike))
    for group in signpost.groups:
        if (group.kind, group.group) == (column.kind, column.group) and group.words:
            return Cell(words=group.words)
    there = [group for group in map(partial(_held, column=column), _asked(signpost)) if group]
    if there and all(group.mark is Mark.NOT_APPLICABLE for group in there):
        return Cell(mark=Mark.NOT_APPLICABLE)
    return Cell(mark=Mark.CONFIDENTIAL if there else Mark.NOT_AVAILABLE)


def _heat(
    rows: Sequence[HeatRow],
    columns: Sequence[_Column],
    *,
    name: str,
    title: str,
    heading: str,
    note: str = "",
) -> Chart:
    sentence = _heat_sentence(rows, columns)
    titles = tuple(column.title for column in columns)
    table = ChartTable(
        caption=title,
        headers=(heading, *titles),
        rows=tuple((row.label, *map(heat.cell_text, row.cells)) for row in rows),
    )
    picture = heat.draw(
        titles, rows, chart=f"chart-{name}", title=title, description=sentence, note=note
    )
    return Chart(name=name, title=title, svg=picture, sentence=sentence, table=table)


def _heat_sentence(rows: Sequence[HeatRow], columns: Sequence[_Column]) -> str:
    """The lowest and the highest cell of a group, and how many are withheld."""
    cells = [
        (cell.share, column.title, row.label)
        for row in rows
        for column, cell in zip(columns[1:], row.cells[1:], strict=True)
        if cell.share is not None
    ]
    low, high = min(cells), max(cells)
    said = f"The lowest figure of a group is {_cell_words(*low)}"
    said += f", the highest {_cell_words(*high)}." if high[0] > low[0] else "."
    hidden = sum(
        cell.share is None and not cell.words and cell.mark is Mark.CONFIDENTIAL
        for row in rows
        for cell in row.cells
    )
    if hidden:
        verb = "is" if hidden == 1 else "are"
        said += f" {tables.counted(hidden, 'cell')} {verb} hatched: too few people to show."
    return said


def _cell_words(share: float, title: str, label: str) -> str:
    return f"{short_share(share)}% ({title}, on “{shorten(label, to=LABEL)}”)"
