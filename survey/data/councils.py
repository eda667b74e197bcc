"""Councils as those who run them see them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from survey.data.models import Council, Membership, Role
from survey.errors import NotFound

__all__ = ["Council", "get_council", "held_for", "lock_council"]


def held_for(account_id: str, roles: Collection[str]) -> ColumnElement[bool]:
    """Whether an account holds one of the roles for the council at hand, or runs them all."""
    for_council = sorted({Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER} & {*roles})
    conditions = [
        exists().where(
            Membership.account_id == account_id,
            Membership.role.in_(for_council),
            Membership.council_id == Council.id,
        )
    ]
    if Role.ADMINISTRATOR in roles:
        conditions.append(
            exists().where(
                Membership.account_id == account_id, Membership.role == Role.ADMINISTRATOR
            )
        )
    return or_(*conditions)


def get_council(session: Session, *, slug: str, account_id: str, roles: Collection[str]) -> Council:
    """A council for which the account holds one of the roles. Raises NotFound for any other."""
    council = session.scalars(
        select(Council).where(Council.slug == slug, held_for(account_id, roles))
    ).one_or_none()
    if council is None:
        raise NotFound("There is no such council, or it is not yours to see.")
    return council


def lock_council(session: Session, *, council_id: str) -> Council:
    """The council as it is now, held until the commit."""
    return session.scalars(
        select(Council)
        .where(Council.id == council_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
