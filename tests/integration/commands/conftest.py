"""The command line on a database of each kind, as a person at a keyboard meets it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from survey.cli import run
from survey.data.engine import make_engine

SECRET_KEY = "a key for the tests of commands, long enough"
READ = (
    "HOST",
    "PORT",
    "BASE_URL",
    "SECURE_COOKIES",
    "TRUSTED_PROXIES",
    "SESSION_MINUTES",
    "RETENTION_DAYS",
)


@dataclass(frozen=True)
class Ran:
    """A command that has ended: its exit code, and what it said."""

    code: int
    out: str
    err: str


Signpost = Callable[..., Ran]


class CommandLine:
    """Runs commands in this process, in the environment the test has set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: str | Path, stdin: str = "") -> Ran:
        """Runs one command with `stdin` typed or piped into it."""
        self._capsys.readouterr()
        with self._monkeypatch.context() as patch:
            patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
            code = run([str(argument) for argument in arguments])
        said = self._capsys.readouterr()
        return Ran(code, said.out, said.err)


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """The instance folder of this test's installation."""
    return tmp_path / "instance"


@pytest.fixture
def environment(instance: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment with a secret key and an instance folder, and no database named."""
    for name in (*READ, "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SIGNPOST_INSTANCE", str(instance))
    monkeypatch.setenv("SECRET_KEY", SECRET_KEY)
    return monkeypatch


@pytest.fixture
def signpost(
    environment: pytest.MonkeyPatch, database_url: str, capsys: pytest.CaptureFixture[str]
) -> Signpost:
    """The command line on an empty database that has its tables."""
    environment.setenv("DATABASE_URL", database_url)
    return CommandLine(environment, capsys)


@pytest.fixture
def blank_signpost(
    environment: pytest.MonkeyPatch, blank_database_url: str, capsys: pytest.CaptureFixture[str]
) -> Signpost:
    """The command line on a database without tables."""
    environment.setenv("DATABASE_URL", blank_database_url)
    return CommandLine(environment, capsys)


@contextmanager
def looking(url: str) -> Iterator[Session]:
    """A session to look into a database, or to prepare it, and to commit by hand."""
    engine = make_engine(url)
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


ROUND = (
    "--council", "aldermere",
    "--bank", "safeguarding_children_2010",
    "--title", "Before the review",
    "--opens", "2020-01-05",
    "--closes", "2099-12-31",
    "--contact", "The review team, review@example.org, 01632 960100",
    "--urgent-contact", "The duty team, 01632 960999",
    "--checked-by", "The safeguarding lead",
)  # fmt: skip
"""Options that make a round which is open now and for a long time."""


@pytest.fixture
def with_round(signpost: Signpost) -> Signpost:
    """The command line on a database with a council called `aldermere` and a round `autumn`."""
    assert signpost("create-council", "aldermere", "Aldermere Council").code == 0
    made = signpost("create-round", "autumn", *ROUND)
    assert made.code == 0, made.err
    return signpost
