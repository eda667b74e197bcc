"""Messages that were kept instead of sent, for whoever may read them in a demo."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from survey.data.models import LocalMail, Message, Review, Round
from survey.errors import NotFound


@dataclass(frozen=True)
class KeptMail:
    """A message as its reader would have it."""

    id: str
    to: str
    kept_at: datetime
    subject: str
    body: str


@dataclass(frozen=True)
class Reader:
    """Who reads: their own address, the councils they manage, and whether they run it all."""

    email: str
    council_ids: Collection[str]
    runs_installation: bool


def _may_read(reader: Reader) -> ColumnElement[bool]:
    return or_(
        Message.council_id.in_(reader.council_ids),
        Message.round_id.in_(
            select(Round.id)
            .join(Review, Review.id == Round.review_id)
            .where(Review.council_id.in_(reader.council_ids))
        ),
        Message.to_address == reader.email,
        # Messages of no council are about accounts, and would let their reader in.
        and_(Message.council_id.is_(None), Message.round_id.is_(None))
        if reader.runs_installation
        else false(),
    )


def list_kept(session: Session, *, reader: Reader, offset: int, limit: int) -> list[KeptMail]:
    """The messages somebody may read, the newest first."""
    rows = session.execute(
        select(
            Message.id, Message.to_address, Message.sent_at_utc, LocalMail.subject, LocalMail.body
        )
        .join(LocalMail, LocalMail.message_id == Message.id)
        .where(_may_read(reader), Message.sent_at_utc.is_not(None))
        .order_by(Message.sent_at_utc.desc(), Message.id)
        .offset(offset)
        .limit(limit)
    )
    return [KeptMail(*row) for row in rows]  # type: ignore[arg-type]  # a kept message has a time


def count_kept(session: Session, *, reader: Reader) -> int:
    """How many messages somebody may read."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Message)
            .join(LocalMail, LocalMail.message_id == Message.id)
            .where(_may_read(reader))
        )
        or 0
    )


def get_kept(session: Session, *, reader: Reader, message_id: str) -> KeptMail:
    """One message. Raises NotFound for one that is not theirs to read, existing or not."""
    row = session.execute(
        select(
            Message.id, Message.to_address, Message.sent_at_utc, LocalMail.subject, LocalMail.body
        )
        .join(LocalMail, LocalMail.message_id == Message.id)
        .where(_may_read(reader), Message.id == message_id)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such message.")
    return KeptMail(*row)  # type: ignore[arg-type]  # a kept message has a time
