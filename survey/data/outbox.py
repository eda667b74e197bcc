"""The outbox: messages to be sent, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.data.base import new_id
from survey.data.models import MailKind, Message

ROWS_AT_ONCE = 500


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
    stored = 0
    for start in range(0, len(new), ROWS_AT_ONCE):
        stored += _add_some(
            session, [_row(one, now, send_after) for one in new[start : start + ROWS_AT_ONCE]]
        )
    return stored


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


def _add_some(session: Session, rows: list[dict[str, Any]]) -> int:
    # The two databases say the same thing by two constructs.
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(Message).values(rows)
    result = session.execute(statement.on_conflict_do_nothing(index_elements=["key"]))
    return int(result.rowcount)  # type: ignore[attr-defined]  # of an INSERT it is there
