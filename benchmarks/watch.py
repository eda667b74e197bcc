"""Measures the page on which a manager watches a large round.

    python -m benchmarks.watch                         # both databases, under a minute
    python -m benchmarks.watch --database sqlite --repeats 31 --json result.json

A round of 300 agencies and 10,000 personal invitations, 4,000 of them used and 1,500 begun, beside
another council's round of the same size, which must not be felt. Each figure is the median of the
time from the request to the last byte of the page, within one process and without a network.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event, insert, text
from sqlalchemy.orm import Session

from benchmarks.machine import describe
from benchmarks.rounds import Database, place
from question_banks.bank import Level, Sector
from survey.actions.accounts import add_manager, create_account
from survey.app import create_app
from survey.clock import day_in_london, now
from survey.data.base import new_id
from survey.data.engine import make_engine
from survey.data.models import (
    Agency,
    Draft,
    Invitation,
    InvitedAgency,
    Participation,
    Response,
    SentInDay,
)
from survey.extensions import db
from survey.settings import Settings
from tests import factories

AGENCIES = 300
INVITATIONS = 10_000
USED = 4_000
BEGUN = 1_500
DAYS = 20
AIM_MS = 300
EMAIL, PASSWORD = "manager@example.org", "four ordinary words here"


@dataclass(frozen=True)
class Result:
    """Medians in milliseconds on one database, how many queries, and how large the page is."""

    database: str
    page_ms: float
    slowest_ms: float
    people_ms: float
    queries: int
    page_bytes: int


def measure(
    database: Database,
    *,
    agencies: int = AGENCIES,
    invitations: int = INVITATIONS,
    used: int = USED,
    begun: int = BEGUN,
    repeats: int = 15,
) -> Result:
    """Fills a database of its own and opens the pages."""
    with place(database) as where:
        engine = make_engine(where.database_url)
        with Session(engine) as session:
            for slug in ("spring", "elsewhere"):
                council = factories.make_council(session, slug=f"council-{slug}")
                if slug == "spring":
                    account = create_account(
                        session, email=EMAIL, name="R. Marsh", password=PASSWORD, now=now()
                    )
                    add_manager(session, account=account, council=council)
                round_ = factories.make_round(
                    session,
                    council=council,
                    slug=slug,
                    opens=now() - timedelta(days=DAYS),
                    closes=now() + timedelta(days=7),
                )
                _fill(session, round_.id, slug, agencies, invitations, used, begun)
            session.commit()
            session.execute(text("ANALYZE"))
            session.commit()
        engine.dispose()
        app = create_app(
            Settings(
                secret_key=factories.SECRET_KEY,
                database_url=where.database_url,
                instance=where.folder,
            )
        )
        client = app.test_client()
        _sign_in(client)
        address = "/manage/spring/watch"
        client.get(address)
        seen: list[str] = []
        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
        page = client.get(address)
        queries = len(seen)
        if page.status_code != 200:
            raise SystemExit(f"{address} answered {page.status_code}")
        times = sorted(_times(client, address, repeats))
        people = sorted(_times(client, f"{address}/people", repeats))
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        return Result(
            database=str(database),
            page_ms=round(statistics.median(times), 1),
            slowest_ms=round(times[-1], 1),
            people_ms=round(statistics.median(people), 1),
            queries=queries,
            page_bytes=len(page.data),
        )


def _fill(
    session: Session,
    round_id: str,
    slug: str,
    agencies: int,
    invitations: int,
    used: int,
    begun: int,
) -> None:
    """Agencies of every sector with people invited by name, in the proportions asked for."""
    sectors, levels = list(Sector), list(Level)
    made: list[dict[str, Any]] = [
        {"id": new_id(), "name": f"Agency {n} of {slug}", "sector": sectors[n % len(sectors)]}
        for n in range(agencies)
    ]
    places: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "round_id": round_id,
            "agency_id": agency["id"],
            "expected": True,
            "contact_name": "Kit Barrow",
            "contact_email": "kit@example.org",
        }
        for agency in made
    ]
    # Agencies differ in size, and the last tenth of them is silent.
    speaking = agencies - agencies // 10
    people: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "public_id": f"{'A' if slug == 'spring' else 'B'}{n:05d}",
            "invited_agency_id": places[(n * n + n) // 2 % (speaking if n < used else agencies)][
                "id"
            ],
            "label": f"Person {n}",
            "email": f"person{n}@{slug}.example.org",
        }
        for n in range(invitations)
    ]
    agency_of = {one["id"]: one["agency_id"] for one in places}
    started = now() - timedelta(hours=1)
    session.execute(insert(Agency), made)
    session.execute(insert(InvitedAgency), places)
    session.execute(insert(Invitation), people)
    session.execute(insert(Participation), [{"invitation_id": one["id"]} for one in people[:used]])
    session.execute(
        insert(Response),
        [
            {
                "id": new_id(),
                "round_id": round_id,
                "agency_id": agency_of[one["invited_agency_id"]],
                "level": levels[n % len(levels)],
            }
            for n, one in enumerate(people[:used])
        ],
    )
    session.execute(
        insert(Draft),
        [
            {
                "invitation_id": one["id"],
                "level": "frontline",
                "answers": {},
                "started_at_utc": started,
                "saved_at_utc": started,
            }
            for one in people[used : used + begun]
        ],
    )
    first = day_in_london(now()) - timedelta(days=DAYS - 1)
    session.execute(
        insert(SentInDay),
        [
            {
                "round_id": round_id,
                "day": first + timedelta(days=n),
                "sent_in": max(1, used // DAYS),
            }
            for n in range(DAYS)
        ],
    )


def _sign_in(client: FlaskClient) -> None:
    found = re.search('name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    token = found.group(1) if found else ""
    client.post("/sign-in", data={"csrf_token": token, "email": EMAIL, "password": PASSWORD})


def _times(client: FlaskClient, address: str, repeats: int) -> Iterator[float]:
    for _ in range(repeats):
        begun = time.perf_counter()
        client.get(address).get_data()
        yield 1000 * (time.perf_counter() - begun)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the figures; 1 where the page took longer than it may."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.watch", description=__doc__)
    parser.add_argument("--database", choices=[*Database, "both"], default="both")
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--json", type=Path, help="a file for the figures")
    given = parser.parse_args(arguments)
    databases = list(Database) if given.database == "both" else [Database(given.database)]
    results = [measure(database, repeats=given.repeats) for database in databases]
    for result in results:
        print(
            f"{result.database}: {result.page_ms} ms (slowest {result.slowest_ms} ms), "
            f"{result.queries} queries, {result.page_bytes:,} bytes; "
            f"people who have not finished: {result.people_ms} ms"
        )
    if given.json:
        told = {"machine": asdict(describe()), "results": [asdict(one) for one in results]}
        given.json.write_text(json.dumps(told, indent=2), encoding="utf-8")
    return int(any(result.page_ms >= AIM_MS for result in results))


if __name__ == "__main__":
    sys.exit(main())
