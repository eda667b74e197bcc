"""The record of events as a file: that it was taken away stands in the record itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from survey.data import audit
from survey.data.audit import AuditAction


def record_export(session: Session, *, account_id: str, now: datetime) -> None:
    """Puts on record that somebody took a copy of the record away."""
    audit.record(session, action=AuditAction.RECORD_EXPORTED, at=now, account_id=account_id)
