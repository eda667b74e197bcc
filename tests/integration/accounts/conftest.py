"""People with roles whose sessions are made directly: only tests of passwords pay for hashing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.actions import people
from survey.actions.people import Given
from survey.app import create_app
from survey.data.accounts import Role
from survey.data.audit import AuditAction
from survey.data.models import Account, AuditEvent, Council, Message
from survey.extensions import db
from survey.settings import SecondFactor, Settings
from tests import factories
from tests.integration.access_ids import make_account, make_session
from tests.page import Browser

PASSWORD = "four ordinary words here"
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""A test of pages whose queries another test has run on both kinds of database."""


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The clock starts at the factories' NOW and ticks, so that no two events have one time."""
    with time_machine.travel(factories.NOW, tick=True) as moved:
        yield moved


Apps = Callable[..., Flask]


@pytest.fixture(scope="module")
def app_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the SQLite file of every test of a module stands, one after another."""
    return tmp_path_factory.mktemp("accounts") / "signpost.db"


@pytest.fixture(scope="module")
def apps(app_file: Path) -> Apps:
    """Makes an application once for each address and setting: its routes take long to prepare."""

    @cache
    def make(url: str, second_factor: SecondFactor = SecondFactor.OFFERED) -> Flask:
        return create_app(
            Settings(
                secret_key=factories.SECRET_KEY,
                database_url=url,
                instance=app_file.parent,
                second_factor=second_factor,
            )
        )

    return make


@pytest.fixture
def empty_sqlite_url(migrated_sqlite_file: Path, app_file: Path) -> str:
    """A SQLite file with every table and no row, in place of what an earlier test left."""
    for end in ("-wal", "-shm"):
        app_file.with_name(f"{app_file.name}{end}").unlink(missing_ok=True)
    return f"sqlite:///{shutil.copy(migrated_sqlite_file, app_file)}"


@pytest.fixture
def app(database_url: str, apps: Apps) -> Iterator[Flask]:
    """The application on an empty database of either kind."""
    yield from opened(apps(database_url))


def opened(application: Flask) -> Iterator[Flask]:
    """An application for one test; its connections are closed afterwards."""
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def council(session: Session) -> Council:
    """A council."""
    return factories.make_council(session, slug="wexmoor", name="Wexmoor Council")


@pytest.fixture
def other_council(session: Session) -> Council:
    """Another council, so that a missing filter shows."""
    return factories.make_council(session, slug="tarn-valley", name="Tarn Valley Council")


@pytest.fixture
def administrator(session: Session) -> Account:
    """An administrator, without a password."""
    return make_person(session, "ada", Given(Role.ADMINISTRATOR))


@pytest.fixture
def manager(session: Session, council: Council) -> Account:
    """A review manager of the council."""
    return make_person(session, "robin", Given(Role.REVIEW_MANAGER, council_id=council.id))


def make_person(session: Session, name: str, *given: Given) -> Account:
    """An account with roles."""
    account = make_account(session, name)
    for one in given:
        people.give_role(session, account_id=account.id, given=one, by=None, now=factories.NOW)
    return account


@pytest.fixture
def signed(app: Flask, session: Session) -> Callable[[Account], Browser]:
    """Makes a browser in which an account is signed in; what the test made is committed first."""

    def sign(account: Account) -> Browser:
        session_id = make_session(session, account)
        session.commit()
        client = app.test_client()
        with client.session_transaction() as kept:
            kept["session_id"] = session_id
            kept.permanent = True
        return Browser(client)

    return sign


def events(session: Session, action: AuditAction) -> list[AuditEvent]:
    """What is on record of one kind, the oldest first."""
    session.expire_all()
    return list(
        session.scalars(
            select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.at_utc)
        )
    )


def messages(session: Session) -> list[Message]:
    """What is in the outbox, the oldest first."""
    session.expire_all()
    return list(session.scalars(select(Message).order_by(Message.created_at_utc, Message.key)))
