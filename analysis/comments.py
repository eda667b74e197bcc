"""What in a comment may give somebody away, flagged for a person to look at, and its removal.

Flags are a help and no promise: a person reads every comment before anybody else does. Flags say
where and what kind; `redact` puts the marks in. Nothing here keeps or logs a comment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from analysis import names as people
from analysis import patterns


class FlagKind(StrEnum):
    """What a flagged part of a comment looks like."""

    EMAIL = "email"
    URL = "url"
    PHONE = "phone"
    POSTCODE = "postcode"
    NHS_NUMBER = "nhs_number"
    NI_NUMBER = "ni_number"
    VEHICLE = "vehicle"
    DATE_OF_BIRTH = "date_of_birth"
    DATE = "date"
    REFERENCE = "reference"
    NAME = "name"
    JOB_TITLE = "job_title"
    AGE = "age"
    DISCLOSURE = "disclosure"
    OTHER = "other"


KIND_TITLES: Final[dict[FlagKind, str]] = {
    FlagKind.EMAIL: "E-mail address",
    FlagKind.URL: "Web address",
    FlagKind.PHONE: "Phone number",
    FlagKind.POSTCODE: "Postcode",
    FlagKind.NHS_NUMBER: "NHS number",
    FlagKind.NI_NUMBER: "National Insurance number",
    FlagKind.VEHICLE: "Vehicle registration",
    FlagKind.DATE_OF_BIRTH: "Date of birth",
    FlagKind.DATE: "Full date",
    FlagKind.REFERENCE: "Case or reference number",
    FlagKind.NAME: "Name of a person",
    FlagKind.JOB_TITLE: "Post that one person holds",
    FlagKind.AGE: "Age of a child",
    FlagKind.DISCLOSURE: "May be about harm to a child: read this first",
    FlagKind.OTHER: "Marked by a person",
}

NAME_MARK: Final = "[name removed]"
JOB_TITLE_MARK: Final = "[job title removed]"
DETAILS_MARK: Final = "[details removed]"


@dataclass(frozen=True, order=True)
class Flag:
    """A part of a comment, from `start` up to but not including `end`, and its `words`."""

    start: int
    end: int
    kind: FlagKind
    words: str


_FINDERS: Final = (
    (FlagKind.EMAIL, patterns.find_emails),
    (FlagKind.URL, patterns.find_urls),
    (FlagKind.NHS_NUMBER, patterns.find_nhs_numbers),
    (FlagKind.NI_NUMBER, patterns.find_ni_numbers),
    (FlagKind.PHONE, patterns.find_phones),
    (FlagKind.POSTCODE, patterns.find_postcodes),
    (FlagKind.VEHICLE, patterns.find_vehicles),
    (FlagKind.DATE_OF_BIRTH, patterns.find_dates_of_birth),
    (FlagKind.DATE, patterns.find_dates),
    (FlagKind.REFERENCE, patterns.find_references),
    (FlagKind.NAME, people.find_with_title),
    (FlagKind.JOB_TITLE, people.find_posts),
    (FlagKind.AGE, patterns.find_ages),
)


def flag(text: str, *, names: Iterable[str] = ()) -> tuple[Flag, ...]:
    """Everything in `text` that a person should look at before it is released, in order.

    `names` are the round's own: people invited or otherwise known to it. A flag that lies within
    another is left out, except that a possible disclosure is always kept.

    >>> [(found.kind.value, found.words) for found in flag("Ask Mrs Oakapple on 01632 960123.")]
    [('name', 'Mrs Oakapple'), ('phone', '01632 960123')]
    """
    found = [
        Flag(start, end, kind, text[start:end])
        for kind, find in _FINDERS
        for start, end in find(text)
    ]
    found += [
        Flag(start, end, FlagKind.NAME, text[start:end])
        for start, end in people.find_listed(text, names)
    ]
    kept = list(_outermost(found))
    kept += [
        Flag(start, end, FlagKind.DISCLOSURE, text[start:end])
        for start, end in patterns.find_disclosures(text)
    ]
    return tuple(sorted(kept))


def _outermost(flags: list[Flag]) -> Iterator[Flag]:
    """The flags that lie in no other; of two with the same place, the first found."""
    reached = 0
    for one in sorted(flags, key=lambda one: (one.start, -one.end)):
        if one.end > reached:
            yield one
            reached = one.end


def redact(text: str, flags: Iterable[Flag]) -> str:
    """`text` with each flagged part replaced by the mark of its kind.

    Flags that overlap, or that stand side by side with the same mark, become one mark; of
    overlapping ones the longest chooses it. A possible disclosure has no mark: taking out a word
    would hide it from those who must act. Raises ValueError when a flag belongs to another text,
    since its removal would leave in what it was to take out.

    >>> comment = "Ask Mrs Oakapple on 01632 960123."
    >>> redact(comment, flag(comment))
    'Ask [name removed] on [details removed].'
    """
    pieces: list[str] = []
    done = 0
    for start, end, mark in _merged(text, flags):
        pieces += [text[done:start], mark]
        done = end
    return "".join([*pieces, text[done:]])


def _merged(text: str, flags: Iterable[Flag]) -> Iterator[tuple[int, int, str]]:
    start, end, mark, length = 0, 0, "", 0
    for one in sorted(flags):
        if not 0 <= one.start < one.end <= len(text) or text[one.start : one.end] != one.words:
            raise ValueError("These flags are of another text.")
        if one.kind is FlagKind.DISCLOSURE:
            continue
        own, size = _mark(one.kind), one.end - one.start
        beside = own == mark and text[end : one.start].strip(" ") == ""
        if mark and (one.start < end or beside):
            end = max(end, one.end)
            if size > length:
                mark, length = own, size
            continue
        if mark:
            yield start, end, mark
        start, end, mark, length = one.start, one.end, own, size
    if mark:
        yield start, end, mark


def _mark(kind: FlagKind) -> str:
    return {FlagKind.NAME: NAME_MARK, FlagKind.JOB_TITLE: JOB_TITLE_MARK}.get(kind, DETAILS_MARK)
