"""What was answered in a return: versions, which are only added to, and answers that are held."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from question_banks.conditions import Value
from survey.data.models import Chosen, HeldBecause, ReturnConflict, ReturnVersion
from survey.errors import NotFound

__all__ = [
    "Chosen",
    "HeldAnswer",
    "HeldBecause",
    "StoredVersion",
    "add_version",
    "count_held",
    "get_held",
    "hold",
    "list_held",
    "list_newest",
    "list_versions",
    "settle_held",
]


@dataclass(frozen=True)
class StoredVersion:
    """One version of an answer, who saved it and when. `round_id` is None in the core."""

    id: str
    round_id: str | None
    question: str
    number: int
    value: Value
    not_applicable: str
    carried_from: str | None
    contributor_id: str | None
    account_id: str | None
    name: str
    at: datetime


@dataclass(frozen=True)
class HeldAnswer:
    """An answer that could not become the newest version, until somebody chooses."""

    id: str
    round_id: str | None
    question: str
    because: HeldBecause
    base: int
    value: Value
    not_applicable: str
    contributor_id: str | None
    account_id: str | None
    name: str
    at: datetime
    chosen: Chosen | None
    resolved_at: datetime | None
    resolved_by: str


_VERSION = (
    ReturnVersion.id,
    ReturnVersion.round_id,
    ReturnVersion.question,
    ReturnVersion.number,
    ReturnVersion.value,
    ReturnVersion.not_applicable,
    ReturnVersion.carried_from,
    ReturnVersion.contributor_id,
    ReturnVersion.account_id,
    ReturnVersion.name,
    ReturnVersion.at_utc,
)


def _of_part(column: Any, round_id: str | None) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.is_(None) if round_id is None else column == round_id
    return found


_NEWEST_NUMBERS = (
    select(
        ReturnVersion.round_id,
        ReturnVersion.question,
        func.max(ReturnVersion.number).label("number"),
    )
    .where(ReturnVersion.return_id == bindparam("return_id"))
    .group_by(ReturnVersion.round_id, ReturnVersion.question)
    .subquery()
)
_NEWEST: Select[*tuple[Any, ...]] = (
    select(*_VERSION)
    .join(
        _NEWEST_NUMBERS,
        and_(
            _NEWEST_NUMBERS.c.question == ReturnVersion.question,
            _NEWEST_NUMBERS.c.number == ReturnVersion.number,
            or_(
                _NEWEST_NUMBERS.c.round_id == ReturnVersion.round_id,
                and_(_NEWEST_NUMBERS.c.round_id.is_(None), ReturnVersion.round_id.is_(None)),
            ),
        ),
    )
    .where(ReturnVersion.return_id == bindparam("return_id"))
    .order_by(ReturnVersion.question, ReturnVersion.round_id)
)
"""Built once: it runs for every page of a return, and building costs as much as running."""


def list_newest(session: Session, *, return_id: str) -> list[StoredVersion]:
    """The newest version of every answer of a return, of the core and of every round."""
    rows = session.execute(_NEWEST, {"return_id": return_id})
    return [StoredVersion(*row) for row in rows]


def list_versions(
    session: Session,
    *,
    return_id: str,
    round_id: str | None,
    questions: Collection[str],
) -> list[StoredVersion]:
    """Every version of some answers of one part, the oldest first."""
    rows = session.execute(
        select(*_VERSION)
        .where(
            ReturnVersion.return_id == return_id,
            _of_part(ReturnVersion.round_id, round_id),
            ReturnVersion.question.in_(sorted(questions)),
        )
        .order_by(ReturnVersion.question, ReturnVersion.number)
    )
    return [StoredVersion(*row) for row in rows]


def add_version(
    session: Session,
    *,
    return_id: str,
    round_id: str | None,
    question: str,
    number: int,
    value: Value,
    not_applicable: str,
    name: str,
    account_id: str | None,
    contributor_id: str | None,
    now: datetime,
    carried_from: str | None = None,
) -> None:
    """Adds a version. The caller holds the return, and the database refuses a number twice."""
    session.add(
        ReturnVersion(
            return_id=return_id,
            round_id=round_id,
            question=question,
            number=number,
            value=value,
            not_applicable=not_applicable,
            carried_from=carried_from,
            name=name,
            account_id=account_id,
            contributor_id=contributor_id,
            at_utc=now,
        )
    )
    session.flush()


def hold(
    session: Session,
    *,
    return_id: str,
    round_id: str | None,
    question: str,
    because: HeldBecause,
    base: int,
    value: Value,
    not_applicable: str,
    name: str,
    account_id: str | None,
    contributor_id: str | None,
    now: datetime,
) -> str:
    """Holds an answer until somebody chooses; its id."""
    held = ReturnConflict(
        return_id=return_id,
        round_id=round_id,
        question=question,
        because=because,
        base=base,
        value=value,
        not_applicable=not_applicable,
        name=name,
        account_id=account_id,
        contributor_id=contributor_id,
        at_utc=now,
    )
    session.add(held)
    session.flush()
    return held.id


_HELD = (
    ReturnConflict.id,
    ReturnConflict.round_id,
    ReturnConflict.question,
    ReturnConflict.because,
    ReturnConflict.base,
    ReturnConflict.value,
    ReturnConflict.not_applicable,
    ReturnConflict.contributor_id,
    ReturnConflict.account_id,
    ReturnConflict.name,
    ReturnConflict.at_utc,
    ReturnConflict.chosen,
    ReturnConflict.resolved_at_utc,
    ReturnConflict.resolved_by,
)


def _held(row: Any) -> HeldAnswer:
    values = list(row)
    values[3] = HeldBecause(values[3])
    values[11] = Chosen(values[11]) if values[11] is not None else None
    return HeldAnswer(*values)


def list_held(
    session: Session,
    *,
    return_id: str,
    question: str | None = None,
    waiting_only: bool = True,
) -> list[HeldAnswer]:
    """Answers held in a return, the oldest first; also those already chosen between, if asked."""
    query = (
        select(*_HELD)
        .where(ReturnConflict.return_id == return_id)
        .order_by(ReturnConflict.at_utc, ReturnConflict.id)
    )
    if question is not None:
        query = query.where(ReturnConflict.question == question)
    if waiting_only:
        query = query.where(ReturnConflict.chosen.is_(None))
    return [_held(row) for row in session.execute(query)]


def get_held(session: Session, *, return_id: str, held_id: str) -> HeldAnswer:
    """One held answer of a return. Raises NotFound."""
    row = session.execute(
        select(*_HELD).where(ReturnConflict.return_id == return_id, ReturnConflict.id == held_id)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such answer to choose between.")
    return _held(row)


def settle_held(session: Session, *, held_id: str, chosen: Chosen, by: str, now: datetime) -> None:
    """Records what was chosen. The held answer itself stays on record."""
    session.execute(
        update(ReturnConflict)
        .where(ReturnConflict.id == held_id, ReturnConflict.chosen.is_(None))
        .values(chosen=chosen, resolved_at_utc=now, resolved_by=by)
    )


def count_held(session: Session, *, return_id: str) -> int:
    """How many answers of a return wait for somebody to choose."""
    return (
        session.scalar(
            select(func.count())
            .select_from(ReturnConflict)
            .where(ReturnConflict.return_id == return_id, ReturnConflict.chosen.is_(None))
        )
        or 0
    )
