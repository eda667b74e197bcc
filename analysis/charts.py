"""Charts of a gated result as SVG text, each with a sentence and a table that say the same.

A chart draws only what the result holds: a group whose figures were withheld is a line of words.
The main chart is the diverging stacked bar: unfavourable answers to the left, favourable ones to
the right, the neutral ones half on each side of the middle line, and don't know apart at the
side on the same scale. Direction, outlines, stripes and printed percentages carry the meaning;
colour only helps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis import bars, diverging, svg, tables
from analysis.diverging import Row
from analysis.export.safety import shorten
from analysis.listing import listed
from analysis.result import (
    Coverage,
    CoverageState,
    Figures,
    GroupKind,
    GroupResult,
    QuestionResult,
    SignpostResult,
)

PLACES = {"council": "in the council", "partners": "in partner agencies"}
"""Where the people of a side answered."""
LABEL = 120
"""Characters of a label that a sentence repeats at most."""


@dataclass(frozen=True, kw_only=True)
class ChartTable:
    """The table to stand beside a chart. The first cell of a row is its heading."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A picture and its two equivalents in words. In a template `{{ chart }}` puts the SVG.

    `name` is its own among the charts of a result, and fit for an address or a file's name.
    """

    name: str
    title: str
    svg: str
    sentence: str
    table: ChartTable

    @property
    def alt(self) -> str:
        """The words for readers who are not shown the picture: what it is of, and what it says."""
        return f"{self.title}. {self.sentence}"

    def __html__(self) -> str:
        """The SVG, every word of it already escaped, for templates that escape by themselves."""
        return self.svg


def question_chart(question: QuestionResult) -> Chart | None:
    """Everybody's answers to one scale question, or None where there are no figures to draw."""
    if question.all is None or question.all.figures is None:
        return None
    figures = question.all.figures
    title = f"Answers to: {question.text}"
    sentence = figures_sentence(figures)
    table = ChartTable(
        caption=title,
        headers=("Answer", "People", "Share"),
        rows=tuple((row.label, row.count, row.share) for row in tables.option_rows(figures)),
    )
    rows = (Row(label="Everybody", group=question.all),)
    return _diverging_chart(
        rows, ident=("question", question.code), title=title, sentence=sentence, table=table
    )


def groups_chart(
    question: QuestionResult,
    *,
    kinds: tuple[GroupKind, ...] = (GroupKind.SIDE, GroupKind.SECTOR_GROUP, GroupKind.LEVEL),
) -> Chart | None:
    """One question by group, withheld groups as words; None where no group has figures."""
    groups = [group for group in question.groups if group.kind in kinds]
    rows = tuple(Row(label=group.title, group=group) for group in groups)
    title = f"Answers by group to: {question.text}"
    return _diverging_chart(
        rows,
        ident=("groups", question.code),
        title=title,
        sentence=rows_sentence([(row.label, row.group) for row in rows], noun="group"),
        table=_share_table(title, heading="Group", rows=rows),
    )


def signpost_chart(signpost: SignpostResult) -> Chart | None:
    """Every scale question of a signpost, withheld ones as words; None without any figures."""
    rows = tuple(
        Row(label=question.short or question.text, group=question.all)
        for topic in signpost.topics
        for question in topic.questions
        if question.all is not None
    )
    title = f"Answers on {signpost.title}"
    return _diverging_chart(
        rows,
        ident=("signpost", signpost.code),
        title=title,
        sentence=rows_sentence([(row.label, row.group) for row in rows], noun="question"),
        table=_share_table(title, heading="Question", rows=rows),
    )


def _diverging_chart(
    rows: Sequence[Row], *, ident: tuple[str, ...], title: str, sentence: str, table: ChartTable
) -> Chart | None:
    if not any(row.group.figures and row.group.figures.base for row in rows):
        return None
    name = svg.identifier(*ident)
    picture = diverging.draw(rows, chart=f"chart-{name}", title=title, description=sentence)
    return Chart(name=name, title=title, svg=picture, sentence=sentence, table=table)


def sides_chart(questions: Sequence[QuestionResult], *, title: str, ident: str) -> Chart | None:
    """The council against all partners, a pair of bars for each question.

    A side whose figures are withheld is a line of words, a question with neither side is left
    out and counted in the sentence. None where nothing is left. `ident` makes the drawing's ids
    its own on a page.
    """
    rows = []
    left_out = 0
    for question in questions:
        sides = tuple(group for group in question.groups if group.kind is GroupKind.SIDE)
        if any(side.figures and side.figures.base for side in sides):
            rows.append(bars.Pair(label=question.short or question.text, sides=sides))
        else:
            left_out += question.all is not None
    if not rows:
        return None
    sentence = sides_sentence(rows, left_out=left_out)
    table = ChartTable(
        caption=title,
        headers=("Question", "Who", "Favourable", "Share", "Range"),
        rows=tuple(
            (pair.label, row.title, row.favourable, row.share, row.interval)
            for pair in rows
            for row in map(tables.figure_row, pair.sides)
        ),
    )
    name = svg.identifier("sides", ident)
    picture = bars.draw_sides(rows, chart=f"chart-{name}", title=title, description=sentence)
    return Chart(name=name, title=title, svg=picture, sentence=sentence, table=table)


