"""People who were invited and have not sent in answers: whom to remind, and no more of them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from survey.data.models import Agency, Invitation, InvitedAgency, Participation


@dataclass(frozen=True)
class UnfinishedPerson:
    """Somebody invited who has not sent in answers: what the manager wrote of them, no more."""

    agency: str
    label: str
    email: str
    gets_reminders: bool


def list_unfinished(
    session: Session, *, round_id: str, agency_id: str | None, offset: int, limit: int
) -> list[UnfinishedPerson]:
    """People with a name or an address whose link has not been used: by agency and name.

    Whether they have begun is not among what is told.
    """
    rows = session.execute(
        _unfinished(round_id, agency_id)
        .add_columns(
            Agency.name,
            Invitation.label,
            Invitation.email,
            Invitation.reminders_stopped_at_utc.is_(None),
        )
        .order_by(Agency.name, Invitation.label, Invitation.email, Invitation.id)
        .offset(offset)
        .limit(limit)
    )
    return [UnfinishedPerson(*row[1:]) for row in rows]


def count_unfinished(session: Session, *, round_id: str, agency_id: str | None) -> int:
    """How many people `list_unfinished` would list."""
    found = _unfinished(round_id, agency_id).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def _unfinished(round_id: str, agency_id: str | None) -> Select[*tuple[str]]:
    conditions = [
        InvitedAgency.round_id == round_id,
        Invitation.revoked_at_utc.is_(None),
        Participation.invitation_id.is_(None),
        (Invitation.label != "") | (Invitation.email != ""),
    ]
    if agency_id is not None:
        conditions.append(InvitedAgency.agency_id == agency_id)
    return (
        select(Invitation.id)
        .join(InvitedAgency, InvitedAgency.id == Invitation.invited_agency_id)
        .join(Agency, Agency.id == InvitedAgency.agency_id)
        .outerjoin(Participation, Participation.invitation_id == Invitation.id)
        .where(*conditions)
    )


@dataclass(frozen=True)
class Reachable:
    """An invitation whose holder can be written to. It leads to no answer."""

    invitation_id: str
    email: str


def list_reachable(session: Session, *, round_id: str, unfinished_only: bool) -> list[Reachable]:
    """Everybody invited who has an address and has not asked to be left alone, in order.

    With `unfinished_only`, those whose link has not been used.
    """
    conditions = [
        InvitedAgency.round_id == round_id,
        Invitation.revoked_at_utc.is_(None),
        Invitation.reminders_stopped_at_utc.is_(None),
        Invitation.email != "",
    ]
    if unfinished_only:
        conditions.append(Participation.invitation_id.is_(None))
    rows = session.execute(
        select(Invitation.id, Invitation.email)
        .join(InvitedAgency, InvitedAgency.id == Invitation.invited_agency_id)
        .outerjoin(Participation, Participation.invitation_id == Invitation.id)
        .where(*conditions)
        .order_by(Invitation.email, Invitation.id)
    )
    return [Reachable(invitation_id, email) for invitation_id, email in rows]
