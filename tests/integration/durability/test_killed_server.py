"""What a server that is killed in the middle of its work must not lose."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from benchmarks import rounds, serving
from benchmarks.rounds import Database, Place
from benchmarks.serving import HOST, Server
from benchmarks.visitor import Visitor
from question_banks.bank import Bank, Level
from question_banks.loader import load_bank
from question_banks.path import Page, first_incomplete, pages
from survey.app import create_app
from survey.data.engine import make_engine
from survey.data.models import Draft, Invitation
from survey.extensions import db
from survey.settings import Settings
from tests import factories
from tests.integration.durability.respondent import Respondent, Stopped

SAVES = 100
KILLS = 3
RESPONDENTS = 5
SECONDS_TO_FINISH = 60

BANK: Bank = load_bank("safeguarding_children_2010")
PATH: tuple[Page, ...] = pages(BANK, level=Level.FRONTLINE, answers={})


@pytest.fixture(params=list(Database), ids=str)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """An empty database that is as durable as a real one, on SQLite and on PostgreSQL."""
    with rounds.place(request.param) as made:
        yield made


class Moment:
    """When the server is killed: as save number `number` is being sent, or was acknowledged.

    Meanwhile the others' saves are at any point between being sent and being answered.
    """

    def __init__(self, *, number: int, while_sending: bool) -> None:
        self._left = number
        self._while_sending = while_sending
        self._lock = threading.Lock()
        self.has_come = threading.Event()

    def before(self) -> None:
        """A save is about to be sent."""
        if self.has_come.is_set():
            raise Stopped
        if self._while_sending:
            self._count()

    def after(self) -> None:
        """A save was acknowledged."""
        if not self._while_sending:
            self._count()

    def _count(self) -> None:
        with self._lock:
            self._left -= 1
            if self._left <= 0:
                self.has_come.set()


def test_acknowledged_answers_survive_a_killed_server(place: Place) -> None:
    links = rounds.open_round(place.database_url, respondents=RESPONDENTS)
    respondents = [Respondent(link, random.Random(random.random())) for link in links]
    # One kill in each third: anywhere in it, and before or after the save is acknowledged.
    kills = [random.randint(1, SAVES // KILLS) for _ in range(KILLS)]
    for number in kills:
        while_sending = random.random() < 0.5
        with running(place) as server:
            check_pages(server, respondents)
            save_until(server, respondents, Moment(number=number, while_sending=while_sending))
        check_database(place, respondents)
    saved = sum(respondent.saves for respondent in respondents)
    assert saved < SAVES
    with running(place) as server:
        check_pages(server, respondents)
        save_until(server, respondents, Moment(number=SAVES - saved, while_sending=False))
    check_database(place, respondents)
    with running(place) as server:
        check_pages(server, respondents)
    assert sum(respondent.saves for respondent in respondents) >= SAVES


@contextmanager
def running(place: Place) -> Iterator[Server]:
    """The application under gunicorn with two workers."""
    log = place.folder / "gunicorn.log"
    with serving.serving(
        "wsgi:app", environ=place.environ, log=log, ready_path="/healthz"
    ) as server:
        yield server


def save_until(server: Server, respondents: Sequence[Respondent], moment: Moment) -> None:
    """Lets all respondents save at once, and kills the server when the moment has come."""
    faults: list[BaseException] = []

    def answer(respondent: Respondent) -> None:
        try:
            respondent.answer_pages(server, before=moment.before, after=moment.after)
        except BaseException as fault:
            faults.append(fault)
            moment.has_come.set()

    threads = [threading.Thread(target=answer, args=(one,)) for one in respondents]
    for thread in threads:
        thread.start()
    assert moment.has_come.wait(SECONDS_TO_FINISH), "the respondents came to no end"
    server.kill()
    for thread in threads:
        thread.join(SECONDS_TO_FINISH)
        assert not thread.is_alive()
    if faults:
        raise faults[0]


def check_database(place: Place, respondents: Sequence[Respondent]) -> None:
    """Every acknowledged answer is in the database, and a save in doubt is whole or not there."""
    engine = make_engine(place.database_url)
    try:
        stored = drafts(engine)
    finally:
        engine.dispose()
    for respondent in respondents:
        respondent.settle(stored.get(respondent.public_id, {}))


def drafts(engine: Engine) -> dict[str, dict[str, Any]]:
    """The stored answers by public id."""
    with Session(engine) as session:
        # A commit that PostgreSQL had been sent still holds its invitation: wait for its end.
        session.execute(select(Invitation.id).with_for_update()).all()
        rows = session.execute(
            select(Invitation.public_id, Draft.answers).join(
                Draft, Draft.invitation_id == Invitation.id
            )
        )
        return {row.public_id: row.answers for row in rows}


def check_pages(server: Server, respondents: Sequence[Respondent]) -> None:
    """On another device the link resumes at the first page lacking, and every page is filled in."""
    for respondent in respondents:
        if not respondent.acknowledged:
            continue
        visitor = Visitor(HOST, server.port)
        replies = visitor.follow(respondent.link)
        lacking = first_incomplete(PATH, respondent.acknowledged)
        end = f"page/{lacking.key}" if lacking else "check"
        assert replies[-2].location == respondent.url(end)
        shown: dict[str, str] = {}
        for page in PATH:
            reply = visitor.get(respondent.url(f"page/{page.key}"))
            shown |= reply.chosen() | reply.written()
        assert shown == respondent.acknowledged


def test_commits_wait_for_the_disk(place: Place) -> None:
    app = create_app(
        Settings(
            secret_key=factories.SECRET_KEY,
            database_url=place.database_url,
            instance=place.folder,
        )
    )
    with app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            asked = {"PRAGMA journal_mode": "wal", "PRAGMA synchronous": 2}
        else:
            asked = {"SHOW fsync": "on", "SHOW synchronous_commit": "on"}
        found = {text: connection.exec_driver_sql(text).scalar_one() for text in asked}
    with app.app_context():
        db.engine.dispose()

    assert found == asked
