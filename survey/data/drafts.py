"""Drafts: answers not yet sent in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from survey.data.models import Draft


def start_draft(session: Session, invitation_id: str, *, level: str, now: datetime) -> None:
    """Begins a draft. The caller holds the invitation and knows there is none."""
    session.execute(
        insert(Draft).values(
            invitation_id=invitation_id,
            level=level,
            answers={},
            started_at_utc=now,
            saved_at_utc=now,
        )
    )


def change_level(session: Session, invitation_id: str, *, level: str, now: datetime) -> None:
    """Changes who the questions are for; the answers stay."""
    session.execute(
        update(Draft)
        .where(Draft.invitation_id == invitation_id)
        .values(level=level, saved_at_utc=now)
    )


def save_answers(
    session: Session, invitation_id: str, *, answers: Mapping[str, Any], now: datetime
) -> None:
    """Replaces a draft's answers. The caller holds the invitation and has merged them."""
    session.execute(
        update(Draft)
        .where(Draft.invitation_id == invitation_id)
        .values(answers=dict(answers), saved_at_utc=now)
    )


def delete_draft(session: Session, invitation_id: str) -> None:
    """Deletes a draft."""
    session.execute(delete(Draft).where(Draft.invitation_id == invitation_id))
