"""Who an account is at another provider that people sign in with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.data.models import Account, ExternalIdentity


def find_account(session: Session, *, issuer: str, subject: str) -> Account | None:
    """The account that is linked to somebody at a provider, or None."""
    return session.scalars(
        select(Account)
        .join(ExternalIdentity, ExternalIdentity.account_id == Account.id)
        .where(ExternalIdentity.issuer == issuer, ExternalIdentity.subject == subject)
    ).one_or_none()


def has_identity(session: Session, *, account_id: str, issuer: str) -> bool:
    """Whether an account is linked to anybody at a provider."""
    found = select(ExternalIdentity.id).where(
        ExternalIdentity.account_id == account_id, ExternalIdentity.issuer == issuer
    )
    return session.scalars(found).first() is not None


def add_identity(
    session: Session, *, account_id: str, issuer: str, subject: str, now: datetime
) -> None:
    """Links an account to somebody at a provider."""
    session.add(
        ExternalIdentity(account_id=account_id, issuer=issuer, subject=subject, linked_at_utc=now)
    )
    session.flush()
