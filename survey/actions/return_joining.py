"""One return given to several councils: a further round that asks the same questions.

Each council reads the core and the answers to its own questions, and nothing that only another
council asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from question_banks.bank import Bank
from question_banks.loader import bank_digest
from survey.actions.returns import core_of, local_of
from survey.actions.returns_rules import Writer
from survey.data import audit, returns
from survey.data.audit import AuditAction
from survey.data.banks import get_bank
from survey.data.returns import ReturnItem, ReturnState, RoundToAnswer
from survey.errors import NotAllowedNow, NotFound


def list_joinable(
    session: Session, item: ReturnItem, *, account_id: str, now: datetime
) -> list[RoundToAnswer]:
    """Other rounds that ask this agency for a return with the same core, and have none yet."""
    return [
        asked
        for asked in returns.list_rounds_to_answer(session, account_id=account_id)
        if asked.agency_id == item.agency_id
        and asked.return_id is None
        and asked.round.takes_answers(now)
        and _core_digest(session, asked) == item.bank_digest
    ]


def find_begun(
    items: Sequence[ReturnItem], asked: RoundToAnswer, *, bank: Bank, now: datetime
) -> ReturnItem | None:
    """A return begun for a council whose round is not closed, that could be given to this one too.

    `items` are the returns of the account, `bank` is what the round asks.
    """
    if asked.return_id is not None:
        return None
    digest = bank_digest(core_of(bank))
    for item in items:
        same = (item.agency_id, item.bank_digest) == (asked.agency_id, digest)
        if same and item.may_be_signed(now):
            return item
    return None


def _core_digest(session: Session, asked: RoundToAnswer) -> str:
    bank = get_bank(session, round_id=asked.round.round_id, digest=asked.round.bank_digest)
    return bank_digest(core_of(bank))


def asks_more(session: Session, asked: RoundToAnswer) -> int:
    """How many questions of its own a round adds to the core."""
    bank = get_bank(session, round_id=asked.round.round_id, digest=asked.round.bank_digest)
    added = local_of(bank)
    return sum(1 for _ in added.questions()) if added is not None else 0


def join(
    session: Session,
    item: ReturnItem,
    *,
    round_id: str,
    account_id: str,
    writer: Writer,
    now: datetime,
) -> None:
    """Gives a return to one more round. Raises NotFound where the round cannot be joined.

    A return that is sent for sign-off or signed can join only a round that asks nothing more;
    NotAllowedNow says so.
    """
    held = returns.lock_return(session, return_id=item.id)
    if any(round_.round_id == round_id for round_ in held.rounds):
        return
    found = [
        asked
        for asked in list_joinable(session, held, account_id=account_id, now=now)
        if asked.round.round_id == round_id
    ]
    if not found:
        raise NotFound("There is no such round that this return can be given to.")
    asked = found[0]
    if held.state is not ReturnState.WRITING and asks_more(session, asked):
        raise NotAllowedNow(
            f"{asked.round.council} asks questions of its own, and this return is not being "
            "written at present. Send it back to be written on first."
        )
    returns.add_to_round(
        session, return_id=item.id, round_id=round_id, agency_id=item.agency_id, now=now
    )
    audit.record(
        session,
        action=AuditAction.RETURN_JOINED,
        at=now,
        account_id=writer.account_id,
        council_id=asked.round.council_id,
        detail={"round": asked.round.slug, "agency": item.agency},
    )
