"""After closing, nothing in the database leads from an invitation to a response."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from question_banks.bank import ScaleQuestion
from survey.actions import anonymity, closing
from survey.actions.submitting import submit
from survey.data.engine import make_engine
from survey.data.invitations import find_person
from survey.data.models import (
    Answer,
    Comment,
    Council,
    Draft,
    Participation,
    Response,
)
from tests import factories
from tests.factories import NOW
from tests.filled_round import AGENCIES, FilledRound, fill_round

TABLES = ("response", "answer", "comment", "participation")
PEOPLE = 40
MARK = "A remark that only this person would make"


@pytest.fixture
def sent(session: Session, council: Council) -> tuple[FilledRound, list[str]]:
    """A round with forty people's answers sent one after the other as their pages would send them,
    each in a transaction of its own; and the invitations in the order they were used.

    Everybody's first answer and comment say who they are, so that the test can tell.
    """
    filled = fill_round(session, council=council, agencies=[(*AGENCIES[0][:3], 0)])
    place = next(iter(filled.agencies.values()))
    invitations = []
    for number in range(PEOPLE):
        invitation = factories.make_invitation(session, place)
        answers = complete(filled) | {"lp_comment": f"{MARK}: {number:02}"}
        session.add(
            Draft(
                invitation_id=invitation.id,
                level="frontline",
                answers=answers,
                started_at_utc=NOW,
                saved_at_utc=NOW,
            )
        )
        session.commit()
        person = find_person(session, invitation.public_id)
        assert person is not None
        submit(session, person, may_be_quoted=True, now=NOW)
        session.commit()
        invitations.append(invitation.id)
    return filled, invitations


def complete(filled: FilledRound) -> dict[str, str | None]:
    """An answer to every question on a scale."""
    answers: dict[str, str | None] = {}
    for question in filled.bank.questions():
        answers[question.code] = (
            filled.bank.scale_of(question).options[0].code
            if isinstance(question, ScaleQuestion)
            else None
        )
    return answers


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Another connection to the same database."""
    other = make_engine(database_url)
    yield other
    other.dispose()


def close(session: Session, filled: FilledRound, engine: Engine) -> None:
    """Closes the round as the page does."""
    closing.close_round(
        session,
        round_id=filled.round.id,
        account_id=None,
        council_id=filled.council.id,
        now=NOW,
    )
    session.commit()
    anonymity.erase_traces(engine)


def used_order(invitations: list[str], found: list[str]) -> list[int]:
    """In which order the invitations stand in a list, as their place in the order of use."""
    places = {invitation: place for place, invitation in enumerate(invitations)}
    return [places[invitation] for invitation in found]


def written_order(comments: list[str]) -> list[int]:
    """In which order comments stand, as their writers' place in the order of use."""
    return [int(comment.removeprefix(f"{MARK}: ")) for comment in comments]


def agreement(first: list[int], second: list[int]) -> int:
    """How many people stand in the same place in both lists."""
    return sum(one == other for one, other in zip(first, second, strict=True))


def test_nothing_is_lost_by_shuffling(
    session: Session, sent: tuple[FilledRound, list[str]], engine: Engine
) -> None:
    filled, invitations = sent
    before = contents(session)

    close(session, filled, engine)

    assert contents(session) == before
    assert len(before["comments"]) == PEOPLE
    assert before["participations"] == sorted(invitations)


def contents(session: Session) -> dict[str, list[str]]:
    """Everything kept, without the ids that closing replaces."""
    session.commit()
    answers = session.execute(
        select(Response.agency_id, Response.level, Answer.question, Answer.value).join(
            Answer, Answer.response_id == Response.id
        )
    )
    comments = session.execute(
        select(Comment.agency_id, Comment.question, Comment.text, Comment.quotable, Comment.flags)
    )
    return {
        "answers": sorted(str(tuple(row)) for row in answers),
        "comments": sorted(str(tuple(row)) for row in comments),
        "participations": sorted(session.scalars(select(Participation.invitation_id))),
    }


