"""Entering a response on somebody's behalf, from paper or by telephone.

What is typed is kept like a draft until it is sent. Then it becomes a response like any other,
marked with how it came in; the record of events says that somebody entered one, not which. With a
second entry, two people type the same sheet apart, and one of them decides where they differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from question_banks.answers import FieldError
from question_banks.bank import Bank, Level, Question
from question_banks.path import missing, on_path, pages
from question_banks.text import clean_line
from survey.actions.open_links import TRIES
from survey.actions.sheet_answers import ReadPart, SheetPart, read_part, sheet_parts
from survey.actions.submitting import keep_response
from survey.actions.tokens import PUBLIC_ID_LENGTH, new_public_id, read_code
from survey.actions.ways_in import Refused
from survey.data import entering, open_links, round_invitations
from survey.data.audit import AuditAction, record_of_round
from survey.data.banks import get_bank
from survey.data.entering import EntryOfRound, Typed
from survey.data.invitations import find_person, lock_person
from survey.data.models import EnteredBy
from survey.data.round_invitations import NewInvitation, WayInState
from survey.data.round_state import RoundState
from survey.data.rounds import RoundOfCouncil, lock_for_answering, state_of
from survey.errors import AlreadySubmitted, NotAllowedNow, NotFound

WAYS = (EnteredBy.PAPER, EnteredBy.TELEPHONE)
LONGEST_REFERENCE = 60
FIRST, SECOND = 1, 2

Posted = Mapping[str, Sequence[str]]


class SamePerson(NotAllowedNow):
    """The second entry of a sheet is for somebody else than the first."""

    def __init__(self) -> None:
        super().__init__("You entered this sheet first, so somebody else has to enter it again.")


@dataclass(frozen=True)
class NewEntry:
    """A sheet to be entered: how it came, whose it is, and at which level they work.

    `code` is the printed code on the paper, or its first six characters, where it has one.
    Without it the response counts as one more of the agency.
    """

    way: str
    invited_agency_id: str
    code: str
    level: str
    reference: str
    twice: bool


@dataclass(frozen=True)
class Difference:
    """A question of which two people typed different answers; None is a blank."""

    question: Question
    first: Any
    second: Any


def require_takes_answers(found: RoundOfCouncil, *, now: datetime) -> None:
    """Refuses a round that is not open. One whose window is over still takes what came by post."""
    state = state_of(found.round, now)
    if state not in {RoundState.OPEN, RoundState.WINDOW_OVER}:
        raise NotAllowedNow("Answers can be entered while the round is open and not closed.")


def begin(
    session: Session, found: RoundOfCouncil, *, new: NewEntry, account_id: str, now: datetime
) -> str:
    """Begins a sheet; returns its id. Raises Refused with the field at fault."""
    require_takes_answers(found, now=now)
    if new.way not in WAYS:
        raise Refused("way", "Say whether it came on paper or by telephone")
    reference = clean_line(new.reference)
    if len(reference) > LONGEST_REFERENCE:
        raise Refused(
            "reference", f"Shorten the reference to {LONGEST_REFERENCE} characters or fewer"
        )
    place_id, invitation_id = new.invited_agency_id, None
    if new.code.strip():
        place_id, invitation_id = _invited(session, found, new.code)
    elif not place_id:
        raise Refused("agency", "Choose the agency, or enter the code on the paper")
    else:
        _require_place(session, found, place_id)
    _require_level(session, found, new.level)
    entry_id = entering.add_entry(
        session,
        round_id=found.round.id,
        invited_agency_id=place_id,
        invitation_id=invitation_id,
        way=new.way,
        reference=reference,
        twice=new.twice,
        now=now,
    )
    entering.add_typing(
        session, entry_id=entry_id, turn=FIRST, account_id=account_id, level=new.level, now=now
    )
    return entry_id


def _invited(session: Session, found: RoundOfCouncil, typed: str) -> tuple[str, str]:
    bare = read_code(typed) or typed.strip().upper()
    try:
        one = round_invitations.get_of_round(
            session, round_id=found.round.id, public_id=bare[:PUBLIC_ID_LENGTH]
        )
    except NotFound:
        raise Refused("code", "No invitation of this round has that code") from None
    if one.state is WayInState.SENT:
        raise Refused("code", "Answers have been sent with this code already")
    if one.state is WayInState.WITHDRAWN:
        raise Refused("code", "This code was withdrawn. Choose the agency instead")
    if entering.find_for_invitation(session, invitation_id=one.id) is not None:
        raise Refused("code", "A sheet with this code is being entered already")
    return one.invited_agency_id, one.id


def _require_level(session: Session, found: RoundOfCouncil, level: str) -> None:
    if level not in set(Level):
        raise Refused("level", "Choose where the person works")
    if not sheet_parts(bank_of(session, found), Level(level)):
        raise Refused("level", "This questionnaire asks nothing of people who work there")


def _require_place(session: Session, found: RoundOfCouncil, invited_agency_id: str) -> None:
    """Refuses an agency of whom everybody invited has a way in: this would be one too many."""
    place = open_links.get_open_link(
        session, round_id=found.round.id, invited_agency_id=invited_agency_id
    )
    open_links.hold_place(session, invited_agency_id=invited_agency_id)
    waiting = entering.count_waiting(session, invited_agency_id=invited_agency_id)
    if place.invited is not None and place.left - waiting <= 0:
        raise Refused(
            "agency",
            f"All {place.invited} people of {place.agency} have a way in. Enter the code on the "
            "paper, or withdraw a way in that is not needed",
        )


def turn_of(entry: EntryOfRound, *, account_id: str) -> int:
    """Which turn of a sheet somebody types. Raises NotAllowedNow when it is not theirs to type.

    A sheet that is entered once may be gone on with by anybody. Of one that is entered twice each
    turn is one person's, and the second is for somebody else (SamePerson).
    """
    first, second = entry.by_turn(FIRST), entry.by_turn(SECOND)
    if first is None or not first.done:
        _require_own(entry, first, account_id)
        return FIRST
    if first.account_id == account_id:
        raise SamePerson
    _require_own(entry, second, account_id)
    return SECOND


def _require_own(entry: EntryOfRound, typed: Typed | None, account_id: str) -> None:
    if entry.twice and typed is not None and typed.account_id not in {None, account_id}:
        raise NotAllowedNow("Somebody else is entering this sheet, and has to finish it alone.")


def begin_second(
    session: Session,
    found: RoundOfCouncil,
    *,
    entry_id: str,
    level: str,
    account_id: str,
    now: datetime,
) -> None:
    """Begins the second entry of a sheet, which shows nothing of the first."""
    require_takes_answers(found, now=now)
    entry = entering.hold_entry(session, round_id=found.round.id, entry_id=entry_id)
    if not entry.twice or turn_of(entry, account_id=account_id) != SECOND:
        raise NotAllowedNow("This sheet is not waiting for a second entry.")
    _require_level(session, found, level)
    if entry.by_turn(SECOND) is None:
        entering.add_typing(
            session, entry_id=entry_id, turn=SECOND, account_id=account_id, level=level, now=now
        )


def bank_of(session: Session, found: RoundOfCouncil) -> Bank:
    """The round's own copy of its bank."""
    return get_bank(session, round_id=found.round.id, digest=found.round.bank_digest)


