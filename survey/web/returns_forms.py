"""What is posted about a return's details, contributors and signature, read into values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from question_banks.dates import DateFault, parse_date_parts
from question_banks.text import clean_line
from survey.data.returns import Marking
from survey.data.returns_people import Contributor

Problems = tuple[tuple[str, str], ...]
Posted = Mapping[str, Sequence[str]]
DATE_PARTS = ("day", "month", "year")


def _first(posted: Posted, name: str) -> str:
    return (posted.get(name) or ("",))[0]


@dataclass(frozen=True)
class DateEntry:
    """A date as typed in three boxes, and what it is where it is one."""

    day: str = ""
    month: str = ""
    year: str = ""
    value: date | None = None

    @classmethod
    def of(cls, value: date | None) -> DateEntry:
        """The boxes that show a date."""
        if value is None:
            return cls()
        return cls(str(value.day), str(value.month), str(value.year), value)


def read_date(posted: Posted, name: str) -> tuple[DateEntry, Problems]:
    """A date in three boxes named after it; empty boxes are no date and no problem."""
    texts = {part: clean_line(_first(posted, f"{name}-{part}")) for part in DATE_PARTS}
    found = parse_date_parts(texts)
    if isinstance(found, DateFault):
        problems = tuple((f"{name}-{part}", words) for part, words in found.messages.items())
        return DateEntry(texts["day"], texts["month"], texts["year"]), problems
    return DateEntry(texts["day"], texts["month"], texts["year"], found), ()


@dataclass(frozen=True)
class DetailsForm:
    """The day a return describes, and its protective marking."""

    as_at: DateEntry = field(default_factory=DateEntry)
    marking: str = Marking.OFFICIAL
    problems: Problems = ()

    def message(self, name: str) -> str | None:
        """What is wrong with a field, or with one of the boxes of a date; or None."""
        return message_of(self.problems, name)


def message_of(problems: Problems, name: str) -> str | None:
    """The first message for a field or one of its boxes, or None."""
    return next(
        (words for target, words in problems if target == name or target.startswith(f"{name}-")),
        None,
    )


def read_details(posted: Posted) -> DetailsForm:
    """The form of a return's details as posted."""
    as_at, problems = read_date(posted, "as_at")
    marking = _first(posted, "marking")
    if marking not in set(Marking):
        problems = (*problems, ("marking", "Select a protective marking"))
    return DetailsForm(as_at=as_at, marking=marking, problems=problems)


@dataclass(frozen=True)
class ContributorForm:
    """Somebody to share a return with."""

    name: str = ""
    post: str = ""
    email: str = ""
    may_sign: bool = False
    sections: frozenset[str] = frozenset()
    problems: Problems = ()

    def message(self, name: str) -> str | None:
        """What is wrong with one field, or None."""
        return message_of(self.problems, name)


def read_contributor(posted: Posted) -> ContributorForm:
    """The form of a contributor as posted; what is wrong with it the action says."""
    return ContributorForm(
        name=clean_line(_first(posted, "name")),
        post=clean_line(_first(posted, "post")),
        email=clean_line(_first(posted, "email")),
        may_sign=bool(posted.get("may_sign")),
        sections=frozenset(posted.get("sections", ())),
    )


def form_of(contributor: Contributor) -> ContributorForm:
    """The form that shows a contributor."""
    return ContributorForm(
        name=contributor.name,
        post=contributor.post,
        email=contributor.email,
        may_sign=contributor.may_sign,
        sections=contributor.sections,
    )


@dataclass(frozen=True)
class SignatureForm:
    """Who signs, and when where it was elsewhere."""

    officer: str = ""
    post: str = ""
    signed_on: DateEntry = field(default_factory=DateEntry)
    agreed: bool = False
    problems: Problems = ()

    def message(self, name: str) -> str | None:
        """What is wrong with a field, or with one of the boxes of a date; or None."""
        return message_of(self.problems, name)


def read_signature(posted: Posted) -> SignatureForm:
    """The form of a signature as posted."""
    signed_on, problems = read_date(posted, "signed_on")
    return SignatureForm(
        officer=clean_line(_first(posted, "officer")),
        post=clean_line(_first(posted, "post")),
        signed_on=signed_on,
        agreed=bool(posted.get("agreed")),
        problems=problems,
    )
