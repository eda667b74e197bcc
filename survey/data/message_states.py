"""The state of a message, worked out from its times: in a query, and for one row."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case

from survey.data.models import Message

UNSURE_AFTER = timedelta(minutes=10)
"""A worker that still has a claim by then is gone: no mail server may take as long to answer."""


class MessageState(StrEnum):
    """What became of a message."""

    WAITING = "waiting"
    SENT = "sent"
    BOUNCED = "bounced"
    FAILED = "failed"
    UNSURE = "unsure"
    """It may have been sent: the worker was cut off before it was on record."""
    NOT_NEEDED = "not needed"
    REPLACED = "replaced"
    """It was sent again, as another message."""


def state_in(now: datetime) -> ColumnElement[str]:
    """The state as a column of a query."""
    return case(
        (Message.replaced_at_utc.is_not(None), MessageState.REPLACED.value),
        (Message.bounced_at_utc.is_not(None), MessageState.BOUNCED.value),
        (Message.failed_at_utc.is_not(None), MessageState.FAILED.value),
        (Message.sent_at_utc.is_not(None), MessageState.SENT.value),
        (Message.dropped_at_utc.is_not(None), MessageState.NOT_NEEDED.value),
        (_is_unsure(now - UNSURE_AFTER), MessageState.UNSURE.value),
        else_=MessageState.WAITING.value,
    )


def is_unsure(before: datetime) -> ColumnElement[bool]:
    """Messages claimed before a time, of which nothing is known since."""
    return and_(
        _is_unsure(before),
        Message.sent_at_utc.is_(None),
        Message.failed_at_utc.is_(None),
        Message.bounced_at_utc.is_(None),
        Message.dropped_at_utc.is_(None),
        Message.replaced_at_utc.is_(None),
    )


def _is_unsure(before: datetime) -> ColumnElement[bool]:
    return and_(Message.claim.is_not(None), Message.claimed_at_utc < before)
