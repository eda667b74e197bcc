"""Real databases for the integration tests: each test that takes one runs on both kinds."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql
from sqlalchemy.orm import Session

from survey.app import create_app
from survey.data import schema
from survey.data.engine import make_engine
from survey.extensions import db
from survey.settings import Settings
from tests.factories import SECRET_KEY
from tools import postgresql

LOCK_SECONDS = 10


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a database with every table and no row, on SQLite and on PostgreSQL."""
    name = "empty_sqlite_url" if request.param == "sqlite" else "empty_postgresql_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def blank_database_url(request: pytest.FixtureRequest) -> str:
    """The address of a database without any table, for tests of the migrations themselves."""
    name = "blank_sqlite_url" if request.param == "sqlite" else "blank_postgresql_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture(scope="session")
def migrated_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table, to be copied and never opened."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    schema.upgrade(f"sqlite:///{path}")
    log = path.with_name(f"{path.name}-wal")
    assert not log.exists(), "the migrations left a connection open, so a copy would miss rows"
    return path


@pytest.fixture(scope="session")
def sqlite_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this worker's SQLite file stands, a new one for each test."""
    return tmp_path_factory.mktemp("place") / "signpost.db"


@pytest.fixture
def empty_sqlite_url(migrated_sqlite_file: Path, sqlite_place: Path) -> str:
    """A SQLite file of this test's own, at an address that all tests of this worker share."""
    for end in ("", "-wal", "-shm"):
        sqlite_place.with_name(sqlite_place.name + end).unlink(missing_ok=True)
    return f"sqlite:///{shutil.copy(migrated_sqlite_file, sqlite_place)}"


@pytest.fixture
def blank_sqlite_url(tmp_path: Path) -> str:
    """A SQLite file of this test's own that does not exist yet."""
    return f"sqlite:///{tmp_path / 'blank.db'}"


@pytest.fixture(scope="session")
def postgresql_cluster(shared_folder: Path) -> postgresql.Cluster:
    """The one PostgreSQL server of this run, started by the first worker that needs it."""
    state = shared_folder / "postgresql.json"
    with (shared_folder / "postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if state.exists():
            known = json.loads(state.read_text(encoding="utf-8"))
            return postgresql.Cluster(Path(known["directory"]), known["port"])
        cluster = postgresql.start(fsync=False)
        # Under xdist the process that outlives all tests is this worker's parent.
        is_worker = "PYTEST_XDIST_WORKER" in os.environ
        postgresql.stop_with(cluster, owner=os.getppid() if is_worker else os.getpid())
        known = {"directory": str(cluster.directory), "port": cluster.port}
        state.write_text(json.dumps(known), encoding="utf-8")
        return cluster


@pytest.fixture(scope="session")
def migrated_postgresql_url(postgresql_cluster: postgresql.Cluster) -> str:
    """This worker's own database, with every table."""
    name = f"tests_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    _create_database(postgresql_cluster, name)
    schema.upgrade(postgresql_cluster.url(name))
    return postgresql_cluster.url(name)


@pytest.fixture
def empty_postgresql_url(migrated_postgresql_url: str) -> str:
    """This worker's PostgreSQL database, emptied of what earlier tests left."""
    _empty(migrated_postgresql_url)
    return migrated_postgresql_url


@pytest.fixture
def blank_postgresql_url(postgresql_cluster: postgresql.Cluster) -> Iterator[str]:
    """A PostgreSQL database of this test's own, without tables."""
    name = f"blank_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    _create_database(postgresql_cluster, name)
    yield postgresql_cluster.url(name)
    _drop_database(postgresql_cluster, name)


def _create_database(cluster: postgresql.Cluster, name: str) -> None:
    _drop_database(cluster, name)
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _drop_database(cluster: postgresql.Cluster, name: str) -> None:
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        connection.execute(drop.format(sql.Identifier(name)))


WHERE_ORDER_IS_LOOKED_AT = frozenset({"response", "answer", "comment", "participation"})
"""Tables whose rows tests expect in files that nothing has been deleted from."""


def _empty(url: str) -> None:
    """Empty the tables that hold rows: truncating every one would cost a quarter of a second."""
    with psycopg.connect(url) as connection:
        # A test that left a transaction open is a fault to be told, not to be waited for.
        connection.execute(sql.SQL("SET lock_timeout = {}").format(f"{LOCK_SECONDS}s"))
        # Everything goes, so what refers to what need not be asked.
        connection.execute("SET session_replication_role = replica")
        listed = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'"
        )
        looks = [
            sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})").format(
                sql.Literal(name), sql.Identifier(name)
            )
            for (name,) in listed
        ]
        filled = {name for (name,) in connection.execute(sql.SQL(" UNION ALL ").join(looks))}
        for name in sorted(filled - WHERE_ORDER_IS_LOOKED_AT):
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
        if filled & WHERE_ORDER_IS_LOOKED_AT:
            every = sql.SQL(", ").join(map(sql.Identifier, sorted(WHERE_ORDER_IS_LOOKED_AT)))
            connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(every))


@pytest.fixture(scope="session")
def apps() -> dict[str, Flask]:
    """Applications by the address of their database: to make one takes an eighth of a second."""
    return {}


@pytest.fixture
def app(database_url: str, tmp_path: Path, apps: dict[str, Flask]) -> Iterator[Flask]:
    """The application on an empty database of either kind. No context is left pushed."""
    settings = Settings(
        secret_key=SECRET_KEY, database_url=database_url, instance=tmp_path / "instance"
    )
    application = apps.get(database_url) or create_app(settings)
    apps[database_url] = application
    application.extensions["signpost_settings"] = settings
    application.testing = False
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a past."""
    return app.test_client()


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    """A session of the test's own, apart from the application's: commit what pages should see."""
    engine = make_engine(database_url)
    with Session(engine, expire_on_commit=False) as own:
        yield own
    engine.dispose()
