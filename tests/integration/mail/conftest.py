"""A real mail server on this machine that keeps what it is given, and a round to write about."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy.orm import Session

from survey.actions.mail_links import Doors
from survey.actions.sending import Way, way_of
from survey.data.models import Invitation, Round
from survey.settings import MailSettings, MailWay, SmtpSecurity
from tests import factories

SENDER = "signpost@example.org"
DOORS = Doors(secret_key=factories.SECRET_KEY, base_url="http://signpost.test")


class Keeper:
    """What the server does with a mail: keeps it, unless a test says otherwise.

    `answer_to` may give the answer to an address, `before_answer` is called with each mail that
    was kept before the sender is told so.
    """

    def __init__(self) -> None:
        self.kept: list[tuple[str, bytes]] = []
        self.connections = 0
        self.answer_to: Callable[[str], str] = lambda _address: "250 OK"
        self.before_answer: Callable[[str], str] = lambda _address: "250 OK"

    async def handle_EHLO(  # noqa: N802  # aiosmtpd's name
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        answer = self.answer_to(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802  # aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        (address,) = envelope.rcpt_tos
        answer = self.before_answer(address)
        if answer.startswith("250"):
            self.kept.append((address, envelope.content))
        return answer

    def addresses(self) -> list[str]:
        """To whom mails came, in order."""
        return [address for address, _ in self.kept]

    def mails(self) -> list[EmailMessage]:
        """The mails that came, in order."""
        return [message_from_bytes(raw, policy=policy.default) for _, raw in self.kept]


class MailServer:
    """The server, its port and what it kept."""

    def __init__(self) -> None:
        self.keeper = Keeper()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._controller: Controller | None = None

    @property
    def settings(self) -> MailSettings:
        """What makes the application send here."""
        return MailSettings(
            way=MailWay.SMTP,
            sender=SENDER,
            smtp_host="127.0.0.1",
            smtp_port=self.port,
            smtp_security=SmtpSecurity.NONE,
        )

    @property
    def way(self) -> Way:
        """The way of sending that leads here."""
        way = way_of(self.settings, DOORS)
        assert way is not None
        return way

    def start(self) -> None:
        """Begins to listen."""
        self._controller = Controller(
            self.keeper, hostname="127.0.0.1", port=self.port, enable_SMTPUTF8=True
        )
        self._controller.start()

    def stop(self) -> None:
        """Stops listening."""
        if self._controller is not None:
            self._controller.stop()


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A mail server that listens."""
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def round_(session: Session) -> Round:
    """An open round."""
    return factories.make_round(session)


def make_people(session: Session, round_: Round, count: int, **changes: Any) -> list[Invitation]:
    """People of one agency, person-0@example.org and so on."""
    agency = factories.make_invited_agency(session, round_, name=f"Agency of {round_.slug}")
    people = [
        Invitation(
            **{
                "public_id": f"{number:06d}",
                "invited_agency_id": agency.id,
                "label": f"Person {number}",
                "email": f"person-{number}@example.org",
            }
            | changes
        )
        for number in range(count)
    ]
    session.add_all(people)
    session.commit()
    return people
