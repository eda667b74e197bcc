"""Putting messages in the outbox, in the transaction that makes them needed.

The worker sends them after the commit (`survey.actions.sending`): what is rolled back is never
sent, and what is committed is sent even when the mail server is away for a while.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from survey.data import outbox
from survey.data.models import MailKind
from survey.data.outbox import NewMessage

__all__ = ["MailKind", "NewMessage", "put", "put_many"]


def put(
    session: Session,
    *,
    kind: MailKind,
    to: str,
    key: str,
    now: datetime,
    council_id: str | None = None,
    round_id: str | None = None,
    invitation_id: str | None = None,
    account_id: str | None = None,
    facts: Mapping[str, str | int] | None = None,
    send_after: datetime | None = None,
) -> bool:
    """Puts one message in the outbox; False where one with that key was put before.

    `key` says what the message is, such as `extended:<invitation>:<day>`. `facts` are values for
    the text that no id leads to; they are stored, so no secret and no answer belongs there.
    `send_after` is the earliest time to send it, now where it is not given.
    """
    new = NewMessage(
        kind=kind,
        to=to,
        key=key,
        council_id=council_id,
        round_id=round_id,
        invitation_id=invitation_id,
        account_id=account_id,
        facts=facts or {},
    )
    return put_many(session, new=[new], now=now, send_after=send_after) == 1


def put_many(
    session: Session,
    *,
    new: Sequence[NewMessage],
    now: datetime,
    send_after: datetime | None = None,
) -> int:
    """Puts messages in the outbox; returns how many were not there before."""
    return outbox.add_messages(session, new=new, now=now, send_after=send_after or now)
