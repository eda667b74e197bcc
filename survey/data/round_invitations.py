"""The invitations of a round, as whoever sends them out needs them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey.data.base import new_id
from survey.data.models import (
    Agency,
    Draft,
    Invitation,
    InvitedAgency,
    Participation,
    Review,
    Round,
)

IDS_AT_ONCE = 500


@dataclass(frozen=True)
class NewInvitation:
    """An invitation to be made: its agency's place in the round, and what is known of whom."""

    invited_agency_id: str
    public_id: str
    label: str = ""
    email: str = ""
    minted: bool = False


@dataclass(frozen=True)
class RoundInvitation:
    """An invitation of a round, with how far it has come. It leads to no answer."""

    id: str
    invited_agency_id: str
    public_id: str
    generation: int
    is_revoked: bool
    agency: str
    sector: str
    label: str
    email: str
    has_draft: bool
    has_submitted: bool


def list_invitations(session: Session, *, round_id: str) -> list[RoundInvitation]:
    """Every invitation of a round: by agency, those with a name first."""
    rows = session.execute(
        select(
            Invitation.id,
            Invitation.invited_agency_id,
            Invitation.public_id,
            Invitation.generation,
            Invitation.revoked_at_utc.is_not(None),
            Agency.name,
            Agency.sector,
            Invitation.label,
            Invitation.email,
            Draft.invitation_id.is_not(None),
            Participation.invitation_id.is_not(None),
        )
        .join(InvitedAgency, InvitedAgency.id == Invitation.invited_agency_id)
        .join(Agency, Agency.id == InvitedAgency.agency_id)
        .outerjoin(Draft, Draft.invitation_id == Invitation.id)
        .outerjoin(Participation, Participation.invitation_id == Invitation.id)
        .where(InvitedAgency.round_id == round_id)
        .order_by(
            Agency.name,
            Invitation.label == "",
            Invitation.label,
            Invitation.email,
            Invitation.public_id,
        )
    )
    return [RoundInvitation(*row) for row in rows]


def taken_public_ids(session: Session, *, public_ids: Collection[str]) -> set[str]:
    """Those of the public ids that an invitation has already, in any round."""
    wanted = sorted(public_ids)
    taken: set[str] = set()
    for start in range(0, len(wanted), IDS_AT_ONCE):
        some = wanted[start : start + IDS_AT_ONCE]
        taken.update(
            session.scalars(select(Invitation.public_id).where(Invitation.public_id.in_(some)))
        )
    return taken


def add_invitations(session: Session, *, new: Sequence[NewInvitation]) -> None:
    """Stores invitations of the first generation."""
    if not new:
        return
    session.execute(
        insert(Invitation),
        [
            {
                "id": new_id(),
                "public_id": one.public_id,
                "invited_agency_id": one.invited_agency_id,
                "generation": 1,
                "label": one.label,
                "email": one.email,
                "minted": one.minted,
            }
            for one in new
        ],
    )


def find_invitation(session: Session, *, public_id: str) -> Invitation | None:
    """The invitation with that public id, or None."""
    return session.scalars(
        select(Invitation).where(Invitation.public_id == public_id)
    ).one_or_none()


def get_place(session: Session, *, invitation_id: str) -> tuple[str, str]:
    """The council and the round an invitation belongs to: the id of one, the slug of the other."""
    council_id, slug = session.execute(
        select(Review.council_id, Round.slug)
        .join(Round, Round.review_id == Review.id)
        .join(InvitedAgency, InvitedAgency.round_id == Round.id)
        .join(Invitation, Invitation.invited_agency_id == InvitedAgency.id)
        .where(Invitation.id == invitation_id)
    ).one()
    return council_id, slug
