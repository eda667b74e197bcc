"""Open links of agencies: making them, taking them back, and taking a code of one's own by one.

An open link lets any of an agency's people in, so what it gives each is an invitation like any
other: counted, with a link and a code of its own, and nobody answers twice with one. No more are
given than people were invited. Rate limits keep one visitor from taking all.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey.actions import attempts, outbox
from survey.actions.addresses import read_address
from survey.actions.attempts import Scope
from survey.actions.invitations import link_and_code
from survey.actions.outbox import MailKind, NewMessage
from survey.actions.tokens import (
    is_open_link_secret,
    is_public_id,
    is_seed,
    new_public_id,
    new_seed,
    open_link_code,
    open_link_secret,
    taken_public_id,
)
from survey.data import audit, open_links, round_invitations
from survey.data.audit import AuditAction
from survey.data.invitations import InvitedPerson, find_person
from survey.data.models import InvitedAgency
from survey.data.open_links import OpenDoor, OpenLink
from survey.data.reminders import INVITATION_KEY
from survey.data.round_invitations import NewInvitation
from survey.data.round_state import RoundState
from survey.data.rounds import RoundOfCouncil, lock_for_answering
from survey.errors import (
    NotAllowedNow,
    RevokedInvitation,
    RoundNotOpen,
    RoundWithdrawn,
    SurveyError,
    UnknownInvitation,
)

TRIES = 5
"""How often another id is drawn where one is taken, of a thousand million."""


class AllTaken(SurveyError):
    """As many have taken a code as people of the agency were invited."""

    def __init__(self, door: OpenDoor) -> None:
        self.door = door
        super().__init__("Every code of this agency has been taken.")


class WrongEmail(SurveyError):
    """The address somebody gave to be sent their link is not one."""


@dataclass(frozen=True)
class Made:
    """The open link of one agency: the address and the code to type. Both are secrets."""

    link: str
    code: str


def link_of(secret_key: str, *, base_url: str, open_id: str, generation: int) -> Made:
    """The whole address of an open link, and the code that stands for it on paper."""
    secret = open_link_secret(secret_key, open_id=open_id, generation=generation)
    code = open_link_code(secret_key, open_id=open_id, generation=generation)
    return Made(link=f"{base_url}/join/{open_id}/{secret}", code=code)


def make(
    session: Session,
    found: RoundOfCouncil,
    *,
    invited_agency_id: str | None,
    account_id: str | None,
    now: datetime,
) -> int:
    """Gives an agency, or with None every agency, an open link; returns how many have a new one.

    One that has an open link keeps it, and one that has no invited number, or answers as one, is
    left out: without a number there would be no end of codes. So is one all of whose people have
    personal links: its open link would let nobody in. Raises NotFound for an agency of
    another round.
    """
    _require_unclosed(found, now)
    made = 0
    for agency in _asked(session, found, invited_agency_id):
        if not agency.may_have_one or agency.works:
            continue
        held = open_links.hold_place(session, invited_agency_id=agency.invited_agency_id)
        if held.open_link_made_at_utc is None:
            _renew(session, held, now=now)
            made += 1
    if made:
        _record(session, found, AuditAction.OPEN_LINKS_MADE, made, account_id, now)
    return made


def _asked(
    session: Session, found: RoundOfCouncil, invited_agency_id: str | None
) -> list[OpenLink]:
    if invited_agency_id is None:
        return open_links.list_open_links(session, round_id=found.round.id)
    return [
        open_links.get_open_link(
            session, round_id=found.round.id, invited_agency_id=invited_agency_id
        )
    ]


def replace(
    session: Session,
    found: RoundOfCouncil,
    *,
    invited_agency_id: str,
    account_id: str | None,
    now: datetime,
) -> None:
    """Gives an agency a new open link; the old one stops. Codes taken by it still work."""
    _require_unclosed(found, now)
    held = _hold(session, found, invited_agency_id)
    if held.open_link_made_at_utc is None:
        raise NotAllowedNow("This agency has no open link to replace.")
    _renew(session, held, now=now)
    _record(session, found, AuditAction.OPEN_LINK_REPLACED, 1, account_id, now)


def take_back(
    session: Session,
    found: RoundOfCouncil,
    *,
    invited_agency_id: str,
    account_id: str | None,
    now: datetime,
) -> None:
    """Makes an agency's open link useless. Codes taken by it still work."""
    held = _hold(session, found, invited_agency_id)
    if held.open_link_made_at_utc is None:
        raise NotAllowedNow("This agency has no open link by now.")
    held.open_link_made_at_utc = None
    session.flush()
    _record(session, found, AuditAction.OPEN_LINK_WITHDRAWN, 1, account_id, now)


