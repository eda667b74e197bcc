"""Inviting: what a file would change, doing it, listing links and codes, and withdrawing one.

A file says whom a round invites, and bringing in the same file twice invites nobody twice: people
are known by their address or label, and of those without a name only the missing ones are added.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey.actions.forecast import AgencySize
from survey.actions.invited_file import AgencyInvited, NamedPerson
from survey.actions.tokens import (
    ALPHABET,
    PUBLIC_ID_LENGTH,
    is_link_secret,
    is_printed_code,
    link_secret,
    new_public_id,
    printed_code,
    read_code,
)
from survey.data import agencies, audit, coverage, round_invitations
from survey.data.audit import AuditAction
from survey.data.models import Invitation
from survey.data.round_invitations import NewInvitation, RoundInvitation, list_invitations
from survey.data.rounds import RoundOfCouncil
from survey.errors import FaultyImport, NotAllowedNow, NotFound


@dataclass(frozen=True)
class AgencyPlan:
    """What a file changes for one agency of a round.

    `numbers_before` is empty for an agency that was not invited yet. `unnamed` and `people` are
    the invitations still to be made. `spare` is how many usable links there would be beyond the
    invited number: withdraw them, or they can be answered with.
    """

    agency: AgencyInvited
    agency_id: str | None
    invited_agency_id: str | None
    numbers_before: dict[str, int]
    unnamed: int
    people: tuple[NamedPerson, ...]
    spare: int

    @property
    def new_invitations(self) -> int:
        """How many invitations are still to be made."""
        return self.unnamed + len(self.people)


@dataclass(frozen=True)
class Letter:
    """What one person is sent: a link to click and a code to type. Both are secrets."""

    agency: str
    sector: str
    label: str
    email: str
    link: str
    code: str
    has_submitted: bool


def plan_invitations(
    session: Session, found: RoundOfCouncil, *, file: Sequence[AgencyInvited]
) -> list[AgencyPlan]:
    """What bringing in the file would change. Nothing is stored.

    Raises FaultyImport where an agency is known in another sector, and NotAllowedNow for a round
    that is closed.
    """
    if found.round.closed_at_utc is not None:
        raise NotAllowedNow("The round is closed; nobody can be invited to it any more.")
    known = agencies.find_agencies(session, names=[agency.name for agency in file])
    spelt = known_otherwise(session, names=[agency.name for agency in file])
    faults = [
        f"row {agency.row}, column sector: {agency.name} is known in the sector "
        f"{known[agency.name].sector}."
        for agency in file
        if agency.name in known and known[agency.name].sector != agency.sector
    ] + [
        f"row {agency.row}, column agency: {agency.name} is known as {spelt[agency.name]}; "
        "write it like that, or give a different agency a more different name."
        for agency in file
        if agency.name in spelt
    ]
    if faults:
        raise FaultyImport(faults)
    invited = agencies_of_round(session, found)
    numbers = agencies.invited_numbers(session, round_id=found.round.id)
    made: dict[str, list[RoundInvitation]] = {}
    for invitation in list_invitations(session, round_id=found.round.id):
        if not invitation.is_revoked:
            made.setdefault(invitation.agency, []).append(invitation)
    plans = []
    for agency in file:
        row = invited.get(agency.name)
        before = made.get(agency.name, [])
        there = {one.email or one.label for one in before if one.email or one.label}
        people = tuple(person for person in agency.people if person.key not in there)
        after = len(before) + len(people)
        agency_known = known.get(agency.name)
        plans.append(
            AgencyPlan(
                agency=agency,
                agency_id=agency_known.id if agency_known else None,
                invited_agency_id=row,
                numbers_before=numbers.get(row, {}) if row else {},
                unnamed=max(0, agency.invited - after),
                people=people,
                spare=max(0, after - agency.invited),
            )
        )
    return plans


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
    session: Session, found: RoundOfCouncil, *, plans: Sequence[AgencyPlan], now: datetime
) -> int:
    """Stores what `plan_invitations` planned; returns how many invitations were made."""
    wanted: list[tuple[str, NamedPerson]] = []
    nobody = NamedPerson("", "")
    for plan in plans:
        invited_agency_id = _invited_agency(session, found, plan)
        agencies.set_invited_numbers(
            session, invited_agency_id=invited_agency_id, numbers=plan.agency.numbers
        )
        wanted += [(invited_agency_id, person) for person in plan.people]
        wanted += [(invited_agency_id, nobody)] * plan.unnamed
    ids = _fresh_public_ids(session, len(wanted))
    round_invitations.add_invitations(
        session,
        new=[
            NewInvitation(invited_agency_id, public_id, person.label, person.email)
            for public_id, (invited_agency_id, person) in zip(ids, wanted, strict=True)
        ],
    )
    audit.record(
        session,
        action=AuditAction.INVITATIONS_MADE,
        at=now,
        council_id=found.council.id,
        detail={"round": found.round.slug, "invitations": len(wanted)},
    )
    return len(wanted)


def _invited_agency(session: Session, found: RoundOfCouncil, plan: AgencyPlan) -> str:
    if plan.invited_agency_id is not None:
        agencies.set_expected(
            session, invited_agency_id=plan.invited_agency_id, expected=plan.agency.expected
        )
        return plan.invited_agency_id
    agency_id = plan.agency_id
    if agency_id is None:
        agency_id = agencies.add_agency(
            session, name=plan.agency.name, sector=plan.agency.sector
        ).id
    return agencies.add_invited_agency(
        session, round_id=found.round.id, agency_id=agency_id, expected=plan.agency.expected
    ).id


def _fresh_public_ids(session: Session, count: int) -> list[str]:
    fresh: set[str] = set()
    while len(fresh) < count:
        drawn = {new_public_id() for _ in range(count - len(fresh))}
        fresh |= drawn - round_invitations.taken_public_ids(session, public_ids=drawn)
    return sorted(fresh)


def list_letters(
    session: Session,
    found: RoundOfCouncil,
    *,
    secret_key: str,
    base_url: str,
    unused_only: bool = False,
) -> list[Letter]:
    """The link and the code of every invitation that can be used: by agency, then by name."""
    return [
        Letter(
            agency=one.agency,
            sector=one.sector,
            label=one.label,
            email=one.email,
            link=link,
            code=code,
            has_submitted=one.has_submitted,
        )
        for one in list_invitations(session, round_id=found.round.id)
        if not one.is_revoked and not (unused_only and one.has_submitted)
        for link, code in [
            link_and_code(
                secret_key, base_url=base_url, public_id=one.public_id, generation=one.generation
            )
        ]
    ]


def link_and_code(
    secret_key: str, *, base_url: str, public_id: str, generation: int
) -> tuple[str, str]:
    """The whole address a person is sent, and the code that stands for it on paper."""
    secret = link_secret(secret_key, public_id=public_id, generation=generation)
    code = printed_code(secret_key, public_id=public_id, generation=generation)
    return f"{base_url}/i/{public_id}/{secret}", code


_LINK = re.compile(r"/i/([^/\s]+)/([^/\s?#]+)")


def find_invitation(session: Session, given: str, *, secret_key: str) -> Invitation:
    """The invitation of a link, a printed code or a public id.

    The secret part of a link or code is checked, so that a slip of the hand does not name somebody
    else's. Raises NotFound.
    """
    link, code = _LINK.search(given), read_code(given)
    bare = given.strip().upper()
    if link:
        public_id = link[1]
    elif code:
        public_id = code[:PUBLIC_ID_LENGTH]
    elif len(bare) == PUBLIC_ID_LENGTH and set(bare) <= set(ALPHABET):
        public_id = bare
    else:
        raise NotFound("That is neither a link nor a printed code nor the first six of a code.")
    invitation = round_invitations.find_invitation(session, public_id=public_id)
    if invitation is None or not (
        _is_secret_of(invitation, link[2], secret_key)
        if link
        else _is_code_of(invitation, code, secret_key)
        if code
        else True
    ):
        raise NotFound("No invitation has that link or code.")
    return invitation


def _is_secret_of(invitation: Invitation, secret: str, key: str) -> bool:
    return any(
        is_link_secret(key, secret, public_id=invitation.public_id, generation=generation)
        for generation in range(invitation.generation, 0, -1)
    )


def _is_code_of(invitation: Invitation, code: str, key: str) -> bool:
    return any(
        is_printed_code(key, code, public_id=invitation.public_id, generation=generation)
        for generation in range(invitation.generation, 0, -1)
    )


def revoke(session: Session, invitation: Invitation, *, now: datetime) -> None:
    """Makes an invitation's link and code useless; answers already sent in stay."""
    if invitation.revoked_at_utc is not None:
        raise NotAllowedNow("That invitation was withdrawn already.")
    invitation.revoked_at_utc = now
    _record_revocation(session, invitation, now)


def replace(session: Session, invitation: Invitation, *, now: datetime) -> None:
    """Gives an invitation a new link and code; the old ones stop working and the draft stays."""
    invitation.generation += 1
    invitation.revoked_at_utc = None
    _record_revocation(session, invitation, now)


def _record_revocation(session: Session, invitation: Invitation, now: datetime) -> None:
    session.flush()
    council_id, slug = round_invitations.get_place(session, invitation_id=invitation.id)
    audit.record(
        session,
        action=AuditAction.INVITATION_REVOKED,
        at=now,
        council_id=council_id,
        detail={"round": slug},
    )
