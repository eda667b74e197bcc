"""The register: which agencies serve a council, by sector. An agency may serve several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from question_banks.bank import Sector
from survey.data.models import (
    Agency,
    AgencyCouncil,
    FormerName,
    InvitedAgency,
    Review,
    Round,
)
from survey.errors import NotFound

__all__ = [
    "Agency",
    "RegisteredAgency",
    "_conditions",
    "add_former_name",
    "contains",
    "count_register",
    "count_rounds",
    "drop_former_name",
    "find_renamed",
    "get_registered",
    "in_order",
    "list_former_names",
    "list_not_invited",
    "list_register",
    "list_served",
    "lock_agency",
    "put_on_register",
    "take_off_register",
]

IDS_AT_ONCE = 500
_ESCAPE = "\\"


@dataclass(frozen=True)
class RegisteredAgency:
    """An agency of a council's register. `rounds` counts that council's rounds it was asked to
    take part in, `councils` all the councils it serves.
    """

    id: str
    name: str
    sector: str
    rounds: int
    councils: int


def contains(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """Whether a column holds a text, whatever the capitals; % and _ stand for themselves."""
    plain = text.lower()
    for special in (_ESCAPE, "%", "_"):
        plain = plain.replace(special, _ESCAPE + special)
    return func.lower(column).like(f"%{plain}%", escape=_ESCAPE)


def in_order() -> tuple[ColumnElement[Any], ...]:
    """How agencies are listed: by sector, in the order of the list of sectors, then by name."""
    places = {sector.value: place for place, sector in enumerate(Sector)}
    return (case(places, value=Agency.sector, else_=len(places)), Agency.name.expression)


def list_register(
    session: Session,
    *,
    council_id: str,
    sector: str = "",
    search: str = "",
    offset: int = 0,
    limit: int = 100,
) -> list[RegisteredAgency]:
    """Agencies that serve a council: by sector, then by name."""
    rounds = (
        select(func.count())
        .select_from(InvitedAgency)
        .join(Round, Round.id == InvitedAgency.round_id)
        .join(Review, Review.id == Round.review_id)
        .where(InvitedAgency.agency_id == Agency.id, Review.council_id == council_id)
        .scalar_subquery()
    )
    served = (
        select(func.count())
        .where(AgencyCouncil.agency_id == Agency.id)
        .correlate(Agency)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Agency.id, Agency.name, Agency.sector, rounds, served)
        .where(*_conditions(council_id, sector, search))
        .order_by(*in_order())
        .offset(offset)
        .limit(limit)
    )
    return [RegisteredAgency(*row) for row in rows]


def count_register(session: Session, *, council_id: str, sector: str = "", search: str = "") -> int:
    """How many agencies `list_register` would list in all."""
    found = session.scalar(
        select(func.count()).select_from(Agency).where(*_conditions(council_id, sector, search))
    )
    return found or 0


def _conditions(council_id: str, sector: str, search: str) -> list[ColumnElement[bool]]:
    on_register = select(AgencyCouncil.agency_id).where(AgencyCouncil.council_id == council_id)
    conditions: list[ColumnElement[bool]] = [Agency.id.in_(on_register)]
    if sector:
        conditions.append(Agency.sector == sector)
    if search:
        conditions.append(contains(Agency.name, search))
    return conditions


def list_not_invited(session: Session, *, council_id: str, round_id: str) -> list[Agency]:
    """Agencies on a council's register that a round has not asked: by sector, then by name."""
    asked = select(InvitedAgency.agency_id).where(InvitedAgency.round_id == round_id)
    return list(
        session.scalars(
            select(Agency)
            .where(*_conditions(council_id, "", ""), Agency.id.not_in(asked))
            .order_by(*in_order())
        )
    )


def get_registered(session: Session, *, council_id: str, agency_id: str) -> Agency:
    """An agency on a council's register. Raises NotFound."""
    agency = session.scalars(
        select(Agency)
        .join(AgencyCouncil, AgencyCouncil.agency_id == Agency.id)
        .where(Agency.id == agency_id, AgencyCouncil.council_id == council_id)
    ).one_or_none()
    if agency is None:
        raise NotFound("There is no such agency, or it does not serve this council.")
    return agency


def lock_agency(session: Session, *, agency_id: str) -> Agency:
    """The agency as it is now, held until the commit."""
    return session.scalars(
        select(Agency)
        .where(Agency.id == agency_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def list_served(session: Session, *, agency_id: str) -> list[str]:
    """The ids of the councils an agency serves, in order."""
    return list(
        session.scalars(
            select(AgencyCouncil.council_id)
            .where(AgencyCouncil.agency_id == agency_id)
            .order_by(AgencyCouncil.council_id)
        )
    )


def put_on_register(session: Session, *, council_id: str, agency_ids: Sequence[str]) -> int:
    """Says that agencies serve a council; returns how many were not said to before."""
    wanted = list(dict.fromkeys(agency_ids))
    known: set[str] = set()
    for start in range(0, len(wanted), IDS_AT_ONCE):
        some = wanted[start : start + IDS_AT_ONCE]
        known.update(
            session.scalars(
                select(AgencyCouncil.agency_id).where(
                    AgencyCouncil.council_id == council_id, AgencyCouncil.agency_id.in_(some)
                )
            )
        )
    new = [one for one in wanted if one not in known]
    session.add_all(AgencyCouncil(agency_id=one, council_id=council_id) for one in new)
    session.flush()
    return len(new)


def take_off_register(session: Session, *, council_id: str, agency_id: str) -> None:
    """Says that an agency no longer serves a council. What it answered before stays."""
    session.execute(
        delete(AgencyCouncil).where(
            AgencyCouncil.agency_id == agency_id, AgencyCouncil.council_id == council_id
        )
    )


def count_rounds(session: Session, *, agency_id: str, council_id: str) -> int:
    """How many rounds of a council have asked an agency to take part."""
    found = session.scalar(
        select(func.count())
        .select_from(InvitedAgency)
        .join(Round, Round.id == InvitedAgency.round_id)
        .join(Review, Review.id == Round.review_id)
        .where(InvitedAgency.agency_id == agency_id, Review.council_id == council_id)
    )
    return found or 0


def list_former_names(session: Session, *, agency_id: str) -> list[str]:
    """The names an agency had before, in order."""
    return list(
        session.scalars(
            select(FormerName.name)
            .where(FormerName.agency_id == agency_id)
            .order_by(FormerName.name)
        )
    )


def find_renamed(session: Session, *, names: Sequence[str]) -> dict[str, Agency]:
    """Those of the names that an agency had before, to that agency."""
    found: dict[str, Agency] = {}
    for start in range(0, len(names), IDS_AT_ONCE):
        rows = session.execute(
            select(FormerName.name, Agency)
            .join(Agency, Agency.id == FormerName.agency_id)
            .where(FormerName.name.in_(names[start : start + IDS_AT_ONCE]))
        )
        found.update((name, agency) for name, agency in rows)
    return found


def add_former_name(session: Session, *, agency_id: str, name: str) -> None:
    """Keeps a name that an agency had; a name that is used again is no former one."""
    session.execute(delete(FormerName).where(FormerName.name == name))
    session.add(FormerName(name=name, agency_id=agency_id))
    session.flush()


def drop_former_name(session: Session, *, name: str) -> None:
    """Forgets a former name, because an agency has it now."""
    session.execute(delete(FormerName).where(FormerName.name == name))