def coverage_chart(coverage: Coverage, *, title: str = "Who was invited and who answered") -> Chart:
    """Answered of invited for each sector, with silent and uninvited sectors in words."""
    sentence = coverage_sentence(coverage)
    table = ChartTable(
        caption=title,
        headers=("Sector", "Agencies", "Invited", "Answered", "Rate", "State"),
        rows=tuple(
            (row.title, row.agencies, row.invited, row.answered, row.rate, row.state_words)
            for row in tables.sector_rows(coverage)
        ),
    )
    picture = bars.draw_coverage(
        coverage.sectors, chart="chart-coverage", title=title, description=sentence
    )
    return Chart(name="coverage", title=title, svg=picture, sentence=sentence, table=table)


def sides_sentence(pairs: Sequence[bars.Pair], *, left_out: int) -> str:
    """On which question the two sides are furthest apart, and what is not shown."""
    apart = []
    for pair in pairs:
        shown = [
            (side.group, side.figures)
            for side in pair.sides
            if side.figures is not None and side.figures.base
        ]
        if len(shown) == 2:
            (_, first), (_, second) = shown
            difference = first.favourable / first.base - second.favourable / second.base
            apart.append((abs(difference), pair.label, shown))
    sentence = ""
    if apart:
        _, label, shown = max(apart, key=lambda row: row[0])
        (first_name, first), (second_name, second) = shown
        named = f"“{shorten(label, to=LABEL)}”"
        where = (
            f"On {named}, "
            if len(apart) == 1
            else f"The council and its partners are furthest apart on {named}: "
        )
        sentence = (
            f"{where}{tables.share_text(first.favourable, first.base)} of the {first.base:,} "
            f"people who answered {PLACES[first_name]} were favourable, and "
            f"{tables.share_text(second.favourable, second.base)} of the {second.base:,} "
            f"{PLACES[second_name]}. "
        )
    one_side = len(pairs) - len(apart)
    if one_side:
        noun = tables.counted(one_side, "question")
        sentence += f"On {noun} only one side is given in figures. "
    if left_out:
        noun = tables.counted(left_out, "question")
        sentence += f"On {noun} neither side is given in figures. "
    return sentence.strip()


def coverage_sentence(coverage: Coverage) -> str:
    """How many answered, which sectors were silent and which were not invited."""
    sentence = tables.coverage_text(coverage)
    silent = [row.title for row in coverage.sectors if row.state is CoverageState.SILENT]
    absent = [row.title for row in coverage.sectors if row.state is CoverageState.NOT_INVITED]
    if silent:
        sentence += f" Invited but silent: {_titles(silent)}."
    if absent:
        sentence += f" Not invited: {_titles(absent)}."
    return sentence


def figures_sentence(figures: Figures) -> str:
    """One group's answers in a sentence, from the counts that are drawn."""
    if not figures.base:
        return "Nobody chose an answer on the scale."
    share = tables.share_text(figures.favourable, figures.base)
    parts = [f"{tables.people_text(figures)} were favourable ({share})"]
    if figures.neutral:
        share = tables.share_text(figures.neutral, figures.base)
        parts.append(f"{figures.neutral:,} were in between ({share})")
    share = tables.share_text(figures.unfavourable, figures.base)
    parts.append(f"{figures.unfavourable:,} were unfavourable ({share})")
    sentence = f"{listed(parts)}."
    if figures.dont_know:
        people = tables.counted(figures.dont_know, "person", "people")
        share = tables.share_text(figures.dont_know, figures.base + figures.dont_know)
        sentence += f" {people} more did not know, {share} of those the question applies to."
    return sentence


def rows_sentence(rows: Sequence[tuple[str, GroupResult]], *, noun: str) -> str:
    """How favourable answers run over the rows of a chart, and how many rows are withheld."""
    shown = [
        (label, group.figures)
        for label, group in rows
        if group.figures is not None and group.figures.base
    ]
    hidden = len(rows) - len(shown)
    if not shown:
        return f"No figures can be shown for any {noun}."
    ranked = sorted(shown, key=lambda row: row[1].favourable / row[1].base)
    low, high = ranked[0], ranked[-1]
    if len(shown) == 1:
        sentence = f"{shorten(high[0], to=LABEL)}: {figures_sentence(high[1])}"
    else:
        sentence = (
            f"Over {len(shown)} {noun}s the share of favourable answers runs from "
            f"{_ends(low)} to {_ends(high)}."
        )
    if hidden:
        verb = "is" if hidden == 1 else "are"
        sentence += f" {tables.counted(hidden, noun)} {verb} given without figures."
    return sentence


def _ends(row: tuple[str, Figures]) -> str:
    label, figures = row
    share = tables.share_text(figures.favourable, figures.base)
    return f"{share} of {figures.base:,} people ({shorten(label, to=LABEL)})"


def _share_table(caption: str, *, heading: str, rows: Sequence[Row]) -> ChartTable:
    body = []
    for row in rows:
        figures = row.group.figures
        if figures is None or not figures.base:
            words = tables.figure_row(row.group).share
            body.append((row.label, "", "", "", words, ""))
            continue
        body.append(
            (
                row.label,
                f"{figures.base:,}",
                tables.share_text(figures.unfavourable, figures.base),
                tables.share_text(figures.neutral, figures.base),
                tables.share_text(figures.favourable, figures.base),
                tables.dont_know_text(figures),
            )
        )
    return ChartTable(
        caption=caption,
        headers=(heading, "Answered", "Unfavourable", "Neither", "Favourable", "Don’t know"),
        rows=tuple(body),
    )


def _titles(titles: Sequence[str]) -> str:
    return "; ".join(shorten(title, to=LABEL) for title in titles)