def current(entry: EntryOfRound, *, account_id: str) -> Typed:
    """What somebody is typing of a sheet. Raises SamePerson, NotAllowedNow."""
    typed = entry.by_turn(turn_of(entry, account_id=account_id))
    if typed is None:
        raise NotAllowedNow("The second entry of this sheet has not been begun.")
    return typed


def find_part(bank: Bank, typed: Typed, key: str) -> SheetPart:
    """A part of the sheet by its key. Raises NotFound."""
    part = next((one for one in sheet_parts(bank, Level(typed.level)) if one.key == key), None)
    if part is None:
        raise NotFound("There is no such part of this sheet.")
    return part


def save_part(
    session: Session,
    found: RoundOfCouncil,
    *,
    entry_id: str,
    key: str,
    posted: Posted,
    account_id: str,
    now: datetime,
) -> ReadPart:
    """Keeps every valid answer of a part, whatever is wrong with others."""
    require_takes_answers(found, now=now)
    entry = entering.hold_entry(session, round_id=found.round.id, entry_id=entry_id)
    typed = current(entry, account_id=account_id)
    bank = bank_of(session, found)
    read = read_part(bank, find_part(bank, typed, key), posted)
    entering.save_typing(
        session,
        entry_id=entry_id,
        turn=typed.turn,
        answers={**typed.answers, **read.answers},
        now=now,
    )
    return read


def blanks(bank: Bank, typed: Typed) -> tuple[Question, ...]:
    """The questions that need an answer on a screen and were left blank on paper."""
    level = Level(typed.level)
    path = pages(bank, level=level, answers=typed.answers)
    settled = {
        code: typed.answers.get(code) for code in on_path(bank, level=level, answers=typed.answers)
    }
    return tuple(bank.by_code[code] for code in missing(path, settled))


def finish(
    session: Session,
    found: RoundOfCouncil,
    *,
    entry_id: str,
    quotable: bool,
    account_id: str,
    now: datetime,
) -> str:
    """Ends one person's typing of a sheet; returns "sent", "waiting" or "differs".

    Without a second entry the response is stored at once. With one the first waits for it, and
    the second is stored when both say the same.
    """
    require_takes_answers(found, now=now)
    entry = entering.hold_entry(session, round_id=found.round.id, entry_id=entry_id)
    typed = current(entry, account_id=account_id)
    entering.save_typing(
        session,
        entry_id=entry_id,
        turn=typed.turn,
        answers=typed.answers,
        now=now,
        quotable=quotable,
        done=True,
    )
    if not entry.twice:
        _send(
            session,
            found,
            entry,
            answers=typed.answers,
            level=typed.level,
            quotable=quotable,
            account_id=account_id,
            now=now,
        )
        return "sent"
    if typed.turn == FIRST:
        return "waiting"
    whole = entering.get_entry(session, round_id=found.round.id, entry_id=entry_id)
    if differences(bank_of(session, found), whole) or differs_otherwise(whole):
        return "differs"
    _send(
        session,
        found,
        whole,
        answers=typed.answers,
        level=typed.level,
        quotable=quotable,
        account_id=account_id,
        now=now,
    )
    return "sent"


