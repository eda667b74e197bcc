"""Who is on the team of a review, and what a council's people may see."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session, aliased

from survey.data.models import (
    Account,
    Agency,
    AgencyCouncil,
    Council,
    Membership,
    Review,
    Role,
    TeamMember,
)
from survey.errors import NotFound


@dataclass(frozen=True)
class OnTeam:
    """Somebody on a team; `email` is "" without an account, `may_read` says they have the role."""

    id: str
    review_id: str
    name: str
    team_role: str
    organisation: str
    shadow: bool
    conflicts: str
    account_id: str | None
    email: str
    is_invited: bool
    may_read: bool


def get_council(session: Session, *, slug: str, account_id: str) -> Council:
    """A council whose reviews the account manages. Raises NotFound for any other."""
    council = session.scalars(
        select(Council)
        .join(Membership, Membership.council_id == Council.id)
        .where(
            Council.slug == slug,
            Membership.account_id == account_id,
            Membership.role == Role.REVIEW_MANAGER,
        )
    ).one_or_none()
    if council is None:
        raise NotFound("There is no such council, or its people are not yours to see.")
    return council


def get_review(session: Session, *, review_id: str, council_id: str) -> Review:
    """A review of that council. Raises NotFound."""
    review = session.scalars(
        select(Review).where(Review.id == review_id, Review.council_id == council_id)
    ).one_or_none()
    if review is None:
        raise NotFound("There is no such review.")
    return review


def get_team_member(session: Session, *, member_id: str, council_id: str) -> TeamMember:
    """Somebody on the team of one of a council's reviews. Raises NotFound."""
    row = session.scalars(
        select(TeamMember)
        .join(Review, Review.id == TeamMember.review_id)
        .where(TeamMember.id == member_id, Review.council_id == council_id)
    ).one_or_none()
    if row is None:
        raise NotFound("There is nobody of that kind on the team.")
    return row


def list_teams(session: Session, *, council_id: str) -> list[OnTeam]:
    """Everybody on the teams of a council's reviews: those who decide, then shadows, by name."""
    holds = exists().where(
        Membership.account_id == TeamMember.account_id,
        Membership.review_id == TeamMember.review_id,
        Membership.role == Role.TEAM_MEMBER,
    )
    rows = session.execute(
        select(TeamMember, Account.email, Account.password_hash.is_(None), holds)
        .join(Review, Review.id == TeamMember.review_id)
        .outerjoin(Account, Account.id == TeamMember.account_id)
        .where(Review.council_id == council_id)
        .order_by(TeamMember.shadow, TeamMember.name, TeamMember.id)
    )
    return [
        OnTeam(
            id=row.id,
            review_id=row.review_id,
            name=row.name,
            team_role=row.team_role,
            organisation=row.organisation,
            shadow=row.shadow,
            conflicts=row.conflicts,
            account_id=row.account_id,
            email=email or "",
            is_invited=bool(row.account_id and is_invited),
            may_read=may_read,
        )
        for row, email, is_invited, may_read in rows
    ]


def add_team_member(
    session: Session,
    *,
    review_id: str,
    name: str,
    team_role: str,
    organisation: str,
    shadow: bool,
    conflicts: str,
) -> TeamMember:
    """Puts somebody on the team of a review."""
    row = TeamMember(
        review_id=review_id,
        name=name,
        team_role=team_role,
        organisation=organisation,
        shadow=shadow,
        conflicts=conflicts,
    )
    session.add(row)
    session.flush()
    return row


def remove_team_member(session: Session, *, member_id: str) -> None:
    """Takes somebody off a team; one who is not there is not missed."""
    session.execute(delete(TeamMember).where(TeamMember.id == member_id))


@dataclass(frozen=True)
class OfCouncil:
    """Somebody who holds a role for a council, or for an agency on its register."""

    membership_id: str
    account_id: str
    name: str
    email: str
    role: Role
    of: str
    agency_id: str | None
    is_invited: bool
    is_deactivated: bool


def list_people(session: Session, *, council_id: str) -> list[OfCouncil]:
    """A council's managers and officers, and the leads of agencies on its register, by name."""
    registered = exists().where(
        AgencyCouncil.agency_id == Membership.agency_id, AgencyCouncil.council_id == council_id
    )
    rows = session.execute(
        select(Membership, Account, Agency.name)
        .join(Account, Account.id == Membership.account_id)
        .outerjoin(Agency, Agency.id == Membership.agency_id)
        .where((Membership.council_id == council_id) | registered)
        .order_by(Account.name, Account.email, Membership.id)
    )
    order = list(Role)
    found = [
        OfCouncil(
            membership_id=membership.id,
            account_id=account.id,
            name=account.name,
            email=account.email,
            role=Role(membership.role),
            of=agency or "",
            agency_id=membership.agency_id,
            is_invited=account.password_hash is None,
            is_deactivated=account.deactivated_at_utc is not None,
        )
        for membership, account, agency in rows
    ]
    return sorted(found, key=lambda one: order.index(one.role))


def get_of_council(session: Session, *, membership_id: str, council_id: str) -> OfCouncil:
    """One of those `list_people` lists. Raises NotFound."""
    for person in list_people(session, council_id=council_id):
        if person.membership_id == membership_id:
            return person
    raise NotFound("Nobody holds that role for the council.")


@dataclass(frozen=True)
class Registered:
    """An agency on a council's register, and whether it is on other councils' too."""

    id: str
    name: str
    serves_others: bool


def list_registered(session: Session, *, council_id: str) -> list[Registered]:
    """The agencies on a council's register, by name."""
    other = aliased(AgencyCouncil)
    rows = session.execute(
        select(
            Agency.id,
            Agency.name,
            exists().where(other.agency_id == Agency.id, other.council_id != council_id),
        )
        .join(AgencyCouncil, AgencyCouncil.agency_id == Agency.id)
        .where(AgencyCouncil.council_id == council_id)
        .order_by(Agency.name)
    )
    return [Registered(*row) for row in rows]


def list_agencies(session: Session) -> list[tuple[str, str]]:
    """Id and name of every agency of the installation, by name."""
    rows = session.execute(select(Agency.id, Agency.name).order_by(Agency.name))
    return [(id_, name) for id_, name in rows]
