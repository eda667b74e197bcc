"""What is kept about one e-mail address, and taking it away. Never anything sent in: that is
nobody's any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from survey.data.models import (
    Agency,
    AgencyReturn,
    Council,
    Draft,
    Entry,
    Invitation,
    InvitedAgency,
    Message,
    Participation,
    ReturnConflict,
    ReturnContributor,
    ReturnEvent,
    ReturnEvidence,
    ReturnNote,
    ReturnRound,
    ReturnVersion,
    Review,
    Round,
)

NAME_TAKEN_OUT = "A contributor"
"""What stands in a return in place of a name that was taken out."""

Councils = Sequence[str] | None
"""Ids of the councils to look in; None for all of them."""


@dataclass(frozen=True)
class KeptInvitation:
    """An invitation to the address. `draft_saved_at` is None where nothing is unfinished."""

    id: str
    public_id: str
    council_id: str
    council: str
    round_id: str
    round_slug: str
    round_title: str
    agency: str
    label: str
    is_withdrawn: bool
    has_submitted: bool
    draft_started_at: datetime | None
    draft_saved_at: datetime | None
    sheet_started_at: datetime | None
    """Since when a sheet of theirs is being entered by a manager; None where there is none."""


@dataclass(frozen=True)
class KeptMessage:
    """A message to the address; `sent_at` is None where it has not left."""

    id: str
    kind: str
    council: str
    round_title: str
    created_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True)
class KeptContribution:
    """Somebody's part in an agency return, with how many answers they saved."""

    id: str
    agency: str
    name: str
    post: str
    added_at: datetime
    has_ended: bool
    answers: int


@dataclass(frozen=True)
class KeptContact:
    """A round in which the address is that of an agency's contact."""

    invited_agency_id: str
    council: str
    round_title: str
    agency: str
    name: str


def _within(query: Select[*tuple[Any, ...]], councils: Councils) -> Select[*tuple[Any, ...]]:
    return query if councils is None else query.where(Council.id.in_(councils))


def list_invitations(
    session: Session, *, email: str, councils: Councils, invitation_id: str | None = None
) -> list[KeptInvitation]:
    """Invitations to an address, or the one of that id: by council and round."""
    query = (
        select(
            Invitation.id,
            Invitation.public_id,
            Council.id,
            Council.name,
            Round.id,
            Round.slug,
            Round.title,
            Agency.name,
            Invitation.label,
            Invitation.revoked_at_utc.is_not(None),
            Participation.invitation_id.is_not(None),
            Draft.started_at_utc,
            Draft.saved_at_utc,
            Entry.started_at_utc,
        )
        .join(InvitedAgency, InvitedAgency.id == Invitation.invited_agency_id)
        .join(Agency, Agency.id == InvitedAgency.agency_id)
        .join(Round, Round.id == InvitedAgency.round_id)
        .join(Review, Review.id == Round.review_id)
        .join(Council, Council.id == Review.council_id)
        .outerjoin(Draft, Draft.invitation_id == Invitation.id)
        .outerjoin(Entry, Entry.invitation_id == Invitation.id)
        .outerjoin(Participation, Participation.invitation_id == Invitation.id)
        .order_by(Council.name, Round.opens_at_utc, Round.slug, Agency.name, Invitation.public_id)
    )
    if invitation_id is not None:
        query = query.where(Invitation.id == invitation_id)
    else:
        query = query.where(func.lower(Invitation.email) == email)
    return [KeptInvitation(*row) for row in session.execute(_within(query, councils))]


def list_messages(session: Session, *, email: str, councils: Councils) -> list[KeptMessage]:
    """Messages to an address, the oldest first."""
    query = (
        select(
            Message.id,
            Message.kind,
            func.coalesce(Council.name, ""),
            func.coalesce(Round.title, ""),
            Message.created_at_utc,
            Message.sent_at_utc,
        )
        .outerjoin(Round, Round.id == Message.round_id)
        .outerjoin(Review, Review.id == Round.review_id)
        .outerjoin(Council, Council.id == func.coalesce(Message.council_id, Review.council_id))
        .where(func.lower(Message.to_address) == email)
        .order_by(Message.created_at_utc, Message.id)
    )
    return [KeptMessage(*row) for row in session.execute(_within(query, councils))]