def free_unused(
    session: Session,
    found: RoundOfCouncil,
    *,
    invited_agency_id: str,
    account_id: str | None,
    now: datetime,
) -> int:
    """Withdraws the codes taken by an agency's open link that nobody has begun with.

    Others can then take a code. Returns how many were withdrawn.
    """
    _hold(session, found, invited_agency_id)
    unused = open_links.list_unused_minted(session, invited_agency_id=invited_agency_id)
    for invitation in unused:
        invitation.revoked_at_utc = now
    session.flush()
    if unused:
        _record(session, found, AuditAction.INVITATION_REVOKED, len(unused), account_id, now)
    return len(unused)


def send(
    session: Session,
    found: RoundOfCouncil,
    *,
    invited_agency_id: str | None,
    account_id: str | None,
    now: datetime,
) -> int:
    """Puts a message with the open link to an agency's contact, or to all, in the outbox.

    Returns how many were put: an agency without a link or without an address for its contact is
    left out, and nobody is sent the same link twice.
    """
    _require_unclosed(found, now)
    new = [
        NewMessage(
            kind=MailKind.AGENCY_LINK,
            to=agency.contact_email,
            key=f"agency_link:{agency.invited_agency_id}:{agency.generation}:{_mark(agency)}",
            council_id=found.council.id,
            round_id=found.round.id,
            facts={
                "open_link": agency.open_id or "",
                "generation": agency.generation,
                "agency": agency.agency,
                "name": agency.contact_name or "colleague",
                "invited": agency.invited or 0,
            },
        )
        for agency in _asked(session, found, invited_agency_id)
        if agency.works and agency.contact_email
    ]
    put = outbox.put_many(session, new=new, now=now)
    if put:
        _record(session, found, AuditAction.OPEN_LINKS_SENT, put, account_id, now)
    return put


def _mark(agency: OpenLink) -> str:
    return hashlib.sha256(agency.contact_email.encode()).hexdigest()[:12]


def _hold(session: Session, found: RoundOfCouncil, invited_agency_id: str) -> InvitedAgency:
    # Asked with the round first, so that another round's agency is not found, and held after.
    open_links.get_open_link(session, round_id=found.round.id, invited_agency_id=invited_agency_id)
    return open_links.hold_place(session, invited_agency_id=invited_agency_id)


def _renew(session: Session, held: InvitedAgency, *, now: datetime) -> None:
    if held.open_link_id is None:
        drawn = {new_public_id() for _ in range(TRIES)}
        held.open_link_id = min(drawn - open_links.taken_open_ids(session, open_ids=drawn))
    held.open_link_generation += 1
    held.open_link_made_at_utc = now
    session.flush()


def _require_unclosed(found: RoundOfCouncil, now: datetime) -> None:
    if found.round.closed_at_utc is not None or found.round.withdrawn_at_utc is not None:
        raise NotAllowedNow("The round is over; nobody can be invited to it any more.")


def _record(
    session: Session,
    found: RoundOfCouncil,
    action: AuditAction,
    count: int,
    account_id: str | None,
    now: datetime,
) -> None:
    audit.record(
        session,
        action=action,
        at=now,
        account_id=account_id,
        council_id=found.council.id,
        detail={"round": found.round.slug, "how_many": count},
    )


def get_door(session: Session, open_id: str, *, secret: str, secret_key: str) -> OpenDoor:
    """The open link of that address. Raises UnknownInvitation or RevokedInvitation."""
    door = open_links.find_door(session, open_id=open_id) if is_public_id(open_id) else None
    if door is None:
        raise UnknownInvitation("No open link has that address.")
    for generation in range(door.generation, 0, -1):
        if is_open_link_secret(secret_key, secret, open_id=open_id, generation=generation):
            if not door.is_open or generation != door.generation:
                raise RevokedInvitation("This link has been withdrawn or replaced.")
            return door
    raise UnknownInvitation("The secret part of the link is wrong.")


