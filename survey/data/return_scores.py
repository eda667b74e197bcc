"""Moderated scores: what a council's review team makes of an agency's own answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.data.models import ModeratedScore

__all__ = ["ModeratedScore", "add_score", "find_newest", "in_force", "list_scores"]


def list_scores(session: Session, *, round_id: str, return_id: str) -> list[ModeratedScore]:
    """Every score a council gave a return, those taken back too: by question, the oldest first."""
    return list(
        session.scalars(
            select(ModeratedScore)
            .where(ModeratedScore.round_id == round_id, ModeratedScore.return_id == return_id)
            .order_by(ModeratedScore.question, ModeratedScore.number)
        )
    )


def find_newest(
    session: Session, *, round_id: str, return_id: str, question: str
) -> ModeratedScore | None:
    """The newest score of a question, even one that took the score back; None without any."""
    return session.scalars(
        select(ModeratedScore)
        .where(
            ModeratedScore.round_id == round_id,
            ModeratedScore.return_id == return_id,
            ModeratedScore.question == question,
        )
        .order_by(ModeratedScore.number.desc())
        .limit(1)
    ).one_or_none()


def in_force(session: Session, *, round_id: str) -> dict[tuple[str, str], ModeratedScore]:
    """Return and question to the score in force, for a whole round. None that was taken back."""
    rows = session.scalars(
        select(ModeratedScore)
        .where(ModeratedScore.round_id == round_id)
        .order_by(ModeratedScore.return_id, ModeratedScore.question, ModeratedScore.number)
    )
    newest = {(row.return_id, row.question): row for row in rows}
    return {place: row for place, row in newest.items() if row.option}


def add_score(
    session: Session,
    *,
    round_id: str,
    return_id: str,
    question: str,
    number: int,
    option: str,
    own_option: str,
    reason: str,
    account_id: str,
    name: str,
    now: datetime,
) -> ModeratedScore:
    """Keeps a score. Raises IntegrityError where that number was given in between."""
    row = ModeratedScore(
        round_id=round_id,
        return_id=return_id,
        question=question,
        number=number,
        option=option,
        own_option=own_option,
        reason=reason,
        account_id=account_id,
        name=name,
        at_utc=now,
    )
    session.add(row)
    session.flush()
    return row
