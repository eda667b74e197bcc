"""What is posted about the agencies of a round, read into values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from question_banks.bank import LEVEL_TITLES, Sector
from question_banks.text import clean_text
from survey.actions.addresses import read_address
from survey.actions.invited_file import MOST_INVITED
from survey.actions.round_agencies import BriefingValues, RoundAgencyValues
from survey.data.agencies import AnswersBy
from survey.web.forms import DATE_PARTS, Problems, message_of
from survey.web.register_forms import SHOWN_AT_MOST, line

LONGEST_NAME = 200
LONGEST_BECAUSE = 300
LONGEST_WHAT = 4000
NUMBER_FIELDS = {"": "invited", **{level.value: f"invited-{level.value}" for level in LEVEL_TITLES}}
"""Level to the field of its number; "" is all levels together."""


@dataclass(frozen=True)
class RoundAgencyForm:
    """What a round has on record of an agency, as typed. `numbers` is field to text."""

    numbers: Mapping[str, str] = field(default_factory=dict)
    expected: bool = True
    contact_name: str = ""
    contact_email: str = ""
    as_return: bool = False
    because: str = ""
    seen: str = ""
    values: RoundAgencyValues | None = None
    problems: Problems = ()

    def message(self, name: str) -> str | None:
        """What is wrong with one field, or None."""
        return message_of(self.problems, name)


def read_round_agency(posted: Mapping[str, str], *, may_answer_as_one: bool) -> RoundAgencyForm:
    """The form of an agency of a round as posted."""
    typed = {name: line(posted, name)[:20] for name in NUMBER_FIELDS.values()}
    numbers, problems = _read_numbers(typed)
    contact = line(posted, "contact_name")
    address = read_address(posted.get("contact_email", "")[:SHOWN_AT_MOST])
    as_return = may_answer_as_one and posted.get("as_return") == "yes"
    because = line(posted, "because")
    if len(contact) > LONGEST_NAME:
        problems.append(("contact_name", f"Use {LONGEST_NAME} characters or fewer"))
    if address.fault:
        problems.append(("contact_email", address.fault.rstrip(".")))
    if len(because) > LONGEST_BECAUSE:
        problems.append(("because", f"Use {LONGEST_BECAUSE} characters or fewer"))
    values = RoundAgencyValues(
        numbers=numbers,
        expected=posted.get("expected") == "yes",
        contact_name=contact,
        contact_email=address.email,
        answers_by=AnswersBy.RETURN if as_return else AnswersBy.PEOPLE,
        return_because=because if as_return else "",
    )
    return RoundAgencyForm(
        numbers=typed,
        expected=values.expected,
        contact_name=contact[:SHOWN_AT_MOST],
        contact_email=line(posted, "contact_email")[:SHOWN_AT_MOST],
        as_return=as_return,
        because=because[:SHOWN_AT_MOST],
        seen=posted.get("seen", ""),
        values=None if problems else values,
        problems=tuple(problems),
    )


def _read_numbers(typed: Mapping[str, str]) -> tuple[dict[str, int], list[tuple[str, str]]]:
    numbers: dict[str, int] = {}
    problems = []
    for level, name in NUMBER_FIELDS.items():
        text = typed[name].replace(",", "")
        if not text:
            continue
        if text.isascii() and text.isdigit() and int(text) <= MOST_INVITED:
            numbers[level] = int(text)
        else:
            problems.append((name, f"Enter a whole number from 0 to {MOST_INVITED:,}, or nothing"))
    if "" in numbers and len(numbers) > 1:
        problems.append(("invited", "Enter one number for all levels, or numbers by level"))
    return numbers, problems


@dataclass(frozen=True)
class BriefingForm:
    """What a sector was told, as typed."""

    sector: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    told_by: str = ""
    what: str = ""
    was_clear: bool = True
    values: BriefingValues | None = None
    problems: Problems = ()

    def message(self, name: str) -> str | None:
        """What is wrong with one field, or None."""
        return message_of(self.problems, name)


def read_briefing(posted: Mapping[str, str], *, today: date) -> BriefingForm:
    """The form of a briefing as posted. One cannot have been told in days to come."""
    sector, what = posted.get("sector", ""), clean_text(posted.get("what", "")[:200_000])
    told_by = line(posted, "told_by")
    day, month, year = (posted.get(f"told-{part}", "").strip()[:10] for part in DATE_PARTS)
    told_on = _day(day, month, year)
    problems = []
    if sector not in set(Sector):
        problems.append(("sector", "Select the sector that was told"))
    if told_on is None:
        problems.append(("told", "Enter the day they were told, as a day, month and year"))
    elif told_on > today:
        problems.append(("told", "The day they were told must be today or earlier"))
    if not told_by:
        problems.append(("told_by", "Enter who told them"))
    elif len(told_by) > LONGEST_NAME:
        problems.append(("told_by", f"Use {LONGEST_NAME} characters or fewer"))
    if not what:
        problems.append(("what", "Enter what they were told"))
    elif len(what) > LONGEST_WHAT:
        problems.append(
            ("what", f"Use {LONGEST_WHAT:,} characters or fewer: you have used {len(what):,}")
        )
    was_clear = posted.get("unclear") != "yes"
    return BriefingForm(
        sector=sector,
        day=day,
        month=month,
        year=year,
        told_by=told_by[:SHOWN_AT_MOST],
        what=what,
        was_clear=was_clear,
        values=None
        if problems or told_on is None
        else BriefingValues(sector, told_on, told_by, what, was_clear),
        problems=tuple(problems),
    )


def _day(day: str, month: str, year: str) -> date | None:
    parts = (day, month, year)
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return None
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if found.year >= 1900 else None
