"""Sending a questionnaire in, and cutting the link between a person and the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from analysis.comments import flag
from question_banks.answers import to_cell
from question_banks.bank import Bank, Level, LongTextQuestion, ShortTextQuestion
from question_banks.path import first_incomplete, on_path, pages
from survey.actions.answering import require_open
from survey.actions.noticing import notice
from survey.data.banks import get_bank
from survey.data.coverage import list_labels
from survey.data.drafts import delete_draft
from survey.data.invitations import InvitedPerson, lock_person
from survey.data.responses import EnteredBy, NewComment, add_participation, add_response
from survey.errors import NotComplete


def submit(session: Session, person: InvitedPerson, *, may_be_quoted: bool, now: datetime) -> None:
    """Turns the draft into a response that no column ties to the person, and deletes the draft.

    Answers to questions no longer on the path are left out. Raises NotComplete with the page that
    lacks an answer, AlreadySubmitted when another tab was first, RoundNotOpen after closing.
    """
    held = lock_person(session, person.public_id)
    require_open(held, now=now)
    if held.level is None:
        raise NotComplete(None)
    bank = get_bank(session, round_id=held.round_id, digest=held.bank_digest)
    level = Level(held.level)
    lacking = first_incomplete(pages(bank, level=level, answers=held.answers), held.answers)
    if lacking is not None:
        raise NotComplete(lacking.key)
    keep_response(
        session,
        held,
        bank=bank,
        level=level,
        answers=held.answers,
        quotable=may_be_quoted,
        entered=EnteredBy.SELF,
        now=now,
    )


def keep_response(
    session: Session,
    held: InvitedPerson,
    *,
    bank: Bank,
    level: Level,
    answers: Mapping[str, Any],
    quotable: bool,
    entered: EnteredBy,
    now: datetime,
) -> None:
    """Stores the answers on the path as a response of nobody's, and that the invitation was used.

    The caller holds the invitation and has checked that it may be used. Its draft is deleted.
    """
    shown = {code: answers.get(code) for code in on_path(bank, level=level, answers=answers)}
    comments = _comments(
        bank,
        shown,
        quotable=quotable,
        names=list_labels(session, round_id=held.round_id),
    )
    add_response(
        session,
        round_id=held.round_id,
        agency_id=held.agency_id,
        level=level,
        entered=entered,
        answers={
            code: to_cell(bank.by_code[code], value)
            for code, value in shown.items()
            if not is_text(bank, code)
        },
        comments=comments,
    )
    add_participation(session, held.invitation_id)
    delete_draft(session, held.invitation_id)
    notice(
        session,
        round_id=held.round_id,
        flagged=any(comment.flags for comment in comments),
        now=now,
    )


def is_text(bank: Bank, code: str) -> bool:
    """Whether answers to that question are free text, which is kept apart from the answers."""
    return isinstance(bank.by_code[code], LongTextQuestion | ShortTextQuestion)


def _comments(
    bank: Bank, shown: Mapping[str, Any], *, quotable: bool, names: Sequence[str]
) -> list[NewComment]:
    """What was written, with the kinds of personal data found; `names` are those of the invited."""
    return [
        NewComment(
            question=code,
            text=text,
            quotable=quotable,
            flags=",".join(sorted({found.kind for found in flag(text, names=names)})),
        )
        for code, text in shown.items()
        if is_text(bank, code) and isinstance(text, str) and text.strip()
    ]
