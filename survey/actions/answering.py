"""Filling in a questionnaire: finding the invitation, choosing a level, saving a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from question_banks.answers import FieldError, field_names, parse_form
from question_banks.bank import Bank, Level
from question_banks.path import Page, find_page, pages
from survey.actions.tokens import is_link_secret, is_public_id
from survey.data import drafts
from survey.data.banks import get_bank
from survey.data.invitations import InvitedPerson, find_person, lock_person
from survey.data.round_state import RoundState
from survey.errors import (
    AlreadySubmitted,
    NotFound,
    RevokedInvitation,
    RoundNotOpen,
    RoundWithdrawn,
    UnknownInvitation,
)

Posted = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class PageOutcome:
    """What became of a posted page: where to go next, or what is wrong with which field."""

    page: Page
    answers: dict[str, Any]
    errors: tuple[FieldError, ...] = ()
    only_blank: bool = True
    """Whether nothing is wrong but that questions were left blank."""


def get_person(session: Session, public_id: str, *, secret: str, secret_key: str) -> InvitedPerson:
    """The holder of that link. Raises UnknownInvitation or RevokedInvitation."""
    person = find_person(session, public_id) if is_public_id(public_id) else None
    if person is None:
        raise UnknownInvitation("No invitation has that address.")
    check_secret(person, secret=secret, secret_key=secret_key)
    return person


def check_secret(person: InvitedPerson, *, secret: str, secret_key: str) -> None:
    """Refuses a wrong secret, an older generation's, and a withdrawn invitation."""
    for generation in range(person.generation, 0, -1):
        if is_link_secret(secret_key, secret, public_id=person.public_id, generation=generation):
            if person.is_revoked or generation != person.generation:
                raise RevokedInvitation("This link has been withdrawn or replaced.")
            return
    raise UnknownInvitation("The secret part of the link is wrong.")


def require_open(person: InvitedPerson, *, now: datetime) -> None:
    """Refuses answers already sent in, and a round that takes none now."""
    if person.has_submitted:
        raise AlreadySubmitted("These answers have been sent.")
    state = person.state(now)
    if state is RoundState.WITHDRAWN:
        raise RoundWithdrawn(person.contact)
    if state in {RoundState.SETTING_UP, RoundState.NOT_YET_OPEN}:
        raise RoundNotOpen("This questionnaire is not open yet.", opens=True)
    if state is not RoundState.OPEN:
        raise RoundNotOpen("This questionnaire has closed.")


def _lock(session: Session, person: InvitedPerson, *, now: datetime) -> InvitedPerson:
    held = lock_person(session, person.public_id)
    require_open(held, now=now)
    return held


def choose_level(session: Session, person: InvitedPerson, *, level: Level, now: datetime) -> None:
    """Begins the draft, or changes who its questions are for. Answers given are kept."""
    held = _lock(session, person, now=now)
    if held.level is None:
        drafts.start_draft(session, held.invitation_id, level=level, now=now)
    elif held.level != level:
        drafts.change_level(session, held.invitation_id, level=level, now=now)


def discard(session: Session, person: InvitedPerson) -> None:
    """Deletes the draft, whether or not the round is still open. Answers sent in stay."""
    held = lock_person(session, person.public_id)
    if held.has_submitted:
        raise AlreadySubmitted("These answers have been sent.")
    drafts.delete_draft(session, held.invitation_id)


def save_page(
    session: Session, person: InvitedPerson, *, page_key: str, posted: Posted, now: datetime
) -> PageOutcome:
    """Saves every valid answer of a page, whatever is wrong with the others.

    An optional question left blank is stored as skipped; a required one left blank stays open and
    is reported. Raises NotFound when the page is not on this respondent's path.
    """
    held = _lock(session, person, now=now)
    if held.level is None:
        raise NotFound("Choose a level first.")
    bank = get_bank(session, round_id=held.round_id, digest=held.bank_digest)
    level = Level(held.level)
    page = find_page(pages(bank, level=level, answers=held.answers), page_key)
    if page is None:
        raise NotFound("That page is not part of this questionnaire.")
    outcome = _merge(bank, page, held.answers, posted)
    if outcome.answers != held.answers:
        drafts.save_answers(session, held.invitation_id, answers=outcome.answers, now=now)
    return outcome


def _merge(bank: Bank, page: Page, before: Mapping[str, Any], posted: Posted) -> PageOutcome:
    answers = dict(before)
    errors: list[FieldError] = []
    only_blank = True
    for question in page.questions:
        parsed = parse_form(bank, question, posted)
        if parsed.is_valid:
            answers[question.code] = parsed.value
        else:
            errors.extend(parsed.errors)
            only_blank = only_blank and not any(
                text.strip() for name in field_names(question) for text in posted.get(name, ())
            )
    return PageOutcome(page=page, answers=answers, errors=tuple(errors), only_blank=only_blank)
