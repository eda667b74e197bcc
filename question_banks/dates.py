"""Dates as people enter them, in three boxes, and as they read them."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

DATE_PARTS = ("day", "month", "year")

EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
"""Years taken for a date. Outside them a digit was mistyped."""

_MONTHS = {
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    "cy": (
        "Ionawr",
        "Chwefror",
        "Mawrth",
        "Ebrill",
        "Mai",
        "Mehefin",
        "Gorffennaf",
        "Awst",
        "Medi",
        "Hydref",
        "Tachwedd",
        "Rhagfyr",
    ),
}


@dataclass(frozen=True, slots=True)
class DateFault:
    """Which of the three boxes is at fault, and what to do: part to message."""

    messages: Mapping[str, str]


def long_date(day: date, language: str = "en") -> str:
    """A date in words.

    >>> long_date(date(2026, 3, 1))
    '1 March 2026'
    """
    months = _MONTHS.get(language, _MONTHS["en"])
    return f"{day.day} {months[day.month - 1]} {day.year}"


def parse_date_parts(texts: Mapping[str, str]) -> date | DateFault | None:
    """The date in three boxes, None where all are empty, or what is wrong.

    Args:
        texts: `day`, `month` and `year` as typed; a month may be a number or an English name.

    >>> parse_date_parts({"day": "1", "month": "mar", "year": "2026"})
    datetime.date(2026, 3, 1)
    >>> parse_date_parts({"day": "31", "month": "2", "year": "2026"}).messages["day"]
    'February 2026 has 28 days: enter a day from 1 to 28'
    """
    if not any(texts.values()):
        return None
    faults = {part: f"Date must include a {part}" for part in DATE_PARTS if not texts[part]}
    day, month, year = _digits(texts["day"]), _month(texts["month"]), _digits(texts["year"])
    if texts["day"] and not 1 <= day <= 31:
        faults["day"] = "Day must be a number from 1 to 31"
    if texts["month"] and not month:
        faults["month"] = "Month must be a number from 1 to 12"
    if texts["year"] and not EARLIEST_YEAR <= year <= LATEST_YEAR:
        faults["year"] = f"Year must be four digits from {EARLIEST_YEAR} to {LATEST_YEAR}"
    if faults:
        return DateFault({part: faults[part] for part in DATE_PARTS if part in faults})
    days = monthrange(year, month)[1]
    if day > days:
        name = f"{_MONTHS['en'][month - 1]} {year}"
        return DateFault({"day": f"{name} has {days} days: enter a day from 1 to {days}"})
    return date(year, month, day)


def _digits(text: str) -> int:
    """A number of up to four digits, or 0."""
    return int(text) if re.fullmatch(r"\d{1,4}", text, re.ASCII) else 0


def _month(text: str) -> int:
    """A month's number from a number, a name or its first three letters or more; or 0."""
    number = _digits(text)
    if number:
        return number if number <= 12 else 0
    name = text.casefold()
    matches = [
        position
        for position, month in enumerate(_MONTHS["en"], start=1)
        if len(name) >= 3 and month.casefold().startswith(name)
    ]
    return matches[0] if matches else 0
