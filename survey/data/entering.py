"""Answers being entered for somebody: the sheets of a round, and what was typed of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, aliased

from survey.data.models import (
    Account,
    Agency,
    EnteredBy,
    Entry,
    Invitation,
    InvitedAgency,
    Response,
    Typing,
)
from survey.errors import NotFound

__all__ = ["EnteredBy", "EntryOfRound", "Typed"]


@dataclass(frozen=True)
class Typed:
    """What one person typed of a sheet. `account` is their name."""

    turn: int
    account_id: str | None
    account: str
    level: str
    answers: dict[str, Any]
    quotable: bool
    done: bool


@dataclass(frozen=True)
class EntryOfRound:
    """One sheet or call being entered. `public_id` is of the invitation it counts for, if any."""

    id: str
    invited_agency_id: str
    agency_id: str
    agency: str
    invitation_id: str | None
    public_id: str
    who: str
    way: str
    reference: str
    twice: bool
    typed: tuple[Typed, ...]

    def by_turn(self, turn: int) -> Typed | None:
        """What was typed in that turn, or None."""
        return next((one for one in self.typed if one.turn == turn), None)


def _rows(session: Session, *conditions: Any) -> list[EntryOfRound]:
    found = session.execute(
        select(
            Entry,
            InvitedAgency.agency_id,
            Agency.name,
            func.coalesce(Invitation.public_id, ""),
            func.coalesce(Invitation.label, ""),
        )
        .join(InvitedAgency, InvitedAgency.id == Entry.invited_agency_id)
        .join(Agency, Agency.id == InvitedAgency.agency_id)
        .outerjoin(Invitation, Invitation.id == Entry.invitation_id)
        .where(*conditions)
        .order_by(Agency.name, Entry.reference, Entry.id)
        .execution_options(populate_existing=True)
    ).all()
    typer = aliased(Account)
    typed: dict[str, list[Typed]] = {}
    for one, name in session.execute(
        select(Typing, typer.name)
        .join(Entry, Entry.id == Typing.entry_id)
        .outerjoin(typer, typer.id == Typing.account_id)
        .where(*conditions)
        .order_by(Typing.turn)
        .execution_options(populate_existing=True)
    ):
        typed.setdefault(one.entry_id, []).append(
            Typed(
                turn=one.turn,
                account_id=one.account_id,
                account=name or "",
                level=one.level,
                answers=dict(one.answers),
                quotable=one.quotable,
                done=one.done,
            )
        )
    return [
        EntryOfRound(
            id=entry.id,
            invited_agency_id=entry.invited_agency_id,
            agency_id=agency_id,
            agency=agency,
            invitation_id=entry.invitation_id,
            public_id=public_id,
            who=who,
            way=entry.way,
            reference=entry.reference,
            twice=entry.twice,
            typed=tuple(typed.get(entry.id, ())),
        )
        for entry, agency_id, agency, public_id, who in found
    ]


def list_entries(session: Session, *, round_id: str) -> list[EntryOfRound]:
    """The sheets of a round that are not sent yet: by agency and reference."""
    return _rows(session, Entry.round_id == round_id)


def count_entries(session: Session, *, round_id: str) -> int:
    """How many sheets of a round are being entered and not sent yet."""
    return session.scalar(select(func.count()).where(Entry.round_id == round_id)) or 0


def get_entry(session: Session, *, round_id: str, entry_id: str) -> EntryOfRound:
    """One sheet of a round. Raises NotFound, also once it was sent."""
    rows = _rows(session, Entry.round_id == round_id, Entry.id == entry_id)
    if not rows:
        raise NotFound("There is no such sheet. It may have been sent or deleted.")
    return rows[0]


def hold_entry(session: Session, *, round_id: str, entry_id: str) -> EntryOfRound:
    """As `get_entry`, held until the commit: two presses of one button come one by one."""
    session.execute(
        select(Entry.id).where(Entry.id == entry_id, Entry.round_id == round_id).with_for_update()
    )
    return get_entry(session, round_id=round_id, entry_id=entry_id)


def add_entry(
    session: Session,
    *,
    round_id: str,
    invited_agency_id: str,
    invitation_id: str | None,
    way: str,
    reference: str,
    twice: bool,
    now: datetime,
) -> str:
    """Stores a sheet to be entered; returns its id."""
    entry = Entry(
        round_id=round_id,
        invited_agency_id=invited_agency_id,
        invitation_id=invitation_id,
        way=way,
        reference=reference,
        twice=twice,
        started_at_utc=now,
    )
    session.add(entry)
    session.flush()
    return entry.id


def count_waiting(session: Session, *, invited_agency_id: str) -> int:
    """How many sheets of an agency will need an invitation of their own when they are sent."""
    found = session.scalar(
        select(func.count()).where(
            Entry.invited_agency_id == invited_agency_id, Entry.invitation_id.is_(None)
        )
    )
    return found or 0


def find_for_invitation(session: Session, *, invitation_id: str) -> str | None:
    """The id of the sheet that is being entered for an invitation, or None."""
    return session.scalars(
        select(Entry.id).where(Entry.invitation_id == invitation_id)
    ).one_or_none()


def add_typing(
    session: Session, *, entry_id: str, turn: int, account_id: str, level: str, now: datetime
) -> None:
    """Begins a turn of typing a sheet."""
    session.add(
        Typing(entry_id=entry_id, turn=turn, account_id=account_id, level=level, saved_at_utc=now)
    )
    session.flush()


def save_typing(
    session: Session,
    *,
    entry_id: str,
    turn: int,
    answers: Mapping[str, Any],
    now: datetime,
    quotable: bool | None = None,
    done: bool | None = None,
) -> None:
    """Replaces what was typed in a turn."""
    row = session.get_one(Typing, (entry_id, turn))
    row.answers = dict(answers)
    row.saved_at_utc = now
    if quotable is not None:
        row.quotable = quotable
    if done is not None:
        row.done = done
    session.flush()


def delete_entry(session: Session, *, entry_id: str) -> None:
    """Deletes a sheet with all that was typed of it."""
    session.execute(delete(Typing).where(Typing.entry_id == entry_id))
    session.execute(delete(Entry).where(Entry.id == entry_id))


def count_entered(session: Session, *, round_id: str) -> dict[str, int]:
    """How many responses of a round came on paper or by telephone. Never by agency or level."""
    rows = session.execute(
        select(Response.entered, func.count())
        .where(Response.round_id == round_id, Response.entered != EnteredBy.SELF)
        .group_by(Response.entered)
        .order_by(Response.entered)
    )
    return {row[0]: row[1] for row in rows}
