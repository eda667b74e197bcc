"""A database with an open round and a link for each respondent."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy.orm import Session

from survey.clock import now
from survey.data import schema
from survey.data.engine import make_engine
from tests import factories
from tools import postgresql


class Database(StrEnum):
    """Where the answers are kept."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


@dataclass(frozen=True)
class Place:
    """A folder for the server's files, and the address of an empty database."""

    folder: Path
    database_url: str

    @property
    def environ(self) -> dict[str, str]:
        """The settings of an application that uses this place."""
        return {
            "SIGNPOST_INSTANCE": str(self.folder),
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": factories.SECRET_KEY,
        }


@contextmanager
def place(database: Database) -> Iterator[Place]:
    """A place with every table and no row, thrown away afterwards.

    PostgreSQL keeps its durable settings: without them neither times nor proofs would count.
    """
    folder = Path(tempfile.mkdtemp(prefix="signpost-bench-"))
    try:
        if database is Database.SQLITE:
            yield _migrated(Place(folder, f"sqlite:///{folder / 'signpost.db'}"))
        else:
            with postgresql.cluster() as cluster:
                postgresql.stop_with(cluster, owner=os.getpid())
                yield _migrated(Place(folder, cluster.url()))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _migrated(empty: Place) -> Place:
    schema.upgrade(empty.database_url)
    return empty


def open_round(database_url: str, *, respondents: int) -> tuple[str, ...]:
    """Makes a round on the bank of 2010 that is open now; returns the paths of the links."""
    engine = make_engine(database_url)
    try:
        with Session(engine) as session:
            round_ = factories.make_round(
                session, opens=now() - timedelta(days=1), closes=now() + timedelta(days=30)
            )
            agency = factories.make_invited_agency(session, round_, invited=respondents)
            links = tuple(
                factories.link_of(factories.make_invitation(session, agency))
                for _ in range(respondents)
            )
            session.commit()
    finally:
        engine.dispose()
    return links
