"""Flagged comments that somebody has still to act on, and the record of what was done.

A comment that may be about harm to a child is on the list until there is a record. One with nothing
but personal details leaves it, too, when it is released or withheld: that is what was done.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, exists, func, not_, or_, select, update
from sqlalchemy.orm import Session

from survey.data.comments import DISCLOSURE, CommentRow, row_of
from survey.data.models import Account, Agency, Comment, CommentCheck, CommentState, WhatWasDone

__all__ = [
    "Check",
    "WhatWasDone",
    "add_check",
    "count_to_act_on",
    "list_checked",
    "list_checks",
    "list_to_act_on",
]

ACTED = frozenset({WhatWasDone.TOLD_DUTY_TEAM, WhatWasDone.CONTACTED})
"""Acts of which a record with its day is owed for longer than the round is open."""


@dataclass(frozen=True)
class Check:
    """What was done about a comment. `who` is "" where the account is gone, `on_day` None where
    the day is no longer kept.
    """

    number: int
    what: WhatWasDone
    note: str
    who: str
    on_day: date | None


@dataclass(frozen=True)
class Waiting:
    """How many comments wait for somebody to act: in all, and those that may be about a child."""

    comments: int
    urgent: int


_HAS_CHECK = exists().where(CommentCheck.comment_id == Comment.id)
_URGENT = Comment.flags.contains(DISCLOSURE)


def _to_act_on(round_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Comment.round_id == round_id,
        Comment.flags != "",
        not_(_HAS_CHECK),
        or_(_URGENT, Comment.state == CommentState.WAITING),
    )


def count_to_act_on(session: Session, *, round_id: str) -> Waiting:
    """How many flagged comments of a round somebody has still to act on."""
    comments, urgent = session.execute(
        select(func.count(), func.coalesce(func.sum(case((_URGENT, 1), else_=0)), 0)).where(
            *_to_act_on(round_id)
        )
    ).one()
    return Waiting(comments=comments, urgent=urgent)


def list_to_act_on(session: Session, *, round_id: str, limit: int) -> list[CommentRow]:
    """Flagged comments to act on: first those that may be about a child, then in no order that
    says anything, the same each time.
    """
    rows = session.execute(
        select(Comment, Agency.sector)
        .join(Agency, Agency.id == Comment.agency_id)
        .where(*_to_act_on(round_id))
        .order_by(case((_URGENT, 0), else_=1), Comment.id)
        .limit(limit)
    )
    return [row_of(comment, sector) for comment, sector in rows]


def list_checked(session: Session, *, round_id: str, offset: int, limit: int) -> list[CommentRow]:
    """Comments with a record of what was done, in the same order as those to act on."""
    rows = session.execute(
        select(Comment, Agency.sector)
        .join(Agency, Agency.id == Comment.agency_id)
        .where(Comment.round_id == round_id, _HAS_CHECK)
        .order_by(case((_URGENT, 0), else_=1), Comment.id)
        .offset(offset)
        .limit(limit)
    )
    return [row_of(comment, sector) for comment, sector in rows]


def count_checked(session: Session, *, round_id: str) -> int:
    """How many comments of a round have a record of what was done."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Comment)
            .where(Comment.round_id == round_id, _HAS_CHECK)
        )
        or 0
    )


def list_checks(session: Session, *, comment_ids: Collection[str]) -> dict[str, list[Check]]:
    """Comment id to what was done about it, the first act first."""
    found: dict[str, list[Check]] = defaultdict(list)
    rows = session.execute(
        select(CommentCheck, Account.name)
        .outerjoin(Account, Account.id == CommentCheck.account_id)
        .where(CommentCheck.comment_id.in_(comment_ids))
        .order_by(CommentCheck.comment_id, CommentCheck.number)
    )
    for check, who in rows:
        found[check.comment_id].append(
            Check(
                number=check.number,
                what=WhatWasDone(check.what),
                note=check.note,
                who=who or "",
                on_day=check.on_day,
            )
        )
    return dict(found)


def has_check(session: Session, *, comment_id: str) -> bool:
    """Whether there is a record of what was done about a comment."""
    return session.scalar(select(exists().where(CommentCheck.comment_id == comment_id))) or False


def add_check(
    session: Session,
    *,
    comment_id: str,
    what: WhatWasDone,
    note: str,
    account_id: str,
    on_day: date,
) -> None:
    """Keeps what was done about a comment, after what was done before. The caller holds it."""
    last = session.scalar(
        select(func.max(CommentCheck.number)).where(CommentCheck.comment_id == comment_id)
    )
    session.add(
        CommentCheck(
            comment_id=comment_id,
            number=(last or 0) + 1,
            what=what,
            note=note,
            account_id=account_id,
            on_day=on_day,
        )
    )
    session.flush()


def forget_days(session: Session, *, round_id: str) -> None:
    """Empties the days of a round's records, except where somebody was told or contacted."""
    of_round = select(Comment.id).where(Comment.round_id == round_id)
    session.execute(
        update(CommentCheck)
        .where(CommentCheck.comment_id.in_(of_round), CommentCheck.what.not_in(sorted(ACTED)))
        .values(on_day=None),
        execution_options={"synchronize_session": False},
    )
