"""Reading and writing whole tables, for a copy that any database can be filled from.

The order of tables is that of their keys: parents first. The order of rows is that of their
primary key, which is random wherever order could say something.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)

from survey.data import models  # noqa: F401 (completes the metadata)
from survey.data.base import Base, UtcDateTime

ROWS_AT_ONCE = 2000

Values = dict[str, Any]


def tables() -> list[Table]:
    """Every table of the application, those that others refer to first."""
    return list(Base.metadata.sorted_tables)


def freeze(connection: Connection) -> None:
    """Makes everything this transaction reads one moment's state, while others go on writing.

    Call it before the first reading. A SQLite transaction is like that by itself.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


def read_lines(connection: Connection, table: Table) -> Iterator[str]:
    """Each row of a table as one line of JSON, its columns sorted by name."""
    rows = connection.execute(
        select(table).order_by(*table.primary_key.columns).execution_options(yield_per=ROWS_AT_ONCE)
    )
    for row in rows.mappings():
        values = {column: _plain(value) for column, value in row.items()}
        yield json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def write_lines(connection: Connection, table: Table, lines: Iterable[str]) -> None:
    """Writes rows that `read_lines` gave. Raises ValueError for a line that is no such row.

    What points to another row of the same table is written once all rows are there.
    """
    own = [column for column in table.columns if _points_within(table, column)]
    batch: list[Values] = []
    later: dict[str, list[Values]] = {column.name: [] for column in own}
    for line in lines:
        values = _values(table, json.loads(line))
        for column in own:
            if values[column.name] is not None:
                keys = {f"of_{key.name}": values[key.name] for key in table.primary_key.columns}
                later[column.name].append(keys | {"points_to": values[column.name]})
                values[column.name] = None
        batch.append(values)
        if len(batch) == ROWS_AT_ONCE:
            connection.execute(insert(table), batch)
            batch = []
    if batch:
        connection.execute(insert(table), batch)
    for name, pointing in later.items():
        if pointing:
            its_key = [key == bindparam(f"of_{key.name}") for key in table.primary_key.columns]
            pointed = update(table).where(*its_key).values({name: bindparam("points_to")})
            connection.execute(pointed, pointing)


def _points_within(table: Table, column: Column[Any]) -> bool:
    return any(key.column.table is table for key in column.foreign_keys)


def count_rows(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in tables()
    }


def delete_rows(connection: Connection) -> None:
    """Deletes every row of every table."""
    for table in reversed(tables()):
        connection.execute(delete(table))


class Digest:
    """SHA-256 of a set of lines, whatever their order: databases sort text differently."""

    def __init__(self) -> None:
        self._sum = 0
        self.count = 0

    def add(self, line: str) -> str:
        """Adds one line and gives it back."""
        self._sum += int.from_bytes(hashlib.sha256(line.encode()).digest())
        self.count += 1
        return line

    def text(self) -> str:
        """The digest so far, in hexadecimal."""
        return f"{self._sum % 2**256:064x}"


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _values(table: Table, values: Mapping[str, Any]) -> Values:
    if set(values) != set(table.c.keys()):
        raise ValueError(f"a row of {table.name} has other columns")
    return {name: _typed(table.c[name], value) for name, value in values.items()}


def _typed(column: Column[Any], value: object) -> object:
    if isinstance(value, str) and isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and isinstance(column.type, Date):
        return date.fromisoformat(value)
    return value
