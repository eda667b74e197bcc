"""The whole of an agency return, to read before signing, to print and to keep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from question_banks.answers import display
from question_banks.bank import Bank, Question, in_language
from survey.actions.returns import Answered
from survey.actions.returns_missing import Lack
from survey.data.return_evidence import ReturnEvidence
from survey.data.returns import EventOfReturn
from survey.data.returns_versions import HeldAnswer, StoredVersion
from survey.web.presenters_return_evidence import EvidenceRow, evidence_row
from survey.web.presenters_returns import (
    LACK_WORDS,
    EventRow,
    Key,
    ReturnHead,
    day_of,
    event_rows,
    head_of,
    missing_in,
    title_of,
)
from survey.web.presenting import date_time
from survey.web.returns_actor import Actor


@dataclass(frozen=True)
class WholeAnswer:
    """One answer of the printed return."""

    text: str
    answer: str
    not_applicable: str
    note: str
    """What is unfinished about it, such as that it is not answered."""
    evidence: tuple[EvidenceRow, ...]


@dataclass(frozen=True)
class WholePage:
    """One page of questions of the printed return."""

    id: str
    title: str
    answers: tuple[WholeAnswer, ...]


@dataclass(frozen=True)
class WholeSection:
    """One section of the printed return, with the evidence for all of it."""

    title: str
    pages: tuple[WholePage, ...]
    evidence: tuple[EvidenceRow, ...]
    evidence_url: str


@dataclass(frozen=True)
class WholeReturn:
    """The whole of a return, to read and to print."""

    head: ReturnHead
    as_at: str
    councils: str
    printed: str
    sections: tuple[WholeSection, ...]
    events: tuple[EventRow, ...]
    missing: int
    is_part: bool


def whole(
    actor: Actor,
    answered: Answered,
    *,
    held: Sequence[HeldAnswer],
    events: Sequence[EventOfReturn],
    evidence: Sequence[ReturnEvidence],
    evidence_url: Callable[[str], str],
    now: datetime,
) -> WholeReturn:
    """Everything a person may read of a return, to print or to read before signing.

    `evidence` is what stands, of any section; `evidence_url` the page of a section's evidence.
    """
    readable = actor.readable(answered)
    missing = missing_in(answered, held, readable)
    lacks: dict[Key, Lack] = {
        (one.section.round_id, one.question.code): one.lack for one in missing
    }
    found = []
    for section in readable:
        bank = answered.part(section.round_id).bank
        given: dict[str, list[EvidenceRow]] = {}
        for row in evidence:
            if row.section == section.code:
                given.setdefault(row.question, []).append(evidence_row(row))
        pages = tuple(
            WholePage(
                id=f"{section.code}-{page.key}",
                title=title_of(page),
                answers=tuple(
                    _whole_answer(
                        bank,
                        question,
                        answered.newest.get((section.round_id, question.code)),
                        lacks.get((section.round_id, question.code)),
                        given.pop(question.code, ()),
                    )
                    for question in page.questions
                ),
            )
            for page in section.pages
        )
        # What was given for a question that is not asked now stands with the section's own.
        rest = tuple(row for rows in given.values() for row in rows)
        found.append(WholeSection(section.title, pages, rest, evidence_url(section.code)))
    return WholeReturn(
        head=head_of(actor, answered.parts[0].bank, now=now),
        as_at=day_of(actor.item),
        councils=", ".join(sorted({one.council for one in actor.item.rounds})),
        printed=date_time(now),
        sections=tuple(found),
        events=event_rows(events),
        missing=len(missing),
        is_part=len(readable) < len(answered.sections),
    )


def _whole_answer(
    bank: Bank,
    question: Question,
    version: StoredVersion | None,
    lack: Lack | None,
    evidence: Sequence[EvidenceRow],
) -> WholeAnswer:
    note = "" if lack is None else LACK_WORDS[lack].capitalize()
    has_value = version is not None and version.value is not None
    reason = version.not_applicable if version is not None else ""
    return WholeAnswer(
        text=in_language(question.text),
        answer=display(bank, question, version.value) if version is not None else "",
        not_applicable=reason,
        note=note or ("" if has_value or reason else "Left empty"),
        evidence=tuple(evidence),
    )
