"""Ways in and unfinished answers that have been kept for as long as they should be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from survey.data.models import (
    Council,
    Draft,
    Entry,
    Invitation,
    InvitedAgency,
    InvitedNumber,
    Message,
    Review,
    Round,
)


@dataclass(frozen=True)
class RoundKept:
    """A round that is over, and what of the people invited to it is still kept."""

    round_id: str
    slug: str
    title: str
    council_id: str
    council: str
    ended_at: datetime
    invitations: int
    drafts: int


def _ended() -> ColumnElement[datetime]:
    # A round that nobody closed takes no answers after its last day either.
    return func.coalesce(Round.closed_at_utc, Round.withdrawn_at_utc, Round.closes_at_utc)


def list_ended(session: Session, *, before: datetime) -> list[RoundKept]:
    """Launched rounds that ended before a time and have invitations left: the oldest first."""
    rows = session.execute(
        select(
            Round.id,
            Round.slug,
            Round.title,
            Council.id,
            Council.name,
            _ended(),
            func.count(Invitation.id),
            func.count(Draft.invitation_id),
        )
        .select_from(Invitation)
        .join(InvitedAgency, InvitedAgency.id == Invitation.invited_agency_id)
        .join(Round, Round.id == InvitedAgency.round_id)
        .join(Review, Review.id == Round.review_id)
        .join(Council, Council.id == Review.council_id)
        .outerjoin(Draft, Draft.invitation_id == Invitation.id)
        .where(_ended() < before, Round.launched_at_utc.is_not(None))
        .group_by(Round.id, Round.slug, Round.title, Council.id, Council.name, _ended())
        .order_by(_ended(), Round.slug)
    )
    return [RoundKept(*row) for row in rows]


def state_invited(session: Session, *, round_id: str) -> None:
    """Writes down how many people each agency had links for, where no number was stated.

    Otherwise nobody would have been invited once the invitations are gone.
    """
    stated = select(InvitedNumber.invited_agency_id)
    counted = session.execute(
        select(Invitation.invited_agency_id, func.count())
        .join(InvitedAgency, InvitedAgency.id == Invitation.invited_agency_id)
        .where(
            InvitedAgency.round_id == round_id,
            Invitation.revoked_at_utc.is_(None),
            Invitation.invited_agency_id.not_in(stated),
        )
        .group_by(Invitation.invited_agency_id)
    ).all()
    for invited_agency_id, invited in counted:
        session.add(InvitedNumber(invited_agency_id=invited_agency_id, level="", invited=invited))
    session.flush()


def delete_people(session: Session, *, round_id: str) -> None:
    """Deletes a round's invitations, and with them its drafts, papers that were typed and not sent,
    who has taken part and messages;
    and takes away the names and addresses of its agencies' contacts.
    """
    of_round = select(InvitedAgency.id).where(InvitedAgency.round_id == round_id)
    for change in (
        delete(Entry).where(Entry.round_id == round_id),
        delete(Invitation).where(Invitation.invited_agency_id.in_(of_round)),
        delete(Message).where(Message.round_id == round_id),
        update(InvitedAgency)
        .where(InvitedAgency.round_id == round_id)
        .values(contact_name="", contact_email=""),
    ):
        session.execute(change, execution_options={"synchronize_session": False})
