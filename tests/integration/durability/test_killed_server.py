"""What a server that is killed in the middle of saving pages must not lose."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from benchmarks import rounds
from benchmarks.rounds import Place
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
from tests.integration.durability.killing import Moment, kill_during, running
from tests.integration.durability.respondent import Respondent

SAVES = 100
KILLS = 3
RESPONDENTS = 5

BANK: Bank = load_bank("safeguarding_children_2010")
PATH: tuple[Page, ...] = pages(BANK, level=Level.FRONTLINE, answers={})


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


def save_until(server: Server, respondents: Sequence[Respondent], moment: Moment) -> None:
    """Lets all respondents save at once, and kills the server when the moment has come."""
    work = [
        partial(one.answer_pages, server, before=moment.before, after=moment.after)
        for one in respondents
    ]
    kill_during(server, work, moment)


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