def both(entry: EntryOfRound) -> tuple[Typed, Typed]:
    """The two entries of a sheet. Raises NotAllowedNow until both are done."""
    first, second = entry.by_turn(FIRST), entry.by_turn(SECOND)
    if first is None or second is None or not (first.done and second.done):
        raise NotAllowedNow("This sheet has not been entered twice yet.")
    return first, second


def differences(bank: Bank, entry: EntryOfRound) -> tuple[Difference, ...]:
    """The questions that two people typed differently, in the order of the paper."""
    first, second = both(entry)
    levels = {Level(first.level), Level(second.level)}
    asked = {
        question.code: question
        for part_level in sorted(levels)
        for part in sheet_parts(bank, part_level)
        for question in part.questions
    }
    return tuple(
        Difference(question, first.answers.get(code), second.answers.get(code))
        for code, question in asked.items()
        if first.answers.get(code) != second.answers.get(code)
    )


def differs_otherwise(entry: EntryOfRound) -> tuple[str, ...]:
    """What else differs: "level", and "quotable" for whether comments may be quoted."""
    first, second = both(entry)
    names = []
    if first.level != second.level:
        names.append("level")
    if first.quotable != second.quotable:
        names.append("quotable")
    return tuple(names)


def settle(
    session: Session,
    found: RoundOfCouncil,
    *,
    entry_id: str,
    chosen: Mapping[str, str],
    account_id: str,
    now: datetime,
) -> None:
    """Stores the response of a sheet entered twice, with the answer chosen where they differ.

    `chosen` maps the code of a question, `level` or `quotable` to "1" or "2". Raises Refused with
    the first of them that has no choice.
    """
    require_takes_answers(found, now=now)
    entry = entering.hold_entry(session, round_id=found.round.id, entry_id=entry_id)
    first, second = both(entry)
    answers = dict(first.answers)
    for difference in differences(bank_of(session, found), entry):
        code = difference.question.code
        answers[code] = _chosen(chosen, f"q-{code}", difference.first, difference.second)
    level, quotable = first.level, first.quotable
    for name in differs_otherwise(entry):
        if name == "level":
            level = _chosen(chosen, name, first.level, second.level)
        else:
            quotable = _chosen(chosen, name, first.quotable, second.quotable)
    _send(
        session,
        found,
        entry,
        answers=answers,
        level=level,
        quotable=quotable,
        account_id=account_id,
        now=now,
    )


def _chosen(chosen: Mapping[str, str], name: str, first: Any, second: Any) -> Any:
    if chosen.get(name) not in {"1", "2"}:
        raise Refused(name, "Choose which of the two stands on the paper")
    return first if chosen[name] == "1" else second


def _send(
    session: Session,
    found: RoundOfCouncil,
    entry: EntryOfRound,
    *,
    answers: Mapping[str, Any],
    level: str,
    quotable: bool,
    account_id: str,
    now: datetime,
) -> None:
    """Makes a response of a sheet, deletes the sheet, and puts on record that one was entered."""
    # In the order in which respondents hold them: the invitation or its agency, then the round.
    public_id = entry.public_id or _new_invitation(session, entry)
    person = lock_person(session, public_id)
    if person.has_submitted:
        raise AlreadySubmitted("Answers have been sent with this code already.")
    lock_for_answering(session, round_id=found.round.id)
    entering.delete_entry(session, entry_id=entry.id)
    keep_response(
        session,
        person,
        bank=bank_of(session, found),
        level=Level(level),
        answers=answers,
        quotable=quotable,
        entered=EnteredBy(entry.way),
        now=now,
    )
    record_of_round(session, found, AuditAction.RESPONSE_ENTERED, account_id, now, way=entry.way)


def _new_invitation(session: Session, entry: EntryOfRound) -> str:
    open_links.hold_place(session, invited_agency_id=entry.invited_agency_id)
    drawn = {new_public_id() for _ in range(TRIES)}
    public_id = min(drawn - round_invitations.taken_public_ids(session, public_ids=drawn))
    round_invitations.add_invitations(
        session, new=[NewInvitation(entry.invited_agency_id, public_id, minted=True)]
    )
    if find_person(session, public_id) is None:
        raise NotFound("There is no such agency in this round any more.")
    return public_id


def discard(session: Session, found: RoundOfCouncil, *, entry_id: str) -> None:
    """Deletes a sheet with all that was typed of it. Raises NotFound."""
    entry = entering.hold_entry(session, round_id=found.round.id, entry_id=entry_id)
    entering.delete_entry(session, entry_id=entry.id)


__all__ = ["Difference", "FieldError", "NewEntry", "SamePerson"]
