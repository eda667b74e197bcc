"""A review manager who is signed in, and a council of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from survey.actions.accounts import add_manager, create_account
from survey.data.models import Account, Council
from survey.extensions import db
from tests import factories
from tests.page import Browser

PASSWORD = "four ordinary words here"
EMAIL = "manager@example.org"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The clock starts at the factories' NOW and ticks, so that no two events have one time."""
    with time_machine.travel(factories.NOW, tick=True) as moved:
        yield moved


@pytest.fixture
def council(session: Session) -> Council:
    """The council whose rounds the manager may see."""
    return factories.make_council(session, slug="wexmoor", name="Wexmoor Council")


@pytest.fixture
def account(session: Session, council: Council) -> Account:
    """A review manager of that council."""
    made = make_manager(session, council, email=EMAIL)
    session.commit()
    return made


def make_manager(
    session: Session, council: Council, *, email: str, name: str = "Robin Marsh"
) -> Account:
    """An account that manages a council's reviews."""
    made = create_account(session, email=email, name=name, password=PASSWORD, now=factories.NOW)
    add_manager(session, account=made, council=council)
    return made


def sign_in(client: FlaskClient, *, email: str = EMAIL, password: str = PASSWORD) -> Browser:
    """A browser in which somebody has signed in."""
    browser = Browser(client)
    browser.get("/sign-in")
    browser.post("/sign-in", {"email": email, "password": password})
    return browser


@pytest.fixture
def manager(client: FlaskClient, account: Account) -> Browser:
    """A browser in which the manager has signed in."""
    return sign_in(client)


@pytest.fixture
def second(app: Flask, session: Session, council: Council, account: Account) -> Browser:
    """Another browser, of another manager of the same council."""
    make_manager(session, council, email="second@example.org", name="Kit Barrow")
    session.commit()
    return sign_in(app.test_client(), email="second@example.org")


@contextmanager
def count_statements(app: Flask) -> Iterator[list[str]]:
    """Every statement the application sends to its database, while the block runs."""
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
