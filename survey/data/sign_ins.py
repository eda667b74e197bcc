"""Sessions of people who are signed in: who a cookie belongs to, and which there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from survey.data.models import Account, Membership, Role, SignInSession


@dataclass(frozen=True)
class Scoped:
    """A role, and the one thing it is held for."""

    role: Role
    council_id: str | None
    programme_id: str | None
    agency_id: str | None
    review_id: str | None


@dataclass(frozen=True)
class Signed:
    """Who a session belongs to, and what they may do."""

    session_id: str
    account_id: str
    email: str
    name: str
    seen_at: datetime
    has_second_factor: bool
    passed_second_factor: bool
    memberships: tuple[Scoped, ...]


_SIGNED = (
    select(
        SignInSession.id,
        SignInSession.seen_at_utc,
        SignInSession.passed_second_factor,
        Account.id.label("account_id"),
        Account.email,
        Account.name,
        Account.totp_confirmed_at_utc,
        Membership.role,
        Membership.council_id,
        Membership.programme_id,
        Membership.agency_id,
        Membership.review_id,
    )
    .join(Account, Account.id == SignInSession.account_id)
    .outerjoin(Membership, Membership.account_id == Account.id)
    .where(
        SignInSession.id == bindparam("session_id"),
        SignInSession.ended_at_utc.is_(None),
        SignInSession.started_at_utc > bindparam("since"),
        SignInSession.generation == Account.session_generation,
        Account.deactivated_at_utc.is_(None),
        SignInSession.passed_second_factor | Account.totp_confirmed_at_utc.is_(None),
    )
    .order_by(Membership.role, Membership.id)
)
"""Built once: it runs for every page of somebody signed in."""


def find_signed(session: Session, *, session_id: str, since: datetime) -> Signed | None:
    """The person of a session that is in force and was started after `since`, or None.

    It is not in force when it was ended, when the password was set since, or when the account was
    deactivated, or has a second factor that the session never passed.
    """
    rows = session.execute(_SIGNED, {"session_id": session_id, "since": since}).all()
    if not rows:
        return None
    first = rows[0]
    return Signed(
        session_id=first.id,
        account_id=first.account_id,
        email=first.email,
        name=first.name,
        seen_at=first.seen_at_utc,
        has_second_factor=first.totp_confirmed_at_utc is not None,
        passed_second_factor=first.passed_second_factor,
        memberships=tuple(
            Scoped(
                role=Role(row.role),
                council_id=row.council_id,
                programme_id=row.programme_id,
                agency_id=row.agency_id,
                review_id=row.review_id,
            )
            for row in rows
            if row.role is not None
        ),
    )


def add(
    session: Session,
    *,
    account: Account,
    device: str,
    passed_second_factor: bool,
    now: datetime,
) -> SignInSession:
    """Stores a new session of an account."""
    row = SignInSession(
        account_id=account.id,
        generation=account.session_generation,
        started_at_utc=now,
        seen_at_utc=now,
        device=device,
        passed_second_factor=passed_second_factor,
    )
    session.add(row)
    session.flush()
    return row


def list_in_force(session: Session, *, account_id: str, since: datetime) -> list[SignInSession]:
    """An account's sessions in force that were started after `since`, the newest first."""
    return list(
        session.scalars(
            select(SignInSession)
            .join(Account, Account.id == SignInSession.account_id)
            .where(
                SignInSession.account_id == account_id,
                SignInSession.ended_at_utc.is_(None),
                SignInSession.started_at_utc > since,
                SignInSession.generation == Account.session_generation,
                SignInSession.passed_second_factor | Account.totp_confirmed_at_utc.is_(None),
            )
            .order_by(SignInSession.started_at_utc.desc(), SignInSession.id)
        )
    )


def touch(session: Session, *, session_id: str, at: datetime) -> None:
    """Keeps when a session was last used to send something."""
    session.execute(
        update(SignInSession).where(SignInSession.id == session_id).values(seen_at_utc=at)
    )


def mark_passed(session: Session, *, session_id: str) -> None:
    """Keeps that the second factor was given in a session."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id)
        .values(passed_second_factor=True)
    )


def end(session: Session, *, account_id: str, session_id: str, at: datetime) -> bool:
    """Ends one session of an account. False where it has none of that id in force."""
    ended = session.execute(
        update(SignInSession)
        .where(
            SignInSession.id == session_id,
            SignInSession.account_id == account_id,
            SignInSession.ended_at_utc.is_(None),
        )
        .values(ended_at_utc=at)
        .returning(SignInSession.id)
    )
    return ended.first() is not None


def end_all(session: Session, *, account_id: str, at: datetime, but: str | None = None) -> int:
    """Ends every session of an account, but the one of that id; how many they were."""
    ended = session.execute(
        update(SignInSession)
        .where(
            SignInSession.account_id == account_id,
            SignInSession.ended_at_utc.is_(None),
            SignInSession.id != (but or ""),
        )
        .values(ended_at_utc=at)
        .returning(SignInSession.id)
    )
    return len(ended.all())


def delete_before(session: Session, *, before: datetime) -> None:
    """Deletes the sessions of everybody that are over by age alone."""
    session.execute(delete(SignInSession).where(SignInSession.started_at_utc <= before))
