"""A review manager writes to people: `signpost serve` with its worker, mail kept to be read."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from survey.actions.accounts import add_manager
from survey.clock import now
from survey.data import schema
from survey.data.engine import make_engine
from survey.data.models import Account, Invitation
from survey.settings import Settings
from tests import factories
from tests.journeys.live import SECRET_KEY, Server
from tests.journeys.looking import look_at

EMAIL, PASSWORD = "manager@example.org", "four ordinary words here"
SECONDS = 30
PAGE = "/manage/spring/messages"


@pytest.fixture(scope="module")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server as one machine runs it, with the worker in it; it must end by itself when told."""
    folder = tmp_path_factory.mktemp("messages")
    database_url = f"sqlite:///{folder / 'signpost.db'}"
    schema.upgrade(database_url)
    fill(database_url)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    settings = Settings(
        secret_key=SECRET_KEY,
        database_url=database_url,
        instance=folder,
        port=port,
        base_url=f"http://127.0.0.1:{port}",
    )
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("signpost")), "serve"],
            env={
                **os.environ,
                "SECRET_KEY": SECRET_KEY,
                "DATABASE_URL": database_url,
                "SIGNPOST_INSTANCE": str(folder),
                "PORT": str(port),
                "MAIL": "local",
            },
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_healthy(f"{settings.base_url}/healthz", process)
            yield Server(url=settings.base_url, settings=settings, log=log)
            process.terminate()
            assert process.wait(SECONDS) == 0, log.read_text(encoding="utf-8")
        finally:
            process.kill()
            process.wait(SECONDS)
    said = log.read_text(encoding="utf-8")
    assert "person-" not in said, "no address is logged"
    assert "/i/0" not in said, "no link is logged"


def wait_until_healthy(url: str, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not become healthy")


def fill(database_url: str) -> None:
    engine = make_engine(database_url)
    with Session(engine) as session:
        council = factories.make_council(session, slug="wexmoor", name="Wexmoor Council")
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        account = Account(
            email=EMAIL,
            name="Robin Marsh",
            password_hash=cheap.hash(PASSWORD),
            created_at_utc=now(),
        )
        session.add(account)
        session.flush()
        add_manager(session, account=account, council=council)
        round_ = factories.make_round(
            session,
            council=council,
            opens=now() - timedelta(days=1),
            closes=now() + timedelta(days=60),
        )
        agency = factories.make_invited_agency(session, round_)
        session.add_all(
            Invitation(
                public_id=f"{number:06d}",
                invited_agency_id=agency.id,
                label=f"Person {number}",
                email=f"person-{number}@example.org",
            )
            for number in range(3)
        )
        session.commit()
    engine.dispose()


def test_manager_changes_a_text_sends_it_reads_it_and_plans_a_reminder(page: Page) -> None:
    page.goto(PAGE)
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    page.get_by_role("link", name="Read or change the text: invitation").click()
    page.get_by_role("textbox", name="Text", exact=True).fill("Hello {nam}\n\nPlease answer.")
    page.get_by_role("button", name="Save").click()
    look_at(page, "messages-text-error")
    page.get_by_role("link", name="Put {link} where it belongs").click()
    box = page.get_by_role("textbox", name="Text", exact=True)
    expect(box).to_be_focused()
    box.fill("Hello {name}\n\nPlease answer: {link}\n\n{contact}")
    page.get_by_role("button", name="Show how it reads").click()
    expect(page.get_by_text("This is not saved yet.")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Hello Person \d"))).to_be_visible()
    page.get_by_role("button", name="Save").click()

    page.get_by_role("button", name="Send invitations").click()
    look_at(page, "messages-send")
    page.get_by_role("button", name="Send to 3 people").click()
    expect(page.get_by_role("alert")).to_contain_text("3 invitations are on the way.")

    ends = time.monotonic() + SECONDS
    while page.get_by_role("row").count() < 4 and time.monotonic() < ends:
        page.goto("/outbox")
    page.locator("main").get_by_role("link", name="Wexmoor Council asks").first.click()
    look_at(page, "messages-letter")
    page.locator("main").get_by_role("link", name="/i/").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Working together, spring")

    page.goto(PAGE)
    page.get_by_label("Working days before the last day").fill("five")
    page.get_by_role("button", name="Plan a reminder").click()
    look_at(page, "messages-reminder-error")
    page.get_by_label("Working days before the last day").fill("5")
    page.get_by_role("button", name="Plan a reminder").click()
    look_at(page, "messages-after")
    expect(page.get_by_role("button", name="Take out the reminder")).to_be_visible()
    page.get_by_role("link", name="Every message, with its reader and its time").click()
    look_at(page, "messages-log")
