"""What review managers decided about readings. Rows are only added: the newest is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.data.models import Account, ReadingDecision, Snapshot


@dataclass(frozen=True)
class DecisionRow:
    """One decision, with who made it and on which snapshot. `verdict` None keeps the rule's."""

    id: str
    subject: str
    rule_verdict: str
    verdict: str | None
    reason: str
    note: str
    who: str
    at: datetime
    snapshot: int


def list_decisions(
    session: Session, *, round_id: str, subject: str | None = None
) -> list[DecisionRow]:
    """Every decision of a round, or those on one subject, the newest first."""
    query = (
        select(ReadingDecision, Account.name, Snapshot.number)
        .join(Snapshot, Snapshot.id == ReadingDecision.snapshot_id)
        .outerjoin(Account, Account.id == ReadingDecision.account_id)
        .where(ReadingDecision.round_id == round_id)
        .order_by(ReadingDecision.at_utc.desc(), ReadingDecision.id)
    )
    if subject is not None:
        query = query.where(ReadingDecision.subject == subject)
    return [
        DecisionRow(
            id=decision.id,
            subject=decision.subject,
            rule_verdict=decision.rule_verdict,
            verdict=decision.verdict,
            reason=decision.reason,
            note=decision.note,
            who=who or "somebody whose account has been removed",
            at=decision.at_utc,
            snapshot=number,
        )
        for decision, who, number in session.execute(query)
    ]


def in_force(session: Session, *, round_id: str) -> dict[str, DecisionRow]:
    """Subject to the newest decision on it."""
    newest: dict[str, DecisionRow] = {}
    for decision in list_decisions(session, round_id=round_id):
        newest.setdefault(decision.subject, decision)
    return newest


def add_decision(
    session: Session,
    *,
    round_id: str,
    snapshot_id: str,
    subject: str,
    rule_verdict: str,
    verdict: str | None,
    reason: str,
    note: str,
    account_id: str | None,
    at: datetime,
) -> None:
    """Stores a decision."""
    session.add(
        ReadingDecision(
            round_id=round_id,
            snapshot_id=snapshot_id,
            subject=subject,
            rule_verdict=rule_verdict,
            verdict=verdict,
            reason=reason,
            note=note,
            account_id=account_id,
            at_utc=at,
        )
    )
    session.flush()
