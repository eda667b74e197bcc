"""What the answers suggest, as a letter to edit or a report to read, with the figures in an annex.

Prose first: not an inspection, thanks, who answered and who did not, then each signpost, the two
columns and the lines of enquiry. The annex has the figures and, beside the rule's reading, the
reviewers' judgement where they decided otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator

from analysis import tables
from analysis.export import columns, prose
from analysis.export.letter import Letter
from analysis.export.pictured import coverage_picture, signpost_pictures
from analysis.export.report import (
    Block,
    Bullets,
    Columns,
    Grid,
    Heading,
    Report,
    Sideways,
    Style,
    Words,
)
from analysis.export.stamp import stamp_text
from analysis.result import GroupKind, QuestionResult, SignpostResult, Summary

NOT_SHOWN = "Not shown"
MADE_FROM = "What the figures were made from"
NOT_SHOWN_NOTE = "“Not shown” protects people in a small group, or says that there is no figure."


def letter_report(summary: Summary, letter: Letter, *, pictures: bool = False) -> Report:
    """The whole letter, with charts where they are asked for."""
    about = [letter.council, letter.round_title, letter.letter_date]
    words = " · ".join(part for part in about if part)
    return Report(
        title=f"{letter.review_title}: what the answers suggest",
        subtitle=words[:1].upper() + words[1:],
        subject=letter.council,
        dated=letter.dated,
        blocks=(
            *_opening(summary, letter),
            *_coverage(summary, pictures=pictures),
            *_signposts(summary, letter, pictures=pictures),
            *_columns(summary, letter),
            *_enquiries(summary, letter),
            *_closing(letter),
            *_annex(summary, letter),
        ),
    )


def _opening(summary: Summary, letter: Letter) -> Iterator[Block]:
    if letter.to:
        yield Words(text=f"Dear {letter.to}")
    for words in prose.opening(summary, letter):
        yield Words(text=words)


def _coverage(summary: Summary, *, pictures: bool) -> Iterator[Block]:
    yield Heading(text="Who answered, and who did not")
    for words in prose.who_answered(summary.coverage):
        yield Words(text=words)
    cautions = prose.caveats(summary)
    if cautions:
        yield Words(text="Please read what follows with this in mind:")
        yield Bullets(items=cautions)
    if pictures:
        yield coverage_picture(summary.coverage)


def _signposts(summary: Summary, letter: Letter, *, pictures: bool) -> Iterator[Block]:
    yield Heading(text="What the answers suggest")
    for signpost in summary.signposts:
        said = prose.signpost_prose(signpost, letter)
        yield Heading(text=said.title, level=2)
        opening = (said.sentence, said.leaning, said.score, said.groups, said.agencies)
        yield Words(text=" ".join(part for part in opening if part))
        for topic in said.topics:
            yield Words(title=topic.title, text=topic.statement)
            if topic.judgement:
                yield Words(text=topic.judgement, style=Style.QUOTE)
        for comment in said.quotes:
            yield Words(text=prose.quotation(comment), style=Style.QUOTE)
        if pictures:
            yield from signpost_pictures(signpost)


def _columns(summary: Summary, letter: Letter) -> Iterator[Block]:
    strengths, consider = columns.columns(summary, letter)
    pair = (letter.columns.strengths, letter.columns.consider)
    yield Heading(text=f"{pair[0]}, and {pair[1][:1].lower()}{pair[1][1:]}")
    yield Columns(
        description=f"Two lists side by side: {pair[0]}; {pair[1]}",
        headers=pair,
        columns=(
            [(bullet.topic, bullet.text) for bullet in strengths.bullets],
            [(bullet.topic, bullet.text) for bullet in consider.bullets],
        ),
        closing=(strengths.more, consider.more),
    )


def _enquiries(summary: Summary, letter: Letter) -> Iterator[Block]:
    lines = prose.enquiries(summary, letter)
    if not lines:
        return
    yield Heading(text="Lines of enquiry")
    yield Words(
        text="The answers raise these questions. Each says what could be tested, with whom, and "
        "which documents would show it."
    )
    yield Grid(
        description="Suggested lines of enquiry, one topic on each row",
        headers=("Topic", "What to test", "With whom", "In which documents"),
        widths=(3.0, 5.2, 4.2, 4.2),
        rows=[(line.topic, line.test, line.ask, line.documents) for line in lines],
    )


def _closing(letter: Letter) -> Iterator[Block]:
    if letter.sent_by:
        yield Words(text="Yours sincerely", style=Style.CLOSING)
        yield Words(text=letter.sent_by)


def _annex(summary: Summary, letter: Letter) -> Iterator[Block]:
    yield Sideways()
    yield Heading(text="Annex: the figures")
    notes = (tables.BASE_NOTE, tables.INTERVAL_NOTE, tables.ROUNDING_NOTE, NOT_SHOWN_NOTE)
    about = " ".join((*notes, prose.lines_note(summary))).strip()
    yield Words(text=about, style=Style.NOTE)
    for signpost in summary.signposts:
        yield from _figures(signpost, letter)
    yield from _counted(summary)
    yield from _returns(summary)
    yield Heading(text=MADE_FROM, level=2)
    yield Words(text=stamp_text(summary), style=Style.NOTE)


def _figures(signpost: SignpostResult, letter: Letter) -> Iterator[Block]:
    asked = [question for topic in signpost.topics for question in topic.questions]
    judged = any(question.code in letter.decisions for question in asked)
    rows = [
        _figures_row(row, question, letter, judged=judged)
        for question in asked
        if (row := tables.question_row(question)) is not None
    ]
    if not rows:
        return
    headers = ["Question", "Answered", "Favourable", "Share", "95% range", "Don’t know"]
    headers += ["Council", "Partners", "What the answers say"]
    widths = [6.4, 1.9, 2.0, 1.9, 2.4, 2.2, 2.0, 2.0, 5.6]
    if judged:
        headers.append("Reviewers’ judgement")
        widths = [5.4, 1.8, 1.9, 1.6, 2.3, 2.1, 1.9, 1.9, 3.8, 3.7]
    yield Heading(text=signpost.title, level=2)
    yield Grid(
        description=f"Figures for the questions on {signpost.title}",
        headers=headers,
        widths=widths,
        rows=rows,
        numbers=frozenset({1, 2, 3, 5}),
        together=True,
    )


def _figures_row(
    row: tables.QuestionRow, question: QuestionResult, letter: Letter, *, judged: bool
) -> tuple[str, ...]:
    figure = row.figure
    sides = [tables.figure_row(side) for side in question.groups if side.kind is GroupKind.SIDE]
    shares = [NOT_SHOWN if side.mark and not side.shown else side.share for side in sides[:2]]
    decision = letter.decisions.get(question.code)
    verdict = ""
    if decision is not None:
        verdict = f"{decision.words}. {prose.sentence(decision.reason)}".strip()
    return (
        row.short,
        figure.answered,
        *_share_cells(figure),
        figure.interval,
        figure.dont_know,
        *(shares + [""] * (2 - len(shares))),
        row.reading,
        *((verdict,) if judged else ()),
    )


def _share_cells(figure: tables.FigureRow) -> tuple[str, str]:
    if not figure.shown:
        return "", NOT_SHOWN if figure.mark else figure.share
    return figure.favourable.split(" of ")[0] if figure.answered != "0" else "", figure.share


def _counted(summary: Summary) -> Iterator[Block]:
    """Questions that are counted and never judged, if there are any."""
    rows: list[tuple[str, ...]] = []
    for question in summary.questions().values():
        if question.counts is None:
            continue
        rows.append((question.text, tables.choice_text(question.counts), ""))
        rows += [
            ("", choice.label, _chosen(choice)) for choice in tables.choice_rows(question.counts)
        ]
    if rows:
        yield Heading(text="Questions that are counted and not judged", level=2)
        yield Grid(
            description="How often each choice was made",
            headers=("Question", "Answer", "People and share"),
            widths=(11, 10, 5),
            rows=rows,
            numbers=frozenset({2}),
        )


def _chosen(choice: tables.ChoiceRow) -> str:
    if choice.median_place:
        return f"place {choice.median_place}"
    return f"{choice.count} ({choice.share})" if choice.share else choice.count


def _returns(summary: Summary) -> Iterator[Block]:
    """Agencies' own ratings beside their practitioners' answers, if there are any."""
    if not summary.returns:
        return
    asked = summary.questions()
    rows = []
    for each in summary.returns:
        question = asked.get(each.question)
        row = tables.figure_row(each.practitioners)
        share = NOT_SHOWN if row.mark and not row.shown else row.share
        rows.append(
            (
                each.agency,
                each.question if question is None else question.short or question.text,
                each.rating,
                f"{row.title}: {share}",
                each.sentence,
            )
        )
    yield Heading(text="Agencies’ own ratings beside the answers", level=2)
    yield Words(text=tables.RETURNS_NOTE, style=Style.NOTE)
    yield Grid(
        description="Each agency’s own agreed rating beside its practitioners’ answers",
        headers=("Agency", "Question", "The agency’s rating", "Practitioners", "What this says"),
        widths=(4.5, 6.5, 3.5, 4.5, 7.4),
        rows=rows,
    )
