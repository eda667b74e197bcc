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
        word.paragraph(document, "Yours sincerely")
        word.paragraph(document, told.sent_by)
    _annex(document, summary, told)
    return word.to_bytes(document)


def _letter_head(document: Document, letter: Letter, *, title: str) -> None:
    word.paragraph(document, title, style="Title")
    about = [letter.council, letter.round_title, letter.letter_date]
    word.paragraph(document, " · ".join(part for part in about if part), style="Subtitle")
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
        for words in said.caveats:
            word.paragraph(document, words)
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
        widths=(3.0, 5.2, 4.1, 4.1),
        rows=[(line.topic, line.test, line.ask, line.documents) for line in lines],
    )


def _annex(document: Document, summary: Summary, letter: Letter) -> None:
    word.landscape(document)
    word.heading(document, "Annex: the figures", level=1)
    notes = (tables.BASE_NOTE, tables.INTERVAL_NOTE, tables.ROUNDING_NOTE)
    word.paragraph(document, " ".join((*notes, prose.lines_note(summary))).strip())
    judged = any(code in letter.decisions for code in summary.questions())
    for signpost in summary.signposts:
        asked = (question for topic in signpost.topics for question in topic.questions)
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
    headers = ["Question", "Answered", "Favourable", "95% range", "Don’t know"]
    headers += ["Council", "All partners", "What the answers say"]
    widths = [8.2, 1.9, 2.5, 2.6, 2.2, 2.2, 2.2, 4.2]
    if judged:
        headers.append("Reviewers’ judgement")
        widths = [6.6, 1.9, 2.5, 2.5, 2.1, 2.1, 2.1, 3.0, 3.2]
    word.table(
        document,
        description=f"Figures for the questions on {signpost.title}",
        headers=headers,
        widths=widths,
        rows=rows,
        numbers=frozenset({1, 4}),
    )


def _figures_row(
    row: tables.QuestionRow, question: QuestionResult, letter: Letter, *, judged: bool
) -> tuple[str, ...]:
    figure = row.figure
    sides = [tables.figure_row(side) for side in question.groups if side.kind is GroupKind.SIDE]
    shares = [side.share for side in sides[:2]]
    decision = letter.decisions.get(question.code)
    verdict = ""
    if decision is not None:
        verdict = f"{decision.words}. {prose.sentence(decision.reason)}".strip()
    return (
        question.text,
        figure.answered,
        f"{figure.share} ({figure.favourable})" if figure.favourable else figure.share,
        figure.interval,
        figure.dont_know,
        *(shares + [""] * (2 - len(shares))),
        row.reading,
        *((verdict,) if judged else ()),
    )


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
