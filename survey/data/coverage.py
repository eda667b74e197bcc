"""Who was invited to a round and how many answered. Never how, and never who."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from question_banks.bank import Sector
from survey.data.models import (
    Agency,
    Draft,
    Invitation,
    InvitedAgency,
    InvitedNumber,
    Response,
)

ALL_LEVELS = ""


@dataclass(frozen=True)
class AgencyCount:
    """One agency of a round. `invited` is None where the number is not known.

    `links` counts the personal links that have not been withdrawn. `expected` is False for an
    agency whose silence would not matter, and for one that answered without being on the list.
    """

    agency: str
    sector: Sector
    expected: bool
    invited: int | None
    links: int
    answered: int


@dataclass(frozen=True)
class InvitedRow:
    """How many people of an agency were invited, at one level or at `ALL_LEVELS` together."""

    agency: str
    level: str
    invited: int


def list_agencies(session: Session, *, round_id: str) -> list[AgencyCount]:
    """Every agency invited or answering, by name."""
    invited = (
        select(InvitedAgency.id, InvitedAgency.agency_id, InvitedAgency.expected)
        .where(InvitedAgency.round_id == round_id)
        .subquery()
    )
    links = (
        select(Invitation.invited_agency_id, func.count().label("n"))
        .where(Invitation.revoked_at_utc.is_(None))
        .group_by(Invitation.invited_agency_id)
        .subquery()
    )
    answered = (
        select(Response.agency_id, func.count().label("n"))
        .where(Response.round_id == round_id)
        .group_by(Response.agency_id)
        .subquery()
    )
    rows = session.execute(
        select(Agency.name, Agency.sector, invited.c.expected, links.c.n, answered.c.n)
        .outerjoin(invited, invited.c.agency_id == Agency.id)
        .outerjoin(links, links.c.invited_agency_id == invited.c.id)
        .outerjoin(answered, answered.c.agency_id == Agency.id)
        .where(or_(invited.c.id.is_not(None), answered.c.n.is_not(None)))
        .order_by(Agency.name)
    ).all()
    numbers = _totals(_stated(session, round_id))
    return [
        AgencyCount(
            agency=name,
            sector=Sector(sector),
            expected=bool(expected),
            invited=numbers.get(name, n_links or None),
            links=n_links or 0,
            answered=n_answered or 0,
        )
        for name, sector, expected, n_links, n_answered in rows
    ]


def list_invited(session: Session, *, round_id: str) -> list[InvitedRow]:
    """The numbers invited, by agency and level: as stated, or else the personal links made."""
    stated = _stated(session, round_id)
    known = {row.agency for row in stated}
    linked = session.execute(
        select(Agency.name, func.count())
        .select_from(Invitation)
        .join(InvitedAgency, InvitedAgency.id == Invitation.invited_agency_id)
        .join(Agency, Agency.id == InvitedAgency.agency_id)
        .where(InvitedAgency.round_id == round_id, Invitation.revoked_at_utc.is_(None))
        .group_by(Agency.name)
        .order_by(Agency.name)
    )
    return stated + [
        InvitedRow(agency=name, level=ALL_LEVELS, invited=count)
        for name, count in linked
        if name not in known
    ]


def _stated(session: Session, round_id: str) -> list[InvitedRow]:
    rows = session.execute(
        select(Agency.name, InvitedNumber.level, InvitedNumber.invited)
        .select_from(InvitedNumber)
        .join(InvitedAgency, InvitedAgency.id == InvitedNumber.invited_agency_id)
        .join(Agency, Agency.id == InvitedAgency.agency_id)
        .where(InvitedAgency.round_id == round_id)
        .order_by(Agency.name, InvitedNumber.level)
    )
    return [InvitedRow(agency=name, level=level, invited=n) for name, level, n in rows]


def _totals(rows: list[InvitedRow]) -> dict[str, int]:
    """Agency to all invited: the number for all levels together, or else the sum of the levels."""
    by_level: dict[str, int] = defaultdict(int)
    together: dict[str, int] = {}
    for row in rows:
        if row.level == ALL_LEVELS:
            together[row.agency] = row.invited
        else:
            by_level[row.agency] += row.invited
    return dict(by_level) | together


def count_responses(session: Session, *, round_id: str) -> int:
    """How many responses have been sent in."""
    return session.scalar(select(func.count()).where(Response.round_id == round_id)) or 0


def count_drafts(session: Session, *, round_id: str) -> int:
    """How many have been started and not sent in. Of the whole round: never by agency."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Draft)
            .join(Invitation, Invitation.id == Draft.invitation_id)
            .join(InvitedAgency, InvitedAgency.id == Invitation.invited_agency_id)
            .where(InvitedAgency.round_id == round_id)
        )
        or 0
    )


def list_labels(session: Session, *, round_id: str) -> list[str]:
    """What the manager wrote beside the invitations (often a name), without repeats, in order."""
    return list(
        session.scalars(
            select(Invitation.label)
            .join(InvitedAgency, InvitedAgency.id == Invitation.invited_agency_id)
            .where(InvitedAgency.round_id == round_id, Invitation.label != "")
            .distinct()
            .order_by(Invitation.label)
        )
    )
