"""The database's way to a tally, set against a bare scan of the same answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

import numpy as np
from sqlalchemy import Connection, Engine, insert, text
from sqlalchemy.orm import Session

from analysis.tally import from_counts
from benchmarks.analysis_data import LEVELS, OPTIONS, agencies_of, shares_of
from benchmarks.rounds import Database, place
from question_banks.bank import Bank, Sector
from survey.data.engine import make_engine
from survey.data.extracts import count_round
from survey.data.models import Answer, Response
from tests import factories

RESPONSES_AT_A_TIME = 5_000


@dataclass(frozen=True)
class DatabaseResult:
    """Seconds for one database, medians: a scan of every answer, the counting, the tally of it."""

    database: str
    responses: int
    answers: int
    scan_seconds: float
    grouped_seconds: float
    count_seconds: float
    tally_seconds: float


def measure(database: Database, bank: Bank, *, responses: int, repeats: int) -> DatabaseResult:
    """Fill a database of its own and count it."""
    with place(database) as where:
        engine = make_engine(where.database_url)
        try:
            round_id = _fill(engine, bank, responses=responses)
            with engine.connect() as connection:
                _settle(connection)
            return _measured(engine, bank, round_id=round_id, database=database, repeats=repeats)
        finally:
            engine.dispose()


def _fill(engine: Engine, bank: Bank, *, responses: int) -> str:
    names, sectors = agencies_of(40)
    with Session(engine) as session:
        council = factories.make_council(session, slug="larkshire")
        round_ = factories.make_round(session, council=council, bank=bank, slug="spring")
        agencies = [
            factories.make_invited_agency(
                session, round_, name=name, sector=Sector(sector)
            ).agency_id
            for name, sector in zip(names, sectors, strict=True)
        ]
        session.commit()
        round_id = str(round_.id)
    with engine.begin() as connection:
        for people, answers in _rows(bank, round_id, agencies, responses=responses):
            connection.execute(insert(Response), people)
            connection.execute(insert(Answer), answers)
    return round_id


Rows = list[dict[str, str | None]]


def _rows(
    bank: Bank, round_id: str, agencies: list[str], *, responses: int
) -> Iterator[tuple[Rows, Rows]]:
    """Rows of responses and of answers, under identifiers that are random and in order."""
    chance = np.random.default_rng(3)
    limits = np.cumsum(shares_of(bank, agencies=len(agencies), seed=1), axis=2)
    codes = [question.code for question in bank.questions()]
    given = [*OPTIONS, None]
    for start in range(0, responses, RESPONSES_AT_A_TIME):
        size = min(RESPONSES_AT_A_TIME, responses - start)
        of = chance.integers(0, len(agencies), size)
        level = chance.integers(0, len(LEVELS), size)
        drawn = (chance.random((size, len(codes), 1)) > limits[of]).sum(axis=2)
        marks = chance.integers(0, 2**32, size).tolist()
        names = [f"{start + i:016x}{mark:016x}" for i, mark in enumerate(marks)]
        people: Rows = [
            {
                "id": names[i],
                "round_id": round_id,
                "agency_id": agencies[of[i]],
                "level": LEVELS[level[i]].value,
            }
            for i in range(size)
        ]
        answers: Rows = [
            {"response_id": names[i], "question": code, "value": given[option]}
            for i, row in enumerate(drawn.tolist())
            for code, option in zip(codes, row, strict=True)
        ]
        yield people, answers


def _settle(connection: Connection) -> None:
    """Let the database look at what it has, as it does by itself after a while."""
    connection.execute(text("ANALYZE"))
    connection.commit()


SCAN = text("SELECT count(*), count(value), max(question) FROM answer")
GROUPED = text("SELECT question, value, count(*) FROM answer GROUP BY question, value")


def _measured(
    engine: Engine, bank: Bank, *, round_id: str, database: Database, repeats: int
) -> DatabaseResult:
    with Session(engine) as session:
        responses, answers = (
            int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())
            for table in ("response", "answer")
        )
        counts = count_round(session, round_id=round_id, bank=bank)
        return DatabaseResult(
            database=str(database),
            responses=responses,
            answers=answers,
            scan_seconds=_median(lambda: session.execute(SCAN).all(), repeats),
            grouped_seconds=_median(lambda: session.execute(GROUPED).all(), repeats),
            count_seconds=_median(
                lambda: count_round(session, round_id=round_id, bank=bank), repeats
            ),
            tally_seconds=_median(
                lambda: from_counts(
                    bank,
                    answers=counts.answers,
                    respondents=counts.respondents,
                    patterns=counts.patterns,
                    agencies=counts.agencies,
                    invited=counts.invited,
                ),
                repeats,
            ),
        )


def _median(work: Callable[[], object], repeats: int) -> float:
    seconds = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return median(seconds)
