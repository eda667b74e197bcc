"""One question of an agency return: its notes, who changed what, and two answers to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from question_banks.bank import (
    Bank,
    LongTextQuestion,
    Question,
    ShortTextQuestion,
    in_language,
)
from survey.actions.returns import Answered
from survey.actions.returns_path import Section
from survey.data.returns_people import Note
from survey.data.returns_versions import Chosen, HeldAnswer, HeldBecause, StoredVersion
from survey.web.presenters_returns import ReturnHead, answer_words, head_of
from survey.web.presenting import date_time
from survey.web.returns_actor import Actor
from survey.web.word_changes import Change, Piece, word_changes

PAGE_SIZE = 10


@dataclass(frozen=True)
class NoteRow:
    """A note, and where to mark it as settled."""

    id: str
    text: str
    who: str
    when: str
    settled: str
    settle_url: str


@dataclass(frozen=True)
class HistoryRow:
    """One version of the answer, or one that was held, with what it changed."""

    heading: str
    when: str
    pieces: tuple[Piece, ...]
    is_empty: bool
    is_held: bool
    note: str


@dataclass(frozen=True)
class QuestionOfReturn:
    """The page of one question."""

    head: ReturnHead
    text: str
    caption: str
    answer: str
    changed: str
    notes: tuple[NoteRow, ...]
    note_action: str
    may_write: bool
    history: tuple[HistoryRow, ...]
    versions: int
    newer_url: str
    older_url: str
    back: str
    here: str


@dataclass(frozen=True)
class ChoicePage:
    """Two answers that stand against each other, and the way to choose."""

    head: ReturnHead
    text: str
    caption: str
    why: str
    held: str
    held_who: str
    held_when: str
    is_own: bool
    current: str
    current_who: str
    current_when: str
    base: int
    before: str
    pieces: tuple[Piece, ...]
    is_text: bool
    is_long: bool
    both: str
    chosen: str
    errors: tuple[tuple[str, str], ...]
    action: str
    back: str


WHY = {
    HeldBecause.CHANGED: "Somebody else saved the same answer while this one was being written.",
    HeldBecause.ENDED: "It was sent after the contributor’s part had been ended.",
    HeldBecause.UNSHARED: "It was sent after the section had been taken from the contributor.",
    HeldBecause.NOT_OPEN: "It was sent while the return took no answers.",
}
CHOSEN = {
    Chosen.MINE: "{by} chose this one.",
    Chosen.THEIRS: "{by} kept the other one.",
    Chosen.BOTH: "{by} wrote one answer from both.",
}


def question_page(
    actor: Actor,
    answered: Answered,
    section: Section,
    question: Question,
    *,
    key: str,
    notes: Sequence[Note],
    versions: Sequence[StoredVersion],
    held: Sequence[HeldAnswer],
    number: int,
    now: datetime,
) -> QuestionOfReturn:
    """The page of a question: `versions` the oldest first, `number` the page of its history."""
    bank = answered.part(section.round_id).bank
    rows = history(bank, question, versions=versions, held=held)
    newest = versions[-1] if versions else None
    start = (number - 1) * PAGE_SIZE
    place = {"section": section.code, "code": question.code}
    return QuestionOfReturn(
        head=head_of(actor, answered.parts[0].bank, now=now),
        text=in_language(question.text),
        caption=section.title,
        answer=answer_words(bank, question, newest) if newest is not None else "",
        changed=f"Last changed by {newest.name} at {date_time(newest.at)}" if newest else "",
        notes=tuple(
            NoteRow(
                id=one.id,
                text=one.text,
                who=one.name,
                when=date_time(one.at),
                settled=f"Settled by {one.settled_by} at {date_time(one.settled_at)}"
                if one.settled_at is not None
                else "",
                settle_url=actor.url("settle_note", note_id=one.id, **place),
            )
            for one in notes
            if one.round_id == section.round_id
        ),
        note_action=actor.url("add_note", **place),
        may_write=actor.may_write(section.code),
        history=rows[start : start + PAGE_SIZE],
        versions=len(rows),
        newer_url=actor.url("question", history=str(number - 1), **place) if number > 1 else "",
        older_url=actor.url("question", history=str(number + 1), **place)
        if start + PAGE_SIZE < len(rows)
        else "",
        back=actor.url("page", section=section.code, key=key, _anchor=question.code),
        here=actor.url("question", **place),
    )


def history(
    bank: Bank,
    question: Question,
    *,
    versions: Sequence[StoredVersion],
    held: Sequence[HeldAnswer],
) -> tuple[HistoryRow, ...]:
    """Every version with what it changed, and every answer that was held, the newest first."""
    rows: list[tuple[datetime, int, HistoryRow]] = []
    said_before = ""
    by_number = {}
    for version in versions:
        words = answer_words(bank, question, version)
        by_number[version.number] = words
        carried = version.carried_from is not None
        rows.append(
            (
                version.at,
                version.number,
                HistoryRow(
                    heading=f"Version {version.number}, saved by {version.name}",
                    when=date_time(version.at),
                    pieces=_pieces(question, said_before, words),
                    is_empty=not words,
                    is_held=False,
                    note="Carried over from the last return." if carried else "",
                ),
            )
        )
        said_before = words
    for one in held:
        words = answer_words(bank, question, one)
        note = WHY[one.because]
        if one.chosen is not None:
            note += " " + CHOSEN[one.chosen].format(by=one.resolved_by)
        else:
            note += " Nobody has chosen yet."
        rows.append(
            (
                one.at,
                0,
                HistoryRow(
                    heading=f"Kept beside version {one.base}, written by {one.name}"
                    if one.base
                    else f"Kept beside, written by {one.name}",
                    when=date_time(one.at),
                    pieces=_pieces(question, by_number.get(one.base, ""), words),
                    is_empty=not words,
                    is_held=True,
                    note=note,
                ),
            )
        )
    return tuple(row for _, _, row in sorted(rows, key=lambda row: row[:2], reverse=True))


def _pieces(question: Question, before: str, after: str) -> tuple[Piece, ...]:
    """What changed; a text in an empty place is shown plainly, since all of it is new.

    What was chosen, counted or put in order is no text: it is shown whole, before and after.
    """
    if not before:
        return (Piece(Change.SAME, after),) if after else ()
    if _is_text(question):
        return word_changes(before, after)
    pieces = (Piece(Change.REMOVED, before), Piece(Change.SAME, "\n"), Piece(Change.ADDED, after))
    return pieces if after else pieces[:1]


def _is_text(question: Question) -> bool:
    return isinstance(question, LongTextQuestion | ShortTextQuestion)


def choice_page(
    actor: Actor,
    answered: Answered,
    section: Section | None,
    question: Question,
    *,
    held: HeldAnswer,
    versions: Sequence[StoredVersion],
    both: str | None = None,
    chosen: str = "",
    errors: Sequence[tuple[str, str]] = (),
    now: datetime,
) -> ChoicePage:
    """Two answers beside each other: the held one, and the one that counts now."""
    bank = answered.part(held.round_id).bank
    current = versions[-1] if versions else None
    before = next((one for one in versions if one.number == held.base), None)
    held_words = answer_words(bank, question, held)
    current_words = answer_words(bank, question, current) if current is not None else ""
    is_long = isinstance(question, LongTextQuestion)
    is_text = _is_text(question)
    joint = "\n\n" if is_long else "; "
    own = actor.writer.key == (held.account_id or "", held.contributor_id or "")
    return ChoicePage(
        head=head_of(actor, answered.parts[0].bank, now=now),
        text=in_language(question.text),
        caption=section.title if section is not None else "",
        why=WHY[held.because],
        held=held_words,
        held_who=held.name,
        held_when=date_time(held.at),
        is_own=own,
        current=current_words,
        current_who=current.name if current is not None else "",
        current_when=date_time(current.at) if current is not None else "",
        base=current.number if current is not None else 0,
        before=answer_words(bank, question, before) if before is not None else "",
        pieces=word_changes(current_words, held_words) if is_text else (),
        is_text=is_text,
        is_long=is_long,
        both=both if both is not None else joint.join(filter(None, (current_words, held_words))),
        chosen=chosen,
        errors=tuple(errors),
        action=actor.url("save_choice", held_id=held.id),
        back=actor.url("overview"),
    )
