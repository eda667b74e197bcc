"""Agencies, and which of them are asked to take part in a round."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.data.models import Agency, InvitedAgency, InvitedNumber


def find_agencies(session: Session, *, names: Sequence[str]) -> dict[str, Agency]:
    """Those of the named agencies that are known, by name."""
    found = session.scalars(select(Agency).where(Agency.name.in_(names)).order_by(Agency.name))
    return {agency.name: agency for agency in found}


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
    """Asks an agency to take part in a round."""
    invited = InvitedAgency(round_id=round_id, agency_id=agency_id, expected=expected)
    session.add(invited)
    session.flush()
    return invited


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
