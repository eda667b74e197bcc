"""What a manager does with one person's way in: add one, change its address, show it, take it back.

`survey.actions.invitations` withdraws and replaces; this puts both within one round, so that no
other council's invitation is found. The record of events says what was done, never to whom.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from question_banks.text import clean_line
from survey.actions import invitations, outbox
from survey.actions.addresses import read_address
from survey.actions.invitations import Letter
from survey.actions.outbox import MailKind
from survey.actions.tokens import new_public_id
from survey.data import agencies, open_links, round_invitations
from survey.data.audit import AuditAction, record_of_round
from survey.data.models import Invitation
from survey.data.reminders import INVITATION_KEY
from survey.data.round_invitations import NewInvitation, WayInState
from survey.data.rounds import RoundOfCouncil
from survey.errors import NotAllowedNow, SurveyError

LONGEST_LABEL = 200
LETTER_COLUMNS = ("agency", "sector", "label", "email", "link", "code")


class Refused(SurveyError):
    """What a manager entered cannot be taken: the field at fault and what to do."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Person:
    """Somebody to be invited, as entered. `raise_number` also counts them among those invited."""

    invited_agency_id: str
    label: str
    email: str
    raise_number: bool = False
    send: bool = False


def add_person(
    session: Session,
    found: RoundOfCouncil,
    *,
    person: Person,
    account_id: str | None,
    now: datetime,
) -> str:
    """Makes an invitation for one more person; returns its public id.

    Raises Refused for an address that is none or is invited already, and where everybody who was
    invited has a way in, unless the number is to be raised.
    """
    require_unclosed(found)
    email = _email(person.email)
    label = clean_line(person.label)
    if len(label) > LONGEST_LABEL:
        raise Refused("label", f"Shorten the name to {LONGEST_LABEL} characters or fewer")
    if person.send and not email:
        raise Refused("email", "Enter the e-mail address to send the invitation to")
    place = open_links.get_open_link(
        session, round_id=found.round.id, invited_agency_id=person.invited_agency_id
    )
    open_links.hold_place(session, invited_agency_id=place.invited_agency_id)
    if email and round_invitations.is_address_invited(
        session, invited_agency_id=place.invited_agency_id, email=email
    ):
        raise Refused("email", "Somebody with this address is invited at this agency already")
    if place.invited is not None and place.left == 0:
        if not person.raise_number:
            raise Refused(
                "raise",
                f"All {place.invited} people of {place.agency} have a way in. Count one more as "
                "invited, or withdraw a way in that is not needed",
            )
        _raise_number(session, found, place.invited_agency_id)
    public_id = _fresh_id(session)
    round_invitations.add_invitations(
        session, new=[NewInvitation(place.invited_agency_id, public_id, label, email)]
    )
    record_of_round(session, found, AuditAction.INVITATIONS_MADE, account_id, now, invitations=1)
    if person.send:
        made = round_invitations.hold_of_round(
            session, round_id=found.round.id, public_id=public_id
        )
        _put(session, found, made, key=f"{INVITATION_KEY}{made.id}:{made.generation}", now=now)
    return public_id


def _raise_number(session: Session, found: RoundOfCouncil, invited_agency_id: str) -> None:
    numbers = agencies.invited_numbers(session, round_id=found.round.id)[invited_agency_id]
    if set(numbers) != {""}:
        # Known by level, and which level the new person is of is not: only the sum is known now.
        numbers = {"": numbers.get("", sum(numbers.values()))}
    agencies.set_invited_numbers(
        session, invited_agency_id=invited_agency_id, numbers={"": numbers[""] + 1}
    )


def _fresh_id(session: Session) -> str:
    while True:
        drawn = {new_public_id() for _ in range(3)}
        free = drawn - round_invitations.taken_public_ids(session, public_ids=drawn)
        if free:
            return min(free)


