"""Writing a round's answers anew, in random order and under new ids.

While a round is open the database writes a response and the mark that an invitation was used
within one transaction, and PostgreSQL keeps the number of that transaction on every row. Writing
all of them again in one transaction makes those numbers, and the order of the rows, say nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import SystemRandom
from typing import Any

from sqlalchemy import Engine, delete, insert, select, text
from sqlalchemy.orm import Session

from survey.data.base import new_id
from survey.data.comment_checks import forget_days
from survey.data.models import (
    Answer,
    Comment,
    CommentCheck,
    Invitation,
    InvitedAgency,
    Participation,
    Response,
)

ROWS_AT_ONCE = 5000
_chance = SystemRandom()
_REWRITTEN = ("response", "answer", "comment", "comment_check", "participation", "sent_in_day")


def rewrite(session: Session, *, round_id: str) -> None:
    """Deletes the round's responses, answers, comments and participation and writes them again.

    So it does with what was done about comments; the days of that are kept only where they must.
    """
    session.flush()
    forget_days(session, round_id=round_id)
    _rewrite_responses(session, round_id)
    _rewrite_comments(session, round_id)
    _rewrite_participation(session, round_id)
    # What the session remembers of these rows is no longer there.
    session.expire_all()


def _rewrite_responses(session: Session, round_id: str) -> None:
    responses, answers = Response.__table__, Answer.__table__
    old = session.execute(select(responses).where(Response.round_id == round_id)).mappings()
    rows = [dict(row) for row in old]
    new_ids = {row["id"]: new_id() for row in rows}
    given = session.execute(
        select(answers)
        .join(Response, Response.id == Answer.response_id)
        .where(Response.round_id == round_id)
    ).mappings()
    answer_rows = [dict(row) | {"response_id": new_ids[row["response_id"]]} for row in given]
    of_round = select(Response.id).where(Response.round_id == round_id)
    session.execute(
        delete(Answer).where(Answer.response_id.in_(of_round)),
        execution_options={"synchronize_session": False},
    )
    session.execute(
        delete(Response).where(Response.round_id == round_id),
        execution_options={"synchronize_session": False},
    )
    _write(session, responses, [row | {"id": new_ids[row["id"]]} for row in rows])
    _write(session, answers, answer_rows)


def _rewrite_comments(session: Session, round_id: str) -> None:
    comments = Comment.__table__
    old = session.execute(select(comments).where(Comment.round_id == round_id)).mappings()
    rows = [dict(row) for row in old]
    new_ids = {row["id"]: new_id() for row in rows}
    checks = CommentCheck.__table__
    done = session.execute(
        select(checks)
        .join(Comment, Comment.id == CommentCheck.comment_id)
        .where(Comment.round_id == round_id)
    ).mappings()
    check_rows = [
        dict(row) | {"id": new_id(), "comment_id": new_ids[row["comment_id"]]} for row in done
    ]
    of_round = select(Comment.id).where(Comment.round_id == round_id)
    session.execute(
        delete(CommentCheck).where(CommentCheck.comment_id.in_(of_round)),
        execution_options={"synchronize_session": False},
    )
    session.execute(
        delete(Comment).where(Comment.round_id == round_id),
        execution_options={"synchronize_session": False},
    )
    _write(session, comments, [row | {"id": new_ids[row["id"]]} for row in rows])
    _write(session, checks, check_rows)


def _rewrite_participation(session: Session, round_id: str) -> None:
    of_round = (
        select(Invitation.id)
        .join(InvitedAgency, InvitedAgency.id == Invitation.invited_agency_id)
        .where(InvitedAgency.round_id == round_id)
    )
    used = session.scalars(
        select(Participation.invitation_id).where(Participation.invitation_id.in_(of_round))
    )
    rows = [{"invitation_id": invitation_id} for invitation_id in used]
    session.execute(
        delete(Participation).where(Participation.invitation_id.in_(of_round)),
        execution_options={"synchronize_session": False},
    )
    _write(session, Participation.__table__, rows)


def _write(session: Session, table: Any, rows: Sequence[dict[str, Any]]) -> None:
    shuffled = list(rows)
    _chance.shuffle(shuffled)
    for start in range(0, len(shuffled), ROWS_AT_ONCE):
        session.execute(insert(table), shuffled[start : start + ROWS_AT_ONCE])


def erase_traces(engine: Engine) -> None:
    """Empties SQLite's log, or lets PostgreSQL reclaim the old rows. After the commit, outside it.

    Another connection that is still reading can keep some of the old rows for a while; the next
    checkpoint or vacuum takes them.
    """
    if engine.dialect.name == "sqlite":
        # Through the driver: a log cannot be emptied inside a transaction, and on this engine
        # every connection of SQLAlchemy's begins one.
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as autocommit:
        autocommit.execute(text(f"VACUUM {', '.join(_REWRITTEN)}"))
