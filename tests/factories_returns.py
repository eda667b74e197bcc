"""Agency returns for tests, written and signed without their pages."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import docx
from sqlalchemy.orm import Session

from question_banks.bank import Bank
from question_banks.loader import bank_digest, bank_to_json
from survey.data import returns
from survey.data.models import Account, Membership, ReturnEventKind, ReturnVersion, Role, Round
from tests import factories

OFFICER = "Chief Superintendent Wren"


def save_answers(
    session: Session,
    return_id: str,
    answers: Mapping[str, Any],
    *,
    at: datetime,
    round_id: str | None = None,
    number: int = 1,
    carried_from: str | None = None,
) -> None:
    """Answers of a return, each as one version."""
    session.add_all(
        ReturnVersion(
            return_id=return_id,
            round_id=round_id,
            question=question,
            number=number,
            value=value,
            name="Ada Quill",
            at_utc=at,
            carried_from=carried_from,
        )
        for question, value in answers.items()
    )
    session.flush()


def sign(session: Session, return_id: str, *, at: datetime, on: date = date(2031, 3, 1)) -> None:
    """The return sent for sign-off and signed outside the system."""
    for minutes, kind in enumerate((ReturnEventKind.SUBMITTED, ReturnEventKind.SIGNED_ELSEWHERE)):
        signed = kind is ReturnEventKind.SIGNED_ELSEWHERE
        returns.add_event(
            session,
            return_id=return_id,
            kind=kind,
            at=at + timedelta(minutes=minutes),
            name="Ada Quill",
            officer=OFFICER if signed else "",
            post="Head of public protection" if signed else "",
            signed_on=on if signed else None,
        )


def make_signed(
    session: Session,
    round_: Round,
    agency_id: str,
    *,
    bank: Bank,
    answers: Mapping[str, Any],
    at: datetime,
) -> str:
    """A return of an agency to a round, answered and signed; its id."""
    return_id = returns.add_return(
        session,
        agency_id=agency_id,
        bank_id=bank.id,
        bank_digest=bank_digest(bank),
        bank_json=bank_to_json(bank),
        account_id=None,
        now=at,
    )
    returns.add_to_round(
        session, return_id=return_id, round_id=round_.id, agency_id=agency_id, now=at
    )
    kind = ReturnEventKind.STARTED
    returns.add_event(session, return_id=return_id, kind=kind, at=at, name="Ada Quill")
    save_answers(session, return_id, answers, at=at)
    sign(session, return_id, at=at)
    return return_id


def word_file(words: str = "What we do.") -> bytes:
    """A small Word document."""
    document = docx.Document()
    document.add_paragraph(words)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def make_colleague(
    session: Session, like: Account, *, email: str, role: Role, name: str = "Robin Marsh", **of: str
) -> Account:
    """An account with a role and the same password as another: hashing one is dear."""
    account = Account(
        email=email,
        name=name,
        password_hash=like.password_hash,
        session_generation=1,
        created_at_utc=factories.NOW,
    )
    session.add(account)
    session.flush()
    session.add(Membership(account_id=account.id, role=role, **of))
    session.flush()
    return account
