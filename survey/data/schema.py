"""Bringing a database's tables up to date."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from survey.data.engine import make_engine

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def _config(database_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["database_url"] = database_url
    return config


def upgrade(database_url: str) -> None:
    """Runs every migration the database has not had yet."""
    command.upgrade(_config(database_url), "head")


def head() -> str:
    """The newest migration of this version of the program."""
    newest = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    if newest is None:
        raise AssertionError("there is a first migration")
    return newest


def is_current(database_url: str) -> bool:
    """Whether the database has had every migration."""
    engine = make_engine(database_url)
    try:
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    return current == head()
