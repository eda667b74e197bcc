"""A gated result as slides for the feedback presentation, to show and to edit.

Who took part, then each signpost with what reads as a strength and what to explore beside a native
chart, who has not been heard, and what to test next. The wording is the letter's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis import charts, diverging, tables
from analysis.export import columns, prose
from analysis.export.gated import refuse_ungated
from analysis.export.letter import Letter
from analysis.export.pictured import signpost_parts
from analysis.export.safety import one_line, shorten
from analysis.export.slides import Bars, Deck, Item, Series
from analysis.export.stamp import stamp_text
from analysis.result import Coverage, CoverageState, QuestionResult, SignpostResult, Summary

MOST_BARS = 6
MOST_SECTORS = 11
LABEL = 64
ANSWERED, SILENT = "#1d6b5c", "#ffffff"


def to_pptx(summary: Summary, *, letter: Letter | None = None) -> bytes:
    """The deck's bytes, equal for equal input."""
    refuse_ungated(summary, kinds=(Summary,))
    told = letter or Letter()
    deck = Deck(
        title=f"{told.review_title}: what the answers suggest",
        subject=told.council,
        dated=told.dated,
    )
    deck.opening(
        f"{told.review_title}: what the answers suggest",
        [
            one_line(told.council[:1].upper() + told.council[1:]),
            " · ".join(part for part in (told.round_title, told.closed) if part),
        ],
    )
    _, limits, asked = prose.opening(summary, told)
    deck.listing("What this is, and what it is not", [Item(text=limits), Item(text=asked)])
    deck.listing_with_charts(
        "Who took part", list(_took_part(summary)), _coverage_charts(summary.coverage)
    )
    for signpost in summary.signposts:
        deck.listing_with_charts(
            signpost.title,
            list(_signpost_items(summary, signpost, told)),
            _signpost_charts(signpost),
        )
    missing = list(_missing(summary))
    if missing:
        deck.listing("Who we have not heard, and what to bear in mind", missing)
    enquiries = prose.enquiries(summary, told)
    if enquiries:
        deck.listing("What to test next", [_enquiry(line) for line in enquiries])
    deck.listing(
        "How to read the figures",
        [
            Item(text=words)
            for words in (
                tables.BASE_NOTE,
                "The number on a part of a bar is how many people gave that answer.",
                prose.lines_note(summary),
                f"Made from: {stamp_text(summary)}",
            )
            if words
        ],
    )
    return deck.bytes()


def _took_part(summary: Summary) -> Iterator[Item]:
    coverage = summary.coverage
    yield Item(text=tables.coverage_text(coverage))
    levels = [
        f"{one_line(row.title).lower()}, {row.answered:,}"
        for row in coverage.levels
        if row.answered
    ]
    if levels:
        yield Item(title="By level", text=f"{'; '.join(levels)}.")
    for state, title in (
        (CoverageState.SILENT, "Invited, but nobody answered"),
        (CoverageState.NOT_INVITED, "Not invited"),
    ):
        names = [one_line(row.title) for row in coverage.sectors if row.state is state]
        if names:
            yield Item(title=title, text=f"{'; '.join(names)}.")


def _coverage_charts(coverage: Coverage) -> list[Bars]:
    """Answered and invited but silent for each sector; sectors not invited are told in words."""
    rows = [row for row in coverage.sectors if row.state is not CoverageState.NOT_INVITED]
    made = []
    for start in range(0, len(rows), MOST_SECTORS):
        part = tuple(rows[start : start + MOST_SECTORS])
        made.append(
            Bars(
                title="Who was invited and who answered",
                sentence=charts.coverage_sentence(coverage.model_copy(update={"sectors": part})),
                categories=[_sector_label(row.title, row.answered, row.invited) for row in part],
                series=(
                    Series(name="Answered", values=[row.answered for row in part], colour=ANSWERED),
                    Series(
                        name="Invited, no answer",
                        values=[max(0, (row.invited or 0) - row.answered) for row in part],
                        colour=SILENT,
                    ),
                ),
                whole=False,
            )
        )
    return made


def _sector_label(title: str, answered: int, invited: int | None) -> str:
    of = "" if invited is None else f" of {invited:,}"
    return f"{shorten(title, to=LABEL)} ({answered:,}{of})"


def _signpost_items(summary: Summary, signpost: SignpostResult, letter: Letter) -> Iterator[Item]:
    """What the signpost's answers say in the review's own pair of words."""
    said = prose.signpost_prose(signpost, letter)
    yield Item(text=said.sentence)
    alone = summary.model_copy(update={"signposts": (signpost,)})
    pair = (letter.columns.strengths, letter.columns.consider)
    told = columns.columns(alone, letter)
    for heading, column in zip(pair, told, strict=True):
        if column.bullets:
            yield Item(text=one_line(heading), head=True)
            for bullet in column.bullets:
                yield Item(title=bullet.topic, text=one_line(bullet.text))
    words = " ".join(part for part in (said.score, said.groups, said.agencies) if part)
    if words:
        yield Item(text=words)


def _signpost_charts(signpost: SignpostResult) -> list[Bars]:
    """The signpost's questions as stacked bars; those without figures are told in the sentence."""
    made = []
    for part, asked in signpost_parts(signpost, most=MOST_BARS):
        chart = charts.signpost_chart(part)
        shown = [
            question
            for question in asked
            if question.all is not None
            and question.all.figures is not None
            and question.all.figures.base
        ]
        if chart is not None and shown:
            made.append(
                Bars(
                    title=chart.title,
                    sentence=chart.sentence,
                    categories=[_question_label(question) for question in shown],
                    series=_series(shown),
                    whole=True,
                )
            )
    return made


def _question_label(question: QuestionResult) -> str:
    assert question.all is not None
    assert question.all.figures is not None
    figures = question.all.figures
    share = tables.share_text(figures.favourable, figures.base)
    name = shorten(question.short or question.text, to=LABEL)
    return f"{name}: {share} of {figures.base:,}"


def _series(shown: Sequence[QuestionResult]) -> tuple[Series, ...]:
    """A part for each option where all questions share a scale, else one for each kind."""
    found = [question.all.figures for question in shown if question.all and question.all.figures]
    parts = [diverging.segments(figures) for figures in found]
    keys = [[(each.label, each.paint) for each in part] for part in parts]
    if any(key != keys[0] for key in keys):
        parts = [
            diverging.segments(figures.model_copy(update={"options": ()})) for figures in found
        ]
    return tuple(
        Series(
            name=first.label,
            values=[part[at].count for part in parts],
            colour=first.paint.colour,
        )
        for at, first in enumerate(parts[0])
    )


def _missing(summary: Summary) -> Iterator[Item]:
    """What weakens the whole, then what weakens each signpost."""
    for words in prose.caveats(summary):
        yield Item(text=words)
    for signpost in summary.signposts:
        if signpost.caveats:
            words = " ".join(map(prose.sentence, signpost.caveats))
            yield Item(title=one_line(signpost.title), text=words)


def _enquiry(line: prose.EnquiryProse) -> Item:
    return Item(
        title=line.topic,
        text=prose.sentence(f"{line.test}; with {line.ask}" if line.ask else line.test),
    )