def change_address(
    session: Session,
    found: RoundOfCouncil,
    *,
    public_id: str,
    email: str,
    send: bool,
    account_id: str | None,
    now: datetime,
) -> None:
    """Gives an invitation another e-mail address, or none; with `send` the link is mailed there.

    Raises Refused.
    """
    require_unclosed(found)
    held = round_invitations.hold_of_round(session, round_id=found.round.id, public_id=public_id)
    new = _email(email)
    if send and not new:
        raise Refused("email", "Enter the e-mail address to send the link to")
    if held.minted:
        raise NotAllowedNow("Somebody took this code by an open link, and it is theirs alone.")
    if new and round_invitations.is_address_invited(
        session, invited_agency_id=held.invited_agency_id, email=new, but_for=held.id
    ):
        raise Refused("email", "Somebody with this address is invited at this agency already")
    if new != held.email:
        held.email = new
        session.flush()
        record_of_round(
            session, found, AuditAction.INVITATION_CHANGED, account_id, now, what="address"
        )
    if send:
        mark = hashlib.sha256(new.encode()).hexdigest()[:12]
        key = f"{INVITATION_KEY}{held.id}:{held.generation}:{mark}"
        _put(session, found, held, key=key, now=now)


def _put(
    session: Session, found: RoundOfCouncil, invitation: Invitation, *, key: str, now: datetime
) -> None:
    outbox.put(
        session,
        kind=MailKind.INVITATION,
        to=invitation.email,
        key=key,
        now=now,
        council_id=found.council.id,
        round_id=found.round.id,
        invitation_id=invitation.id,
    )


def _email(text: str) -> str:
    address = read_address(text)
    if address.fault:
        raise Refused("email", address.fault)
    return address.email


def withdraw(
    session: Session, found: RoundOfCouncil, *, public_id: str, account_id: str, now: datetime
) -> None:
    """Makes the link and code of an invitation useless. Answers sent in stay."""
    held = round_invitations.hold_of_round(session, round_id=found.round.id, public_id=public_id)
    _refuse_sent(session, found, public_id)
    invitations.revoke(session, held, now=now, account_id=account_id)


def replace(
    session: Session, found: RoundOfCouncil, *, public_id: str, account_id: str, now: datetime
) -> None:
    """Gives an invitation a new link and code. What was begun stays, to go on with."""
    require_unclosed(found)
    held = round_invitations.hold_of_round(session, round_id=found.round.id, public_id=public_id)
    _refuse_sent(session, found, public_id)
    invitations.replace(session, held, now=now, account_id=account_id)


def _refuse_sent(session: Session, found: RoundOfCouncil, public_id: str) -> None:
    one = round_invitations.get_of_round(session, round_id=found.round.id, public_id=public_id)
    if one.state is WayInState.SENT:
        raise NotAllowedNow("Answers were sent with this link, so that it opens nothing any more.")


def record_shown(
    session: Session, found: RoundOfCouncil, *, public_id: str, account_id: str, now: datetime
) -> None:
    """Puts on record that somebody had a personal link shown. Raises NotFound, NotAllowedNow."""
    one = round_invitations.get_of_round(session, round_id=found.round.id, public_id=public_id)
    if one.state is not WayInState.NOT_SENT:
        raise NotAllowedNow("This link opens nothing any more.")
    if one.minted:
        raise NotAllowedNow("Somebody took this code by an open link, and it is theirs alone.")
    record_of_round(session, found, AuditAction.LINK_SHOWN, account_id, now)


def require_unclosed(found: RoundOfCouncil) -> None:
    """Refuses a round that is over: nobody can be invited to it any more."""
    if found.round.closed_at_utc is not None or found.round.withdrawn_at_utc is not None:
        raise NotAllowedNow("The round is over; nobody can be invited to it any more.")


def as_csv(letters: Sequence[Letter]) -> str:
    """Links and codes as a CSV file for a mail merge; no cell can be taken for a formula."""
    from analysis.export.safety import formula_safe

    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(LETTER_COLUMNS)
    for letter in letters:
        writer.writerow(formula_safe(str(getattr(letter, column))) for column in LETTER_COLUMNS)
    return "\ufeff" + file.getvalue()
