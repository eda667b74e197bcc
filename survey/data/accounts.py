"""Accounts, councils and who manages what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.data.models import Account, Council, Membership, Role
from survey.errors import NotFound


def find_account(session: Session, *, account_id: str) -> Account | None:
    """The account with that id, or None."""
    return session.get(Account, account_id)


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
    session: Session, *, email: str, name: str, password_hash: str, now: datetime
) -> Account:
    """Stores a new account."""
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
    return session.get(Membership, (account_id, council_id)) is not None


def add_membership(session: Session, *, account_id: str, council_id: str) -> None:
    """Lets an account manage a council's reviews."""
    session.add(Membership(account_id=account_id, council_id=council_id, role=Role.REVIEW_MANAGER))
    session.flush()
