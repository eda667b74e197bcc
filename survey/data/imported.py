"""Writing many responses that were collected elsewhere."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import insert
from sqlalchemy.orm import Session

from survey.data.base import new_id
from survey.data.models import Answer, Comment, Response
from survey.data.responses import NewComment

Row = Mapping[str, str | bool | None]


@dataclass(frozen=True)
class NewResponse:
    """A response to be stored: of which agency and level, its answers, and its comments."""

    agency_id: str
    level: str
    answers: Mapping[str, str | None]
    comments: Sequence[NewComment]


def add_responses(session: Session, *, round_id: str, responses: Sequence[NewResponse]) -> None:
    """Stores responses as submitted ones are stored, in no order and under random ids."""
    shuffled = sorted(responses, key=lambda _: secrets.randbits(64))
    ids = [new_id() for _ in shuffled]
    _insert(
        session,
        Response,
        [
            {"id": id_, "round_id": round_id, "agency_id": one.agency_id, "level": one.level}
            for id_, one in zip(ids, shuffled, strict=True)
        ],
    )
    _insert(
        session,
        Answer,
        [
            {"response_id": id_, "question": question, "value": value}
            for id_, one in zip(ids, shuffled, strict=True)
            for question, value in one.answers.items()
        ],
    )
    comments: list[Row] = [
        {
            "id": new_id(),
            "round_id": round_id,
            "agency_id": one.agency_id,
            "question": comment.question,
            "text": comment.text,
            "quotable": comment.quotable,
            "flags": comment.flags,
        }
        for one in shuffled
        for comment in one.comments
    ]
    # Comments of one response must not stand together.
    _insert(session, Comment, sorted(comments, key=lambda _: secrets.randbits(64)))


def _insert(
    session: Session,
    model: type[Response] | type[Answer] | type[Comment],
    rows: Sequence[Row],
) -> None:
    if rows:
        # On the connection, past the machinery for objects: nothing here is one.
        session.connection().execute(insert(model), rows)
