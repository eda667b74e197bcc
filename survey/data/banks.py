"""A round's frozen copy of its bank, read once per process."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from question_banks.bank import Bank
from question_banks.loader import bank_from_json
from survey.data.models import Round

_banks: dict[str, Bank] = {}
MOST_KEPT = 64


def get_bank(session: Session, *, round_id: str, digest: str) -> Bank:
    """The bank a round asks. A bank never changes under its digest, so it is kept by that."""
    bank = _banks.get(digest)
    if bank is None:
        text = session.execute(select(Round.bank_json).where(Round.id == round_id)).scalar_one()
        if len(_banks) >= MOST_KEPT:
            _banks.clear()
        bank = _banks[digest] = bank_from_json(text)
    return bank
