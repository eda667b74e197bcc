"""An agency return as a Word document to pass round: what stands, and blanks for what is missing.

The protective marking stands in header and footer of every page. Importing this loads the Word
library, so pages import it when a draft is asked for and not before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from analysis.export import word
from analysis.export.report import Grid
from analysis.export.safety import clean, one_line

LONGEST_ANSWER = 60_000
"""An answer is never cut: this is more than any bank allows."""

CHOSEN, OPEN = "\u2612", "\u2610"
_BLANK_LINES = 3
_WIDTH = 16.6


@dataclass(frozen=True)
class DraftOption:
    """An answer that can be chosen, what it means for this question, and whether it is chosen."""

    label: str
    means: str
    is_chosen: bool


@dataclass(frozen=True)
class DraftQuestion:
    """One question with its answer as it stands; `answer` is "" where there is none.

    `only_if` says when it has to be answered. `notes` are lines such as who owns the action, or
    that the answer is last round's. `evidence` is what was given for it, in words.
    """

    text: str
    guidance: str = ""
    options: tuple[DraftOption, ...] = ()
    answer: str = ""
    only_if: str = ""
    notes: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class DraftTopic:
    """Questions under one heading."""

    title: str
    questions: tuple[DraftQuestion, ...]


@dataclass(frozen=True)
class DraftSection:
    """One section of the questionnaire."""

    title: str
    summary: str
    topics: tuple[DraftTopic, ...]
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReturnDraft:
    """All that the document says. `missing` are lines of what is still to be done."""

    title: str
    agency: str
    facts: tuple[tuple[str, str], ...]
    marking: str
    is_whole: bool
    missing: tuple[str, ...]
    sections: tuple[DraftSection, ...]
    dated: date


def draft_bytes(draft: ReturnDraft) -> bytes:
    """The finished file. Equal drafts give equal bytes."""
    document = word.new_document(
        title=f"{draft.agency}: {draft.title}", subject="Draft agency return", dated=draft.dated
    )
    if draft.marking:
        _mark_pages(document, draft.marking)
    document.add_paragraph(one_line(draft.title), style="Title")
    document.add_paragraph(f"{one_line(draft.agency)}: draft to pass round", style="Subtitle")
    word.table(
        document,
        Grid(
            description="What this draft is",
            headers=("About this draft", ""),
            widths=(4.6, 12.0),
            rows=draft.facts,
        ),
        together=True,
    )
    word.paragraph(
        document,
        "This copy is for talking about and for writing on. What is agreed is entered in Signpost: "
        "nothing written here goes there by itself."
        + ("" if draft.is_whole else " It holds some of the sections only."),
    )
    word.heading(document, "Still missing", level=1)
    _add_bullets(document, draft.missing)
    if not draft.missing:
        word.paragraph(document, "Nothing is missing from these sections.")
    for section in draft.sections:
        _add_section(document, section)
    return word.to_bytes(document)


def _mark_pages(document: Document, marking: str) -> None:
    section = document.sections[0]
    header = section.header.paragraphs[0]
    footer = section.footer.add_paragraph()
    for line in (header, footer):
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = line.add_run(one_line(marking))
        run.bold = True
        run.font.size = Pt(11)


def _add_section(document: Document, section: DraftSection) -> None:
    word.heading(document, section.title, level=1)
    if section.summary:
        word.paragraph(document, section.summary)
    for topic in section.topics:
        word.heading(document, topic.title, level=2)
        for question in topic.questions:
            _add_question(document, question)
    if section.evidence:
        word.heading(document, "Evidence for the whole section", level=2)
        _add_bullets(document, section.evidence)


def _add_question(document: Document, question: DraftQuestion) -> None:
    asked = document.add_paragraph()
    asked.paragraph_format.keep_with_next = True
    asked.paragraph_format.space_before = Pt(8)
    asked.add_run(clean(question.text)).bold = True
    for told in (question.only_if, question.guidance):
        if told:
            line = word.paragraph(document, told)
            line.paragraph_format.keep_with_next = True
    if question.options:
        _add_options(document, question)
    else:
        _add_answer(document, question.answer)
    for note in question.notes:
        word.paragraph(document, note)
    if question.evidence:
        word.paragraph(document, "Evidence given:").paragraph_format.keep_with_next = True
        _add_bullets(document, question.evidence)


def _add_bullets(document: Document, lines: tuple[str, ...]) -> None:
    for line in lines:
        word.paragraph(document, line, style="List Bullet")


def _add_options(document: Document, question: DraftQuestion) -> None:
    has_meaning = any(option.means for option in question.options)
    rows = [
        (
            f"{CHOSEN if option.is_chosen else OPEN} {option.label}",
            *((option.means,) if has_meaning else ()),
        )
        for option in question.options
    ]
    word.table(
        document,
        Grid(
            description="The answers to choose from; a cross stands at the one chosen",
            headers=("Answer", "What it means here") if has_meaning else ("Answer",),
            widths=(5.0, 11.6) if has_meaning else (_WIDTH,),
            rows=rows,
        ),
        together=True,
    )


def _add_answer(document: Document, answer: str) -> None:
    """A box with the answer, or with room to write one. Long answers run over pages."""
    box = document.add_table(rows=1, cols=1, style="Table Grid")
    box.autofit = False
    told = OxmlElement("w:tblDescription")
    told.set(qn("w:val"), "The answer" if answer else "Room for an answer")
    properties: Any = box._tbl.tblPr
    properties.append(told)
    cell = box.rows[0].cells[0]
    cell.width = Cm(_WIDTH)
    first = cell.paragraphs[0]
    if not answer:
        first.add_run("Not answered yet").italic = True
        for _ in range(_BLANK_LINES):
            cell.add_paragraph()
    lines = clean(answer)[:LONGEST_ANSWER].split("\n") if answer else []
    for number, line in enumerate(lines):
        place = first if number == 0 else cell.add_paragraph()
        place.add_run(line)
    gap = document.add_paragraph(style="Table text")
    gap.paragraph_format.line_spacing = Pt(4)
