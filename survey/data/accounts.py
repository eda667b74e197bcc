"""Accounts, councils, and who may do what for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.data.models import (
    Account,
    Agency,
    Council,
    ExternalIdentity,
    Membership,
    Programme,
    Review,
    Role,
)
from survey.errors import NotFound

__all__ = [
    "Held",
    "Person",
    "Role",
    "add_account",
    "add_council",
    "add_membership",
    "add_or_find_account",
    "council_of_review",
    "count_administrators",
    "count_people",
    "find_account",
    "find_by_email",
    "find_council",
    "find_council_by_name",
    "get_account",
    "get_by_email",
    "get_council",
    "get_person",
    "give",
    "holds",
    "is_member",
    "list_held",
    "list_people",
    "remove_membership",
]


_SIGNS_IN_ELSEWHERE = exists().where(ExternalIdentity.account_id == Account.id)


def find_account(session: Session, *, account_id: str) -> Account | None:
    """The account with that id, or None."""
    return session.get(Account, account_id)


def get_account(session: Session, *, account_id: str) -> Account:
    """The account with that id. Raises NotFound."""
    account = find_account(session, account_id=account_id)
    if account is None:
        raise NotFound("There is no such account.")
    return account


def find_by_email(session: Session, *, email: str) -> Account | None:
    """The account with that address, which is stored in lower case, or None."""
    return session.scalars(select(Account).where(Account.email == email)).one_or_none()


def get_by_email(session: Session, *, email: str) -> Account:
    """The account with that address. Raises NotFound."""
    account = find_by_email(session, email=email)
    if account is None:
        raise NotFound(f"There is no account with the e-mail address {email}.")
    return account


def add_account(
    session: Session, *, email: str, name: str, password_hash: str | None, now: datetime
) -> Account:
    """Stores a new account; without a password it is only invited."""
    account = Account(
        email=email,
        name=name,
        password_hash=password_hash,
        session_generation=1,
        created_at_utc=now,
    )
    session.add(account)
    session.flush()
    return account


def add_or_find_account(
    session: Session, *, email: str, name: str, password_hash: str | None, now: datetime
) -> Account:
    """Stores a new account, or finds the one that somebody else has just made."""
    try:
        with session.begin_nested():
            return add_account(
                session, email=email, name=name, password_hash=password_hash, now=now
            )
    except IntegrityError:
        return get_by_email(session, email=email)


def find_council(session: Session, *, slug: str) -> Council | None:
    """The council with that slug, or None."""
    return session.scalars(select(Council).where(Council.slug == slug)).one_or_none()


def get_council(session: Session, *, slug: str) -> Council:
    """The council with that slug. Raises NotFound."""
    council = find_council(session, slug=slug)
    if council is None:
        raise NotFound(f"There is no council called {slug!r}.")
    return council


def find_council_by_name(session: Session, *, name: str) -> Council | None:
    """The council with that name, or None."""
    return session.scalars(select(Council).where(Council.name == name)).one_or_none()


def add_council(session: Session, *, slug: str, name: str) -> Council:
    """Stores a new council."""
    council = Council(slug=slug, name=name)
    session.add(council)
    session.flush()
    return council


def is_member(session: Session, *, account_id: str, council_id: str) -> bool:
    """Whether an account manages a council's reviews."""
    return holds(session, account_id=account_id, role=Role.REVIEW_MANAGER, council_id=council_id)


def holds(
    session: Session,
    *,
    account_id: str,
    role: Role,
    council_id: str | None = None,
    programme_id: str | None = None,
    agency_id: str | None = None,
    review_id: str | None = None,
) -> bool:
    """Whether an account holds a role for exactly that council, programme, agency or review."""
    found = select(Membership.id).where(
        Membership.account_id == account_id,
        Membership.role == role,
        Membership.council_id.is_not_distinct_from(council_id),
        Membership.programme_id.is_not_distinct_from(programme_id),
        Membership.agency_id.is_not_distinct_from(agency_id),
        Membership.review_id.is_not_distinct_from(review_id),
    )
    return session.scalars(found).first() is not None


def add_membership(
    session: Session,
    *,
    account_id: str,
    role: Role = Role.REVIEW_MANAGER,
    council_id: str | None = None,
    programme_id: str | None = None,
    agency_id: str | None = None,
    review_id: str | None = None,
) -> Membership:
    """Gives an account a role: for a council, a programme, an agency, a review, or all of it."""
    membership = Membership(
        account_id=account_id,
        role=role,
        council_id=council_id,
        programme_id=programme_id,
        agency_id=agency_id,
        review_id=review_id,
    )
    session.add(membership)
    session.flush()
    return membership


