"""Agencies, and which of them are asked to take part in a round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.orm import Session

from survey.data import register
from survey.data.base import new_id
from survey.data.models import (
    Agency,
    AnswersBy,
    Invitation,
    InvitedAgency,
    InvitedNumber,
    Response,
    Review,
    Round,
)
from survey.errors import NotFound

NAMES_AT_ONCE = 500

__all__ = [
    "AgencyOfRound",
    "AnswersBy",
    "add_agencies",
    "add_agency",
    "add_invited_agencies",
    "add_invited_agency",
    "add_invited_numbers",
    "count_of_round",
    "find_agencies",
    "get_invited_agency",
    "get_of_round",
    "invited_numbers",
    "list_agency_names",
    "list_invited_agencies",
    "list_of_round",
    "list_sectors_of_round",
    "remove_invited_agency",
    "set_expected",
    "set_invited_numbers",
]


def find_agencies(session: Session, *, names: Sequence[str]) -> dict[str, Agency]:
    """Those of the named agencies that are known, by name."""
    known: dict[str, Agency] = {}
    for start in range(0, len(names), NAMES_AT_ONCE):
        some = names[start : start + NAMES_AT_ONCE]
        found = session.scalars(select(Agency).where(Agency.name.in_(some)).order_by(Agency.name))
        known.update((agency.name, agency) for agency in found)
    return known


def list_agency_names(session: Session) -> list[str]:
    """The name of every agency of every council, in order."""
    return list(session.scalars(select(Agency.name).order_by(Agency.name)))


def add_agency(session: Session, *, name: str, sector: str) -> Agency:
    """Stores a new agency."""
    agency = Agency(name=name, sector=sector)
    session.add(agency)
    session.flush()
    return agency


def list_invited_agencies(session: Session, *, round_id: str) -> list[tuple[InvitedAgency, Agency]]:
    """The agencies asked to take part in a round, by name."""
    rows = session.execute(
        select(InvitedAgency, Agency)
        .join(Agency, Agency.id == InvitedAgency.agency_id)
        .where(InvitedAgency.round_id == round_id)
        .order_by(Agency.name)
    )
    return [(invited, agency) for invited, agency in rows]


def add_invited_agency(
    session: Session, *, round_id: str, agency_id: str, expected: bool
) -> InvitedAgency:
    """Asks an agency to take part in a round, and puts it on the register of the council."""
    invited = InvitedAgency(round_id=round_id, agency_id=agency_id, expected=expected)
    session.add(invited)
    session.flush()
    council_id = session.scalars(
        select(Review.council_id)
        .join(Round, Round.review_id == Review.id)
        .where(Round.id == round_id)
    ).one()
    register.put_on_register(session, council_id=council_id, agency_ids=[agency_id])
    return invited


def add_agencies(session: Session, *, new: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Stores new agencies, each a name and a sector; returns name to id."""
    made = [Agency(id=new_id(), name=name, sector=sector) for name, sector in new]
    session.add_all(made)
    session.flush()
    return {agency.name: agency.id for agency in made}


def add_invited_agencies(
    session: Session, *, round_id: str, council_id: str, agency_ids: Sequence[str]
) -> dict[str, InvitedAgency]:
    """As `add_invited_agency` for many at once; returns the id of the agency to its place."""
    made = [
        InvitedAgency(
            id=new_id(),
            round_id=round_id,
            agency_id=agency_id,
            expected=True,
            contact_name="",
            contact_email="",
        )
        for agency_id in agency_ids
    ]
    session.add_all(made)
    session.flush()
    register.put_on_register(session, council_id=council_id, agency_ids=agency_ids)
    return {row.agency_id: row for row in made}


def add_invited_numbers(session: Session, *, numbers: Mapping[str, Mapping[str, int]]) -> None:
    """Stores how many were asked of agencies of which nothing is known yet."""
    session.add_all(
        InvitedNumber(invited_agency_id=invited_agency_id, level=level, invited=invited)
        for invited_agency_id, by_level in numbers.items()
        for level, invited in by_level.items()
    )
    session.flush()


def invited_numbers(session: Session, *, round_id: str) -> dict[str, dict[str, int]]:
    """How many were asked: id of the invited agency, to level ("" for all), to number."""
    rows = session.execute(
        select(InvitedNumber.invited_agency_id, InvitedNumber.level, InvitedNumber.invited)
        .join(InvitedAgency, InvitedAgency.id == InvitedNumber.invited_agency_id)
        .where(InvitedAgency.round_id == round_id)
        .order_by(InvitedNumber.invited_agency_id, InvitedNumber.level)
    )
    numbers: dict[str, dict[str, int]] = {}
    for invited_agency_id, level, invited in rows:
        numbers.setdefault(invited_agency_id, {})[level] = invited
    return numbers


