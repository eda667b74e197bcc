"""What the text of a message is made from: the person invited, the round, the council."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from survey.data.models import (
    Account,
    Agency,
    Council,
    Invitation,
    InvitedAgency,
    MailKind,
    MessageText,
    Participation,
    Review,
    Round,
)


@dataclass(frozen=True)
class RoundOfMail:
    """The round a message is about. `closed_at` is also set for a round that was withdrawn."""

    id: str
    slug: str
    title: str
    bank_digest: str
    opens_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    contact: str
    review: str
    council: str


@dataclass(frozen=True)
class PersonOfMail:
    """The person invited whom a message is for. It leads to no answer."""

    invitation_id: str
    public_id: str
    generation: int
    is_revoked: bool
    is_stopped: bool
    has_submitted: bool
    label: str
    email: str
    agency: str


_ROUND: Select[*tuple[object, ...]] = (
    select(
        Round.id,
        Round.slug,
        Round.title,
        Round.bank_digest,
        Round.opens_at_utc,
        Round.closes_at_utc,
        func.coalesce(Round.closed_at_utc, Round.withdrawn_at_utc),
        Round.contact,
        Review.title,
        Council.name,
    )
    .join(Review, Review.id == Round.review_id)
    .join(Council, Council.id == Review.council_id)
    .where(Round.id == bindparam("round_id"))
)
"""Built once, as is `_PERSON`: they run for every message."""

_PERSON: Select[*tuple[object, ...]] = (
    select(
        Invitation.id,
        Invitation.public_id,
        Invitation.generation,
        Invitation.revoked_at_utc.is_not(None),
        Invitation.reminders_stopped_at_utc.is_not(None),
        Participation.invitation_id.is_not(None),
        Invitation.label,
        Invitation.email,
        Agency.name,
    )
    .join(InvitedAgency, InvitedAgency.id == Invitation.invited_agency_id)
    .join(Agency, Agency.id == InvitedAgency.agency_id)
    .outerjoin(Participation, Participation.invitation_id == Invitation.id)
    .where(Invitation.id == bindparam("invitation_id"))
)


def find_round(session: Session, *, round_id: str) -> RoundOfMail | None:
    """The round a message is about, or None when it is gone."""
    row = session.execute(_ROUND, {"round_id": round_id}).one_or_none()
    return None if row is None else RoundOfMail(*row)  # type: ignore[arg-type]  # one by one


def find_person(session: Session, *, invitation_id: str) -> PersonOfMail | None:
    """The person a message is for, or None when the invitation is gone."""
    row = session.execute(_PERSON, {"invitation_id": invitation_id}).one_or_none()
    return None if row is None else PersonOfMail(*row)  # type: ignore[arg-type]  # one by one


def find_council_name(session: Session, *, council_id: str) -> str | None:
    """The name of a council, or None."""
    return session.scalar(select(Council.name).where(Council.id == council_id))


def find_account_name(session: Session, *, account_id: str) -> str | None:
    """The name of the account a message is for, or None."""
    return session.scalar(select(Account.name).where(Account.id == account_id))


def find_own_text(session: Session, *, round_id: str, kind: MailKind) -> tuple[str, str] | None:
    """The subject and the body that a round has of its own for a kind, or None."""
    row = session.get(MessageText, (round_id, kind))
    return None if row is None else (row.subject, row.body)


def set_own_text(
    session: Session, *, round_id: str, kind: MailKind, subject: str, body: str, now: datetime
) -> None:
    """Gives a round a text of its own for a kind, in place of the one it had."""
    row = session.get(MessageText, (round_id, kind))
    if row is None:
        row = MessageText(round_id=round_id, kind=kind)
        session.add(row)
    row.subject, row.body, row.changed_at_utc = subject, body, now
    session.flush()


def delete_own_text(session: Session, *, round_id: str, kind: MailKind) -> bool:
    """Takes a round's own text away; False where it had none."""
    row = session.get(MessageText, (round_id, kind))
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True


def list_own_kinds(session: Session, *, round_id: str) -> list[MailKind]:
    """The kinds for which a round has a text of its own, in order."""
    kinds = session.scalars(
        select(MessageText.kind).where(MessageText.round_id == round_id).order_by(MessageText.kind)
    )
    return [MailKind(kind) for kind in kinds]
