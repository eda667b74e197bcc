"""A real browser on the real application, served from a process of its own."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request
from sqlalchemy.orm import Session

from survey.clock import now
from survey.data import schema
from survey.data.engine import make_engine
from survey.demo import loading
from tests.journeys.live import Server, serve
from tools import browser as installed

DEMO_PASSWORD = "a-password-for-the-journeys"
ON_THIS_MACHINE = ("http://127.0.0.1:", "data:", "blob:", "about:")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start the Chromium of this machine; a machine without one fails every journey."""
    executable = installed.find_executable()
    assert executable is not None, "Chromium is missing: run `python -m tools.prepare browser`"
    return {"executable_path": str(executable), "args": list(installed.ARGUMENTS)}


@pytest.fixture(scope="module")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with an empty migrated database, shared by the tests of one module."""
    with serve(tmp_path_factory.mktemp("live")) as server:
        yield server


@pytest.fixture(scope="session")
def demo_file(shared_folder: Path) -> Path:
    """The whole demo in a SQLite file, loaded by the first worker that needs it; to be copied."""
    path = shared_folder / "demo.db"
    with (shared_folder / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            made = shared_folder / "demo-being-made.db"
            schema.upgrade(f"sqlite:///{made}")
            engine = make_engine(f"sqlite:///{made}")
            with Session(engine) as session:
                # Loaded as of an hour ago, so that nothing lies ahead of who looks at it.
                loading.load(session, password=DEMO_PASSWORD, now=now() - timedelta(hours=1))
                session.commit()
            engine.dispose()
            made.rename(path)
    return path


@pytest.fixture(scope="module")
def demo_server(live_server: Server, demo_file: Path) -> Server:
    """The server of this module with the whole demo in its database."""
    live = live_server.settings.instance / "signpost.db"
    with closing(sqlite3.connect(demo_file)) as whole, closing(sqlite3.connect(live)) as there:
        whole.backup(there)
    return live_server


@pytest.fixture
def context(browser: Browser, live_server: Server) -> Iterator[BrowserContext]:
    """A fresh window, with JavaScript."""
    with _watched(browser, live_server, java_script_enabled=True) as window:
        yield window


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of the fresh window, with JavaScript."""
    return context.new_page()


@pytest.fixture
def no_js_context(browser: Browser, live_server: Server) -> Iterator[BrowserContext]:
    """A fresh window in which no script runs, as a respondent may have it."""
    with _watched(browser, live_server, java_script_enabled=False) as window:
        yield window


@pytest.fixture
def no_js_page(no_js_context: BrowserContext) -> Page:
    """A page of the window in which no script runs."""
    return no_js_context.new_page()


@contextmanager
def _watched(
    browser: Browser, server: Server, *, java_script_enabled: bool
) -> Iterator[BrowserContext]:
    """Open a window that must neither fetch from elsewhere nor break the page's own policy."""
    faults: list[str] = []

    def on_request(request: Request) -> None:
        if not request.url.startswith(ON_THIS_MACHINE):
            faults.append(f"fetched from elsewhere: {request.url}")

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            faults.append(message.text)

    window = browser.new_context(
        base_url=server.url,
        java_script_enabled=java_script_enabled,
        locale="en-GB",
        timezone_id="Europe/London",
    )
    window.on("request", on_request)
    window.on("console", on_console)
    window.on("weberror", lambda error: faults.append(f"script error: {error.error}"))
    try:
        yield window
    finally:
        window.close()
    assert not faults, "\n".join(faults)
