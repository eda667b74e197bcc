"""Taking away who has answered, as a file."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from survey.data import audit
from survey.data.audit import AuditAction


def record_file(
    session: Session,
    *,
    slug: str,
    file_format: str,
    account_id: str,
    council_id: str,
    now: datetime,
) -> None:
    """Puts on record that somebody took a file of who has answered; it names agencies' contacts."""
    audit.record(
        session,
        action=AuditAction.COVERAGE_EXPORTED,
        at=now,
        account_id=account_id,
        council_id=council_id,
        detail={"round": slug, "format": file_format},
    )
