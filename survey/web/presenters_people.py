"""What the list of people who have not finished shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey.data.unfinished import UnfinishedPerson
from survey.web.presenters_rounds import RoundHead

PAGE_SIZE = 100


@dataclass(frozen=True)
class PersonLine:
    """Somebody to remind: a name or post, an address, the agency, and a note."""

    name: str
    email: str
    agency: str
    note: str


@dataclass(frozen=True)
class PeoplePage:
    """People invited who have not sent in their answers; of one agency where `agency_id` is set."""

    head: RoundHead
    agency_id: str
    agency: str
    total: int
    people: tuple[PersonLine, ...]
    page: int
    pages: int


def people_page(
    head: RoundHead,
    *,
    rows: Sequence[UnfinishedPerson],
    agency_id: str,
    total: int,
    page: int,
    pages: int,
) -> PeoplePage:
    """One page of the list."""
    return PeoplePage(
        head=head,
        agency_id=agency_id,
        agency=rows[0].agency if agency_id and rows else "",
        total=total,
        people=tuple(
            PersonLine(
                name=row.label or "No name kept",
                email=row.email,
                agency=row.agency,
                note="" if row.gets_reminders else "Gets no reminders",
            )
            for row in rows
        ),
        page=page,
        pages=pages,
    )
