"""Deciding what others may read of a comment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from survey.clock import day_in_london
from survey.data import audit, comment_checks
from survey.data.audit import AuditAction
from survey.data.comment_checks import WhatWasDone
from survey.data.comments import DISCLOSURE, CommentState
from survey.data.models import Comment, Round
from survey.errors import SurveyError

LONGEST_RELEASE = 20000
LONGEST_NOTE = 300


class AlreadyDecided(SurveyError):
    """Somebody else decided on this comment after the page was opened."""


class EmptyRelease(SurveyError):
    """Nothing would be left to read."""


class NotActedOn(SurveyError):
    """What may be about a child is not released before it is on record what was done about it."""


class InvalidCheck(SurveyError):
    """What was done cannot be kept like this; `field` says which entry is wrong."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


def release(
    session: Session,
    *,
    comment: Comment,
    round_: Round,
    text: str,
    seen: str,
    account_id: str,
    council_id: str,
    now: datetime,
) -> None:
    """Lets others read `text` in place of the comment.

    `seen` is the state the manager saw: raises AlreadyDecided when it is not the state now,
    EmptyRelease when the text is blank, and NotActedOn where it may be about a child and nothing
    is on record of what was done.
    """
    _require_state(comment, seen)
    if DISCLOSURE in comment.flags and not comment_checks.has_check(session, comment_id=comment.id):
        raise NotActedOn("Record what was done about this comment first.")
    released = text.replace("\r\n", "\n").strip()
    if not released:
        raise EmptyRelease("There is no text left to release.")
    comment.state = CommentState.RELEASED
    comment.released_text = released[:LONGEST_RELEASE]
    _record(session, AuditAction.COMMENT_RELEASED, round_, account_id, council_id, now)


def withhold(
    session: Session,
    *,
    comment: Comment,
    round_: Round,
    seen: str,
    account_id: str,
    council_id: str,
    now: datetime,
) -> None:
    """Keeps a comment from everybody else. Raises AlreadyDecided as `release` does."""
    _require_state(comment, seen)
    comment.state = CommentState.WITHHELD
    comment.released_text = None
    _record(session, AuditAction.COMMENT_WITHHELD, round_, account_id, council_id, now)


def undo(
    session: Session,
    *,
    comment: Comment,
    round_: Round,
    seen: str,
    account_id: str,
    council_id: str,
    now: datetime,
) -> None:
    """Puts a comment back among those waiting. Raises AlreadyDecided as `release` does."""
    _require_state(comment, seen)
    comment.state = CommentState.WAITING
    comment.released_text = None
    _record(session, AuditAction.COMMENT_UNDONE, round_, account_id, council_id, now)


def check(
    session: Session,
    *,
    comment: Comment,
    round_: Round,
    what: str,
    note: str,
    seen: int,
    account_id: str,
    council_id: str,
    now: datetime,
) -> None:
    """Keeps what somebody did about a flagged comment. What is on record is never changed.

    `seen` is how many records the manager saw: raises AlreadyDecided when there are others now,
    and InvalidCheck with what is missing.
    """
    if what not in set(WhatWasDone):
        raise InvalidCheck("what", "Select what was done")
    note = " ".join(note.split())
    if what == WhatWasDone.OTHER and not note:
        raise InvalidCheck("note", "Say in a few words what was done")
    if len(note) > LONGEST_NOTE:
        raise InvalidCheck(
            "note", f"Use {LONGEST_NOTE} characters or fewer: you have used {len(note):,}"
        )
    known = comment_checks.list_checks(session, comment_ids=[comment.id]).get(comment.id, [])
    if len(known) != seen:
        raise AlreadyDecided("Somebody else has just put on record what was done.")
    comment_checks.add_check(
        session,
        comment_id=comment.id,
        what=WhatWasDone(what),
        note=note,
        account_id=account_id,
        on_day=day_in_london(now),
    )
    _record(session, AuditAction.COMMENT_CHECKED, round_, account_id, council_id, now)


def _require_state(comment: Comment, seen: str) -> None:
    if comment.state != seen:
        raise AlreadyDecided("Somebody else has decided on this comment in the meantime.")


def _record(
    session: Session,
    action: AuditAction,
    round_: Round,
    account_id: str,
    council_id: str,
    now: datetime,
) -> None:
    session.flush()
    # Which comment is left out: its time of decision must not help to tell comments apart.
    audit.record(
        session,
        action=action,
        at=now,
        account_id=account_id,
        council_id=council_id,
        detail={"round": round_.slug},
    )