def test_ids_of_responses_and_comments_are_new(
    session: Session, sent: tuple[FilledRound, list[str]], engine: Engine
) -> None:
    filled, _ = sent
    before = {*session.scalars(select(Response.id)), *session.scalars(select(Comment.id))}

    close(session, filled, engine)

    after = {*session.scalars(select(Response.id)), *session.scalars(select(Comment.id))}
    assert len(before) == len(after) == 2 * PEOPLE
    assert not before & after


def test_order_of_rows_links_nobody(
    session: Session, sent: tuple[FilledRound, list[str]], engine: Engine
) -> None:
    """What a look at the tables gives, in whatever order the database keeps them."""
    filled, invitations = sent

    close(session, filled, engine)

    with engine.connect() as connection:
        comments = [row[0] for row in connection.execute(text("select text from comment"))]
        used = [row[0] for row in connection.execute(text("select * from participation"))]
    engine.dispose()
    # By chance one person in forty stands in the same place: ten would be a link.
    assert agreement(written_order(comments), used_order(invitations, used)) < 10
    assert agreement(written_order(comments), list(range(PEOPLE))) < 10


def test_transaction_numbers_link_nobody(
    session: Session,
    sent: tuple[FilledRound, list[str]],
    engine: Engine,
    request: pytest.FixtureRequest,
) -> None:
    if "postgresql" not in request.node.name:
        # SQLite keeps no such number, and no row number in these tables either.
        with engine.connect() as connection:
            for table in TABLES:
                with pytest.raises(Exception, match="no such column: rowid"):
                    connection.execute(text(f"select rowid from {table}"))
        engine.dispose()
        return
    filled, _ = sent
    with engine.connect() as connection:
        open_numbers = numbers(connection)
    assert len(open_numbers["comment"]) == len(open_numbers["participation"]) == PEOPLE
    assert open_numbers["comment"] == open_numbers["participation"], "the link that closing cuts"

    close(session, filled, engine)

    with engine.connect() as connection:
        closed = numbers(connection)
        dead = connection.execute(
            text("select sum(n_dead_tup) from pg_stat_user_tables where relname = any(:names)"),
            {"names": list(TABLES)},
        ).scalar_one()
    engine.dispose()
    assert {len(found) for found in closed.values()} == {1}
    assert len({next(iter(found)) for found in closed.values()}) == 1
    assert dead == 0


def numbers(connection) -> dict[str, set[str]]:  # type: ignore[no-untyped-def]
    """Table to the numbers of the transactions that wrote its rows."""
    return {
        table: {
            row[0] for row in connection.execute(text(f"select distinct xmin::text from {table}"))
        }
        for table in TABLES
    }


def test_no_file_of_sqlite_holds_the_old_ids(
    session: Session,
    sent: tuple[FilledRound, list[str]],
    engine: Engine,
    database_url: str,
) -> None:
    filled, _ = sent
    old = list(session.scalars(select(Response.id)))

    close(session, filled, engine)

    if database_url.startswith("sqlite"):
        path = Path(database_url.removeprefix("sqlite:///"))
        log = path.with_name(f"{path.name}-wal")
        assert not log.exists() or log.stat().st_size == 0
        kept = path.read_bytes()
        assert not any(id_.encode() in kept for id_ in old)
        with sqlite3.connect(path) as connection:
            assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
        connection.close()
    assert not set(old) & set(session.scalars(select(Response.id)))
    engine.dispose()


def test_no_date_stands_beside_an_answer(app: Flask) -> None:
    for model in (Response, Answer, Comment, Participation):
        names = {column.name for column in model.__table__.columns}
        assert not any(word in name for name in names for word in ("_at", "date", "time", "utc"))
    assert {column.name for column in Participation.__table__.columns} == {"invitation_id"}
    linked = {
        key.column.table.name
        for model in (Response, Answer, Comment)
        for key in model.__table__.foreign_keys
    }
    assert linked == {"round", "agency", "response"}


def test_other_rounds_are_left_alone(
    session: Session, council: Council, sent: tuple[FilledRound, list[str]], engine: Engine
) -> None:
    filled, _ = sent
    other = fill_round(session, council=council, slug="spring", comments=["Ask Mr Thornback."])
    of_other = select(Response.id).where(Response.round_id == other.round.id)
    before = set(session.scalars(of_other))

    close(session, filled, engine)

    session.commit()
    assert set(session.scalars(of_other)) == before
    engine.dispose()
