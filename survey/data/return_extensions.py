"""More time for an agency return: what was asked for and what the council said."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.data.models import Account, Membership, ReturnExtension, ReturnRound, Role
from survey.errors import NotFound

__all__ = [
    "ReturnExtension",
    "add_extension",
    "extend",
    "find_waiting",
    "list_extensions",
    "list_managers",
    "list_waiting",
]


def list_extensions(
    session: Session, *, return_id: str, round_id: str | None = None
) -> list[ReturnExtension]:
    """Everything asked for a return, of one round or of all, the newest first."""
    found = select(ReturnExtension).where(ReturnExtension.return_id == return_id)
    if round_id is not None:
        found = found.where(ReturnExtension.round_id == round_id)
    return list(
        session.scalars(found.order_by(ReturnExtension.asked_at_utc.desc(), ReturnExtension.id))
    )


def find_waiting(session: Session, *, return_id: str, round_id: str) -> ReturnExtension | None:
    """The request that the council has yet to answer, or None."""
    return session.scalars(
        select(ReturnExtension).where(
            ReturnExtension.return_id == return_id,
            ReturnExtension.round_id == round_id,
            ReturnExtension.decided_at_utc.is_(None),
        )
    ).one_or_none()


def list_waiting(session: Session, *, round_id: str) -> dict[str, ReturnExtension]:
    """Return to the request that a round has yet to answer."""
    rows = session.scalars(
        select(ReturnExtension)
        .where(ReturnExtension.round_id == round_id, ReturnExtension.decided_at_utc.is_(None))
        .order_by(ReturnExtension.asked_at_utc, ReturnExtension.id)
    )
    return {row.return_id: row for row in rows}


def add_extension(
    session: Session,
    *,
    return_id: str,
    round_id: str,
    until: date,
    reason: str,
    account_id: str,
    name: str,
    now: datetime,
) -> ReturnExtension:
    """Keeps a request. Raises IntegrityError where one is waiting already."""
    row = ReturnExtension(
        return_id=return_id,
        round_id=round_id,
        until=until,
        reason=reason,
        account_id=account_id,
        name=name,
        asked_at_utc=now,
    )
    session.add(row)
    session.flush()
    return row


def extend(session: Session, *, return_id: str, round_id: str, until: datetime) -> None:
    """Lets an agency answer until a time later than its round says."""
    row = session.get(ReturnRound, (return_id, round_id))
    if row is None:
        raise NotFound("This return is not given to that round.")
    row.extended_to_utc = until
    session.flush()


def list_managers(session: Session, *, council_id: str) -> list[Account]:
    """The review managers of a council who may sign in, by name."""
    return list(
        session.scalars(
            select(Account)
            .join(Membership, Membership.account_id == Account.id)
            .where(
                Membership.role == Role.REVIEW_MANAGER,
                Membership.council_id == council_id,
                Account.deactivated_at_utc.is_(None),
            )
            .order_by(Account.name, Account.id)
        )
    )
