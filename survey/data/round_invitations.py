"""The invitations of a round, as whoever sends them out needs them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, insert, or_, select
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
from survey.data.register import contains
from survey.errors import NotFound

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
    minted: bool = False

    @property
    def state(self) -> WayInState:
        """How far it has come."""
        if self.has_submitted:
            return WayInState.SENT
        return WayInState.WITHDRAWN if self.is_revoked else WayInState.NOT_SENT


class WayInState(StrEnum):
    """How far an invitation has come. Who has begun is told of a whole round, never of a person."""

    NOT_SENT = "not_sent"
    SENT = "sent"
    WITHDRAWN = "withdrawn"


_BEGUN = Draft.invitation_id.is_not(None)
_SENT = Participation.invitation_id.is_not(None)
_WITHDRAWN = Invitation.revoked_at_utc.is_not(None)
_CONDITIONS: dict[WayInState, ColumnElement[bool]] = {
    WayInState.NOT_SENT: and_(~_SENT, ~_WITHDRAWN),
    WayInState.SENT: _SENT,
    WayInState.WITHDRAWN: and_(_WITHDRAWN, ~_SENT),
}


@dataclass(frozen=True)
class Asked:
    """Which invitations of a round are asked for: all, or those that match every one of these."""

    search: str = ""
    invited_agency_id: str = ""
    state: WayInState | None = None


def _of_round(round_id: str) -> Select[*tuple[Any, ...]]:
    return _joined(
        select(
            Invitation.id,
            Invitation.invited_agency_id,
            Invitation.public_id,
            Invitation.generation,
            _WITHDRAWN,
            Agency.name,
            Agency.sector,
            Invitation.label,
            Invitation.email,
            _BEGUN,
            _SENT,
            Invitation.minted,
        ),
        round_id,
    )


def _joined(statement: Select[*tuple[Any, ...]], round_id: str) -> Select[*tuple[Any, ...]]:
    return (
        statement.select_from(Invitation)
        .join(InvitedAgency, InvitedAgency.id == Invitation.invited_agency_id)
        .join(Agency, Agency.id == InvitedAgency.agency_id)
        .outerjoin(Draft, Draft.invitation_id == Invitation.id)
        .outerjoin(Participation, Participation.invitation_id == Invitation.id)
        .where(InvitedAgency.round_id == round_id)
    )


def _matching(asked: Asked) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.search:
        columns = (Agency.name, Invitation.label, Invitation.email, Invitation.public_id)
        conditions.append(or_(*(contains(column, asked.search) for column in columns)))
    if asked.invited_agency_id:
        conditions.append(Invitation.invited_agency_id == asked.invited_agency_id)
    if asked.state is not None:
        conditions.append(_CONDITIONS[asked.state])
    return conditions


def list_invitations(
    session: Session,
    *,
    round_id: str,
    asked: Asked | None = None,
    offset: int = 0,
    limit: int | None = None,
) -> list[RoundInvitation]:
    """Invitations of a round, all unless some are asked for: by agency, those with a name first."""
    rows = session.execute(
        _of_round(round_id)
        .where(*_matching(asked or Asked()))
        .order_by(
            Agency.name,
            Invitation.label == "",
            Invitation.label,
            Invitation.email,
            Invitation.public_id,
        )
        .offset(offset)
        .limit(limit)
    )
    return [RoundInvitation(*row) for row in rows]


def count_invitations(session: Session, *, round_id: str, asked: Asked | None = None) -> int:
    """How many invitations `list_invitations` would list in all."""
    found = session.scalar(
        _joined(select(func.count()), round_id).where(*_matching(asked or Asked()))
    )
    return found or 0


def get_of_round(session: Session, *, round_id: str, public_id: str) -> RoundInvitation:
    """The invitation of that public id, if it is one of the round's. Raises NotFound."""
    row = session.execute(
        _of_round(round_id).where(Invitation.public_id == public_id)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such invitation in this round.")
    return RoundInvitation(*row)


def hold_of_round(session: Session, *, round_id: str, public_id: str) -> Invitation:
    """As `get_of_round`, to be changed: held until the commit. Raises NotFound."""
    found = session.scalars(
        select(Invitation)
        .join(InvitedAgency, InvitedAgency.id == Invitation.invited_agency_id)
        .where(Invitation.public_id == public_id, InvitedAgency.round_id == round_id)
        .with_for_update(of=Invitation)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound("There is no such invitation in this round.")
    return found


def is_address_invited(
    session: Session, *, invited_agency_id: str, email: str, but_for: str = ""
) -> bool:
    """Whether an agency's people include somebody else of that address whose link works."""
    return (
        session.scalar(
            select(func.count()).where(
                Invitation.invited_agency_id == invited_agency_id,
                Invitation.email == email,
                Invitation.revoked_at_utc.is_(None),
                Invitation.id != but_for,
            )
        )
        or 0
    ) > 0


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
