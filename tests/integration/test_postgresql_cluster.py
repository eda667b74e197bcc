"""The throw-away PostgreSQL server: as durable as asked for, and never left behind."""

from __future__ import annotations

import subprocess
import sys
import time

import psycopg
import pytest

from tools import postgresql

PATIENCE_SECONDS = 20


@pytest.mark.parametrize(("fsync", "shown"), [(True, "on"), (False, "off")])
def test_cluster_has_the_durability_asked_for_and_leaves_nothing(fsync: bool, shown: str) -> None:
    with (
        postgresql.cluster(fsync=fsync) as running,
        psycopg.connect(running.url()) as connection,
    ):
        found = [
            connection.execute(f"SHOW {name}").fetchone()
            for name in ("fsync", "synchronous_commit", "full_page_writes")
        ]

    assert found == [(shown,)] * 3
    assert not running.directory.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(running.url(), connect_timeout=2)


def test_cluster_is_stopped_when_its_owner_is_gone() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as owner:
        running = postgresql.start(fsync=False)
        postgresql.stop_with(running, owner=owner.pid)
        with psycopg.connect(running.url()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        owner.kill()

    deadline = time.monotonic() + PATIENCE_SECONDS
    while running.directory.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not running.directory.exists()
