"""Comments and their release. A comment knows its agency's sector and no response."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from question_banks.bank import Sector
from survey.data.models import Agency, Comment, CommentState
from survey.errors import NotFound

__all__ = [
    "CommentRow",
    "CommentState",
    "ReleasedComment",
    "count_by_state",
    "get_comment",
    "list_comments",
    "list_released",
    "row_of",
]

DISCLOSURE = "disclosure"


@dataclass(frozen=True)
class CommentRow:
    """A comment as the manager reads it. `flags` are the kinds found when it was sent in."""

    id: str
    question: str
    sector: Sector
    text: str
    quotable: bool
    flags: tuple[str, ...]
    state: CommentState
    released_text: str | None


@dataclass(frozen=True)
class ReleasedComment:
    """What others may read of a comment."""

    question: str
    sector: Sector
    text: str
    quotable: bool


def _of_round(
    round_id: str, *, flagged_only: bool, state: CommentState | None
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Comment.round_id == round_id]
    if flagged_only:
        conditions.append(Comment.flags != "")
    if state is not None:
        conditions.append(Comment.state == state)
    return conditions


def list_comments(
    session: Session,
    *,
    round_id: str,
    flagged_only: bool,
    state: CommentState | None,
    offset: int,
    limit: int,
) -> list[CommentRow]:
    """One page of comments: those that may speak of harm to a child first, then in no order that
    says anything (their ids are random), the same each time.
    """
    urgent_first = case((Comment.flags.contains(DISCLOSURE), 0), else_=1)
    rows = session.execute(
        select(Comment, Agency.sector)
        .join(Agency, Agency.id == Comment.agency_id)
        .where(*_of_round(round_id, flagged_only=flagged_only, state=state))
        .order_by(urgent_first, Comment.id)
        .offset(offset)
        .limit(limit)
    )
    return [row_of(comment, sector) for comment, sector in rows]


def row_of(comment: Comment, sector: str) -> CommentRow:
    """A comment as the manager reads it."""
    return CommentRow(
        id=comment.id,
        question=comment.question,
        sector=Sector(sector),
        text=comment.text,
        quotable=comment.quotable,
        flags=tuple(filter(None, comment.flags.split(","))),
        state=CommentState(comment.state),
        released_text=comment.released_text,
    )


def count_by_state(
    session: Session, *, round_id: str, flagged_only: bool
) -> dict[CommentState, int]:
    """How many comments are in each state; every state has a number."""
    rows = session.execute(
        select(Comment.state, func.count())
        .where(*_of_round(round_id, flagged_only=flagged_only, state=None))
        .group_by(Comment.state)
    )
    counted = {CommentState(state): count for state, count in rows}
    return {state: counted.get(state, 0) for state in CommentState}


def get_comment(session: Session, *, round_id: str, comment_id: str, flagged_only: bool) -> Comment:
    """A comment of that round, held until the transaction ends. Raises NotFound for any other."""
    comment = session.scalars(
        select(Comment)
        .where(
            Comment.id == comment_id, *_of_round(round_id, flagged_only=flagged_only, state=None)
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if comment is None:
        raise NotFound("There is no such comment here.")
    return comment


def list_released(session: Session, *, round_id: str) -> list[ReleasedComment]:
    """The comments released, by question and then in no order that says anything."""
    rows = session.execute(
        select(Comment.question, Agency.sector, Comment.released_text, Comment.quotable)
        .join(Agency, Agency.id == Comment.agency_id)
        .where(Comment.round_id == round_id, Comment.state == CommentState.RELEASED)
        .order_by(Comment.question, Comment.id)
    )
    return [
        ReleasedComment(
            question=question, sector=Sector(sector), text=text or "", quotable=quotable
        )
        for question, sector, text, quotable in rows
    ]
