"""Deleting what is kept about the people invited, once a round has been over for long enough.

Answers sent in say nothing about who gave them and stay; so do counts of how many were invited.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from survey.data import audit, retention
from survey.data.audit import AuditAction
from survey.data.retention import RoundKept


def list_due(session: Session, *, days: int, now: datetime) -> list[RoundKept]:
    """The rounds that ended more than `days` ago and still have invitations. Nothing is deleted."""
    return retention.list_ended(session, before=now - timedelta(days=days))


def delete_due(session: Session, due: Sequence[RoundKept], *, now: datetime) -> None:
    """Deletes invitations, drafts and the addresses of messages of those rounds.

    After the commit the caller calls `anonymity.erase_traces`.
    """
    for one in due:
        retention.state_invited(session, round_id=one.round_id)
        retention.delete_people(session, round_id=one.round_id)
        audit.record(
            session,
            action=AuditAction.INVITATIONS_DELETED,
            at=now,
            council_id=one.council_id,
            detail={"round": one.slug, "invitations": one.invitations, "drafts": one.drafts},
        )