def set_invited_numbers(
    session: Session, *, invited_agency_id: str, numbers: dict[str, int]
) -> None:
    """Replaces what is known of how many people of an agency were asked."""
    known = session.scalars(
        select(InvitedNumber).where(InvitedNumber.invited_agency_id == invited_agency_id)
    )
    before = {number.level: number for number in known}
    for level, number in before.items():
        if level not in numbers:
            session.delete(number)
    for level, invited in numbers.items():
        if level in before:
            before[level].invited = invited
        else:
            session.add(
                InvitedNumber(invited_agency_id=invited_agency_id, level=level, invited=invited)
            )
    session.flush()


def set_expected(session: Session, *, invited_agency_id: str, expected: bool) -> None:
    """Says whether an invited agency's silence would matter."""
    session.get_one(InvitedAgency, invited_agency_id).expected = expected
    session.flush()


@dataclass(frozen=True)
class AgencyOfRound:
    """An agency asked to take part in a round, with what is known of it.

    `invited` is the number of people asked, over all levels, or None where it is not stated.
    `links` counts the personal links that have not been withdrawn.
    """

    id: str
    agency_id: str
    name: str
    sector: str
    expected: bool
    contact_name: str
    contact_email: str
    answers_by: AnswersBy
    return_because: str
    invited: int | None
    links: int
    answered: int

    @property
    def people(self) -> int:
        """How many people were asked, as far as is known."""
        return self.links if self.invited is None else self.invited


def _of_round(round_id: str) -> Select[*tuple[Any, ...]]:
    invited = (
        select(func.sum(InvitedNumber.invited))
        .where(InvitedNumber.invited_agency_id == InvitedAgency.id)
        .correlate(InvitedAgency)
        .scalar_subquery()
    )
    links = (
        select(func.count())
        .where(
            Invitation.invited_agency_id == InvitedAgency.id, Invitation.revoked_at_utc.is_(None)
        )
        .correlate(InvitedAgency)
        .scalar_subquery()
    )
    answered = (
        select(func.count())
        .where(
            Response.round_id == InvitedAgency.round_id,
            Response.agency_id == InvitedAgency.agency_id,
        )
        .correlate(InvitedAgency)
        .scalar_subquery()
    )
    return (
        select(
            InvitedAgency.id,
            InvitedAgency.agency_id,
            Agency.name,
            Agency.sector,
            InvitedAgency.expected,
            InvitedAgency.contact_name,
            InvitedAgency.contact_email,
            InvitedAgency.answers_by,
            InvitedAgency.return_because,
            invited,
            links,
            answered,
        )
        .join(Agency, Agency.id == InvitedAgency.agency_id)
        .where(InvitedAgency.round_id == round_id)
    )


def _matching(sector: str, search: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if sector:
        conditions.append(Agency.sector == sector)
    if search:
        conditions.append(register.contains(Agency.name, search))
    return conditions


def _agency_of_round(row: Sequence[Any]) -> AgencyOfRound:
    values = list(row)
    values[7] = AnswersBy(values[7])
    return AgencyOfRound(*values)


def list_of_round(
    session: Session,
    *,
    round_id: str,
    sector: str = "",
    search: str = "",
    offset: int = 0,
    limit: int | None = None,
) -> list[AgencyOfRound]:
    """The agencies asked to take part in a round: by sector, then by name."""
    rows = session.execute(
        _of_round(round_id)
        .where(*_matching(sector, search))
        .order_by(*register.in_order())
        .offset(offset)
        .limit(limit)
    )
    return [_agency_of_round(row) for row in rows]


def count_of_round(session: Session, *, round_id: str, sector: str = "", search: str = "") -> int:
    """How many agencies `list_of_round` would list in all."""
    found = session.scalar(
        select(func.count())
        .select_from(InvitedAgency)
        .join(Agency, Agency.id == InvitedAgency.agency_id)
        .where(InvitedAgency.round_id == round_id, *_matching(sector, search))
    )
    return found or 0


def get_of_round(session: Session, *, round_id: str, invited_agency_id: str) -> AgencyOfRound:
    """An agency asked to take part in a round. Raises NotFound."""
    row = session.execute(
        _of_round(round_id).where(InvitedAgency.id == invited_agency_id)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such agency in this round.")
    return _agency_of_round(row)


def list_sectors_of_round(session: Session, *, round_id: str) -> dict[str, int]:
    """The sectors of the agencies asked to take part, each to how many there are."""
    rows = session.execute(
        select(Agency.sector, func.count())
        .join(InvitedAgency, InvitedAgency.agency_id == Agency.id)
        .where(InvitedAgency.round_id == round_id)
        .group_by(Agency.sector)
        .order_by(Agency.sector)
    )
    return {row[0]: row[1] for row in rows}


def get_invited_agency(session: Session, *, round_id: str, invited_agency_id: str) -> InvitedAgency:
    """An invited agency, held until the commit. Raises NotFound."""
    found = session.scalars(
        select(InvitedAgency)
        .where(InvitedAgency.id == invited_agency_id, InvitedAgency.round_id == round_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound("There is no such agency in this round.")
    return found


def remove_invited_agency(session: Session, *, invited_agency_id: str) -> None:
    """Takes an agency out of a round, with its numbers, links and questionnaires begun."""
    session.execute(delete(InvitedAgency).where(InvitedAgency.id == invited_agency_id))
