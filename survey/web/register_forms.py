"""What is posted about the register and a council's look, read into values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlsplit

from question_banks.text import clean_line
from survey.actions.addresses import read_address
from survey.actions.looks import LookValues, read_colour
from survey.web.forms import Problems, message_of

LONGEST = {
    "name": 200,
    "contact_name": 200,
    "contact_telephone": 40,
    "privacy_contact": 300,
    "website": 300,
}
SHOWN_AT_MOST = 1000
"""What is shown again of a text that is far too long."""


def line(posted: Mapping[str, str], name: str) -> str:
    """A field of one line as posted, with single spaces."""
    return " ".join(clean_line(posted.get(name, "")[:100_000]).split())


@dataclass(frozen=True)
class AgencyForm:
    """The name and the sector of an agency, and those the page showed."""

    name: str = ""
    sector: str = ""
    seen_name: str = ""
    seen_sector: str = ""
    problems: Problems = ()

    def message(self, name: str) -> str | None:
        """What is wrong with one field, or None."""
        return message_of(self.problems, name)


def read_agency(posted: Mapping[str, str]) -> AgencyForm:
    """The form of an agency as posted. What is wrong with it is for the action to say."""
    return AgencyForm(
        name=line(posted, "name")[:SHOWN_AT_MOST],
        sector=posted.get("sector", "")[:40],
        seen_name=posted.get("seen_name", ""),
        seen_sector=posted.get("seen_sector", ""),
    )


@dataclass(frozen=True)
class LookForm:
    """A council's look as typed, and read where nothing is wrong with it."""

    typed: LookValues
    values: LookValues
    seen: LookValues
    problems: Problems = ()

    def message(self, name: str) -> str | None:
        """What is wrong with one field, or None."""
        return message_of(self.problems, name)


def look_form(values: LookValues) -> LookForm:
    """The form as it is first shown."""
    return LookForm(typed=values, values=values, seen=values)


def read_look(posted: Mapping[str, str]) -> LookForm:
    """The form of a council's look as posted; fields missing from it are empty."""
    names = [field.name for field in fields(LookValues)]
    typed = LookValues(**{name: line(posted, name)[:SHOWN_AT_MOST] for name in names})
    seen = LookValues(**{name: posted.get(f"seen_{name}", "") for name in names})
    problems = []
    if not typed.name:
        problems.append(("name", "Enter the name of the council"))
    colour = read_colour(typed.colour)
    if colour is None:
        problems.append(("colour", "Enter the colour as six digits, such as #1f4e5f"))
    address = read_address(typed.contact_email)
    if address.fault:
        problems.append(("contact_email", address.fault.rstrip(".")))
    if typed.website and not _is_website(typed.website):
        problems.append(("website", "Enter the whole address of the website, such as https://…"))
    problems += [
        (name, f"Use {longest} characters or fewer")
        for name, longest in LONGEST.items()
        if len(getattr(typed, name)) > longest
    ]
    values = LookValues(
        name=typed.name,
        colour=colour or "",
        contact_name=typed.contact_name,
        contact_email=address.email,
        contact_telephone=typed.contact_telephone,
        privacy_contact=typed.privacy_contact,
        website=typed.website,
    )
    order = names.index
    problems.sort(key=lambda problem: order(problem[0]))
    return LookForm(typed=typed, values=values, seen=seen, problems=tuple(problems))


def _is_website(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in host and " " not in text
