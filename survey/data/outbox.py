"""The outbox: messages to be sent, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.data.base import new_id
from survey.data.message_states import is_unsure
from survey.data.models import LocalMail, MailKind, Message


@dataclass(frozen=True)
class NewMessage:
    """A message to be put in the outbox. A second one with the same key changes nothing."""

    kind: MailKind
    to: str
    key: str
    council_id: str | None = None
    round_id: str | None = None
    invitation_id: str | None = None
    account_id: str | None = None
    facts: Mapping[str, str | int] = field(default_factory=dict)


def add_messages(
    session: Session, *, new: Sequence[NewMessage], now: datetime, send_after: datetime
) -> int:
    """Stores the messages whose key is not there yet; returns how many those were."""
    if not new:
        return 0
    # The two databases say the same thing by two constructs.
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(Message.__table__).on_conflict_do_nothing(index_elements=["key"])
    stored = session.execute(
        statement.returning(Message.__table__.c.id),
        [_row(one, now, send_after) for one in new],
    )
    return len(stored.all())


def _row(one: NewMessage, now: datetime, send_after: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": one.kind,
        "to_address": one.to,
        "key": one.key,
        "council_id": one.council_id,
        "round_id": one.round_id,
        "invitation_id": one.invitation_id,
        "account_id": one.account_id,
        "facts": dict(one.facts),
        "created_at_utc": now,
        "send_after_utc": send_after,
        "attempts": 0,
        "last_error": "",
    }


@dataclass(frozen=True)
class Claimed:
    """A message in the hands of a worker."""

    id: str
    kind: MailKind
    to: str
    attempts: int
    council_id: str | None
    round_id: str | None
    invitation_id: str | None
    account_id: str | None
    facts: dict[str, str | int]


def _is_due(now: datetime) -> ColumnElement[bool]:
    # Term by term what the index `ix_message_due` holds.
    return and_(
        Message.claim.is_(None),
        Message.sent_at_utc.is_(None),
        Message.failed_at_utc.is_(None),
        Message.bounced_at_utc.is_(None),
        Message.dropped_at_utc.is_(None),
        Message.send_after_utc <= now,
    )


def list_due(session: Session, *, now: datetime, limit: int) -> list[str]:
    """The ids of messages to be sent now: those to respondents last, then by their time."""
    return list(
        session.scalars(
            select(Message.id)
            .where(_is_due(now))
            # Ten thousand invitations do not keep somebody waiting for a new password.
            .order_by(Message.invitation_id.is_not(None), Message.send_after_utc, Message.id)
            .limit(limit)
        )
    )


def claim_message(
    session: Session, *, message_id: str, claim: str, now: datetime
) -> Claimed | None:
    """Takes a message for one worker; None where another has it, or it is due no longer.

    One conditional UPDATE: of two workers the second finds the condition broken, on either
    database. The caller commits before it sends anything.
    """
    row = session.execute(
        update(Message)
        .where(Message.id == message_id, _is_due(now))
        .values(
            claim=claim,
            claimed_at_utc=now,
            last_attempt_at_utc=now,
            attempts=Message.attempts + 1,
        )
        .returning(
            Message.id,
            Message.kind,
            Message.to_address,
            Message.attempts,
            Message.council_id,
            Message.round_id,
            Message.invitation_id,
            Message.account_id,
            Message.facts,
        )
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return None if row is None else Claimed(row[0], MailKind(row[1]), *row[2:])


def settle(
    session: Session, *, message_id: str, claim: str, outcome: Mapping[str, datetime | str | None]
) -> bool:
    """Writes what became of a claimed message; False where the claim is another's by now."""
    result = session.execute(
        update(Message)
        .where(Message.id == message_id, Message.claim == claim)
        .values(**outcome)
        .execution_options(synchronize_session=False)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]  # of an UPDATE it is there


def list_attempts_due(session: Session, *, now: datetime) -> list[int]:
    """How often the messages that are due have been tried before, without repeats."""
    return list(
        session.scalars(
            select(Message.attempts).where(_is_due(now)).distinct().order_by(Message.attempts)
        )
    )


def postpone(
    session: Session,
    *,
    attempts: int,
    now: datetime,
    error: str,
    send_after: datetime | None,
) -> int:
    """Counts a try that met no mail server for every due message tried so often before.

    Without `send_after` they are given up. Returns how many messages those were.
    """
    values: dict[str, Any] = {
        "attempts": Message.attempts + 1,
        "last_attempt_at_utc": now,
        "last_error": error,
    }
    if send_after is None:
        values["failed_at_utc"] = now
    else:
        values["send_after_utc"] = send_after
    result = session.execute(
        update(Message)
        .where(_is_due(now), Message.attempts == attempts)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]  # of an UPDATE it is there


@dataclass(frozen=True)
class Handed:
    """A message that was handed to a provider which can be asked what became of it."""

    id: str
    provider_id: str


def list_to_ask_about(session: Session, *, since: datetime, limit: int) -> list[Handed]:
    """Messages handed to a provider since then of which it has not said that they arrived."""
    rows = session.execute(
        select(Message.id, Message.provider_id)
        .where(
            Message.provider_id.is_not(None),
            Message.sent_at_utc > since,
            Message.delivered_at_utc.is_(None),
            Message.bounced_at_utc.is_(None),
            Message.failed_at_utc.is_(None),
        )
        .order_by(Message.sent_at_utc, Message.id)
        .limit(limit)
    )
    return [Handed(id_, provider_id or "") for id_, provider_id in rows]


def set_fate(
    session: Session, *, message_id: str, fate: Mapping[str, datetime | str | None]
) -> None:
    """Writes what a provider said about a message that it had taken."""
    session.execute(
        update(Message)
        .where(Message.id == message_id)
        .values(**fate)
        .execution_options(synchronize_session=False)
    )


def add_local(session: Session, *, message_id: str, subject: str, body: str) -> None:
    """Keeps a message as its reader would have it."""
    session.add(LocalMail(message_id=message_id, subject=subject, body=body))
    session.flush()


def hold_waiting(connection: Connection, *, since: datetime) -> int:
    """Marks every message that waits as perhaps sent since then; returns how many those are.

    For a database filled from a backup: what waited when it was made may have gone out after.
    """
    result = connection.execute(
        update(Message)
        .where(
            Message.claim.is_(None),
            Message.sent_at_utc.is_(None),
            Message.failed_at_utc.is_(None),
            Message.bounced_at_utc.is_(None),
            Message.dropped_at_utc.is_(None),
        )
        .values(claim=new_id(), claimed_at_utc=since)
    )
    return int(result.rowcount)


def list_unsure(session: Session, *, before: datetime, limit: int) -> list[str]:
    """Messages claimed before a time of which nothing is known since: they may have been sent."""
    return list(
        session.scalars(
            select(Message.id)
            .where(is_unsure(before))
            .order_by(Message.claimed_at_utc, Message.id)
            .limit(limit)
        )
    )


def resolve(session: Session, *, message_id: str, provider_id: str | None, now: datetime) -> None:
    """Settles a message that may have been sent, by what the provider said.

    With its id there the message was sent; without one it was not, and is due again.
    """
    values: dict[str, Any] = {"claim": None, "claimed_at_utc": None, "send_after_utc": now}
    if provider_id is not None:
        values = {"sent_at_utc": now, "provider_id": provider_id, "last_error": ""}
    session.execute(
        update(Message)
        .where(Message.id == message_id, Message.replaced_at_utc.is_(None))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
