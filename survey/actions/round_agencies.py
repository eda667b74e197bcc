"""The agencies of a round: whom it asks, how many of each, and what they were told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from question_banks.bank import BankKind
from survey.actions.inviting import check_takes_invitations
from survey.actions.register import ChangedMeanwhile
from survey.data import agencies, audit, briefings, register, rounds
from survey.data.agencies import AgencyOfRound, AnswersBy
from survey.data.audit import AuditAction
from survey.data.models import SectorBriefing
from survey.data.rounds import RoundOfCouncil
from survey.errors import NotAllowedNow

FEW_INVITED = 5
"""An agency of so few people is not anonymous; they may rather answer as one."""


class Offer(StrEnum):
    """What to say of an agency in which few people are asked."""

    NONE = "none"
    RETURN = "return"
    """The bank can be answered by an agency as one: that is offered."""
    HIDDEN = "hidden"
    """It cannot: what they answer is only ever shown together with others’."""


def offer_of(agency: AgencyOfRound, kind: BankKind) -> Offer:
    """What to say of an agency of a round whose bank is of that kind.

    Nothing where nobody is asked yet, where more than `FEW_INVITED` are, and where it answers as
    one already.
    """
    if not 0 < agency.people <= FEW_INVITED or agency.answers_by is AnswersBy.RETURN:
        return Offer.NONE
    return {
        BankKind.BOTH: Offer.RETURN,
        BankKind.PRACTITIONER: Offer.HIDDEN,
        BankKind.AGENCY_RETURN: Offer.NONE,
    }[kind]


def may_answer_as_one(kind: BankKind) -> bool:
    """Whether an agency may choose between answering as one and person by person."""
    return kind is BankKind.BOTH


@dataclass(frozen=True)
class Record:
    """Who does something, and when: what the record of events needs."""

    account_id: str
    now: datetime


def ask_agencies(
    session: Session, found: RoundOfCouncil, *, agency_ids: Sequence[str], by: Record
) -> int:
    """Asks agencies of the council's register to take part; returns how many were not asked yet.

    One that is asked already is passed over. Raises NotFound for an agency that is not on the
    register, and NotAllowedNow for a round that is closed.
    """
    _hold(session, found)
    rows = agencies.list_invited_agencies(session, round_id=found.round.id)
    there = {agency.id for _, agency in rows}
    names = []
    for agency_id in dict.fromkeys(agency_ids):
        agency = register.get_registered(session, council_id=found.council.id, agency_id=agency_id)
        if agency.id not in there:
            agencies.add_invited_agency(
                session, round_id=found.round.id, agency_id=agency.id, expected=True
            )
            names.append(agency.name)
    if names:
        _record(session, found, AuditAction.ROUND_AGENCIES_ADDED, by, agencies=len(names))
    return len(names)


@dataclass(frozen=True)
class RoundAgencyValues:
    """What a round has on record of an agency. `numbers` is as in `InvitedNumber`."""

    numbers: Mapping[str, int]
    expected: bool
    contact_name: str
    contact_email: str
    answers_by: AnswersBy
    return_because: str


def digest_of(agency: AgencyOfRound, numbers: Mapping[str, int]) -> str:
    """A digest of what a round has on record of an agency, by which a change is noticed."""
    said = [
        sorted(numbers.items()),
        agency.expected,
        agency.contact_name,
        agency.contact_email,
        agency.answers_by,
        agency.return_because,
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def change_agency_of_round(
    session: Session,
    found: RoundOfCouncil,
    *,
    invited_agency_id: str,
    values: RoundAgencyValues,
    seen: str,
    by: Record,
) -> None:
    """Changes what a round has on record of an agency; `seen` is the digest of what was shown.

    Raises NotFound, ChangedMeanwhile, and NotAllowedNow for a round that is closed. The record of
    events says what was changed; of the contact it never holds the name or the address.
    """
    _hold(session, found)
    row = agencies.get_invited_agency(
        session, round_id=found.round.id, invited_agency_id=invited_agency_id
    )
    agency = agencies.get_of_round(
        session, round_id=found.round.id, invited_agency_id=invited_agency_id
    )
    known = agencies.invited_numbers(session, round_id=found.round.id).get(row.id, {})
    if digest_of(agency, known) != seen:
        raise ChangedMeanwhile("Somebody else has just changed this agency.")
    new = dict(values.numbers)
    changes: list[tuple[str, str, str]] = [
        ("invited", _numbers_words(known), _numbers_words(new)),
        ("expected", _yes_no(row.expected), _yes_no(values.expected)),
        ("answers_by", row.answers_by, values.answers_by),
    ]
    contact = (row.contact_name, row.contact_email)
    if contact != (values.contact_name, values.contact_email):
        changes.append(("contact", "", "changed"))
    if new != known:
        agencies.set_invited_numbers(session, invited_agency_id=row.id, numbers=new)
    row.expected = values.expected
    row.contact_name, row.contact_email = values.contact_name, values.contact_email
    row.answers_by, row.return_because = values.answers_by, values.return_because
    session.flush()
    for what, old, now in changes:
        if old != now:
            audit.record(
                session,
                action=AuditAction.ROUND_AGENCY_CHANGED,
                at=by.now,
                account_id=by.account_id,
                council_id=found.council.id,
                detail={
                    "round": found.round.slug,
                    "agency": agency.name,
                    "what": what,
                    "old": old,
                    "new": now,
                },
            )


def _numbers_words(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{level or 'all levels'} {n}" for level, n in sorted(numbers.items()))


def _yes_no(value: bool) -> str:  # a formatter of one value
    return "yes" if value else "no"


def remove_agency(
    session: Session, found: RoundOfCouncil, *, invited_agency_id: str, by: Record
) -> str:
    """Takes an agency out of a round, with its links and questionnaires begun; returns its name.

    Raises NotAllowedNow where somebody of it has answered, and for a round that is closed.
    """
    _hold(session, found)
    agency = agencies.get_of_round(
        session, round_id=found.round.id, invited_agency_id=invited_agency_id
    )
    if agency.answered:
        raise NotAllowedNow(f"Somebody of {agency.name} has answered, so it stays in the round.")
    agencies.remove_invited_agency(session, invited_agency_id=agency.id)
    audit.record(
        session,
        action=AuditAction.ROUND_AGENCY_REMOVED,
        at=by.now,
        account_id=by.account_id,
        council_id=found.council.id,
        detail={"round": found.round.slug, "agency": agency.name, "links": agency.links},
    )
    return agency.name


def expect_sectors(
    session: Session, found: RoundOfCouncil, *, sectors: Collection[str], by: Record
) -> None:
    """Says which sectors a round means to hear. Raises NotAllowedNow for a round that is closed."""
    _hold(session, found)
    before = briefings.list_expected(session, round_id=found.round.id)
    after = sorted(set(sectors))
    if before == after:
        return
    briefings.set_expected(session, round_id=found.round.id, sectors=after)
    _record(
        session,
        found,
        AuditAction.SECTORS_EXPECTED,
        by,
        what="sectors",
        old=", ".join(before),
        new=", ".join(after),
    )


@dataclass(frozen=True)
class BriefingValues:
    """What a sector was told, when and by whom, and whether it was clear to them."""

    sector: str
    told_on: date
    told_by: str
    what: str
    was_clear: bool


def record_briefing(
    session: Session, found: RoundOfCouncil, *, values: BriefingValues, by: Record
) -> SectorBriefing:
    """Puts on record what a sector was told. That may be done after the round as well."""
    made = briefings.add_briefing(
        session,
        round_id=found.round.id,
        sector=values.sector,
        told_on=values.told_on,
        told_by=values.told_by,
        what=values.what,
        was_clear=values.was_clear,
        account_id=by.account_id,
        now=by.now,
    )
    _record(session, found, AuditAction.BRIEFING_RECORDED, by, sector=values.sector)
    return made


def remove_briefing(
    session: Session, found: RoundOfCouncil, *, briefing_id: str, by: Record
) -> None:
    """Takes a briefing off the record. Raises NotFound."""
    briefing = briefings.get_briefing(session, round_id=found.round.id, briefing_id=briefing_id)
    sector = briefing.sector
    briefings.remove_briefing(session, briefing)
    _record(session, found, AuditAction.BRIEFING_REMOVED, by, sector=sector)


def _hold(session: Session, found: RoundOfCouncil) -> None:
    # Held, so that nobody of an agency that is taken out sends in answers meanwhile.
    rounds.lock_for_change(session, round_id=found.round.id)
    check_takes_invitations(found)


def _record(
    session: Session, found: RoundOfCouncil, action: AuditAction, by: Record, **detail: str | int
) -> None:
    audit.record(
        session,
        action=action,
        at=by.now,
        account_id=by.account_id,
        council_id=found.council.id,
        detail={"round": found.round.slug, **detail},
    )