def list_contributions(
    session: Session, *, email: str, councils: Councils
) -> list[KeptContribution]:
    """Parts in agency returns that carry the address, by agency."""
    saved = (
        select(ReturnVersion.contributor_id, func.count().label("n"))
        .group_by(ReturnVersion.contributor_id)
        .subquery()
    )
    query = (
        select(
            ReturnContributor.id,
            Agency.name,
            ReturnContributor.name,
            ReturnContributor.post,
            ReturnContributor.added_at_utc,
            ReturnContributor.ended_at_utc.is_not(None),
            func.coalesce(saved.c.n, 0),
        )
        .join(AgencyReturn, AgencyReturn.id == ReturnContributor.return_id)
        .join(Agency, Agency.id == AgencyReturn.agency_id)
        .outerjoin(saved, saved.c.contributor_id == ReturnContributor.id)
        .where(func.lower(ReturnContributor.email) == email)
        .order_by(Agency.name, ReturnContributor.added_at_utc, ReturnContributor.id)
    )
    if councils is not None:
        given_to = (
            select(ReturnRound.return_id)
            .join(Round, Round.id == ReturnRound.round_id)
            .join(Review, Review.id == Round.review_id)
            .where(Review.council_id.in_(councils))
        )
        query = query.where(ReturnContributor.return_id.in_(given_to))
    return [KeptContribution(*row) for row in session.execute(query)]


def list_contacts(session: Session, *, email: str, councils: Councils) -> list[KeptContact]:
    """Rounds in which the address is an agency's contact, by council."""
    query = (
        select(InvitedAgency.id, Council.name, Round.title, Agency.name, InvitedAgency.contact_name)
        .join(Agency, Agency.id == InvitedAgency.agency_id)
        .join(Round, Round.id == InvitedAgency.round_id)
        .join(Review, Review.id == Round.review_id)
        .join(Council, Council.id == Review.council_id)
        .where(func.lower(InvitedAgency.contact_email) == email)
        .order_by(Council.name, Round.opens_at_utc, Agency.name, InvitedAgency.id)
    )
    return [KeptContact(*row) for row in session.execute(_within(query, councils))]


def get_draft(session: Session, *, invitation_id: str) -> tuple[str, dict[str, Any]] | None:
    """The level and the answers of an unfinished questionnaire, or None."""
    found = session.get(Draft, invitation_id)
    return None if found is None else (found.level, dict(found.answers))


def delete_invitations(session: Session, *, ids: Sequence[str]) -> None:
    """Deletes invitations, with their drafts, messages and that they were used."""
    session.execute(
        delete(Invitation).where(Invitation.id.in_(ids)),
        execution_options={"synchronize_session": False},
    )


def delete_messages(session: Session, *, ids: Sequence[str]) -> None:
    """Deletes messages, sent or waiting."""
    session.execute(
        delete(Message).where(Message.id.in_(ids)),
        execution_options={"synchronize_session": False},
    )


def take_names_out(session: Session, *, contributor_ids: Sequence[str], now: datetime) -> None:
    """Takes a contributor's name and address out of a return; what they wrote stays the agency's.

    Their links stop working.
    """
    for model in (ReturnVersion, ReturnConflict, ReturnNote, ReturnEvent, ReturnEvidence):
        session.execute(
            update(model)
            .where(model.contributor_id.in_(contributor_ids))
            .values(name=NAME_TAKEN_OUT),
            execution_options={"synchronize_session": False},
        )
    for contributor_id in contributor_ids:
        contributor = session.get_one(ReturnContributor, contributor_id)
        contributor.name, contributor.post, contributor.email = NAME_TAKEN_OUT, "", ""
        contributor.generation += 1
        contributor.ended_at_utc = contributor.ended_at_utc or now
    session.flush()


def clear_contacts(session: Session, *, ids: Sequence[str]) -> None:
    """Takes the contact's name and address away from agencies of rounds."""
    session.execute(
        update(InvitedAgency)
        .where(InvitedAgency.id.in_(ids))
        .values(contact_name="", contact_email=""),
        execution_options={"synchronize_session": False},
    )
