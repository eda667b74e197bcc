"""Councils and the programmes they belong to, as an administrator sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from survey.data.models import Council, Membership, Programme, ProgrammeCouncil, Review, Role, Round
from survey.errors import NotFound


@dataclass(frozen=True)
class CouncilRow:
    """A council, how many manage its reviews, and how many rounds it has."""

    id: str
    slug: str
    name: str
    managers: int
    rounds: int


def list_councils(session: Session) -> list[CouncilRow]:
    """Every council of the installation, by name."""
    managers = (
        select(func.count())
        .select_from(Membership)
        .where(Membership.council_id == Council.id, Membership.role == Role.REVIEW_MANAGER)
        .scalar_subquery()
    )
    rounds = (
        select(func.count())
        .select_from(Round)
        .join(Review, Review.id == Round.review_id)
        .where(Review.council_id == Council.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Council.id, Council.slug, Council.name, managers, rounds).order_by(Council.name)
    )
    return [CouncilRow(*row) for row in rows]


@dataclass(frozen=True)
class ProgrammeRow:
    """A programme and the ids and names of its councils, by name."""

    id: str
    name: str
    councils: tuple[tuple[str, str], ...]


def list_programmes(session: Session) -> list[ProgrammeRow]:
    """Every programme, by name."""
    rows = session.execute(
        select(Programme.id, Programme.name, Council.id, Council.name)
        .outerjoin(ProgrammeCouncil, ProgrammeCouncil.programme_id == Programme.id)
        .outerjoin(Council, Council.id == ProgrammeCouncil.council_id)
        .order_by(Programme.name, Council.name)
    )
    found: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    for id_, name, council_id, council in rows:
        _, members = found.setdefault(id_, (name, []))
        if council_id is not None:
            members.append((council_id, council))
    return [ProgrammeRow(id_, name, tuple(members)) for id_, (name, members) in found.items()]


def get_programme(session: Session, *, programme_id: str) -> ProgrammeRow:
    """One programme. Raises NotFound."""
    for row in list_programmes(session):
        if row.id == programme_id:
            return row
    raise NotFound("There is no such programme.")


def is_name_taken(session: Session, *, name: str, by_other_than: str = "") -> bool:
    """Whether another programme is called that."""
    found = select(Programme.id).where(Programme.name == name, Programme.id != by_other_than)
    return session.scalars(found).first() is not None


def put_programme(
    session: Session, *, programme_id: str | None, name: str, council_ids: Sequence[str]
) -> str:
    """Stores a programme with its councils, a new one without an id; returns its id."""
    if programme_id is None:
        row = Programme(name=name)
        session.add(row)
        session.flush()
    else:
        row = session.get_one(Programme, programme_id)
        row.name = name
    session.execute(delete(ProgrammeCouncil).where(ProgrammeCouncil.programme_id == row.id))
    session.add_all(
        ProgrammeCouncil(programme_id=row.id, council_id=council_id) for council_id in council_ids
    )
    session.flush()
    return row.id
