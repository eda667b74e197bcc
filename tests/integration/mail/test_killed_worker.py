"""A worker killed in the middle of a thousand e-mails: each is sent once, or reported."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import clock
from survey.actions import mail_invitations
from survey.data.message_states import UNSURE_AFTER, MessageState, state_in
from survey.data.models import Message
from survey.data.rounds import get_round_by_slug
from tests import factories
from tests.integration.mail.conftest import SENDER, MailServer, make_people

SECONDS = 60
PEOPLE = {"sqlite": 1000, "postgresql": 100}
"""The database differs in how a claim is held, which does not need as many to show."""

WORKER = """
import os, signal
from survey.jobs import JOBS, Worker
from survey.settings import from_environ
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
with Worker(from_environ(os.environ), JOBS[:1]):
    signal.sigwait({signal.SIGTERM})
"""
"""What the command does, without what only other commands need."""


def test_killed_worker_sends_each_message_once_or_reports_it(
    session: Session, database_url: str, tmp_path: Path, mail_server: MailServer
) -> None:
    people = PEOPLE[session.get_bind().dialect.name]
    after_keeping, before_keeping = people * 3 // 10, people * 6 // 10
    now = clock.now()
    round_ = factories.make_round(
        session, opens=now - timedelta(days=1), closes=now + timedelta(days=9)
    )
    make_people(session, round_, people)
    found = get_round_by_slug(session, slug=round_.slug)
    put = mail_invitations.send_invitations(session, found, account_id=None, now=now)
    session.commit()
    assert put == people
    worker = _Worker(database_url, tmp_path, mail_server.port)
    seen: list[str] = []

    def kill_twice(address: str) -> str:
        """Once with the mail kept and the worker not told, once with neither."""
        seen.append(address)
        if len(seen) == after_keeping:
            worker.kill()
            return "250 OK"
        if len(seen) == before_keeping:
            worker.kill()
            return "451 not now"
        return "250 OK"

    mail_server.keeper.before_answer = kill_twice
    for _ in range(3):
        worker.run_until_killed_or(lambda: len(seen) >= people)

    received = Counter(mail_server.keeper.addresses())
    session.rollback()
    later = clock.now() + UNSURE_AFTER + timedelta(minutes=1)
    rows = session.execute(select(Message.to_address, state_in(later))).all()
    states = {address: MessageState(state) for address, state in rows}
    assert len(states) == people
    assert set(received.values()) == {1}, "nobody gets two"
    unsure = {address for address, state in states.items() if state is MessageState.UNSURE}
    sent = {address for address, state in states.items() if state is MessageState.SENT}
    assert unsure == {seen[after_keeping - 1], seen[before_keeping - 1]}
    assert len(sent) == people - 2
    assert sent <= set(received)
    assert set(received) - sent == {seen[after_keeping - 1]}


class _Worker:
    """The worker as it is run in production: a process of its own."""

    def __init__(self, database_url: str, instance: Path, port: int) -> None:
        self._environ = {
            **os.environ,
            "SIGNPOST_INSTANCE": str(instance),
            "DATABASE_URL": database_url,
            "SECRET_KEY": factories.SECRET_KEY,
            "MAIL": "smtp",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(port),
            "SMTP_SECURITY": "none",
            "SMTP_FROM": SENDER,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def kill(self) -> None:
        """Ends it as the kernel does when memory runs out."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def run_until_killed_or(self, is_done: object) -> None:
        """Starts it; comes back when it was killed, or, having stopped it, when all is done."""
        assert callable(is_done)
        self._process = subprocess.Popen(
            [sys.executable, "-c", WORKER],
            env=self._environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        ends = time.monotonic() + SECONDS
        while self._process.poll() is None and not is_done():
            assert time.monotonic() < ends, "the worker takes too long"
            time.sleep(0.02)
        if self._process.poll() is None:
            time.sleep(0.2)
            self._process.terminate()
        _, said = self._process.communicate(timeout=SECONDS)
        assert self._process.returncode in {0, -signal.SIGKILL}, said.decode()
