"""Who of a round is still to be written to, and the reminders planned for it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from survey.data.models import (
    Council,
    Invitation,
    InvitedAgency,
    MailKind,
    Message,
    Participation,
    Reminder,
    Review,
    Round,
)

INVITATION_KEY = "invitation:"


@dataclass(frozen=True)
class Reader:
    """Somebody invited who has an address."""

    invitation_id: str
    generation: int
    email: str

    @property
    def invitation_key(self) -> str:
        """The key of the message that brings them the link they have now, at this address."""
        mark = hashlib.sha256(self.email.encode()).hexdigest()[:12]
        return f"{INVITATION_KEY}{self.invitation_id}:{self.generation}:{mark}"


@dataclass(frozen=True)
class Addresses:
    """How many of the people invited to a round can be written to.

    `to_invite` have not been sent their link; `to_remind` have not finished, asked for no end to
    reminders, and their address takes mail. Those whose link was withdrawn count nowhere.
    """

    invited: int
    with_address: int
    to_invite: int
    to_remind: int
    stopped: int


def _of_round(round_id: str) -> ColumnElement[bool]:
    places = select(InvitedAgency.id).where(InvitedAgency.round_id == round_id)
    return and_(
        Invitation.invited_agency_id.in_(places),
        Invitation.revoked_at_utc.is_(None),
    )


def _not_invited_yet() -> ColumnElement[bool]:
    # A link that was replaced by a new one has to be sent again, and so has one that went to an
    # address the person has no more.
    key = literal(INVITATION_KEY) + Invitation.id + ":" + cast(Invitation.generation, String)
    sent = exists().where(
        Message.invitation_id == Invitation.id,
        Message.kind == MailKind.INVITATION,
        Message.to_address == Invitation.email,
        or_(Message.key == key, Message.key.like(key + ":%")),
    )
    return and_(Invitation.email != "", ~sent)


def _to_remind() -> ColumnElement[bool]:
    bounced = exists().where(
        Message.invitation_id == Invitation.id,
        Message.to_address == Invitation.email,
        Message.bounced_at_utc.is_not(None),
    )
    finished = exists().where(Participation.invitation_id == Invitation.id)
    return and_(
        Invitation.email != "",
        Invitation.reminders_stopped_at_utc.is_(None),
        ~finished,
        ~bounced,
    )


def _readers(round_id: str) -> Select[str, int, str]:
    return (
        select(Invitation.id, Invitation.generation, Invitation.email)
        .where(_of_round(round_id))
        .order_by(Invitation.id)
    )


def list_to_invite(session: Session, *, round_id: str) -> list[Reader]:
    """People with an address who have not been sent the link they have now."""
    rows = session.execute(_readers(round_id).where(_not_invited_yet()))
    return [Reader(*row) for row in rows]


def list_to_remind(session: Session, *, round_id: str) -> list[Reader]:
    """People with an address that takes mail who have not finished and may be reminded."""
    rows = session.execute(_readers(round_id).where(_to_remind()))
    return [Reader(*row) for row in rows]


def count_addresses(session: Session, *, round_id: str) -> Addresses:
    """How many can be written to, in one query."""
    row = session.execute(
        select(
            func.count(),
            func.count().filter(Invitation.email != ""),
            func.count().filter(_not_invited_yet()),
            func.count().filter(_to_remind()),
            func.count().filter(Invitation.reminders_stopped_at_utc.is_not(None)),
        )
        .select_from(Invitation)
        .where(_of_round(round_id))
    ).one()
    return Addresses(*row)


def find_example(session: Session, *, round_id: str) -> str | None:
    """An invitation to show a text with, one with a name if there is any, or None."""
    return session.scalar(
        select(Invitation.id)
        .where(_of_round(round_id))
        .order_by(Invitation.label == "", Invitation.email == "", Invitation.id)
        .limit(1)
    )


@dataclass(frozen=True)
class PlannedReminder:
    """A reminder planned for a round."""

    id: str
    working_days: int
    created_at: datetime
    put_for: datetime | None


def list_reminders(session: Session, *, round_id: str) -> list[PlannedReminder]:
    """The reminders of a round, the earliest first."""
    rows = session.execute(
        select(Reminder.id, Reminder.working_days, Reminder.created_at_utc, Reminder.put_for_utc)
        .where(Reminder.round_id == round_id)
        .order_by(Reminder.working_days.desc())
    )
    return [PlannedReminder(*row) for row in rows]


def add_reminder(session: Session, *, round_id: str, working_days: int, now: datetime) -> None:
    """Plans a reminder."""
    session.add(Reminder(round_id=round_id, working_days=working_days, created_at_utc=now))
    session.flush()


def delete_reminder(session: Session, *, round_id: str, working_days: int) -> bool:
    """Takes a reminder out of the plan; False where it was not in it."""
    found = session.scalars(
        select(Reminder).where(Reminder.round_id == round_id, Reminder.working_days == working_days)
    ).one_or_none()
    if found is None:
        return False
    session.delete(found)
    session.flush()
    return True


@dataclass(frozen=True)
class ReminderOfRound:
    """A planned reminder of a round that takes answers now."""

    reminder: Reminder
    round_id: str
    slug: str
    council_id: str
    closes_at: datetime


def list_not_put(session: Session, *, now: datetime) -> list[ReminderOfRound]:
    """Reminders of open rounds that have not been put for the end the window has now."""
    rows = session.execute(
        select(Reminder, Round.id, Round.slug, Council.id, Round.closes_at_utc)
        .join(Round, Round.id == Reminder.round_id)
        .join(Review, Review.id == Round.review_id)
        .join(Council, Council.id == Review.council_id)
        .where(
            Round.launched_at_utc.is_not(None),
            Round.withdrawn_at_utc.is_(None),
            Round.closed_at_utc.is_(None),
            Round.opens_at_utc <= now,
            Round.closes_at_utc > now,
            (Reminder.put_for_utc.is_(None)) | (Reminder.put_for_utc != Round.closes_at_utc),
        )
        .order_by(Round.slug, Reminder.working_days.desc())
    )
    return [ReminderOfRound(*row) for row in rows]


def has_kind(session: Session, *, round_id: str, kind: MailKind) -> bool:
    """Whether a round has any message of a kind."""
    return bool(
        session.scalar(select(exists().where(Message.round_id == round_id, Message.kind == kind)))
    )
