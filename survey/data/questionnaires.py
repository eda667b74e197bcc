"""The questionnaires of one e-mail address, of every council that asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.data.models import (
    Agency,
    Council,
    Draft,
    Invitation,
    InvitedAgency,
    Participation,
    Review,
    Round,
)


@dataclass(frozen=True)
class Questionnaire:
    """One invitation of an address, in a round that takes answers."""

    public_id: str
    generation: int
    council: str
    agency: str
    round_title: str
    closes_at_utc: datetime
    has_begun: bool
    has_submitted: bool


def list_questionnaires(session: Session, *, email: str, now: datetime) -> list[Questionnaire]:
    """What that address is asked and can answer now, or has answered: the first to close first.

    `email` is in the form of `survey.actions.addresses.read_address`, as invitations keep it.
    """
    rows = session.execute(
        select(
            Invitation.public_id,
            Invitation.generation,
            Council.name,
            Agency.name,
            Round.title,
            Round.closes_at_utc,
            Draft.invitation_id.is_not(None),
            Participation.invitation_id.is_not(None),
        )
        .join(InvitedAgency, InvitedAgency.id == Invitation.invited_agency_id)
        .join(Agency, Agency.id == InvitedAgency.agency_id)
        .join(Round, Round.id == InvitedAgency.round_id)
        .join(Review, Review.id == Round.review_id)
        .join(Council, Council.id == Review.council_id)
        .outerjoin(Draft, Draft.invitation_id == Invitation.id)
        .outerjoin(Participation, Participation.invitation_id == Invitation.id)
        .where(
            Invitation.email == email,
            Invitation.email != "",
            Invitation.revoked_at_utc.is_(None),
            Round.launched_at_utc.is_not(None),
            Round.opens_at_utc <= now,
            Round.closes_at_utc > now,
            Round.closed_at_utc.is_(None),
            Round.withdrawn_at_utc.is_(None),
        )
        .order_by(Round.closes_at_utc, Council.name, Round.title, Invitation.public_id)
    )
    return [Questionnaire(*row) for row in rows]
