"""Agency returns: finding the one asked for, the rounds it is given to, and what happened to it.

Who may see a return stands in the WHERE: somebody else's is not found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, bindparam, func, select, update
from sqlalchemy.orm import Session

from question_banks.bank import Bank
from question_banks.loader import bank_from_json
from survey.data.models import (
    Agency,
    AgencyReturn,
    Marking,
    ReturnEvent,
    ReturnEventKind,
    ReturnRound,
    Round,
)
from survey.data.returns_rounds import (
    RoundOfReturn,
    RoundToAnswer,
    hold_invited,
    led_by,
    list_rounds_to_answer,
    rounds_of,
)
from survey.errors import NotFound

__all__ = [
    "EventOfReturn",
    "Marking",
    "ReturnEventKind",
    "ReturnItem",
    "ReturnState",
    "RoundOfReturn",
    "RoundToAnswer",
    "add_event",
    "add_return",
    "add_to_round",
    "change_details",
    "find_return",
    "get_core_bank",
    "get_return",
    "hold_invited",
    "list_events",
    "list_returns",
    "list_rounds_to_answer",
    "lock_return",
]


class ReturnState(StrEnum):
    """How far a return has come."""

    WRITING = "being written"
    SUBMITTED = "sent for sign-off"
    SIGNED = "signed"


@dataclass(frozen=True)
class EventOfReturn:
    """Something that happened to a return, and who did it."""

    kind: ReturnEventKind
    at: datetime
    name: str
    account_id: str | None
    contributor_id: str | None
    officer: str
    post: str
    signed_on: date | None
    reason: str


@dataclass(frozen=True)
class ReturnItem:
    """A return with its agency, its rounds (the one that ends last first) and its newest event."""

    id: str
    agency_id: str
    agency: str
    sector: str
    bank_id: str
    bank_digest: str
    as_at: date | None
    marking: Marking
    started_at: datetime
    rounds: tuple[RoundOfReturn, ...]
    last_event: EventOfReturn

    @property
    def state(self) -> ReturnState:
        """How far it has come, by its newest event."""
        match self.last_event.kind:
            case ReturnEventKind.SUBMITTED:
                return ReturnState.SUBMITTED
            case ReturnEventKind.SIGNED | ReturnEventKind.SIGNED_ELSEWHERE:
                return ReturnState.SIGNED
            case _:
                return ReturnState.WRITING

    def may_be_written(self, now: datetime) -> bool:
        """Whether answers may be saved: not sent for sign-off, and some round still takes them."""
        return self.state is ReturnState.WRITING and any(
            round_.takes_answers(now) for round_ in self.rounds
        )

    def may_be_signed(self, now: datetime) -> bool:
        """Whether some round still takes a signature."""
        return any(round_.takes_signatures(now) for round_ in self.rounds)


_COLUMNS = (
    AgencyReturn.id,
    AgencyReturn.agency_id,
    Agency.name,
    Agency.sector,
    AgencyReturn.bank_id,
    AgencyReturn.bank_digest,
    AgencyReturn.as_at,
    AgencyReturn.marking,
    AgencyReturn.started_at_utc,
)
"""Without the bank, which is large and read once per process."""


def _returns() -> Select[*tuple[Any, ...]]:
    return select(*_COLUMNS).join(Agency, Agency.id == AgencyReturn.agency_id)


_ONE = _returns().where(AgencyReturn.id == bindparam("return_id"))
"""Built once, as are the other statements of every page: building costs as much as running."""


def get_return(session: Session, *, return_id: str, account_id: str) -> ReturnItem:
    """A return of an agency that the account leads. Raises NotFound for any other."""
    found = _items(session, _returns().where(AgencyReturn.id == return_id, led_by(account_id)))
    if not found:
        raise NotFound("There is no such return, or it is not yours to see.")
    return found[0]


def find_return(session: Session, *, return_id: str) -> ReturnItem | None:
    """A return whoever asks, for those whose right to it is known already; or None."""
    found = _items(session, _ONE, {"return_id": return_id})
    return found[0] if found else None


def list_returns(session: Session, *, account_id: str) -> list[ReturnItem]:
    """The returns of every agency the account leads: by agency, the newest first."""
    return _items(
        session,
        _returns()
        .where(led_by(account_id))
        .order_by(Agency.name, AgencyReturn.started_at_utc.desc(), AgencyReturn.id),
    )


def _items(
    session: Session,
    query: Select[*tuple[Any, ...]],
    values: Mapping[str, str] = MappingProxyType({}),
) -> list[ReturnItem]:
    rows = session.execute(query, values).all()
    ids = [row[0] for row in rows]
    rounds, events = rounds_of(session, ids), _last_events(session, ids)
    return [
        ReturnItem(
            id=row[0],
            agency_id=row[1],
            agency=row[2],
            sector=row[3],
            bank_id=row[4],
            bank_digest=row[5],
            as_at=row[6],
            marking=Marking(row[7]),
            started_at=row[8],
            rounds=tuple(rounds.get(row[0], ())),
            last_event=events[row[0]],
        )
        for row in rows
    ]


_EVENT = (
    ReturnEvent.kind,
    ReturnEvent.at_utc,
    ReturnEvent.name,
    ReturnEvent.account_id,
    ReturnEvent.contributor_id,
    ReturnEvent.officer,
    ReturnEvent.post,
    ReturnEvent.signed_on,
    ReturnEvent.reason,
)


def _event(values: Sequence[Any]) -> EventOfReturn:
    return EventOfReturn(ReturnEventKind(values[0]), *values[1:])


_LAST_NUMBERS = (
    select(ReturnEvent.return_id, func.max(ReturnEvent.number).label("number"))
    .where(ReturnEvent.return_id.in_(bindparam("ids", expanding=True)))
    .group_by(ReturnEvent.return_id)
    .subquery()
)
_LAST_EVENTS = select(ReturnEvent.return_id, *_EVENT).join(
    _LAST_NUMBERS,
    (_LAST_NUMBERS.c.return_id == ReturnEvent.return_id)
    & (_LAST_NUMBERS.c.number == ReturnEvent.number),
)


def _last_events(session: Session, return_ids: Sequence[str]) -> dict[str, EventOfReturn]:
    rows = session.execute(_LAST_EVENTS, {"ids": list(return_ids)})
    return {row[0]: _event(row[1:]) for row in rows}


def list_events(session: Session, *, return_id: str) -> list[EventOfReturn]:
    """What has happened to a return, the oldest first."""
    rows = session.execute(
        select(*_EVENT).where(ReturnEvent.return_id == return_id).order_by(ReturnEvent.number)
    )
    return [_event(row) for row in rows]


def add_event(
    session: Session,
    *,
    return_id: str,
    kind: ReturnEventKind,
    at: datetime,
    name: str,
    account_id: str | None = None,
    contributor_id: str | None = None,
    officer: str = "",
    post: str = "",
    signed_on: date | None = None,
    reason: str = "",
) -> None:
    """Keeps that something happened to a return. The caller holds the return."""
    number = session.scalar(
        select(func.coalesce(func.max(ReturnEvent.number), 0) + 1).where(
            ReturnEvent.return_id == return_id
        )
    )
    session.add(
        ReturnEvent(
            return_id=return_id,
            number=number,
            kind=kind,
            at_utc=at,
            name=name,
            account_id=account_id,
            contributor_id=contributor_id,
            officer=officer,
            post=post,
            signed_on=signed_on,
            reason=reason,
        )
    )
    session.flush()


_banks: dict[str, Bank] = {}
MOST_KEPT = 64


def get_core_bank(session: Session, *, return_id: str, digest: str) -> Bank:
    """The bank of a return. A bank never changes under its digest, so it is kept by that."""
    bank = _banks.get(digest)
    if bank is None:
        text = session.execute(
            select(AgencyReturn.bank_json).where(AgencyReturn.id == return_id)
        ).scalar_one()
        if len(_banks) >= MOST_KEPT:
            _banks.clear()
        bank = _banks[digest] = bank_from_json(text)
    return bank


_HELD_RETURN = (
    select(AgencyReturn.id).where(AgencyReturn.id == bindparam("return_id")).with_for_update()
)
_HELD_ROUNDS = (
    select(Round.id)
    .join(ReturnRound, ReturnRound.round_id == Round.id)
    .where(ReturnRound.return_id == bindparam("return_id"))
    .order_by(Round.id)
    .with_for_update(of=Round, read=True)
)


def lock_return(session: Session, *, return_id: str) -> ReturnItem:
    """A return as it is now, held until the commit: savers and signers come one after the other.

    Its rounds are held too, so that none is closed meanwhile. Raises NotFound.
    """
    values = {"return_id": return_id}
    if session.execute(_HELD_RETURN, values).one_or_none() is None:
        raise NotFound("There is no such return.")
    session.execute(_HELD_ROUNDS, values).all()
    found = find_return(session, return_id=return_id)
    if found is None:
        raise NotFound("There is no such return.")
    return found


def add_return(
    session: Session,
    *,
    agency_id: str,
    bank_id: str,
    bank_digest: str,
    bank_json: str,
    account_id: str | None,
    now: datetime,
) -> str:
    """Stores a new return without answers; its id."""
    made = AgencyReturn(
        agency_id=agency_id,
        bank_id=bank_id,
        bank_digest=bank_digest,
        bank_json=bank_json,
        marking=Marking.OFFICIAL,
        started_at_utc=now,
        started_by=account_id,
    )
    session.add(made)
    session.flush()
    return made.id


def add_to_round(
    session: Session, *, return_id: str, round_id: str, agency_id: str, now: datetime
) -> None:
    """Gives a return to a round as well."""
    session.add(
        ReturnRound(return_id=return_id, round_id=round_id, agency_id=agency_id, joined_at_utc=now)
    )
    session.flush()


def change_details(
    session: Session, *, return_id: str, as_at: date | None, marking: Marking
) -> None:
    """Changes the day a return describes and its protective marking."""
    session.execute(
        update(AgencyReturn)
        .where(AgencyReturn.id == return_id)
        .values(as_at=as_at, marking=marking)
    )
