"""Databases as durable as real ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks import rounds
from benchmarks.rounds import Database, Place


@pytest.fixture(params=list(Database), ids=str)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """An empty database with its durable settings, on SQLite and on PostgreSQL."""
    with rounds.place(request.param) as made:
        yield made
