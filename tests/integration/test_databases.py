"""The fixtures that every other integration test stands on."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from survey.data.engine import make_engine
from survey.data.models.councils import Agency


@pytest.mark.parametrize("turn", ["first", "second"])
def test_database_is_empty_at_the_start_of_each_test(database_url: str, turn: str) -> None:
    engine = make_engine(database_url)
    with Session(engine) as session:
        found = session.scalars(select(Agency)).all()
        session.add(Agency(name=f"Left by the {turn} test", sector="health"))
        session.commit()
    engine.dispose()

    assert found == []


def test_database_is_of_the_kind_its_test_is_named_for(
    database_url: str, request: pytest.FixtureRequest
) -> None:
    assert database_url.split(":")[0] in request.node.name


def test_blank_database_has_no_table(blank_database_url: str) -> None:
    engine = make_engine(blank_database_url)
    names = inspect(engine).get_table_names()
    engine.dispose()

    assert names == []
