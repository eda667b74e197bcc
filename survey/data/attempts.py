"""Failed attempts, kept by a keyed hash of who or what failed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey.data.models import FailedAttempt


def list_times(session: Session, *, key: str, since: datetime) -> list[datetime]:
    """When a key failed after `since`, the newest first."""
    return list(
        session.scalars(
            select(FailedAttempt.at_utc)
            .where(FailedAttempt.key == key, FailedAttempt.at_utc > since)
            .order_by(FailedAttempt.at_utc.desc())
        )
    )


def add(session: Session, *, key: str, at: datetime) -> None:
    """Keeps one failure."""
    session.add(FailedAttempt(key=key, at_utc=at))
    session.flush()


def delete_before(session: Session, *, before: datetime) -> None:
    """Deletes the failures no limit looks at any more."""
    session.execute(delete(FailedAttempt).where(FailedAttempt.at_utc <= before))
