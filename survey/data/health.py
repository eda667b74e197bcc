"""Whether the database answers."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session


def check_reachable(session: Session) -> None:
    """Asks the database for nothing in particular; raises SQLAlchemyError when it is not there."""
    session.execute(text("SELECT 1"))
