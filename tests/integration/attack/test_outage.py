"""The database is full or read-only in the middle of a visit: a plain page, and nothing lost."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from survey.data.models import Draft
from survey.extensions import db
from tests.integration.respond.conftest import OpenRound
from tests.integration.respond.test_journey import FRONTLINE, begin, fields_of, stored
from tests.page import Browser

COMMENT_PAGE = next(p for p in FRONTLINE if any(q.type == "long_text" for q in p.questions))
COMMENT = next(q.code for q in COMMENT_PAGE.questions if q.type == "long_text")
WRITTEN = "Zebras éééé éééé éééé " * 90
"""More than fits into what is left of the page of the file that holds the draft."""


@contextmanager
def no_room_left(app: Flask) -> Iterator[None]:
    """SQLite may not grow its file any more; PostgreSQL takes no more writing."""
    with app.app_context():
        engine = db.engine
    statement = {
        "sqlite": "PRAGMA max_page_count = 1",
        "postgresql": "SET transaction_read_only = on",
    }[engine.dialect.name]

    def hinder(connection: object, *_rest: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]  # either driver's connection
        cursor.execute(statement)
        cursor.close()

    engine.dispose()
    event.listen(engine, "checkout", hinder)
    try:
        yield
    finally:
        event.remove(engine, "checkout", hinder)
        engine.dispose()


def test_page_that_cannot_be_saved_gives_back_what_was_written(
    app: Flask,
    visitor: Browser,
    open_round: OpenRound,
    session: Session,
    caplog: pytest.LogCaptureFixture,
) -> None:
    begin(visitor, open_round)
    first = FRONTLINE[0]
    visitor.get(open_round.url(f"page/{first.key}"))
    visitor.post(open_round.url(f"page/{first.key}"), fields_of(first))
    saved = dict(stored(session, Draft)[0].answers)
    token = visitor.get(open_round.url(f"page/{COMMENT_PAGE.key}")).csrf_token
    fields = fields_of(COMMENT_PAGE, comment=WRITTEN)
    address = open_round.url(f"page/{COMMENT_PAGE.key}")

    with no_room_left(app), caplog.at_level(logging.DEBUG):
        page = visitor.post(address, fields, status=503)

    assert page.h1 == "We cannot save or show answers at the moment"
    assert "was not saved" in page.words
    assert WRITTEN.strip() in page.text
    assert "Zebras" not in caplog.text
    assert "SQLITE_FULL" in caplog.text or "25006" in caplog.text
    assert "survey/" in caplog.text
    assert stored(session, Draft)[0].answers == saved
    visitor.post(address, fields, token=token)
    assert stored(session, Draft)[0].answers == {**saved, **fields, COMMENT: WRITTEN.strip()}
