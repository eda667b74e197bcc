"""The migrations lead from nothing to what the models say, and the schema keeps its promises."""

from __future__ import annotations

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, insert, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.data import schema
from survey.data.base import Base
from survey.data.engine import make_engine
from survey.data.models import (
    Answer,
    Comment,
    Draft,
    Participation,
    Response,
    RoundEvent,
)
from tests import factories

CUT = (Response, Answer, Comment, Participation)
"""The four tables that must not lead from a person to answers."""


def test_upgrade_from_nothing_gives_the_models(blank_database_url: str) -> None:
    assert not schema.is_current(blank_database_url)

    schema.upgrade(blank_database_url)

    engine = make_engine(blank_database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
        checks = {
            check["name"]
            for table in Base.metadata.tables
            for check in inspect(connection).get_check_constraints(table)
        }
    engine.dispose()
    assert differences == []
    modelled = {
        constraint.name
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert checks == modelled
    assert schema.is_current(blank_database_url)


def test_upgrade_twice_changes_nothing(blank_database_url: str) -> None:
    schema.upgrade(blank_database_url)
    schema.upgrade(blank_database_url)

    assert schema.is_current(blank_database_url)


def test_foreign_keys_hold(session: Session) -> None:
    with pytest.raises(IntegrityError):
        session.execute(insert(Participation).values(invitation_id="nobody"))


@pytest.mark.parametrize(
    ("model", "row", "constraint"),
    [
        (
            RoundEvent,
            {"kind": "reopened", "reason": "", "at_utc": factories.NOW},
            "reopened_has_reason",
        ),
        (RoundEvent, {"kind": "burnt", "at_utc": factories.NOW}, "round_event_kind"),
        (Comment, {"question": "q", "text": "t", "state": "lost"}, "comment_state"),
        (Comment, {"question": "q", "text": "t", "state": "released"}, "released_has_text"),
    ],
    ids=["reopened without a reason", "unknown event", "unknown state", "released without text"],
)
def test_state_that_must_not_exist_is_refused(
    session: Session, model: type[Base], row: dict[str, Any], constraint: str
) -> None:
    round_ = factories.make_round(session)
    agency = factories.make_invited_agency(session, round_)
    owner = {"round_id": round_.id}
    if model is Comment:
        owner["agency_id"] = agency.agency_id

    with pytest.raises(IntegrityError, match=constraint):
        session.execute(insert(model).values(**owner, **row))


def test_round_that_closes_before_it_opens_is_refused(session: Session) -> None:
    with pytest.raises(IntegrityError, match="ck_round_window"):
        factories.make_round(session, opens=factories.NOW, closes=factories.NOW)


def test_no_column_leads_from_a_person_to_answers() -> None:
    leading = {
        model.__tablename__: {
            key.column.table.name
            for column in model.__table__.columns
            for key in column.foreign_keys
        }
        for model in CUT
    }

    assert leading == {
        "response": {"round", "agency"},
        "answer": {"response"},
        "comment": {"round", "agency"},
        "participation": {"invitation"},
    }
    assert {key.column.table.name for key in Draft.__table__.foreign_keys} == {"invitation"}


def test_no_date_stands_on_what_was_sent() -> None:
    dated = [
        f"{model.__tablename__}.{column.name}"
        for model in CUT
        for column in model.__table__.columns
        if "DATE" in str(column.type).upper() or "TIME" in str(column.type).upper()
    ]

    assert dated == []


def test_sqlite_keeps_no_row_number_and_overwrites_what_is_deleted(empty_sqlite_url: str) -> None:
    engine = make_engine(empty_sqlite_url)
    with engine.connect() as connection:
        without = set(
            connection.scalars(
                text("SELECT name FROM pragma_table_list WHERE wr = 1 AND schema = 'main'")
            )
        )
        assert {model.__tablename__ for model in CUT} <= without
        assert connection.scalar(text("PRAGMA secure_delete")) == 1
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA synchronous")) == 2
    engine.dispose()
