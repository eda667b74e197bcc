"""Second factors: the secret an app counts from, and codes for when the app is lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from survey.data.models import Account, RecoveryCode


def lock_account(session: Session, *, account_id: str) -> Account:
    """The account as it is now, held until the commit, so that no code is taken twice."""
    return session.scalars(
        select(Account)
        .where(Account.id == account_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def replace_recovery_codes(session: Session, *, account_id: str, hashes: Sequence[str]) -> None:
    """Stores new recovery codes in place of all the old ones."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    session.add_all(RecoveryCode(account_id=account_id, code_hash=one) for one in hashes)
    session.flush()


def use_recovery_code(session: Session, *, account_id: str, code_hash: str, at: datetime) -> bool:
    """Spends a recovery code; False where there is no such code or it was spent before."""
    spent = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.code_hash == code_hash,
            RecoveryCode.used_at_utc.is_(None),
        )
        .values(used_at_utc=at)
        .returning(RecoveryCode.id)
    )
    return spent.first() is not None


def count_recovery_codes(session: Session, *, account_id: str) -> int:
    """How many recovery codes an account has left."""
    found = session.scalar(
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.account_id == account_id, RecoveryCode.used_at_utc.is_(None))
    )
    return int(found or 0)
