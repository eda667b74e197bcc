"""The release ledger: what it takes over from before it was kept, and what it refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from alembic import command
from sqlalchemy import MetaData, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.data import ledger, schema, snapshots
from survey.data.engine import make_engine
from survey.data.models import Account, HandedOutFile, Release, Round, Snapshot
from tests import factories
from tests.factories import NOW

OF_THEN: dict[str, dict[str, Any]] = {
    "council": {"id": "c" * 32, "slug": "marlow-vale", "name": "Marlow Vale Council"},
    "review": {
        "id": "v" * 32,
        "council_id": "c" * 32,
        "title": "Review",
        "strengths_word": "Strengths",
        "considerations_word": "Areas for consideration",
    },
    "round": {
        "id": "r" * 32,
        "review_id": "v" * 32,
        "slug": "spring",
        "title": "Working together",
        "bank_id": "safeguarding_children_2010",
        "bank_digest": "d" * 64,
        "bank_json": "{}",
        "analysis_settings": {},
        "opens_at_utc": NOW - timedelta(days=7),
        "closes_at_utc": NOW + timedelta(days=7),
        "contact": "the review team",
        "urgent_contact": "the front door",
        "comments_checked_by": "The review manager",
        "invited_how": "",
    },
    "snapshot": {
        "id": "s" * 32,
        "round_id": "r" * 32,
        "number": 1,
        "made_at_utc": NOW,
        "answered": 50,
        "bank_digest": "d" * 64,
        "code_version": "0.1.0",
        "analysis_settings": {},
        "tally_digest": "t" * 64,
        "tally_json": "{}",
        "summary_json": "{}",
    },
}
"""A round with a snapshot, as the first migration left the tables."""


def test_snapshots_made_before_the_ledger_are_entered_in_it(blank_database_url: str) -> None:
    upgrade_to(blank_database_url, "001")
    engine = make_engine(blank_database_url)
    # The models are of today, so the tables are told as they were then.
    then = MetaData()
    with engine.begin() as connection:
        then.reflect(connection, only=("council", "review", "round", "snapshot"))
        for name, row in OF_THEN.items():
            connection.execute(insert(then.tables[name]).values(row))
    engine.dispose()

    schema.upgrade(blank_database_url)

    engine = make_engine(blank_database_url)
    with Session(engine) as session:
        found = session.scalars(select(Release)).one()
        assert (found.snapshot_id, found.audience) == ("s" * 32, "review_team")
        assert (found.shown_from_utc, found.updated, found.held) == (NOW, 0, 0)
    engine.dispose()


def upgrade_to(database_url: str, revision: str) -> None:
    """Runs the migrations up to one of them."""
    command.upgrade(schema._config(database_url), revision)


def make_snapshot(session: Session, round_: Round, *, number: int = 1) -> Snapshot:
    """A snapshot shown to the review team."""
    return snapshots.add_snapshot(
        session,
        round_id=round_.id,
        number=number,
        made_at=NOW,
        answered=50,
        bank_digest=round_.bank_digest,
        code_version="0.1.0",
        analysis_settings={},
        tally_digest="t" * 64,
        tally_json=f"tally {number}",
        summary_json=f"summary {number}",
        audience="review_team",
        updated=12 * (number - 1),
        held=18 * (number - 1),
    )


def test_everything_shown_to_an_audience_is_given_in_order(session: Session) -> None:
    round_ = factories.make_round(session)
    for number in (1, 2):
        make_snapshot(session, round_, number=number)
    make_snapshot(session, factories.make_round(session, slug="other"))

    shown = list(ledger.shown_to(session, round_id=round_.id, audience="review_team"))

    assert shown == [("tally 1", "summary 1"), ("tally 2", "summary 2")]
    assert list(ledger.shown_to(session, round_id=round_.id, audience="council")) == []
    (_, second) = ledger.list_releases(session, round_id=round_.id)
    assert (second.number, second.updated, second.held) == (2, 12, 18)
    latest = snapshots.find_latest(session, round_id=round_.id)
    assert latest is not None
    assert (latest.number, latest.updated, latest.held) == (2, 12, 18)


def test_snapshot_is_released_to_an_audience_once(session: Session) -> None:
    snapshot = make_snapshot(session, factories.make_round(session))

    with pytest.raises(IntegrityError):
        ledger.add_release(
            session,
            snapshot_id=snapshot.id,
            audience="review_team",
            shown_from=NOW,
            updated=0,
            held=0,
        )


def test_fewer_than_no_questions_are_refused(session: Session) -> None:
    snapshot = make_snapshot(session, factories.make_round(session))

    with pytest.raises(IntegrityError, match="counts"):
        ledger.add_release(
            session, snapshot_id=snapshot.id, audience="council", shown_from=NOW, updated=-1, held=0
        )


def test_ledger_goes_with_its_round_and_outlives_the_account(session: Session) -> None:
    round_ = factories.make_round(session)
    account = Account(
        email="robin@example.org", name="Robin Marsh", password_hash="x", created_at_utc=NOW
    )
    session.add(account)
    session.flush()
    snapshot = make_snapshot(session, round_)
    ledger.add_file(
        session,
        snapshot_id=snapshot.id,
        audience="review_team",
        file_format="csv",
        account_id=account.id,
        at=NOW,
    )
    assert [file.who for file in ledger.list_files(session, round_id=round_.id)] == [account.name]

    session.delete(account)
    session.flush()
    assert [file.who for file in ledger.list_files(session, round_id=round_.id)] == [""]

    session.execute(delete(Round).where(Round.id == round_.id))
    assert session.scalars(select(Release)).all() == []
    assert session.scalars(select(HandedOutFile)).all() == []
