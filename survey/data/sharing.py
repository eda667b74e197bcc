"""Consent to share a round's figures in benchmarks, and the benchmarks worked out so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from analysis.benchmarked import Benchmark
from survey.data.models import (
    Account,
    Council,
    Review,
    Round,
    SharingConsent,
    Snapshot,
    StoredBenchmark,
)


@dataclass(frozen=True)
class ConsentRow:
    """One agreement to share, in force while `withdrawn_at` is None."""

    id: str
    agreed_at: datetime
    agreed_by: str
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class SharedRound:
    """A closed round of a council that shares it, and its newest snapshot."""

    round_id: str
    title: str
    council_id: str
    bank_id: str
    closed_at: datetime
    snapshot_id: str


def list_consents(session: Session, *, round_id: str) -> list[ConsentRow]:
    """Every agreement to share a round, the newest first."""
    rows = session.execute(
        select(
            SharingConsent.id,
            SharingConsent.agreed_at_utc,
            Account.name,
            SharingConsent.withdrawn_at_utc,
        )
        .outerjoin(Account, Account.id == SharingConsent.agreed_by)
        .where(SharingConsent.round_id == round_id)
        .order_by(SharingConsent.agreed_at_utc.desc(), SharingConsent.id)
    )
    return [
        ConsentRow(id_, agreed_at, who or "", withdrawn_at)
        for id_, agreed_at, who, withdrawn_at in rows
    ]


def find_consent(session: Session, *, round_id: str) -> ConsentRow | None:
    """The agreement in force, or None where the round is not shared."""
    return next(
        (row for row in list_consents(session, round_id=round_id) if row.withdrawn_at is None),
        None,
    )


def add_consent(session: Session, *, round_id: str, account_id: str | None, at: datetime) -> None:
    """Stores that a council agreed to share a round."""
    session.add(SharingConsent(round_id=round_id, agreed_at_utc=at, agreed_by=account_id))
    session.flush()


def withdraw_consent(
    session: Session, *, consent_id: str, account_id: str | None, at: datetime
) -> None:
    """Ends an agreement; that there was one stays on record."""
    consent = session.get_one(SharingConsent, consent_id)
    consent.withdrawn_at_utc = at
    consent.withdrawn_by = account_id
    session.flush()


def list_shared(session: Session, *, since: datetime, until: datetime) -> list[SharedRound]:
    """Every shared round that was closed within that time, with its newest snapshot, by council.

    A round that has been opened again is not among them.
    """
    newest = (
        select(Snapshot.round_id, func.max(Snapshot.number).label("number"))
        .group_by(Snapshot.round_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Round.id,
            Round.title,
            Council.id,
            Round.bank_id,
            Round.closed_at_utc,
            Snapshot.id,
        )
        .join(Review, Review.id == Round.review_id)
        .join(Council, Council.id == Review.council_id)
        .join(SharingConsent, SharingConsent.round_id == Round.id)
        .join(newest, newest.c.round_id == Round.id)
        .join(
            Snapshot,
            (Snapshot.round_id == newest.c.round_id) & (Snapshot.number == newest.c.number),
        )
        .where(
            SharingConsent.withdrawn_at_utc.is_(None),
            Round.closed_at_utc >= since,
            Round.closed_at_utc <= until,
        )
        .order_by(Council.id, Round.closed_at_utc.desc(), Round.id)
    )
    return [
        SharedRound(round_id, title, council_id, bank_id, closed_at, snapshot_id)
        for round_id, title, council_id, bank_id, closed_at, snapshot_id in rows
        if closed_at is not None
    ]


@dataclass(frozen=True)
class BenchmarkRow:
    """A benchmark that was worked out, and the digest of what it was made from."""

    key: str
    made_at: datetime
    benchmark: Benchmark


def find_benchmark(session: Session, *, round_id: str) -> BenchmarkRow | None:
    """The benchmark of a round that was worked out last, or None."""
    row = session.execute(
        select(
            StoredBenchmark.key, StoredBenchmark.made_at_utc, StoredBenchmark.benchmark_json
        ).where(StoredBenchmark.round_id == round_id)
    ).one_or_none()
    if row is None:
        return None
    key, made_at, text = row
    return BenchmarkRow(key, made_at, Benchmark.model_validate_json(text))


def put_benchmark(
    session: Session, *, round_id: str, key: str, benchmark: Benchmark, at: datetime
) -> None:
    """Stores a round's benchmark in place of the one before."""
    session.execute(
        delete(StoredBenchmark).where(StoredBenchmark.round_id == round_id),
        execution_options={"synchronize_session": False},
    )
    session.add(
        StoredBenchmark(
            round_id=round_id,
            key=key,
            made_at_utc=at,
            benchmark_json=benchmark.model_dump_json(),
        )
    )
    session.flush()
