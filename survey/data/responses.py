"""Writing a response. Nothing here knows a person."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import insert
from sqlalchemy.orm import Session

from survey.data.base import new_id
from survey.data.models import Answer, Comment, EnteredBy, Participation, Response

__all__ = ["EnteredBy", "NewComment", "add_participation", "add_response"]


@dataclass(frozen=True)
class NewComment:
    """A comment as written, with the kinds of personal data a rule found in it."""

    question: str
    text: str
    quotable: bool
    flags: str


def add_response(
    session: Session,
    *,
    round_id: str,
    agency_id: str,
    level: str,
    answers: Mapping[str, str | None],
    comments: Sequence[NewComment],
    entered: EnteredBy = EnteredBy.SELF,
) -> None:
    """Stores a response, its answers and, without a link to them, its comments."""
    response_id = new_id()
    session.execute(
        insert(Response).values(
            id=response_id, round_id=round_id, agency_id=agency_id, level=level, entered=entered
        )
    )
    rows = [
        {"response_id": response_id, "question": question, "value": value}
        for question, value in answers.items()
    ]
    if rows:
        session.execute(insert(Answer), rows)
    # In any order, so that comments of one response do not stand together in the order asked.
    for comment in sorted(comments, key=lambda _: secrets.randbits(64)):
        session.execute(
            insert(Comment).values(
                round_id=round_id,
                agency_id=agency_id,
                question=comment.question,
                text=comment.text,
                quotable=comment.quotable,
                flags=comment.flags,
            )
        )


def add_participation(session: Session, invitation_id: str) -> None:
    """Stores that an invitation has been used."""
    session.execute(insert(Participation).values(invitation_id=invitation_id))
