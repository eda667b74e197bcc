"""How a database connection is opened, on SQLite and on PostgreSQL.

SQLite: foreign keys on, write-ahead log, durable commits, deleted content overwritten, and a
transaction that means to write takes the write lock at its start, because one that reads first
and writes later fails at once when somebody else wrote in between.
"""

from __future__ import annotations

import sqlite3
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

READ_ONLY: ContextVar[bool] = ContextVar("read_only", default=False)
"""True while serving a request that must not write: SQLite then begins without the write lock."""

BUSY_SECONDS = 20


def engine_options(database_url: str) -> dict[str, Any]:
    """The options `create_engine` needs for that database.

    An error that is logged must not show what was being stored, which may be somebody's answer.
    """
    if make_url(database_url).get_backend_name() == "sqlite":
        return {"hide_parameters": True, "connect_args": {"timeout": BUSY_SECONDS}}
    return {"hide_parameters": True, "pool_pre_ping": True, "pool_size": 5, "max_overflow": 10}


def prepare(engine: Engine) -> Engine:
    """Attaches the SQLite settings to an engine; PostgreSQL needs none."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
    return engine


def make_engine(database_url: str) -> Engine:
    """An engine for commands and tests that run outside the web application."""
    return prepare(create_engine(database_url, **engine_options(database_url)))


def _on_connect(dbapi_connection: sqlite3.Connection, _record: object) -> None:
    # The driver must not begin transactions by itself: `_on_begin` does.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN" if READ_ONLY.get() else "BEGIN IMMEDIATE")
