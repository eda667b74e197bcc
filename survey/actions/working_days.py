"""Working days in England and Wales: neither a weekend nor a bank holiday.

The dates are those of the `holidays` library, which follows the law and the proclamations for
each year; a holiday proclaimed after its release is not known to it.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

COUNTRY, PARTS = "GB", ("ENG", "WLS")
SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Whether people in offices in England and Wales work on a day.

    >>> is_working_day(date(2025, 8, 25)), is_working_day(date(2025, 8, 26))
    (False, True)
    """
    return day.weekday() < SATURDAY and day not in _bank_holidays(day.year)


def working_days_before(day: date, count: int) -> date:
    """The day that lies so many working days before another; `count` is at least 1.

    >>> working_days_before(date(2025, 8, 27), 2)
    datetime.date(2025, 8, 22)
    """
    found = day
    while count > 0:
        found -= timedelta(days=1)
        count -= is_working_day(found)
    return found


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    from holidays import country_holidays  # it is not needed to answer a respondent

    return frozenset(
        day for part in PARTS for day in country_holidays(COUNTRY, subdiv=part, years=year)
    )
