"""What every command needs: the settings, and a session on a database that is ready."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from survey.commands.exits import DatabaseNotReady
from survey.data import schema
from survey.data.engine import READ_ONLY, make_engine
from survey.settings import MailSettings, MailWay, Settings, from_environ

OWNER_ONLY = 0o600
DEMO_FILE = "demo.db"


def settings_now(**overriding: str | None) -> Settings:
    """The settings of this run: the environment, with what the command line said put over it.

    With `signpost --demo` the database is the demo's own file. Raises InvalidSettings.
    """
    given = {name: value for name, value in overriding.items() if value is not None}
    environ: Mapping[str, str] = {**os.environ, **given}
    settings = from_environ(environ)
    found = click.get_current_context(silent=True)
    if found is not None and found.find_root().params.get("demo"):
        settings = demo_settings(settings)
    return settings


def demo_settings(settings: Settings) -> Settings:
    """The same settings on the demo's own database, so that it never meets a real round.

    Its e-mails stay in it, too, whatever mail server is set up.
    """
    return replace(
        settings,
        database_url=f"sqlite:///{settings.instance / DEMO_FILE}",
        mail=MailSettings(way=MailWay.LOCAL),
    )


def database_file(settings: Settings) -> Path | None:
    """The file of a SQLite database, None for another database or one in memory."""
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def migrate(settings: Settings) -> None:
    """Brings the tables up to date; a new SQLite file can be read by its owner only."""
    path = database_file(settings)
    if path is not None and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=OWNER_ONLY)
    schema.upgrade(settings.database_url)


def require_ready(settings: Settings) -> None:
    """Raises DatabaseNotReady where migrations are still to be run."""
    path = database_file(settings)
    # Looking would make an empty file where there is none, and must not wait for those who write.
    token = READ_ONLY.set(True)
    try:
        is_there = path is None or path.exists()
        is_ready = is_there and schema.is_current(settings.database_url)
    finally:
        READ_ONLY.reset(token)
    if not is_ready:
        raise DatabaseNotReady("The database is not ready. Run `signpost migrate` first.")


@contextmanager
def open_engine(settings: Settings) -> Iterator[Engine]:
    """An engine on a database that is ready. Raises DatabaseNotReady."""
    require_ready(settings)
    engine = make_engine(settings.database_url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def open_session(settings: Settings, *, reading: bool = False) -> Iterator[Session]:
    """A session on a database that is ready; the command commits. Raises DatabaseNotReady."""
    with open_engine(settings) as engine, session_of(engine, reading=reading) as session:
        yield session


@contextmanager
def session_of(engine: Engine, *, reading: bool = False) -> Iterator[Session]:
    """A session on that engine. One that only reads leaves writers of a SQLite file alone."""
    token = READ_ONLY.set(reading)
    try:
        with Session(engine, expire_on_commit=False) as session:
            yield session
    finally:
        READ_ONLY.reset(token)


def write_private(path: Path, content: str) -> None:
    """Writes a file that only its owner can read, replacing one that is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        file.write(content)
    beside.replace(path)
