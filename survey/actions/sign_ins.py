"""Sessions: beginning one when somebody has shown who they are, and ending them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from survey.data import accounts, audit, sign_ins
from survey.data.audit import AuditAction
from survey.data.models import SignInSession

LONGEST = timedelta(hours=12)
"""A session ends after this, however busy it is: by then the day's work is over."""

SEEN_EVERY = timedelta(minutes=5)


def start(
    session: Session,
    *,
    account_id: str,
    device: str,
    passed_second_factor: bool,
    now: datetime,
) -> SignInSession:
    """Begins a session of somebody who has shown who they are, and puts that on record.

    Raises NotFound for an account that is no more.
    """
    account = accounts.get_account(session, account_id=account_id)
    sign_ins.delete_before(session, before=now - LONGEST)
    audit.record(session, action=AuditAction.SIGNED_IN, at=now, account_id=account.id)
    return sign_ins.add(
        session,
        account=account,
        device=device,
        passed_second_factor=passed_second_factor,
        now=now,
    )


def note_use(session: Session, *, session_id: str, seen_at: datetime, now: datetime) -> None:
    """Keeps that a session was used, at most every five minutes and to five minutes' precision."""
    if now - seen_at >= SEEN_EVERY:
        minutes = now.minute - now.minute % 5
        rounded = now.replace(minute=minutes, second=0, microsecond=0)
        sign_ins.touch(session, session_id=session_id, at=rounded)


def sign_out(session: Session, *, account_id: str, session_id: str, now: datetime) -> None:
    """Ends the session somebody is in, so that a copied cookie is worth nothing either."""
    if sign_ins.end(session, account_id=account_id, session_id=session_id, at=now):
        audit.record(session, action=AuditAction.SIGNED_OUT, at=now, account_id=account_id)


def end_one(session: Session, *, account_id: str, session_id: str, now: datetime) -> None:
    """Ends another session of one's own; one that has ended already is not missed."""
    if sign_ins.end(session, account_id=account_id, session_id=session_id, at=now):
        audit.record(session, action=AuditAction.SESSIONS_ENDED, at=now, account_id=account_id)


def end_others(session: Session, *, account_id: str, session_id: str, now: datetime) -> int:
    """Ends every session of one's own but the one somebody is in; how many they were."""
    ended = sign_ins.end_all(session, account_id=account_id, at=now, but=session_id)
    if ended:
        audit.record(
            session,
            action=AuditAction.SESSIONS_ENDED,
            at=now,
            account_id=account_id,
            detail={"sessions": ended},
        )
    return ended
