"""Deciding what others may read of a comment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from survey.data import audit
from survey.data.audit import AuditAction
from survey.data.comments import CommentState
from survey.data.models import Comment, Round
from survey.errors import SurveyError

LONGEST_RELEASE = 20000


class AlreadyDecided(SurveyError):
    """Somebody else decided on this comment after the page was opened."""


class EmptyRelease(SurveyError):
    """Nothing would be left to read."""


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

    `seen` is the state the manager saw: raises AlreadyDecided when it is not the state now, and
    EmptyRelease when the text is blank.
    """
    _require_state(comment, seen)
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
