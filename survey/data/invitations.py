"""Invitations, and everything a respondent's page needs to know, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select
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
from survey.data.round_state import RoundState, round_state
from survey.data.rounds import lock_for_answering
from survey.errors import UnknownInvitation


@dataclass(frozen=True)
class InvitedPerson:
    """An invitation with its round and its draft: what a respondent's page is made from."""

    invitation_id: str
    public_id: str
    generation: int
    is_revoked: bool
    has_submitted: bool
    agency_id: str
    agency: str
    council: str
    council_colour: str
    council_contact_name: str
    council_contact_email: str
    council_contact_telephone: str
    council_website: str
    council_privacy_contact: str
    round_id: str
    round_title: str
    bank_digest: str
    opens_at_utc: datetime
    closes_at_utc: datetime
    launched_at_utc: datetime | None
    closed_at_utc: datetime | None
    withdrawn_at_utc: datetime | None
    contact: str
    urgent_contact: str
    comments_checked_by: str
    level: str | None
    answers: dict[str, Any]

    def state(self, now: datetime) -> RoundState:
        """Whether the round takes answers now."""
        return round_state(
            opens_at=self.opens_at_utc,
            closes_at=self.closes_at_utc,
            launched_at=self.launched_at_utc,
            closed_at=self.closed_at_utc,
            withdrawn_at=self.withdrawn_at_utc,
            now=now,
        )


_PERSON: Select[*tuple[Any, ...]] = (
    select(
        Invitation.id,
        Invitation.public_id,
        Invitation.generation,
        Invitation.revoked_at_utc.is_not(None),
        Participation.invitation_id.is_not(None),
        Agency.id,
        Agency.name,
        Council.name,
        Council.colour,
        Council.contact_name,
        Council.contact_email,
        Council.contact_telephone,
        Council.website,
        Council.privacy_contact,
        Round.id,
        Round.title,
        Round.bank_digest,
        Round.opens_at_utc,
        Round.closes_at_utc,
        Round.launched_at_utc,
        Round.closed_at_utc,
        Round.withdrawn_at_utc,
        Round.contact,
        Round.urgent_contact,
        Round.comments_checked_by,
        Draft.level,
        Draft.answers,
    )
    .select_from(Invitation)
    .join(InvitedAgency, InvitedAgency.id == Invitation.invited_agency_id)
    .join(Agency, Agency.id == InvitedAgency.agency_id)
    .join(Round, Round.id == InvitedAgency.round_id)
    .join(Review, Review.id == Round.review_id)
    .join(Council, Council.id == Review.council_id)
    .outerjoin(Draft, Draft.invitation_id == Invitation.id)
    .outerjoin(Participation, Participation.invitation_id == Invitation.id)
    .where(Invitation.public_id == bindparam("public_id"))
)
"""Built once, as is `_HELD`: these run on every request, and building costs as much as running."""

_HELD = (
    select(Invitation.id, InvitedAgency.round_id)
    .join(InvitedAgency, InvitedAgency.id == Invitation.invited_agency_id)
    .where(Invitation.public_id == bindparam("public_id"))
    .with_for_update(of=Invitation, key_share=True)
)


def find_person(session: Session, public_id: str) -> InvitedPerson | None:
    """The invitation with that public id, with its round and draft, or None."""
    row = session.execute(_PERSON, {"public_id": public_id}).one_or_none()
    if row is None:
        return None
    return InvitedPerson(*row[:-1], answers=row[-1] or {})  # type: ignore[misc]  # one by one, in order


def lock_person(session: Session, public_id: str) -> InvitedPerson:
    """As `find_person`, holding the invitation until the transaction ends.

    Two tabs that save, or two presses of one button, come one after the other. The round is held
    too, so that it cannot be closed in between. Raises UnknownInvitation.
    """
    held = session.execute(_HELD, {"public_id": public_id}).one_or_none()
    if held is None:
        raise UnknownInvitation("No invitation has that address.")
    lock_for_answering(session, round_id=held.round_id)
    person = find_person(session, public_id)
    if person is None:
        raise UnknownInvitation("No invitation has that address.")
    return person