def require_open(door: OpenDoor, *, now: datetime) -> None:
    """Refuses a round that takes no answers now, so that nobody takes a code in vain."""
    state = door.state(now)
    if state is RoundState.WITHDRAWN:
        raise RoundWithdrawn(door.contact)
    if state in {RoundState.SETTING_UP, RoundState.NOT_YET_OPEN}:
        raise RoundNotOpen("This questionnaire is not open yet.", opens=True)
    if state is not RoundState.OPEN:
        raise RoundNotOpen("This questionnaire has closed.")


def is_full(session: Session, door: OpenDoor) -> bool:
    """Whether as many have taken a code as were invited."""
    agency = open_links.get_open_link(
        session, round_id=door.round_id, invited_agency_id=door.invited_agency_id
    )
    return agency.left == 0


def take_code(
    session: Session,
    door: OpenDoor,
    *,
    seed: str,
    email: str,
    address: str,
    secret_key: str,
    now: datetime,
) -> InvitedPerson:
    """Gives whoever pressed the button an invitation of their own.

    `seed` is of the form they pressed it on: pressed twice, it leads to the same invitation.
    `email` is where they want their link sent, or "": only then is it kept.

    Raises WrongEmail, TooManyAttempts for too many from one place or to one address, AllTaken when
    as many have taken a code as were invited, and RoundNotOpen.
    """
    wanted = read_address(email)
    if wanted.fault:
        raise WrongEmail(wanted.fault)
    held = open_links.hold_place(session, invited_agency_id=door.invited_agency_id)
    lock_for_answering(session, round_id=door.round_id)
    require_open(door, now=now)
    seed = seed if is_seed(seed) else new_seed()
    public_id, before = _place(session, door, seed=seed, secret_key=secret_key)
    if before is not None:
        return before
    limits = [(Scope.CODE_TAKEN_BY_ADDRESS, attempts.place_of(address))]
    if wanted.email:
        limits.append((Scope.CODE_SENT_BY_EMAIL, wanted.email))
    for scope, key in limits:
        attempts.check(session, scope=scope, key=key, now=now, secret_key=secret_key)
    if is_full(session, door):
        raise AllTaken(door)
    for scope, key in limits:
        attempts.record_failure(session, scope=scope, key=key, now=now, secret_key=secret_key)
    round_invitations.add_invitations(
        session, new=[NewInvitation(held.id, public_id, email=wanted.email, minted=True)]
    )
    person = find_person(session, public_id)
    if person is None:
        raise UnknownInvitation("The invitation was not kept.")
    if wanted.email:
        outbox.put(
            session,
            kind=MailKind.INVITATION,
            to=wanted.email,
            key=f"{INVITATION_KEY}{person.invitation_id}:{person.generation}",
            now=now,
            council_id=None,
            round_id=door.round_id,
            invitation_id=person.invitation_id,
        )
    return person


def _place(
    session: Session, door: OpenDoor, *, seed: str, secret_key: str
) -> tuple[str, InvitedPerson | None]:
    """The public id that a form leads to, and the invitation it made when pressed before."""
    for turn in range(TRIES):
        public_id = taken_public_id(
            secret_key,
            open_id=door.open_id,
            generation=door.generation,
            seed=f"{seed} {turn}",
        )
        found = round_invitations.find_invitation(session, public_id=public_id)
        if found is None:
            return public_id, None
        if found.minted and found.invited_agency_id == door.invited_agency_id:
            return public_id, find_person(session, public_id)
    raise UnknownInvitation("Every id this form leads to is taken.")


def code_of(person: InvitedPerson, *, secret_key: str, base_url: str) -> Made:
    """The link and the code of the invitation somebody took."""
    link, code = link_and_code(
        secret_key, base_url=base_url, public_id=person.public_id, generation=person.generation
    )
    return Made(link=link, code=code)


__all__ = ["AllTaken", "Made", "OpenDoor", "OpenLink", "WrongEmail"]
