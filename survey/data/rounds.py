"""Rounds: which state one is in, and which rounds an account may see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, bindparam, exists, false, or_, select
from sqlalchemy.orm import Session

from survey.data.models import (
    Account,
    Council,
    InvitedAgency,
    Membership,
    ProgrammeCouncil,
    Review,
    Role,
    Round,
    RoundEvent,
    RoundEventKind,
)
from survey.data.round_state import RoundState, round_state
from survey.errors import NotFound

__all__ = [
    "EventOfRound",
    "RoundEventKind",
    "RoundOfCouncil",
    "RoundState",
    "add_event",
    "get_round",
    "get_round_by_slug",
    "list_councils",
    "list_events",
    "list_rounds",
    "lock_for_answering",
    "lock_for_change",
    "state_of",
]


def state_of(round_: Round, now: datetime) -> RoundState:
    """The state of a round at a time."""
    return round_state(
        opens_at=round_.opens_at_utc,
        closes_at=round_.closes_at_utc,
        launched_at=round_.launched_at_utc,
        closed_at=round_.closed_at_utc,
        withdrawn_at=round_.withdrawn_at_utc,
        now=now,
    )


@dataclass(frozen=True)
class RoundOfCouncil:
    """A round with the review and the council it belongs to."""

    round: Round
    review: Review
    council: Council


def _with_council() -> Select[Round, Review, Council]:
    return (
        select(Round, Review, Council)
        .join(Review, Round.review_id == Review.id)
        .join(Council, Review.council_id == Council.id)
    )


OF_ROUNDS = frozenset(
    {Role.REVIEW_MANAGER, Role.TEAM_MEMBER, Role.COUNCIL_OFFICER, Role.REGIONAL_LEAD}
)
"""The roles that some page of a round is open to. An administrator sees none."""


def _seen_by(account_id: str, roles: Collection[str]) -> ColumnElement[bool]:
    """Whether an account holds one of the roles for a round's council, review or agencies."""
    own = Membership.account_id == account_id
    conditions = []
    for_council = sorted({Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER, Role.REGIONAL_LEAD} & {*roles})
    if for_council:
        conditions.append(
            exists().where(
                own, Membership.role.in_(for_council), Membership.council_id == Review.council_id
            )
        )
    if Role.TEAM_MEMBER in roles:
        conditions.append(
            exists().where(
                own, Membership.role == Role.TEAM_MEMBER, Membership.review_id == Review.id
            )
        )
    if Role.REGIONAL_LEAD in roles:
        conditions.append(
            exists().where(
                own,
                Membership.role == Role.REGIONAL_LEAD,
                Membership.programme_id == ProgrammeCouncil.programme_id,
                ProgrammeCouncil.council_id == Review.council_id,
            )
        )
    if Role.AGENCY_LEAD in roles:
        conditions.append(
            exists().where(
                own,
                Membership.role == Role.AGENCY_LEAD,
                Membership.agency_id == InvitedAgency.agency_id,
                InvitedAgency.round_id == Round.id,
            )
        )
    return or_(false(), *conditions)


def list_rounds(
    session: Session, *, account_id: str, roles: Collection[str] = OF_ROUNDS
) -> list[RoundOfCouncil]:
    """The rounds the account may see in one of those roles: by council, the newest first."""
    rows = session.execute(
        _with_council()
        .where(_seen_by(account_id, roles))
        .order_by(Council.name, Round.opens_at_utc.desc(), Round.slug)
    )
    return [RoundOfCouncil(round_, review, council) for round_, review, council in rows]


def list_councils(
    session: Session, *, account_id: str, roles: Collection[str] = (Role.REVIEW_MANAGER,)
) -> list[Council]:
    """The councils for which the account itself holds one of those roles, by name."""
    held = exists().where(
        Membership.account_id == account_id,
        Membership.role.in_(sorted(roles)),
        Membership.council_id == Council.id,
    )
    return list(session.scalars(select(Council).where(held).order_by(Council.name)))


def get_round(
    session: Session,
    *,
    slug: str,
    account_id: str,
    roles: Collection[str] = (Role.REVIEW_MANAGER,),
) -> RoundOfCouncil:
    """A round the account may see in one of those roles. Raises NotFound for any other."""
    row = session.execute(
        _with_council().where(Round.slug == slug, _seen_by(account_id, roles))
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such round, or it is not yours to see.")
    round_, review, council = row
    return RoundOfCouncil(round_, review, council)


def get_round_by_slug(session: Session, *, slug: str) -> RoundOfCouncil:
    """A round by its name in commands, whoever asks. Raises NotFound."""
    row = session.execute(_with_council().where(Round.slug == slug)).one_or_none()
    if row is None:
        raise NotFound(f"There is no round called {slug!r}.")
    round_, review, council = row
    return RoundOfCouncil(round_, review, council)


def get_round_by_id(session: Session, *, round_id: str) -> RoundOfCouncil:
    """A round by its id, for jobs. Raises NotFound."""
    row = session.execute(_with_council().where(Round.id == round_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such round.")
    round_, review, council = row
    return RoundOfCouncil(round_, review, council)


# On SQLite a writing transaction holds the whole database, and FOR UPDATE is left out.
# Only the id is read where answers are saved, because the round's copy of its bank is large.
_ANSWERED = select(Round.id).where(Round.id == bindparam("round_id")).with_for_update(read=True)


def lock_for_change(session: Session, *, round_id: str) -> Round:
    """The round as it is now, held so that nobody submits to it or changes it until the commit."""
    found = session.scalars(
        select(Round)
        .where(Round.id == round_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound("There is no such round.")
    return found


def lock_for_answering(session: Session, *, round_id: str) -> None:
    """Holds a round, so that it cannot be closed until the commit.

    Several submissions may hold it at once. The state must be asked for after this, not before.
    """
    if session.execute(_ANSWERED, {"round_id": round_id}).one_or_none() is None:
        raise NotFound("There is no such round.")


def add_event(
    session: Session,
    *,
    round_id: str,
    kind: RoundEventKind,
    at: datetime,
    account_id: str | None,
    reason: str = "",
) -> RoundEvent:
    """Keeps that something happened to a round."""
    event = RoundEvent(
        round_id=round_id, kind=kind, at_utc=at, account_id=account_id, reason=reason
    )
    session.add(event)
    session.flush()
    return event


@dataclass(frozen=True)
class EventOfRound:
    """Something that happened to a round, with the name of who did it ("" for a command)."""

    kind: RoundEventKind
    at: datetime
    who: str
    reason: str


def list_events(session: Session, *, round_id: str) -> list[EventOfRound]:
    """What has happened to a round, the oldest first."""
    rows = session.execute(
        select(RoundEvent.kind, RoundEvent.at_utc, Account.name, RoundEvent.reason)
        .outerjoin(Account, Account.id == RoundEvent.account_id)
        .where(RoundEvent.round_id == round_id)
        .order_by(RoundEvent.at_utc, RoundEvent.id)
    )
    return [
        EventOfRound(kind=RoundEventKind(kind), at=at, who=who or "", reason=reason)
        for kind, at, who, reason in rows
    ]
