"""The team of a review, and the people of a council: what a review manager may arrange.

A manager invites team members, officers of the council, and the leads of agencies that serve this
council alone. Whoever leads an agency answers for it towards every council it serves, so for an
agency of several councils an administrator invites the lead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey.actions import people
from survey.actions.accounts import InvalidAccount, check_email
from survey.actions.people import Given, Invited
from survey.data import accounts, audit, teams
from survey.data.accounts import Role
from survey.data.audit import AuditAction
from survey.data.models import Review, TeamMember
from survey.errors import SurveyError


class NotForManagers(SurveyError):
    """Only an administrator may do this; the message says why."""


@dataclass(frozen=True)
class TeamEntry:
    """What is kept of somebody on a team."""

    name: str
    team_role: str
    organisation: str
    shadow: bool
    conflicts: str


KEPT = ("name", "team_role", "organisation", "shadow")
"""What of an entry stands in the record of events; what people declare stays on the roster."""


def add_member(
    session: Session, *, review: Review, entry: TeamEntry, by: str, now: datetime
) -> str:
    """Puts somebody on the team of a review; returns the id of the entry."""
    row = teams.add_team_member(
        session,
        review_id=review.id,
        name=entry.name,
        team_role=entry.team_role,
        organisation=entry.organisation,
        shadow=entry.shadow,
        conflicts=entry.conflicts,
    )
    audit.record(
        session,
        action=AuditAction.TEAM_MEMBER_ADDED,
        at=now,
        account_id=by,
        council_id=review.council_id,
        detail={"review": review.title, "what": "team", "old": "", "new": entry.name},
    )
    return row.id


def change_member(
    session: Session, *, member_id: str, council_id: str, entry: TeamEntry, by: str, now: datetime
) -> None:
    """Changes what is kept of somebody on a team. Raises NotFound."""
    row = teams.get_team_member(session, member_id=member_id, council_id=council_id)
    for what in KEPT:
        old, new = getattr(row, what), getattr(entry, what)
        if old != new:
            _record_change(session, what, old, new, by=by, council_id=council_id, now=now)
    if row.conflicts != entry.conflicts:
        _record_change(session, "conflicts", "", "", by=by, council_id=council_id, now=now)
    row.name, row.team_role, row.organisation = entry.name, entry.team_role, entry.organisation
    row.shadow, row.conflicts = entry.shadow, entry.conflicts
    session.flush()


def _record_change(
    session: Session,
    what: str,
    old: str | bool,
    new: str | bool,
    *,
    by: str,
    council_id: str,
    now: datetime,
) -> None:
    audit.record(
        session,
        action=AuditAction.TEAM_MEMBER_CHANGED,
        at=now,
        account_id=by,
        council_id=council_id,
        detail={"what": what, "old": _words(old), "new": _words(new)},
    )


def _words(value: str | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


def remove_member(
    session: Session, *, member_id: str, council_id: str, by: str, now: datetime
) -> None:
    """Takes somebody off a team, and with it what they may see of that review. Raises NotFound."""
    row = teams.get_team_member(session, member_id=member_id, council_id=council_id)
    if row.account_id is not None:
        held = accounts.list_held(session, account_ids=[row.account_id])
        for one in held.get(row.account_id, ()):
            if one.review_id == row.review_id:
                people.take_role(
                    session, account_id=row.account_id, membership_id=one.id, by=by, now=now
                )
    audit.record(
        session,
        action=AuditAction.TEAM_MEMBER_REMOVED,
        at=now,
        account_id=by,
        council_id=council_id,
        detail={"what": "team", "old": row.name, "new": ""},
    )
    teams.remove_team_member(session, member_id=member_id)


def invite_member(
    session: Session, *, member_id: str, council_id: str, email: str, by: str, now: datetime
) -> Invited:
    """Lets somebody on a team read the review's findings. Raises NotFound and InvalidAccount.

    Asked again for the same address, it sends the invitation again. One entry lets one person in:
    whoever reads by it must lose that first, or they would read on unseen.
    """
    row = teams.get_team_member(session, member_id=member_id, council_id=council_id)
    if row.account_id is not None and _reads(session, row):
        reader = accounts.get_account(session, account_id=row.account_id)
        if reader.email != check_email(email):
            raise InvalidAccount(
                f"{row.name} was invited as {reader.email}. Take them off the team and add them "
                "again to invite another address"
            )
    given = Given(Role.TEAM_MEMBER, review_id=row.review_id)
    invited = people.invite(session, email=email, name=row.name, given=given, by=by, now=now)
    row.account_id = invited.account_id
    session.flush()
    return invited


def _reads(session: Session, row: TeamMember) -> bool:
    return accounts.holds(
        session, account_id=row.account_id or "", role=Role.TEAM_MEMBER, review_id=row.review_id
    )


def invite_officer(
    session: Session, *, council_id: str, email: str, name: str, by: str, now: datetime
) -> Invited:
    """Invites an officer of the council. Raises InvalidAccount."""
    given = Given(Role.COUNCIL_OFFICER, council_id=council_id)
    return people.invite(session, email=email, name=name, given=given, by=by, now=now)


def invite_agency_lead(
    session: Session,
    *,
    council_id: str,
    agency_id: str,
    email: str,
    name: str,
    by: str,
    now: datetime,
) -> Invited:
    """Invites the lead of an agency. Raises NotForManagers, and InvalidAccount."""
    _check_is_ours_alone(session, agency_id=agency_id, council_id=council_id)
    given = Given(Role.AGENCY_LEAD, agency_id=agency_id)
    return people.invite(session, email=email, name=name, given=given, by=by, now=now)


def take_role(
    session: Session, *, membership_id: str, council_id: str, by: str, now: datetime
) -> None:
    """Takes the role of an officer or of an agency's lead. Raises NotFound, NotForManagers."""
    person = teams.get_of_council(session, membership_id=membership_id, council_id=council_id)
    if person.agency_id is not None:
        _check_is_ours_alone(session, agency_id=person.agency_id, council_id=council_id)
    elif person.role is not Role.COUNCIL_OFFICER:
        raise NotForManagers("Ask an administrator to take this role away.")
    people.take_role(
        session, account_id=person.account_id, membership_id=membership_id, by=by, now=now
    )


def _check_is_ours_alone(session: Session, *, agency_id: str, council_id: str) -> None:
    for agency in teams.list_registered(session, council_id=council_id):
        if agency.id == agency_id:
            if agency.serves_others:
                raise NotForManagers(
                    f"{agency.name} serves other councils too, and its lead answers for it towards "
                    "them all. Ask an administrator."
                )
            return
    raise NotForManagers("Choose an agency on your council’s register.")
