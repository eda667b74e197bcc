"""Whether the database answers, and what is the matter when it does not."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session

READ_ONLY_SQLSTATE = "25006"
"""PostgreSQL files this one under its internal errors."""


def is_reachable(session: Session) -> bool:
    """Whether the database comes back with an answer."""
    try:
        session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def find_outage(error: Exception) -> str | None:
    """What the database calls its trouble where it is gone, full, locked or read-only; else None.

    Such as SQLITE_FULL, or PostgreSQL's 53100. The driver's sentence is left out: it can hold what
    was being stored.
    """
    if isinstance(error, NoConnectionFree):
        return "no connection was free"
    if not isinstance(error, DBAPIError):
        return None
    driver_error = error.orig
    code = getattr(driver_error, "sqlite_errorname", None)
    code = code or getattr(driver_error, "sqlstate", None)
    if isinstance(error, OperationalError | InterfaceError) or code == READ_ONLY_SQLSTATE:
        return str(code or type(driver_error).__name__)
    return None
