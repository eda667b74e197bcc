"""Who helps with a return by a link, which sections they share, and the notes they leave."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from survey.data.models import Account, Membership, ReturnContributor, ReturnNote, ReturnShare, Role
from survey.errors import NotFound

__all__ = [
    "Contributor",
    "Note",
    "add_contributor",
    "add_note",
    "change_contributor",
    "count_open_notes",
    "end_contributor",
    "find_contributor",
    "get_contributor",
    "list_contributors",
    "list_leads",
    "list_notes",
    "renew_link",
    "set_shares",
    "settle_note",
]


@dataclass(frozen=True)
class Contributor:
    """Somebody who helps with a return, and the sections they may open."""

    id: str
    public_id: str
    return_id: str
    name: str
    post: str
    email: str
    may_sign: bool
    generation: int
    added_at: datetime
    ended_at: datetime | None
    sections: frozenset[str]


@dataclass(frozen=True)
class Note:
    """A note about a question, from one of those who write the return to the others."""

    id: str
    round_id: str | None
    question: str
    text: str
    contributor_id: str | None
    account_id: str | None
    name: str
    at: datetime
    settled_at: datetime | None
    settled_by: str


def _contributors() -> Select[*tuple[Any, ...]]:
    return select(
        ReturnContributor.id,
        ReturnContributor.public_id,
        ReturnContributor.return_id,
        ReturnContributor.name,
        ReturnContributor.post,
        ReturnContributor.email,
        ReturnContributor.may_sign,
        ReturnContributor.generation,
        ReturnContributor.added_at_utc,
        ReturnContributor.ended_at_utc,
    )


def _with_shares(session: Session, query: Select[*tuple[Any, ...]]) -> list[Contributor]:
    rows = session.execute(query).all()
    shares: dict[str, set[str]] = {}
    for contributor_id, section in session.execute(
        select(ReturnShare.contributor_id, ReturnShare.section).where(
            ReturnShare.contributor_id.in_([row[0] for row in rows])
        )
    ):
        shares.setdefault(contributor_id, set()).add(section)
    return [Contributor(*(*row, frozenset(shares.get(row[0], ())))) for row in rows]


def find_contributor(session: Session, *, public_id: str) -> Contributor | None:
    """The contributor with that public id, ended or not, or None."""
    found = _with_shares(session, _contributors().where(ReturnContributor.public_id == public_id))
    return found[0] if found else None


def get_contributor(session: Session, *, return_id: str, contributor_id: str) -> Contributor:
    """One contributor of a return. Raises NotFound."""
    found = _with_shares(
        session,
        _contributors().where(
            ReturnContributor.return_id == return_id, ReturnContributor.id == contributor_id
        ),
    )
    if not found:
        raise NotFound("There is no such contributor.")
    return found[0]


def list_contributors(session: Session, *, return_id: str) -> list[Contributor]:
    """Everybody who helps or has helped with a return, by name."""
    return _with_shares(
        session,
        _contributors()
        .where(ReturnContributor.return_id == return_id)
        .order_by(func.lower(ReturnContributor.name), ReturnContributor.id),
    )


def add_contributor(
    session: Session,
    *,
    return_id: str,
    public_id: str,
    name: str,
    post: str,
    email: str,
    may_sign: bool,
    account_id: str | None,
    now: datetime,
) -> str:
    """Stores a contributor, who shares nothing yet; their id."""
    made = ReturnContributor(
        public_id=public_id,
        return_id=return_id,
        name=name,
        post=post,
        email=email,
        may_sign=may_sign,
        added_at_utc=now,
        added_by=account_id,
    )
    session.add(made)
    session.flush()
    return made.id


def change_contributor(
    session: Session, *, contributor_id: str, name: str, post: str, email: str, may_sign: bool
) -> None:
    """Changes what is known of a contributor."""
    session.execute(
        update(ReturnContributor)
        .where(ReturnContributor.id == contributor_id)
        .values(name=name, post=post, email=email, may_sign=may_sign)
    )


def set_shares(session: Session, *, contributor_id: str, sections: Collection[str]) -> None:
    """Says which sections a contributor may open, instead of those said before."""
    session.execute(delete(ReturnShare).where(ReturnShare.contributor_id == contributor_id))
    session.add_all(
        ReturnShare(contributor_id=contributor_id, section=section) for section in sorted(sections)
    )
    session.flush()


def renew_link(session: Session, *, contributor_id: str) -> None:
    """Makes the contributor's link useless and another one good."""
    session.execute(
        update(ReturnContributor)
        .where(ReturnContributor.id == contributor_id)
        .values(generation=ReturnContributor.generation + 1)
    )


