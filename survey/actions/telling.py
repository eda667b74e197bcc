"""Telling those invited to a round what has become of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from survey.actions import outbox
from survey.actions.outbox import MailKind, NewMessage
from survey.data.unfinished import list_reachable


def tell_reachable(
    session: Session,
    *,
    kind: MailKind,
    council_id: str,
    round_id: str,
    unfinished_only: bool,
    now: datetime,
    occasion: str = "",
) -> int:
    """Puts a message to everybody who can be written to in the outbox; returns how many.

    Each is told once of the same `occasion`, which tells apart what may happen several times.
    """
    end = f":{occasion}" if occasion else ""
    return outbox.put_many(
        session,
        new=[
            NewMessage(
                kind=kind,
                to=one.email,
                key=f"{kind.value}:{one.invitation_id}{end}",
                council_id=council_id,
                round_id=round_id,
                invitation_id=one.invitation_id,
            )
            for one in list_reachable(session, round_id=round_id, unfinished_only=unfinished_only)
        ],
        now=now,
    )