def give(
    session: Session,
    *,
    account_id: str,
    role: Role,
    council_id: str | None,
    programme_id: str | None,
    agency_id: str | None,
    review_id: str | None,
) -> str | None:
    """Gives an account a role and returns the id of the membership; None where it holds it."""
    scope = {
        "council_id": council_id,
        "programme_id": programme_id,
        "agency_id": agency_id,
        "review_id": review_id,
    }
    if holds(session, account_id=account_id, role=role, **scope):
        return None
    try:
        with session.begin_nested():
            return add_membership(session, account_id=account_id, role=role, **scope).id
    except IntegrityError:
        return None


def count_administrators(session: Session, *, without: str) -> int:
    """How many administrators beside one account can sign in."""
    found = session.scalar(
        select(func.count())
        .select_from(Membership)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.role == Role.ADMINISTRATOR,
            Account.id != without,
            Account.deactivated_at_utc.is_(None),
            Account.password_hash.is_not(None) | _SIGNS_IN_ELSEWHERE,
        )
    )
    return int(found or 0)


def council_of_review(session: Session, *, review_id: str) -> str | None:
    """The id of the council a review is of, or None."""
    return session.scalar(select(Review.council_id).where(Review.id == review_id))


def remove_membership(session: Session, *, account_id: str, membership_id: str) -> None:
    """Takes a role from an account; one that is not there is not missed."""
    session.execute(
        delete(Membership).where(
            Membership.id == membership_id, Membership.account_id == account_id
        )
    )


@dataclass(frozen=True)
class Held:
    """A role somebody holds, and the name and id of what it is held for ("" for all of it)."""

    id: str
    role: Role
    of: str
    council_id: str | None
    programme_id: str | None
    agency_id: str | None
    review_id: str | None


def list_held(session: Session, *, account_ids: Sequence[str]) -> dict[str, tuple[Held, ...]]:
    """Account id to the roles it holds, by role and then by what they are held for."""
    rows = session.execute(
        select(
            Membership,
            func.coalesce(Council.name, Programme.name, Agency.name, Review.title, ""),
        )
        .outerjoin(Council, Council.id == Membership.council_id)
        .outerjoin(Programme, Programme.id == Membership.programme_id)
        .outerjoin(Agency, Agency.id == Membership.agency_id)
        .outerjoin(Review, Review.id == Membership.review_id)
        .where(Membership.account_id.in_(account_ids))
    )
    found: dict[str, list[Held]] = {}
    for row, of in rows:
        held = Held(
            id=row.id,
            role=Role(row.role),
            of=of,
            council_id=row.council_id,
            programme_id=row.programme_id,
            agency_id=row.agency_id,
            review_id=row.review_id,
        )
        found.setdefault(row.account_id, []).append(held)
    order = list(Role)
    return {
        account_id: tuple(sorted(all_, key=lambda one: (order.index(one.role), one.of, one.id)))
        for account_id, all_ in found.items()
    }


@dataclass(frozen=True)
class Person:
    """An account as the list of people shows it."""

    id: str
    email: str
    name: str
    is_invited: bool
    """Whether they have yet to set a password or sign in elsewhere."""
    has_second_factor: bool
    deactivated_at: datetime | None
    held: tuple[Held, ...]


def list_people(session: Session, *, words: str, offset: int, limit: int) -> list[Person]:
    """People whose name or address holds the words, by name, with the roles they hold."""
    return _people(
        session,
        _PEOPLE.where(*_matching(words))
        .order_by(Account.name, Account.email)
        .offset(offset)
        .limit(limit),
    )


def get_person(session: Session, *, account_id: str) -> Person:
    """One of those that `list_people` lists. Raises NotFound."""
    found = _people(session, _PEOPLE.where(Account.id == account_id))
    if not found:
        raise NotFound("There is no such account.")
    return found[0]


_PEOPLE = select(Account, _SIGNS_IN_ELSEWHERE)


def _people(session: Session, statement: Select[Account, bool]) -> list[Person]:
    rows = list(session.execute(statement))
    held = list_held(session, account_ids=[row.id for row, _ in rows])
    return [
        Person(
            id=row.id,
            email=row.email,
            name=row.name,
            is_invited=row.password_hash is None and not elsewhere,
            has_second_factor=row.totp_confirmed_at_utc is not None,
            deactivated_at=row.deactivated_at_utc,
            held=held.get(row.id, ()),
        )
        for row, elsewhere in rows
    ]


def count_people(session: Session, *, words: str) -> int:
    """How many people `list_people` finds."""
    found = session.scalar(select(func.count()).select_from(Account).where(*_matching(words)))
    return int(found or 0)


def _matching(words: str) -> list[ColumnElement[bool]]:
    return [
        or_(
            func.lower(Account.name).contains(word, autoescape=True),
            Account.email.contains(word, autoescape=True),
        )
        for word in words.lower().split()
    ]
