"""What every test run sets up: one shared folder, reproducible examples, and a guard.

Tests in tests/unit, tests/spec and tests/rules run without database and network. A test there
that opens one fails: it belongs in tests/integration.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from tools import postgresql

ROOT = Path(__file__).resolve().parents[1]
CLOSED_IN = ("unit", "spec", "rules")
SHARED_FOLDER = pytest.StashKey[Path]()

settings.register_profile("ci", derandomize=True, print_blob=True, deadline=None)
settings.register_profile("local", print_blob=True, deadline=None)
# Mutation testing runs the same test in one process many times, by way of other functions.
settings.register_profile(
    "mutation",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.differing_executors, HealthCheck.too_slow],
)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "local")


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder that all workers of this run share; its server is stopped at the end."""
    given = getattr(config, "workerinput", None)
    folder = given["shared_folder"] if given else tempfile.mkdtemp(prefix="signpost-tests-")
    config.stash[SHARED_FOLDER] = Path(folder)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each worker where the shared folder is."""
    node.workerinput["shared_folder"] = str(node.config.stash[SHARED_FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the PostgreSQL server that a worker may have started, whatever became of the tests."""
    if hasattr(config, "workerinput") or SHARED_FOLDER not in config.stash:
        return
    folder = config.stash[SHARED_FOLDER]
    started = folder / "postgresql.json"
    if started.exists():
        state = json.loads(started.read_text(encoding="utf-8"))
        postgresql.stop(postgresql.Cluster(Path(state["directory"]), state["port"]))
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def shared_folder(pytestconfig: pytest.Config) -> Path:
    """The folder that all workers of this run share."""
    return pytestconfig.stash[SHARED_FOLDER]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Keep database and network away from the tests that are said to need neither."""
    folder = item.path.relative_to(ROOT / "tests").parts[0]
    if folder not in CLOSED_IN:
        return (yield)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _refuse)
        patch.setattr(sqlite3, "connect", _refuse)
        patch.setattr(psycopg, "connect", _refuse)
        return (yield)


def _refuse(*_arguments: object, **_named: object) -> NoReturn:
    raise RuntimeError("This test may open neither database nor network: see tests/conftest.py.")
