"""An editable letter of what the answers suggest, with the figures in an annex.

Prose first: not an inspection, thanks, who answered and who did not, then each signpost, the two
columns and the lines of enquiry. The annex has the figures and, beside the rule's reading, the
reviewers' judgement where they decided otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis import tables
from analysis.export import prose, word
from analysis.export.letter import Letter
from analysis.result import GroupKind, QuestionResult, SignpostResult, Summary

if TYPE_CHECKING:
    from docx.document import Document


MOST_TOGETHER = 12
"""Rows of a table that are kept on one page."""
NOT_SHOWN = "Not shown"
NOT_SHOWN_NOTE = "“Not shown” protects people in a small group, or says that there is no figure."


def to_docx(summary: Summary, *, letter: Letter | None = None) -> bytes:
    """The letter's bytes, equal for equal input."""
    told = letter or Letter()
    title = f"{told.review_title}: what the answers suggest"
    document = word.new_document(title=title, subject=told.council, dated=told.dated)
    _letter_head(document, told, title=title)
    for words in prose.opening(summary, told):
        word.paragraph(document, words)
    _coverage(document, summary)
    _signposts(document, summary, told)
    _columns(document, summary, told)
    _enquiries(document, summary, told)
    if told.sent_by:
        word.paragraph(document, "Yours sincerely", style="Closing words")
        word.paragraph(document, told.sent_by)
    _annex(document, summary, told)
    return word.to_bytes(document)


def _letter_head(document: Document, letter: Letter, *, title: str) -> None:
    word.paragraph(document, title, style="Title")
    about = [letter.council, letter.round_title, letter.letter_date]
    words = " · ".join(part for part in about if part)
    word.paragraph(document, words[:1].upper() + words[1:], style="Subtitle")
    if letter.to:
        word.paragraph(document, f"Dear {letter.to}")


def _coverage(document: Document, summary: Summary) -> None:
    word.heading(document, "Who answered, and who did not", level=1)
    for words in prose.who_answered(summary.coverage):
        word.paragraph(document, words)
    cautions = prose.caveats(summary)
    if cautions:
        word.paragraph(document, "Please read what follows with this in mind:")
        for words in cautions:
            word.paragraph(document, words, style="List Bullet")


def _signposts(document: Document, summary: Summary, letter: Letter) -> None:
    word.heading(document, "What the answers suggest", level=1)
    for signpost in summary.signposts:
        said = prose.signpost_prose(signpost, letter)
        word.heading(document, said.title, level=2)
        word.paragraph(document, " ".join(part for part in (said.sentence, said.leaning) if part))
        for topic in said.topics:
            word.paragraph_with_title(document, topic.title, topic.statement)
            if topic.judgement:
                word.paragraph(document, topic.judgement, style="Quote")
        for comment in said.quotes:
            word.paragraph(document, prose.quotation(comment), style="Quote")


def _columns(document: Document, summary: Summary, letter: Letter) -> None:
    strengths, consider = prose.columns(summary, letter)
    pair = (letter.columns.strengths, letter.columns.consider)
    word.heading(document, f"{pair[0]}, and {pair[1][:1].lower()}{pair[1][1:]}", level=1)
    word.bullet_columns(
        document,
        description=f"Two lists side by side: {pair[0]}; {pair[1]}",
        headers=pair,
        columns=(
            [(bullet.topic, bullet.text) for bullet in strengths.bullets],
            [(bullet.topic, bullet.text) for bullet in consider.bullets],
        ),
        closing=(strengths.more, consider.more),
    )


def _enquiries(document: Document, summary: Summary, letter: Letter) -> None:
    lines = prose.enquiries(summary, letter)
    if not lines:
        return
    word.heading(document, "Lines of enquiry", level=1)
    word.paragraph(
        document,
        "The answers raise these questions. Each says what could be tested, with whom, and which "
        "documents would show it.",
    )
    word.table(
        document,
        description="Suggested lines of enquiry, one topic on each row",
        headers=("Topic", "What to test", "With whom", "In which documents"),
        widths=(3.0, 5.2, 4.2, 4.2),
        rows=[(line.topic, line.test, line.ask, line.documents) for line in lines],
    )


def _annex(document: Document, summary: Summary, letter: Letter) -> None:
    word.landscape(document)
    word.heading(document, "Annex: the figures", level=1)
    notes = (tables.BASE_NOTE, tables.INTERVAL_NOTE, tables.ROUNDING_NOTE, NOT_SHOWN_NOTE)
    about = " ".join((*notes, prose.lines_note(summary))).strip()
    word.paragraph(document, about, style="Table text")
    for signpost in summary.signposts:
        asked = [question for topic in signpost.topics for question in topic.questions]
        judged = any(question.code in letter.decisions for question in asked)
        rows = [
            _figures_row(row, question, letter, judged=judged)
            for question in asked
            if (row := tables.question_row(question)) is not None
        ]
        if rows:
            _figures_table(document, signpost, rows=rows, judged=judged)
    _counted(document, summary)


def _figures_table(
    document: Document, signpost: SignpostResult, *, rows: list[tuple[str, ...]], judged: bool
) -> None:
    word.heading(document, signpost.title, level=2)
    headers = ["Question", "Answered", "Favourable", "Share", "95% range", "Don’t know"]
    headers += ["Council", "Partners", "What the answers say"]
    widths = [6.4, 1.9, 2.0, 1.9, 2.4, 2.2, 2.0, 2.0, 5.6]
    if judged:
        headers.append("Reviewers’ judgement")
        widths = [5.4, 1.8, 1.9, 1.6, 2.3, 2.1, 1.9, 1.9, 3.8, 3.7]
    word.table(
        document,
        description=f"Figures for the questions on {signpost.title}",
        headers=headers,
        widths=widths,
        rows=rows,
        numbers=frozenset({1, 2, 3, 5}),
        together=len(rows) <= MOST_TOGETHER,
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


def _counted(document: Document, summary: Summary) -> None:
    """Questions that are counted and never judged, if there are any."""
    rows = []
    for question in summary.questions().values():
        if question.counts is None:
            continue
        rows.append((question.text, tables.choice_text(question.counts), ""))
        rows += [
            ("", choice.label, _chosen(choice)) for choice in tables.choice_rows(question.counts)
        ]
    if rows:
        word.heading(document, "Questions that are counted and not judged", level=2)
        word.table(
            document,
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