def end_contributor(session: Session, *, contributor_id: str, now: datetime | None) -> None:
    """Ends a contributor's part, or lets it begin again where `now` is None."""
    session.execute(
        update(ReturnContributor)
        .where(ReturnContributor.id == contributor_id)
        .values(ended_at_utc=now)
    )


def list_notes(session: Session, *, return_id: str, question: str | None = None) -> list[Note]:
    """Notes of a return, or of one question of it, the oldest first."""
    query = (
        select(
            ReturnNote.id,
            ReturnNote.round_id,
            ReturnNote.question,
            ReturnNote.text,
            ReturnNote.contributor_id,
            ReturnNote.account_id,
            ReturnNote.name,
            ReturnNote.at_utc,
            ReturnNote.settled_at_utc,
            ReturnNote.settled_by,
        )
        .where(ReturnNote.return_id == return_id)
        .order_by(ReturnNote.at_utc, ReturnNote.id)
    )
    if question is not None:
        query = query.where(ReturnNote.question == question)
    return [Note(*tuple(row)) for row in session.execute(query)]


def count_open_notes(session: Session, *, return_id: str) -> dict[tuple[str | None, str], int]:
    """Round (None: the core) and question to how many notes are not settled."""
    rows = session.execute(
        select(ReturnNote.round_id, ReturnNote.question, func.count())
        .where(ReturnNote.return_id == return_id, ReturnNote.settled_at_utc.is_(None))
        .group_by(ReturnNote.round_id, ReturnNote.question)
    )
    return {(round_id, question): count for round_id, question, count in rows}


def add_note(
    session: Session,
    *,
    return_id: str,
    round_id: str | None,
    question: str,
    text: str,
    name: str,
    account_id: str | None,
    contributor_id: str | None,
    now: datetime,
) -> None:
    """Stores a note."""
    session.add(
        ReturnNote(
            return_id=return_id,
            round_id=round_id,
            question=question,
            text=text,
            name=name,
            account_id=account_id,
            contributor_id=contributor_id,
            at_utc=now,
        )
    )
    session.flush()


def settle_note(
    session: Session,
    *,
    return_id: str,
    round_id: str | None,
    question: str,
    note_id: str,
    by: str,
    now: datetime,
) -> None:
    """Marks a note of one question as settled; nothing happens where it is already."""
    of_part = ReturnNote.round_id.is_(None) if round_id is None else ReturnNote.round_id == round_id
    session.execute(
        update(ReturnNote)
        .where(
            ReturnNote.id == note_id,
            ReturnNote.return_id == return_id,
            ReturnNote.question == question,
            of_part,
            ReturnNote.settled_at_utc.is_(None),
        )
        .values(settled_at_utc=now, settled_by=by)
    )


def list_leads(session: Session, *, agency_id: str) -> list[Account]:
    """The accounts that lead an agency and may sign in, by name."""
    return list(
        session.scalars(
            select(Account)
            .join(Membership, Membership.account_id == Account.id)
            .where(
                Membership.role == Role.AGENCY_LEAD,
                Membership.agency_id == agency_id,
                Account.deactivated_at_utc.is_(None),
            )
            .order_by(Account.name, Account.id)
        )
    )
