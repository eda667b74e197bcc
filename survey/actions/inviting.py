"""Inviting by a file: what it would change in a round, and doing it.

Bringing in the same file twice invites nobody twice: people are known by their address or label,
and of those without a name only the missing ones are added.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from analysis.agency_sizes import AgencySize
from analysis.delimited import shown
from analysis.errors import Fault
from survey.actions.addresses import is_for_several
from survey.actions.invited_file import AgencyInvited, NamedPerson
from survey.actions.tokens import new_public_id
from survey.data import agencies, audit, coverage, register, round_invitations
from survey.data.audit import AuditAction
from survey.data.models import Agency, InvitedAgency
from survey.data.round_invitations import NewInvitation, RoundInvitation, list_invitations
from survey.data.rounds import RoundOfCouncil
from survey.errors import FaultyImport, NotAllowedNow


@dataclass(frozen=True)
class AgencyPlan:
    """What a file changes for one agency of a round.

    `numbers_before` is empty for an agency that was not invited yet. `unnamed` and `people` are
    the invitations still to be made. `spare` is how many usable links there would be beyond the
    invited number: withdraw them, or they can be answered with. `absent` counts people invited by
    name before whom the file does not name: they stay invited. `changes_contact` and
    `changes_expected` say that the round has something else on record.
    """

    agency: AgencyInvited
    agency_id: str | None
    invited_agency_id: str | None
    numbers_before: dict[str, int]
    unnamed: int
    people: tuple[NamedPerson, ...]
    spare: int
    absent: int = 0
    changes_contact: bool = False
    changes_expected: bool = False

    @property
    def new_invitations(self) -> int:
        """How many invitations are still to be made."""
        return self.unnamed + len(self.people)


@dataclass(frozen=True)
class Plan:
    """What a file would change in a round, and why it cannot be brought in, if it cannot.

    `notes` are worth a second look and no faults.
    """

    agencies: tuple[AgencyPlan, ...]
    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]


def plan_invitations(
    session: Session, found: RoundOfCouncil, *, file: Sequence[AgencyInvited]
) -> list[AgencyPlan]:
    """What bringing in the file would change. Nothing is stored.

    Raises FaultyImport where it does not fit what is known (`check_invitations`), and
    NotAllowedNow for a round that is closed.
    """
    plan = check_invitations(session, found, file=file)
    if plan.faults:
        raise FaultyImport([str(fault) for fault in plan.faults])
    return list(plan.agencies)


def check_invitations(
    session: Session, found: RoundOfCouncil, *, file: Sequence[AgencyInvited]
) -> Plan:
    """What bringing in the file would change, and every place where it does not fit.

    An agency under a name it had before is taken for what it is. Faults are an agency known in
    another sector or spelling, and somebody invited already for another agency of the round.
    Raises NotAllowedNow for a round that is closed.
    """
    check_takes_invitations(found)
    file, notes, faults = _renamed(session, file)
    names = [agency.name for agency in file]
    known = agencies.find_agencies(session, names=names)
    spelt = known_otherwise(session, names=names)
    for agency in file:
        if agency.name in known and known[agency.name].sector != agency.sector:
            message = f"{agency.name} is known in the sector {known[agency.name].sector}."
            faults.append(Fault(agency.row, "sector", message))
        if agency.name in spelt:
            message = (
                f"{agency.name} is known as {spelt[agency.name]}; write it like that, or give a "
                "different agency a more different name."
            )
            faults.append(Fault(agency.row, "agency", message))
    invited = {
        agency.name: row
        for row, agency in agencies.list_invited_agencies(session, round_id=found.round.id)
    }
    numbers = agencies.invited_numbers(session, round_id=found.round.id)
    made: dict[str, list[RoundInvitation]] = {}
    place: dict[str, str] = {}
    for invitation in list_invitations(session, round_id=found.round.id):
        if not invitation.is_revoked:
            made.setdefault(invitation.agency, []).append(invitation)
            if invitation.email:
                place[invitation.email] = invitation.agency
    plans: list[AgencyPlan] = []
    for agency in file:
        faults += _invited_elsewhere(agency, place)
        row = invited.get(agency.name)
        plans.append(
            _agency_plan(
                agency,
                known=known.get(agency.name),
                row=row,
                numbers=numbers.get(row.id, {}) if row else {},
                before=made.get(agency.name, []),
            )
        )
    for plan in plans:
        notes += _read_by_several(plan.people)
    return Plan(tuple(plans), tuple(sorted(faults)), tuple(sorted(notes)))


def check_takes_invitations(found: RoundOfCouncil) -> None:
    """Raises NotAllowedNow where nobody can be invited to the round any more."""
    if found.round.closed_at_utc is not None:
        raise NotAllowedNow("The round is closed; nobody can be invited to it any more.")
    if found.round.withdrawn_at_utc is not None:
        raise NotAllowedNow("The round was withdrawn; nobody can be invited to it any more.")


def _renamed(
    session: Session, file: Sequence[AgencyInvited]
) -> tuple[list[AgencyInvited], list[Fault], list[Fault]]:
    """The file with agencies under their present names, what to note of it, and its faults."""
    former = register.find_renamed(session, names=[agency.name for agency in file])
    rows = {agency.name: agency.row for agency in file}
    renamed, notes, faults = [], [], []
    for agency in file:
        now = former.get(agency.name)
        if now is None:
            renamed.append(agency)
            continue
        said = f"{agency.name} is now called {now.name}"
        if now.name in rows:
            message = f"{said}, which is in row {rows[now.name]}. Write all its rows like that."
            faults.append(Fault(agency.row, "agency", message))
            continue
        notes.append(Fault(agency.row, "agency", f"{said}, and is brought in as that."))
        rows[now.name] = agency.row
        renamed.append(replace(agency, name=now.name))
    return renamed, notes, faults


def _invited_elsewhere(agency: AgencyInvited, place: dict[str, str]) -> list[Fault]:
    return [
        Fault(
            person.row,
            "email",
            f"{shown(person.email)} is invited already for {place[person.email]}. A person "
            "answers for one agency: take the row out, or withdraw that link first.",
        )
        for person in agency.people
        if place.get(person.email, agency.name) != agency.name
    ]


def _read_by_several(people: Sequence[NamedPerson]) -> list[Fault]:
    return [
        Fault(
            person.row,
            "email",
            f"{shown(person.email)} looks as if several people read it, and one can answer.",
        )
        for person in people
        if is_for_several(person.email)
    ]


def _agency_plan(
    agency: AgencyInvited,
    *,
    known: Agency | None,
    row: InvitedAgency | None,
    numbers: dict[str, int],
    before: Sequence[RoundInvitation],
) -> AgencyPlan:
    there = {one.email or one.label for one in before if one.email or one.label}
    people = tuple(person for person in agency.people if person.key not in there)
    after = len(before) + len(people)
    contact = [
        (agency.contact_name, row.contact_name if row else ""),
        (agency.contact_email, row.contact_email if row else ""),
    ]
    return AgencyPlan(
        agency=agency,
        agency_id=known.id if known else None,
        invited_agency_id=row.id if row else None,
        numbers_before=numbers,
        unnamed=max(0, agency.invited - after),
        people=people,
        spare=max(0, after - agency.invited),
        absent=len(there - {person.key for person in agency.people}),
        changes_contact=any(new and new != old for new, old in contact),
        changes_expected=row is not None and row.expected != agency.expected,
    )


def sizes_after(
    session: Session, found: RoundOfCouncil, *, plans: Sequence[AgencyPlan]
) -> list[AgencySize]:
    """How many people of each agency of the round are invited once the plans are carried out."""
    sizes = {
        one.agency: AgencySize(one.sector, one.invited or 0)
        for one in coverage.list_agencies(session, round_id=found.round.id)
    }
    for plan in plans:
        sizes[plan.agency.name] = AgencySize(plan.agency.sector, plan.agency.invited)
    return list(sizes.values())


def known_otherwise(session: Session, *, names: Sequence[str]) -> dict[str, str]:
    """Those of `names` that are known in another spelling, to that spelling.

    Names that differ only in capitals, spaces and punctuation are taken for one agency, or the
    same agency would count as two in the next round.
    """
    known = agencies.list_agency_names(session)
    folded = {_folded(name): name for name in known}
    return {
        name: folded[_folded(name)]
        for name in names
        if name not in known and _folded(name) in folded
    }


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold() or name


def agencies_of_round(session: Session, found: RoundOfCouncil) -> dict[str, str]:
    """The agencies invited to a round: name to the id of their place in it."""
    rows = agencies.list_invited_agencies(session, round_id=found.round.id)
    return {agency.name: invited.id for invited, agency in rows}


def make_invitations(
    session: Session,
    found: RoundOfCouncil,
    *,
    plans: Sequence[AgencyPlan],
    now: datetime,
    account_id: str | None = None,
) -> int:
    """Stores what `plan_invitations` planned; returns how many invitations were made."""
    people = wanted_people(plans)
    return store_plans(
        session,
        found,
        plans=plans,
        people=people,
        public_ids=fresh_public_ids(session, len(people)),
        account_id=account_id,
        now=now,
    )


@dataclass(frozen=True)
class WantedPerson:
    """Somebody to be invited: for which agency, and what is known of whom ("" for nobody)."""

    agency: str
    label: str
    email: str


def wanted_people(plans: Sequence[AgencyPlan]) -> list[WantedPerson]:
    """Everybody that the plans invite, agency by agency."""
    wanted = []
    for plan in plans:
        name = plan.agency.name
        wanted += [WantedPerson(name, person.label, person.email) for person in plan.people]
        wanted += [WantedPerson(name, "", "")] * plan.unnamed
    return wanted


def store_plans(
    session: Session,
    found: RoundOfCouncil,
    *,
    plans: Sequence[AgencyPlan],
    people: Sequence[WantedPerson],
    public_ids: Sequence[str],
    account_id: str | None,
    now: datetime,
) -> int:
    """Stores plans, with an invitation for each of the people; returns how many that are."""
    places = _places(session, found, plans)
    round_invitations.add_invitations(
        session,
        new=[
            NewInvitation(places[person.agency], public_id, person.label, person.email)
            for public_id, person in zip(public_ids, people, strict=True)
        ],
    )
    audit.record(
        session,
        action=AuditAction.INVITATIONS_MADE,
        at=now,
        account_id=account_id,
        council_id=found.council.id,
        detail={"round": found.round.slug, "invitations": len(people)},
    )
    return len(people)


def _places(session: Session, found: RoundOfCouncil, plans: Sequence[AgencyPlan]) -> dict[str, str]:
    """Agency to the id of its place in the round, after storing what the plans say of each."""
    new = [plan.agency for plan in plans if plan.agency_id is None]
    made = agencies.add_agencies(session, new=[(one.name, one.sector) for one in new])
    joining = {
        plan.agency.name: plan.agency_id or made[plan.agency.name]
        for plan in plans
        if plan.invited_agency_id is None
    }
    rows = agencies.add_invited_agencies(
        session,
        round_id=found.round.id,
        council_id=found.council.id,
        agency_ids=list(joining.values()),
    )
    numbers: dict[str, dict[str, int]] = {}
    places: dict[str, str] = {}
    for plan in plans:
        agency = plan.agency
        if plan.invited_agency_id is None:
            row = rows[joining[agency.name]]
            numbers[row.id] = agency.numbers
        else:
            row = session.get_one(InvitedAgency, plan.invited_agency_id)
            if agency.numbers != plan.numbers_before:
                agencies.set_invited_numbers(
                    session, invited_agency_id=row.id, numbers=agency.numbers
                )
        row.expected = agency.expected
        row.contact_name = agency.contact_name or row.contact_name
        row.contact_email = agency.contact_email or row.contact_email
        places[agency.name] = row.id
    agencies.add_invited_numbers(session, numbers=numbers)
    return places


def fresh_public_ids(session: Session, count: int) -> list[str]:
    """Public ids that no invitation of any round has."""
    fresh: set[str] = set()
    while len(fresh) < count:
        drawn = {new_public_id() for _ in range(count - len(fresh))}
        fresh |= drawn - round_invitations.taken_public_ids(session, public_ids=drawn)
    return sorted(fresh)
