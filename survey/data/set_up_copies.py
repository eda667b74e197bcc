"""What a copied round takes over from the tables of the one it is copied from, row by row.

Never answers, drafts, messages, dates, or what became of an invitation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey.data.base import new_id
from survey.data.models import (
    ExpectedSector,
    Invitation,
    InvitedAgency,
    InvitedNumber,
    MessageText,
    Reminder,
)


@dataclass(frozen=True)
class InvitedPersonCopied:
    """Somebody invited by name or address in an earlier round: the agency's place, and who."""

    invited_agency_id: str
    label: str
    email: str


def copy_agencies(session: Session, *, source_id: str, target_id: str) -> dict[str, str]:
    """Invites the same agencies with their contacts and numbers.

    Returns:
        The place of each agency in the earlier round to its place in the new one.
    """
    places: dict[str, str] = {}
    agencies = session.scalars(
        select(InvitedAgency).where(InvitedAgency.round_id == source_id).order_by(InvitedAgency.id)
    )
    rows = []
    for each in agencies:
        places[each.id] = new_id()
        rows.append(
            {
                "id": places[each.id],
                "round_id": target_id,
                "agency_id": each.agency_id,
                "expected": each.expected,
                "contact_name": each.contact_name,
                "contact_email": each.contact_email,
                "answers_by": each.answers_by,
                "return_because": each.return_because,
            }
        )
    if not rows:
        return places
    session.execute(insert(InvitedAgency), rows)
    numbers = session.execute(
        select(InvitedNumber.invited_agency_id, InvitedNumber.level, InvitedNumber.invited)
        .join(InvitedAgency, InvitedAgency.id == InvitedNumber.invited_agency_id)
        .where(InvitedAgency.round_id == source_id)
    ).all()
    if numbers:
        session.execute(
            insert(InvitedNumber),
            [
                {"invited_agency_id": places[place], "level": level, "invited": invited}
                for place, level, invited in numbers
            ],
        )
    return places


def copy_plans(session: Session, *, source_id: str, target_id: str, now: datetime) -> None:
    """Takes over the sectors expected, the texts of messages and the reminders planned."""
    sectors = session.scalars(
        select(ExpectedSector.sector).where(ExpectedSector.round_id == source_id)
    )
    session.add_all(ExpectedSector(round_id=target_id, sector=sector) for sector in sectors)
    texts = session.scalars(select(MessageText).where(MessageText.round_id == source_id))
    session.add_all(
        MessageText(
            round_id=target_id,
            kind=each.kind,
            subject=each.subject,
            body=each.body,
            changed_at_utc=now,
        )
        for each in texts.all()
    )
    days = session.scalars(select(Reminder.working_days).where(Reminder.round_id == source_id))
    session.add_all(
        Reminder(round_id=target_id, working_days=number, created_at_utc=now)
        for number in days.all()
    )
    session.flush()


def list_people(session: Session, *, round_id: str) -> Sequence[InvitedPersonCopied]:
    """Those who were invited by name or address and whose invitation was not withdrawn."""
    rows = session.execute(
        select(Invitation.invited_agency_id, Invitation.label, Invitation.email)
        .join(InvitedAgency, InvitedAgency.id == Invitation.invited_agency_id)
        .where(
            InvitedAgency.round_id == round_id,
            Invitation.revoked_at_utc.is_(None),
            Invitation.minted.is_(False),
            (Invitation.label != "") | (Invitation.email != ""),
        )
        .order_by(Invitation.invited_agency_id, Invitation.label, Invitation.email, Invitation.id)
    )
    return [InvitedPersonCopied(*row) for row in rows]
