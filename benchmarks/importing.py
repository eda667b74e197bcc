"""Measures how long a file of 5,000 people to invite takes, from upload to invitations.

    python -m benchmarks.importing                  # CSV and workbook on SQLite, some seconds
    python -m benchmarks.importing --people 10000

The file is checked, with forty faults and then mended, and brought in as the server does it. The
longest piece is the longest time for which SQLite keeps others from writing.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from benchmarks.machine import describe
from survey.actions import bringing_in
from survey.actions.accounts import create_account
from survey.clock import now
from survey.data import schema
from survey.data.engine import make_engine
from survey.data.rounds import get_round_by_id
from tests import factories, factories_invitees

WRITERS = {"CSV": factories_invitees.as_csv, "workbook": factories_invitees.as_xlsx}


@dataclass(frozen=True)
class Figure:
    """Seconds for one file."""

    kind: str
    kilobytes: int
    check_faulty: float
    faults: int
    check_mended: float
    bring_in: float
    longest_piece: float
    pieces: int


def measure(engine: Engine, kind: str, *, people: int) -> Figure:
    """Has one file checked, mended and brought in, in a round of its own."""
    rows = factories_invitees.right_rows(people)
    faulty, _ = factories_invitees.planted(rows)
    write = WRITERS[kind]
    content = write(rows)
    with Session(engine, expire_on_commit=False) as session:
        made = factories.make_round(session, slug=kind.lower(), opens=now())
        account = create_account(
            session,
            email=f"{kind}@example.org",
            name="Robin Marsh",
            password="four ordinary words",
            now=now(),
        ).id
        session.commit()
        found = get_round_by_id(session, round_id=made.id)
        start = time.perf_counter()
        faults = bringing_in.check_file(session, found, content=write(faulty)).faults
        checked_faulty = time.perf_counter() - start
        start = time.perf_counter()
        checked = bringing_in.check_file(session, found, content=content)
        import_id = bringing_in.keep(
            session, found, checked=checked, file_name=kind, account_id=account, now=now()
        )
        session.commit()
        checked_mended = time.perf_counter() - start
        _, digest = bringing_in.plan_of(session, found, import_id=import_id)
        bringing_in.start(session, found, import_id=import_id, seen=digest, now=now())
        session.commit()
        pieces: list[float] = []
        start = time.perf_counter()
        for _ in bringing_in.bring_in(session, import_id=import_id, clock=now):
            session.commit()
            pieces.append(time.perf_counter() - start - sum(pieces))
    return Figure(
        kind=kind,
        kilobytes=len(content) // 1024,
        check_faulty=checked_faulty,
        faults=len(faults),
        check_mended=checked_mended,
        bring_in=sum(pieces),
        longest_piece=max(pieces),
        pieces=len(pieces),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description="Measure bringing in a file of invitees.")
    parser.add_argument("--people", type=int, default=5000)
    people = parser.parse_args(arguments).people
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'signpost.db'}"
        schema.upgrade(url)
        engine = make_engine(url)
        figures = [measure(engine, kind, people=people) for kind in WRITERS]
        engine.dispose()
    print(f"{people:,} people of {factories_invitees.AGENCIES} agencies; {describe()}")
    for one in figures:
        print(
            f"{one.kind} of {one.kilobytes:,} KB: {one.faults} faults found in "
            f"{one.check_faulty:.2f} s; mended file checked and kept in {one.check_mended:.2f} s, "
            f"brought in in {one.bring_in:.2f} s by {one.pieces} pieces, the longest "
            f"{one.longest_piece:.2f} s"
        )


if __name__ == "__main__":
    main()
