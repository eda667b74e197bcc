"""The agency returns of a round, as its council's review team may see them.

A council reads a return as it was last signed. What is written in it afterwards, because it was
sent back, is the agency's own business until it signs again; versions are never changed, so the
return as signed can always be told.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from question_banks.conditions import Value
from survey.data.models import (
    Agency,
    AgencyReturn,
    AnswersBy,
    InvitedAgency,
    ReturnEvent,
    ReturnEventKind,
    ReturnRound,
    ReturnVersion,
)
from survey.data.returns import ReturnState
from survey.errors import NotFound

SIGNED = (ReturnEventKind.SIGNED, ReturnEventKind.SIGNED_ELSEWHERE)


@dataclass(frozen=True)
class Signing:
    """That a return was signed: who signed on which day, and who put it on record when."""

    at: datetime
    officer: str
    post: str
    signed_on: date
    name: str
    kind: ReturnEventKind


@dataclass(frozen=True)
class RoundReturn:
    """An agency that answers as one in a round, and how far its return is.

    Without a return (`return_id` is "") the agency has not begun. `signed` is the last signing,
    which stands while the return is written on again; `reason` is why it was last sent back.
    """

    agency_id: str
    agency: str
    sector: str
    contact_email: str
    return_id: str = ""
    bank_digest: str = ""
    marking: str = ""
    as_at: date | None = None
    extended_to: datetime | None = None
    state: ReturnState | None = None
    is_sent_back: bool = False
    reason: str = ""
    since: datetime | None = None
    signed: Signing | None = None

    @property
    def is_signed(self) -> bool:
        """Whether it is signed now, and not being written on again."""
        return self.state is ReturnState.SIGNED


_COLUMNS = (
    Agency.id,
    Agency.name,
    Agency.sector,
    InvitedAgency.contact_email,
    AgencyReturn.id,
    AgencyReturn.bank_digest,
    AgencyReturn.marking,
    AgencyReturn.as_at,
    ReturnRound.extended_to_utc,
)


_Found = Select[str, str, str, str, str, str, str, date | None, datetime | None]


def _select(round_id: str) -> _Found:
    return (
        select(*_COLUMNS)
        .select_from(InvitedAgency)
        .join(Agency, Agency.id == InvitedAgency.agency_id)
        .outerjoin(
            ReturnRound,
            and_(
                ReturnRound.round_id == InvitedAgency.round_id,
                ReturnRound.agency_id == InvitedAgency.agency_id,
            ),
        )
        .outerjoin(AgencyReturn, AgencyReturn.id == ReturnRound.return_id)
        .where(InvitedAgency.round_id == round_id)
        .order_by(Agency.name, Agency.id)
    )


def list_round_returns(session: Session, *, round_id: str, everybody: bool) -> list[RoundReturn]:
    """Agencies that answer as one, by name; all invited ones where `everybody` does.

    An agency whose return has begun is among them whatever was agreed since.
    """
    found = _select(round_id)
    if not everybody:
        begun = ReturnRound.return_id.is_not(None)
        found = found.where(or_(InvitedAgency.answers_by == AnswersBy.RETURN, begun))
    return _with_events(session, found)


def get_round_return(session: Session, *, round_id: str, return_id: str) -> RoundReturn:
    """One return given to a round. Raises NotFound for any other."""
    rows = _with_events(session, _select(round_id).where(ReturnRound.return_id == return_id))
    if not rows:
        raise NotFound("There is no such return in this round.")
    return rows[0]


def _with_events(session: Session, query: _Found) -> list[RoundReturn]:
    rows = [
        RoundReturn(
            agency_id=row[0],
            agency=row[1],
            sector=row[2],
            contact_email=row[3],
            return_id=row[4] or "",
            bank_digest=row[5] or "",
            marking=row[6] or "",
            as_at=row[7],
            extended_to=row[8],
        )
        for row in session.execute(query)
    ]
    ids = [row.return_id for row in rows if row.return_id]
    events: dict[str, list[ReturnEvent]] = {}
    if ids:
        for event in session.scalars(
            select(ReturnEvent)
            .where(ReturnEvent.return_id.in_(ids))
            .order_by(ReturnEvent.return_id, ReturnEvent.number)
        ):
            events.setdefault(event.return_id, []).append(event)
    return [_with_event(row, events.get(row.return_id, [])) for row in rows]


def _with_event(row: RoundReturn, events: Sequence[ReturnEvent]) -> RoundReturn:
    if not events:
        return row
    newest = events[-1]
    signings = [event for event in events if event.kind in SIGNED]
    states = {
        ReturnEventKind.SUBMITTED: ReturnState.SUBMITTED,
        ReturnEventKind.SIGNED: ReturnState.SIGNED,
        ReturnEventKind.SIGNED_ELSEWHERE: ReturnState.SIGNED,
    }
    is_sent_back = newest.kind == ReturnEventKind.SENT_BACK
    return replace(
        row,
        state=states.get(ReturnEventKind(newest.kind), ReturnState.WRITING),
        is_sent_back=is_sent_back,
        reason=newest.reason if is_sent_back else "",
        since=newest.at_utc,
        signed=_signing(signings[-1]) if signings else None,
    )


def _signing(event: ReturnEvent) -> Signing:
    assert event.signed_on is not None  # the database holds a signing to that
    return Signing(
        at=event.at_utc,
        officer=event.officer,
        post=event.post,
        signed_on=event.signed_on,
        name=event.name,
        kind=ReturnEventKind(event.kind),
    )


@dataclass(frozen=True)
class SignedAnswer:
    """An answer as it was signed; `round_id` is None in the core."""

    return_id: str
    round_id: str | None
    question: str
    value: Value
    not_applicable: str
    at: datetime
    name: str


def list_signed_answers(
    session: Session, *, round_id: str, return_ids: Collection[str]
) -> list[SignedAnswer]:
    """Answers of returns as last signed: the core, and to this round's own questions; no others.

    By return and question. Answers that were emptied are left out, and returns never signed.
    """
    last = (
        select(ReturnEvent.return_id, func.max(ReturnEvent.at_utc).label("at"))
        .where(ReturnEvent.kind.in_(SIGNED), ReturnEvent.return_id.in_(sorted(return_ids)))
        .group_by(ReturnEvent.return_id)
        .subquery()
    )
    newer, its_last = aliased(ReturnVersion), last.alias()
    is_newer = (
        select(newer.id)
        .join(its_last, its_last.c.return_id == newer.return_id)
        .where(
            newer.return_id == ReturnVersion.return_id,
            newer.question == ReturnVersion.question,
            newer.round_id.is_not_distinct_from(ReturnVersion.round_id),
            newer.number > ReturnVersion.number,
            newer.at_utc <= its_last.c.at,
        )
        .exists()
    )
    rows = session.execute(
        select(
            ReturnVersion.return_id,
            ReturnVersion.round_id,
            ReturnVersion.question,
            ReturnVersion.value,
            ReturnVersion.not_applicable,
            ReturnVersion.at_utc,
            ReturnVersion.name,
        )
        .join(last, last.c.return_id == ReturnVersion.return_id)
        .where(
            ReturnVersion.at_utc <= last.c.at,
            or_(ReturnVersion.round_id.is_(None), ReturnVersion.round_id == round_id),
            ~is_newer,
        )
        .order_by(ReturnVersion.return_id, ReturnVersion.question, ReturnVersion.id)
    )
    found = [SignedAnswer(*row) for row in rows]
    return [one for one in found if one.value not in (None, "", []) or one.not_applicable]


def count_answers(session: Session, *, round_id: str) -> dict[str, int]:
    """Return to how many questions of its core say something now, whatever they say."""
    newer = aliased(ReturnVersion)
    is_newer = (
        select(newer.id)
        .where(
            newer.return_id == ReturnVersion.return_id,
            newer.question == ReturnVersion.question,
            newer.round_id.is_(None),
            newer.number > ReturnVersion.number,
        )
        .exists()
    )
    rows = session.execute(
        select(ReturnVersion.return_id, func.count())
        .join(ReturnRound, ReturnRound.return_id == ReturnVersion.return_id)
        .where(
            ReturnRound.round_id == round_id,
            ReturnVersion.round_id.is_(None),
            ReturnVersion.carried_from.is_(None),
            or_(ReturnVersion.value.is_not(None), ReturnVersion.not_applicable != ""),
            ~is_newer,
        )
        .group_by(ReturnVersion.return_id)
        .order_by(ReturnVersion.return_id)
    )
    return {row[0]: row[1] for row in rows}
