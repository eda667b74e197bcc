"""Launching a round that was set up: what is still missing, and the moment it becomes fixed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from question_banks.bank import Bank
from question_banks.checks import list_findings
from question_banks.errors import BankError, Severity
from question_banks.loader import bank_digest, bank_to_json
from survey.actions import rounds as whole_rounds
from survey.actions.set_up_choices import Choices, Step
from survey.actions.setting_up import By, InvalidSetUp, choices_of, held
from survey.data import audit, rounds
from survey.data.audit import AuditAction
from survey.data.models import Round, RoundEventKind
from survey.data.rounds import RoundOfCouncil

NEEDED = (Step.BASICS, Step.CONTACTS, Step.INVITED)
"""Steps that have no usual answer: somebody must go through each before launch."""


def find_missing(round_: Round, *, now: datetime) -> tuple[tuple[Step, str], ...]:
    """What must be done before a round can be launched: the step, and what in a sentence."""
    choices = choices_of(round_)
    missing = []
    if Step.BASICS not in choices.saved:
        missing.append((Step.BASICS, "Confirm the name and the dates for answers"))
    elif round_.closes_at_utc <= now:
        missing.append((Step.BASICS, "The last day for answers has passed: choose another"))
    contacts = (round_.contact, round_.urgent_contact, round_.comments_checked_by)
    if not all(text.strip() for text in contacts):
        missing.append((Step.CONTACTS, "Say whom people turn to and who reads flagged comments"))
    if Step.INVITED not in choices.saved:
        missing.append((Step.INVITED, "Say who is invited and how they were chosen"))
    missing += _bank_faults(choices)
    return tuple(missing)


def _bank_faults(choices: Choices) -> list[tuple[Step, str]]:
    homeless = choices.homeless()
    if homeless:
        number = "A local question has" if len(homeless) == 1 else "Some local questions have"
        return [(Step.LOCAL, f"{number} no place in this questionnaire: move or remove it")]
    try:
        bank = choices.bank_asked()
    except BankError as error:
        return [(Step.SIGNPOSTS, str(error))]
    return [
        (Step.LOCAL, each.message)
        for each in list_findings(bank)
        if each.severity is Severity.ERROR
    ]


def launch(session: Session, item: RoundOfCouncil, *, by: By) -> Bank:
    """Freezes what the round asks and how its answers are read; its window then counts.

    Raises InvalidSetUp with everything that is missing, and NotAllowedNow where it was launched
    already.
    """
    round_ = held(session, item)
    missing = find_missing(round_, now=by.now)
    if missing:
        raise InvalidSetUp(missing)
    bank = choices_of(round_).bank_asked()
    round_.bank_id = bank.id
    round_.bank_digest = bank_digest(bank)
    round_.bank_json = bank_to_json(bank)
    round_.launched_at_utc = by.now
    rounds.add_event(
        session,
        round_id=round_.id,
        kind=RoundEventKind.LAUNCHED,
        at=by.now,
        account_id=by.account_id,
    )
    audit.record(
        session,
        action=AuditAction.ROUND_LAUNCHED,
        at=by.now,
        account_id=by.account_id,
        council_id=item.council.id,
        detail={"round": round_.slug, "bank": bank.id, "digest": round_.bank_digest},
    )
    return bank


def delete_unlaunched(session: Session, item: RoundOfCouncil, *, by: By) -> None:
    """Deletes a round that was never launched, with everything prepared for it.

    Raises NotAllowedNow for one that was: people may have answered it.
    """
    held(session, item)
    whole_rounds.delete_round(session, item, now=by.now, account_id=by.account_id)
