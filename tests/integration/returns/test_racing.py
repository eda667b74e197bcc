"""Two contributors race 200 saves on one return: no text that was taken is ever lost."""

from __future__ import annotations

import http.client
import re
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from question_banks.path import CLOSING_KEY
from survey.actions.returns_people import contributor_secret
from survey.data.engine import make_engine
from survey.data.models import ReturnConflict, ReturnContributor, ReturnVersion
from tests.integration.returns.conftest import Begun, pages_of, share
from tests.journeys.live import SECRET_KEY, serve

QUESTION = "s11_closing_shared"
SAVES = 100
LOOKS_EVERY = 10
"""A person looks at the page again now and then, and otherwise saves what they have open."""


@pytest.fixture(autouse=True)
def clock() -> None:
    """The clock of this test is today's, as the server's is."""


@dataclass
class Racer:
    """One contributor at one browser, who notes every text that was taken and from which base."""

    address: str
    link: str
    name: str
    taken: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def run(self, gate: threading.Barrier) -> None:
        """Saves one text after another."""
        connection = http.client.HTTPConnection(self.address, timeout=30)
        try:
            cookies = self._enter(connection)
            path = f"{pages_of(self.link)}/section/{CLOSING_KEY}/{CLOSING_KEY}"
            gate.wait(30)
            token, base = "", 0
            for number in range(SAVES):
                if number % LOOKS_EVERY == 0:
                    token, base = self._look(connection, path, cookies)
                text = f"{self.name} says this for the {number}th time"
                fields = {"csrf_token": token, QUESTION: text, f"base--{QUESTION}": str(base)}
                connection.request(
                    "POST",
                    path,
                    body=urlencode(fields),
                    headers={
                        "Cookie": cookies["all"],
                        "Content-Type": "application/x-www-form-urlencoded",
                    },
                )
                answer = connection.getresponse()
                answer.read()
                if answer.status != 302:
                    self.faults.append(f"{self.name} {number}: {answer.status}")
                    return
                self.taken[text] = base
                if "/choose/" not in (answer.getheader("Location") or ""):
                    base += 1
        except Exception as fault:
            self.faults.append(f"{self.name}: {fault!r}")
            raise
        finally:
            connection.close()

    def _enter(self, connection: http.client.HTTPConnection) -> dict[str, str]:
        connection.request("GET", self.link)
        answer = connection.getresponse()
        answer.read()
        return {"all": (answer.getheader("Set-Cookie") or "").split(";")[0]}

    def _look(
        self, connection: http.client.HTTPConnection, path: str, cookies: dict[str, str]
    ) -> tuple[str, int]:
        connection.request("GET", path, headers={"Cookie": cookies["all"]})
        answer = connection.getresponse()
        page = answer.read().decode()
        found = [one.split(";")[0] for one in answer.headers.get_all("Set-Cookie") or []]
        if found:
            secret = cookies["all"].split("; ")[0]
            cookies["all"] = "; ".join([secret, *found])
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        base = re.search(rf'name="base--{QUESTION}" value="(\d+)"', page)
        assert token is not None, page[:500]
        assert base is not None, page[:500]
        return token[1], int(base[1])


def test_two_contributors_racing_200_saves_lose_no_text(
    database_url: str, session: Session, begun: Begun, tmp_path: Path
) -> None:
    # The server's clock is today's.
    begun.round.opens_at_utc = datetime.now(UTC) - timedelta(days=1)
    begun.round.closes_at_utc = datetime.now(UTC) + timedelta(days=1)
    for name in ("Bo", "Cy"):
        share(session, begun, CLOSING_KEY, name=name)
    links = {
        person.name: f"/return/{person.public_id}/"
        + contributor_secret(SECRET_KEY, public_id=person.public_id, generation=1)
        for person in session.scalars(select(ReturnContributor))
    }
    session.rollback()
    gate = threading.Barrier(2)
    with serve(tmp_path / "live", database_url=database_url) as server:
        address = urlsplit(server.url).netloc
        racers = [Racer(address, links[name], name) for name in ("Bo", "Cy")]
        threads = [threading.Thread(target=racer.run, args=(gate,)) for racer in racers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert [fault for racer in racers for fault in racer.faults] == []
    taken = {text: base for racer in racers for text, base in racer.taken.items()}
    engine = make_engine(database_url)
    with Session(engine) as own:
        versions = own.execute(
            select(ReturnVersion.number, ReturnVersion.value).order_by(ReturnVersion.number)
        ).all()
        held = own.execute(select(ReturnConflict.base, ReturnConflict.value)).all()
    engine.dispose()
    saved = {value: number for number, value in versions}
    kept = {value: base for base, value in held}
    assert len(taken) == 2 * SAVES
    assert saved.keys() | kept.keys() == taken.keys()
    assert not saved.keys() & kept.keys()
    assert [number for number, _ in versions] == list(range(1, len(versions) + 1))
    # No version took the place of one that its writer had not seen.
    assert all(number == taken[text] + 1 for text, number in saved.items())
    assert all(base == taken[text] for text, base in kept.items())
    assert kept, "they never met, so nothing was raced"
