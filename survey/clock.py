"""The time now, in one place so that a test can move it, and the day it is in London."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """The time now, aware, in UTC."""
    return datetime.now(UTC)


def day_in_london(when: datetime) -> date:
    """The date in London at that time.

    >>> day_in_london(datetime(2031, 7, 1, 23, 30, tzinfo=UTC))
    datetime.date(2031, 7, 2)
    """
    return when.astimezone(LONDON).date()
