"""Open links: one address for all the people of an agency, and how many have come by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Mapped, Session

from survey.data.models import (
    Agency,
    AnswersBy,
    Council,
    Draft,
    Invitation,
    InvitedAgency,
    InvitedNumber,
    Participation,
    Review,
    Round,
)
from survey.data.register import contains
from survey.data.round_state import RoundState, round_state
from survey.errors import NotFound


@dataclass(frozen=True)
class OpenLink:
    """An agency of a round with its open link, and how many of its places are taken.

    `invited` is how many people were asked, None where nobody said. `taken` counts the ways in
    that are used or can be: personal ones and those taken by the open link together. `minted` is
    how many of them were taken by the link, `unused` how many of those nobody has begun with.
    `open_id` and `generation` are of the newest link; without `made_at_utc` none works.
    """

    invited_agency_id: str
    agency: str
    sector: str
    contact_name: str
    contact_email: str
    answers_by: str
    open_id: str | None
    generation: int
    made_at_utc: datetime | None
    invited: int | None
    taken: int
    minted: int
    unused: int

    @property
    def left(self) -> int:
        """How many more may take a code."""
        return max(0, (self.invited or 0) - self.taken)

    @property
    def works(self) -> bool:
        """Whether there is an open link that works."""
        return self.made_at_utc is not None

    @property
    def may_have_one(self) -> bool:
        """Whether a first open link makes sense: people answer one by one, their number is known,
        and not all of them have a personal link.
        """
        return self.answers_by == AnswersBy.PEOPLE and self.left > 0


@dataclass(frozen=True)
class OpenDoor:
    """An open link with its round: what the page of those who come by it is made from."""

    invited_agency_id: str
    open_id: str
    generation: int
    is_open: bool
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
    contact: str
    urgent_contact: str
    comments_checked_by: str
    opens_at_utc: datetime
    closes_at_utc: datetime
    launched_at_utc: datetime | None
    closed_at_utc: datetime | None
    withdrawn_at_utc: datetime | None

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


_USED = exists().where(Participation.invitation_id == Invitation.id)
_BEGUN = exists().where(Draft.invitation_id == Invitation.id)


def _counted(*conditions: ColumnElement[bool] | Mapped[bool]) -> Any:
    return (
        select(func.count())
        .select_from(Invitation)
        .where(
            Invitation.invited_agency_id == InvitedAgency.id,
            or_(Invitation.revoked_at_utc.is_(None), _USED),
            *conditions,
        )
        .correlate(InvitedAgency)
        .scalar_subquery()
    )


def _invited() -> Any:
    """The number for all levels together, or the sum of the levels; null where none is stated."""
    whole = func.max(case((InvitedNumber.level == "", InvitedNumber.invited)))
    return (
        select(func.coalesce(whole, func.sum(InvitedNumber.invited)))
        .where(InvitedNumber.invited_agency_id == InvitedAgency.id)
        .correlate(InvitedAgency)
        .scalar_subquery()
    )


def _of_round(round_id: str) -> Select[*tuple[Any, ...]]:
    unused = and_(Invitation.minted, Invitation.revoked_at_utc.is_(None), ~_USED, ~_BEGUN)
    return (
        select(
            InvitedAgency.id,
            Agency.name,
            Agency.sector,
            InvitedAgency.contact_name,
            InvitedAgency.contact_email,
            InvitedAgency.answers_by,
            InvitedAgency.open_link_id,
            InvitedAgency.open_link_generation,
            InvitedAgency.open_link_made_at_utc,
            _invited(),
            _counted(),
            _counted(Invitation.minted),
            _counted(unused),
        )
        .join(Agency, Agency.id == InvitedAgency.agency_id)
        .where(InvitedAgency.round_id == round_id)
    )


def list_open_links(
    session: Session,
    *,
    round_id: str,
    search: str = "",
    offset: int = 0,
    limit: int | None = None,
) -> list[OpenLink]:
    """The agencies of a round with their open links, by name."""
    rows = session.execute(
        _of_round(round_id)
        .where(*([contains(Agency.name, search)] if search else []))
        .order_by(Agency.name, InvitedAgency.id)
        .offset(offset)
        .limit(limit)
    )
    return [OpenLink(*row) for row in rows]


def get_open_link(session: Session, *, round_id: str, invited_agency_id: str) -> OpenLink:
    """An agency of a round with its open link. Raises NotFound."""
    row = session.execute(
        _of_round(round_id).where(InvitedAgency.id == invited_agency_id)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such agency in this round.")
    return OpenLink(*row)


def find_door(session: Session, *, open_id: str) -> OpenDoor | None:
    """The open link with that public id, with its round, or None."""
    row = session.execute(
        select(
            InvitedAgency.id,
            InvitedAgency.open_link_id,
            InvitedAgency.open_link_generation,
            InvitedAgency.open_link_made_at_utc.is_not(None),
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
            Round.contact,
            Round.urgent_contact,
            Round.comments_checked_by,
            Round.opens_at_utc,
            Round.closes_at_utc,
            Round.launched_at_utc,
            Round.closed_at_utc,
            Round.withdrawn_at_utc,
        )
        .select_from(InvitedAgency)
        .join(Agency, Agency.id == InvitedAgency.agency_id)
        .join(Round, Round.id == InvitedAgency.round_id)
        .join(Review, Review.id == Round.review_id)
        .join(Council, Council.id == Review.council_id)
        .where(InvitedAgency.open_link_id == open_id)
    ).one_or_none()
    if row is None:
        return None
    values: list[Any] = list(row)
    return OpenDoor(*values)


def hold_place(session: Session, *, invited_agency_id: str) -> InvitedAgency:
    """An invited agency, held until the commit: two who take its last code come one by one."""
    found = session.scalars(
        select(InvitedAgency)
        .where(InvitedAgency.id == invited_agency_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound("There is no such agency in this round.")
    return found


def taken_open_ids(session: Session, *, open_ids: set[str]) -> set[str]:
    """Those of the public ids that an agency's open link has already."""
    return {
        found
        for found in session.scalars(
            select(InvitedAgency.open_link_id).where(InvitedAgency.open_link_id.in_(open_ids))
        )
        if found is not None
    }


def list_unused_minted(session: Session, *, invited_agency_id: str) -> list[Invitation]:
    """The invitations taken by an open link that nobody has begun with, held until the commit."""
    return list(
        session.scalars(
            select(Invitation)
            .where(
                Invitation.invited_agency_id == invited_agency_id,
                Invitation.minted,
                Invitation.revoked_at_utc.is_(None),
                ~_USED,
                ~_BEGUN,
            )
            .order_by(Invitation.public_id)
            .with_for_update()
        )
    )
