"""The messages of a round as its manager sees them: to whom, when, what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from survey.data.message_states import MessageState, state_in
from survey.data.models import Agency, Invitation, InvitedAgency, LocalMail, MailKind, Message
from survey.errors import NotFound

LOGGED = (
    MailKind.INVITATION,
    MailKind.REMINDER,
    MailKind.EXTENDED,
    MailKind.WITHDRAWN,
    MailKind.AGENCY_LINK,
)
"""Kinds that are written to people invited; others belong to other pages."""


@dataclass(frozen=True)
class LoggedMessage:
    """One message of a round. `email_now` is the person's address today."""

    id: str
    kind: MailKind
    to: str
    state: MessageState
    attempts: int
    created_at: datetime
    send_after: datetime
    last_attempt_at: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None
    last_error: str
    facts: dict[str, str | int]
    invitation_id: str | None
    label: str
    agency: str
    email_now: str
    is_stopped: bool
    has_local: bool


def _logged(round_id: str, now: datetime) -> Select[*tuple[object, ...]]:
    return (
        select(
            Message.id,
            Message.kind,
            Message.to_address,
            state_in(now).label("state"),
            Message.attempts,
            Message.created_at_utc,
            Message.send_after_utc,
            Message.last_attempt_at_utc,
            Message.sent_at_utc,
            Message.delivered_at_utc,
            Message.last_error,
            Message.facts,
            Message.invitation_id,
            func.coalesce(Invitation.label, ""),
            func.coalesce(Agency.name, ""),
            func.coalesce(Invitation.email, ""),
            Invitation.reminders_stopped_at_utc.is_not(None),
            LocalMail.message_id.is_not(None),
        )
        .outerjoin(Invitation, Invitation.id == Message.invitation_id)
        .outerjoin(InvitedAgency, InvitedAgency.id == Invitation.invited_agency_id)
        .outerjoin(Agency, Agency.id == InvitedAgency.agency_id)
        .outerjoin(LocalMail, LocalMail.message_id == Message.id)
        .where(Message.round_id == round_id, Message.kind.in_(LOGGED))
    )


def _read(row: tuple[object, ...]) -> LoggedMessage:
    id_, kind, to, state, *rest = row
    return LoggedMessage(id_, MailKind(kind), to, MessageState(state), *rest)  # type: ignore[arg-type]  # one by one


@dataclass(frozen=True)
class LogFilter:
    """Which messages of a round are asked for; None and "" are all."""

    kind: MailKind | None = None
    state: MessageState | None = None
    words: str = ""


def list_messages(
    session: Session,
    *,
    round_id: str,
    asked: LogFilter,
    now: datetime,
    offset: int,
    limit: int,
) -> list[LoggedMessage]:
    """Messages of a round, the newest first."""
    rows = session.execute(
        _asked(_logged(round_id, now), asked, now)
        .order_by(Message.created_at_utc.desc(), Message.to_address, Message.id)
        .offset(offset)
        .limit(limit)
    )
    return [_read(tuple(row)) for row in rows]


def count_messages(session: Session, *, round_id: str, asked: LogFilter, now: datetime) -> int:
    """How many messages of a round are asked for."""
    inner = _asked(_logged(round_id, now), asked, now).subquery()
    return session.scalar(select(func.count()).select_from(inner)) or 0


def _asked(
    query: Select[*tuple[object, ...]], asked: LogFilter, now: datetime
) -> Select[*tuple[object, ...]]:
    if asked.kind is not None:
        query = query.where(Message.kind == asked.kind)
    if asked.state is not None:
        query = query.where(state_in(now) == asked.state.value)
    if asked.words:
        query = query.where(
            or_(
                Message.to_address.icontains(asked.words, autoescape=True),
                Invitation.label.icontains(asked.words, autoescape=True),
                Agency.name.icontains(asked.words, autoescape=True),
            )
        )
    return query


def count_by_kind_and_state(
    session: Session, *, round_id: str, now: datetime
) -> dict[tuple[MailKind, MessageState], int]:
    """How many messages of each kind are in each state."""
    rows = session.execute(
        select(Message.kind, state_in(now).label("state"), func.count())
        .where(Message.round_id == round_id, Message.kind.in_(LOGGED))
        .group_by(Message.kind, "state")
    )
    return {(MailKind(kind), MessageState(state)): count for kind, state, count in rows}


def get_message(
    session: Session, *, round_id: str, message_id: str, now: datetime
) -> LoggedMessage:
    """One message of a round. Raises NotFound."""
    row = session.execute(_logged(round_id, now).where(Message.id == message_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such message.")
    return _read(tuple(row))


def find_invitation(session: Session, *, round_id: str, invitation_id: str) -> Invitation | None:
    """An invitation of a round, or None."""
    return session.scalars(
        select(Invitation)
        .join(InvitedAgency, InvitedAgency.id == Invitation.invited_agency_id)
        .where(InvitedAgency.round_id == round_id, Invitation.id == invitation_id)
    ).one_or_none()


def set_replaced(session: Session, *, message_id: str, now: datetime) -> None:
    """Notes that a message was sent again as another."""
    session.execute(update(Message).where(Message.id == message_id).values(replaced_at_utc=now))


def set_bounced(session: Session, *, message_id: str, now: datetime) -> None:
    """Notes that a message came back."""
    session.execute(
        update(Message)
        .where(Message.id == message_id)
        .values(bounced_at_utc=now, last_error="came back")
    )
