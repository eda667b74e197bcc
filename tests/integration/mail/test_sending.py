"""Sending through a real mail server: what arrives, and what each way of failing leads to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.actions import mail_invitations, outbox, reminding, sending
from survey.actions.mail_texts import MailText
from survey.actions.sending import BACK_OFF, Outcome, send_due
from survey.data.message_states import UNSURE_AFTER, MessageState, state_in
from survey.data.models import Invitation, MailKind, Message, Participation, Round
from survey.data.rounds import RoundOfCouncil, get_round_by_slug
from survey.settings import MailSettings, MailWay
from tests import factories
from tests.factories import NOW
from tests.integration.mail.conftest import DOORS, MailServer, make_people


@pytest.fixture
def database_url(empty_sqlite_url: str) -> str:
    """One database: how mail is sent does not depend on it; test_outbox.py runs on both."""
    return empty_sqlite_url


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The clock stands at the factories' NOW until a test moves it."""
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def found(session: Session, round_: Round) -> RoundOfCouncil:
    """The round with its council."""
    return get_round_by_slug(session, slug=round_.slug)


def invite(session: Session, found: RoundOfCouncil, count: int = 1) -> list[Invitation]:
    people = make_people(session, found.round, count)
    mail_invitations.send_invitations(session, found, account_id=None, now=NOW)
    session.commit()
    return people


def states(session: Session, *, later: timedelta = timedelta()) -> dict[str, MessageState]:
    rows = session.execute(select(Message.to_address, state_in(NOW + later))).all()
    session.rollback()
    return {address: MessageState(state) for address, state in rows}


def plain(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    text: str = part.get_content()
    return text.replace("\r\n", "\n")


def test_invitation_arrives_with_its_link_in_text_and_in_html(
    session: Session, found: RoundOfCouncil, mail_server: MailServer
) -> None:
    (person,) = invite(session, found)

    assert send_due(session, way=mail_server.way) == {Outcome.SENT: 1}

    (mail,) = mail_server.keeper.mails()
    assert mail["To"] == "person-0@example.org"
    assert mail["From"] == "Council Of Spring Council <signpost@example.org>"
    assert mail["Reply-To"] == "review@example.org"
    assert mail["Subject"] == (
        "Council Of Spring Council asks for your view: Working together, spring"
    )
    assert mail["Auto-Submitted"] == "auto-generated"
    message = session.scalars(select(Message)).one()
    assert mail["Message-ID"] == f"<{message.id}@example.org>"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    link = f"http://signpost.test{factories.link_of(person)}"
    text = plain(mail)
    assert f"\n{link}\n" in text
    assert "Dear Person 0," in text
    assert "until Monday 10 March 2031" in text
    rich = mail.get_body(("html",))
    assert rich is not None
    assert f'href="{link}"' in rich.get_content()
    assert link.rpartition("/")[2] not in repr([message.facts, message.key, message.last_error]), (
        "no secret is stored"
    )


def test_one_connection_carries_a_batch(
    session: Session, found: RoundOfCouncil, mail_server: MailServer
) -> None:
    invite(session, found, 5)

    send_due(session, way=mail_server.way)

    assert len(mail_server.keeper.kept) == 5
    assert mail_server.keeper.connections == 1


def test_nothing_is_sent_twice(
    session: Session, found: RoundOfCouncil, mail_server: MailServer
) -> None:
    invite(session, found, 2)

    send_due(session, way=mail_server.way)
    mail_invitations.send_invitations(session, found, account_id=None, now=NOW)
    session.commit()
    assert send_due(session, way=mail_server.way) == {}

    assert sorted(mail_server.keeper.addresses()) == [
        "person-0@example.org",
        "person-1@example.org",
    ]


@pytest.mark.parametrize(
    ("answer", "state", "error"),
    [
        ("550 no such user", MessageState.BOUNCED, "address 550"),
        ("451 try later", MessageState.WAITING, "address 451"),
    ],
    ids=["for good", "for now"],
)
def test_address_that_is_refused(
    session: Session,
    found: RoundOfCouncil,
    mail_server: MailServer,
    answer: str,
    state: MessageState,
    error: str,
) -> None:
    invite(session, found, 2)
    mail_server.keeper.answer_to = lambda to: answer if to.startswith("person-1") else "250 OK"

    send_due(session, way=mail_server.way)

    assert states(session) == {
        "person-0@example.org": MessageState.SENT,
        "person-1@example.org": state,
    }
    refused = session.scalars(select(Message).where(Message.to_address.like("person-1%"))).one()
    assert refused.last_error == error


@pytest.mark.parametrize(
    ("answer", "state"),
    [("554 looks like spam", MessageState.FAILED), ("452 full", MessageState.WAITING)],
    ids=["for good", "for now"],
)
def test_text_that_is_refused_is_not_the_fault_of_the_address(
    session: Session,
    found: RoundOfCouncil,
    mail_server: MailServer,
    answer: str,
    state: MessageState,
) -> None:
    invite(session, found)
    mail_server.keeper.before_answer = lambda _to: answer

    send_due(session, way=mail_server.way)

    assert set(states(session).values()) == {state}


def test_message_refused_for_now_is_tried_again_later_each_time_then_given_up(
    session: Session,
    found: RoundOfCouncil,
    mail_server: MailServer,
    clock: time_machine.Traveller,
) -> None:
    found.round.closes_at_utc = NOW + timedelta(days=30)
    invite(session, found)
    mail_server.keeper.answer_to = lambda _to: "450 busy"
    at = NOW

    for minutes in BACK_OFF:
        assert send_due(session, way=mail_server.way) == {Outcome.LATER: 1}
        assert send_due(session, way=mail_server.way) == {}, "not at once"
        at += timedelta(minutes=minutes)
        clock.move_to(at)
    assert send_due(session, way=mail_server.way) == {Outcome.FAILED: 1}

    message = session.scalars(select(Message)).one()
    assert message.attempts == len(BACK_OFF) + 1
    assert set(states(session).values()) == {MessageState.FAILED}


def test_server_that_is_away_costs_every_message_one_try(
    session: Session, found: RoundOfCouncil, clock: time_machine.Traveller
) -> None:
    away = MailServer()  # never started: the connection is refused
    invite(session, found, 3)

    assert send_due(session, way=away.way) == {Outcome.NO_SERVER: 3}
    assert send_due(session, way=away.way) == {}
    assert set(session.scalars(select(Message.last_error))) == {"connection ConnectionRefusedError"}
    session.rollback()

    clock.shift(timedelta(minutes=1))
    away.start()
    try:
        assert send_due(session, way=away.way) == {Outcome.SENT: 3}
    finally:
        away.stop()


def test_line_that_breaks_before_the_answer_is_reported_and_not_sent_again(
    session: Session, found: RoundOfCouncil
) -> None:
    async def cut_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A server that takes the whole text and hangs up without a word."""
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            if line.upper().startswith(b"DATA"):
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                break
            writer.write(b"250 OK\r\n")
        writer.close()
        await writer.wait_closed()

    invite(session, found)
    with _listening(cut_off) as port:
        server = MailServer()
        server.port = port
        assert send_due(session, way=server.way) == {Outcome.MAYBE_SENT: 1}
        assert send_due(session, way=server.way) == {}

    later = UNSURE_AFTER + timedelta(seconds=1)
    assert set(states(session, later=later).values()) == {MessageState.UNSURE}


def test_text_that_names_what_is_not_known_fails_and_the_next_goes_out(
    session: Session, found: RoundOfCouncil, mail_server: MailServer
) -> None:
    make_people(session, found.round, 1)
    outbox.put(session, kind=MailKind.RECEIPT_OF_CODE, to="a@example.org", key="odd", now=NOW)
    mail_invitations.send_invitations(session, found, account_id=None, now=NOW)
    session.commit()

    ended = send_due(session, way=mail_server.way)

    assert ended == {Outcome.FAILED: 1, Outcome.SENT: 1}
    assert mail_server.keeper.addresses() == ["person-0@example.org"]


def test_hostile_names_stay_words(
    session: Session, found: RoundOfCouncil, mail_server: MailServer
) -> None:
    label = "{link} <script>x</script> \u202e"
    make_people(session, found.round, 1, label=label)
    found.round.title = "Spring\r\nBcc: all@example.org \U0001f642"
    mail_invitations.send_invitations(session, found, account_id=None, now=NOW)
    session.commit()

    send_due(session, way=mail_server.way)

    (mail,) = mail_server.keeper.mails()
    assert "Bcc" not in mail
    assert str(mail["Subject"]).endswith("Spring Bcc: all@example.org \U0001f642")
    assert f"Dear {label}," in plain(mail)
    rich = mail.get_body(("html",))
    assert rich is not None
    assert "<script>" not in rich.get_content()


def test_line_of_one_dot_arrives_as_it_was_written(
    session: Session, found: RoundOfCouncil, mail_server: MailServer
) -> None:
    text = MailText("Dots", "one\n.\n..two\n{link}")
    mail_invitations.set_text(
        session, found, kind=MailKind.INVITATION, text=text, account_id=None, now=NOW
    )
    invite(session, found)

    send_due(session, way=mail_server.way)

    assert plain(mail_server.keeper.mails()[0]).startswith("one\n.\n..two\n")


@pytest.mark.parametrize(
    "change", ["closed", "over", "finished", "stopped", "revoked", "withdrawn"]
)
def test_reminder_that_is_needed_no_longer_is_not_sent(
    session: Session, found: RoundOfCouncil, mail_server: MailServer, change: str
) -> None:
    (person,) = make_people(session, found.round, 1)
    assert reminding.remind_now(session, found, account_id=None, now=NOW) == 1
    if change == "closed":
        found.round.closed_at_utc = NOW
    elif change == "over":
        found.round.closes_at_utc = NOW
    elif change == "withdrawn":
        found.round.withdrawn_at_utc = NOW
    elif change == "finished":
        session.add(Participation(invitation_id=person.id))
    elif change == "stopped":
        person.reminders_stopped_at_utc = NOW
    else:
        person.revoked_at_utc = NOW
    session.commit()

    assert send_due(session, way=mail_server.way) == {Outcome.DROPPED: 1}
    assert mail_server.keeper.kept == []
    assert set(states(session).values()) == {MessageState.NOT_NEEDED}


def test_worker_told_to_stop_ends_between_two_messages(
    session: Session, found: RoundOfCouncil, mail_server: MailServer
) -> None:
    invite(session, found, 3)

    ended = send_due(
        session, way=mail_server.way, is_stopping=lambda: len(mail_server.keeper.kept) >= 1
    )

    assert ended == {Outcome.SENT: 1}
    assert sorted(states(session).values()) == ["sent", "waiting", "waiting"]


def test_messages_wait_where_no_way_is_set(session: Session) -> None:
    assert sending.way_of(MailSettings(way=MailWay.NONE), DOORS) is None


class _listening:  # noqa: N801  # read as a phrase in a with statement
    """A server of a few lines, in a thread of its own."""

    def __init__(self, serve: object) -> None:
        self._serve = serve
        self._loop = asyncio.new_event_loop()

    def __enter__(self) -> int:
        import threading

        ready = threading.Event()

        async def begin() -> None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)  # type: ignore[arg-type]  # a handler of streams
            ready.set()

        def run() -> None:
            self._loop.run_until_complete(begin())
            self._loop.run_forever()

        self._thread = threading.Thread(target=run)
        self._thread.start()
        assert ready.wait(10)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def __exit__(self, *_error: object) -> None:
        async def end() -> None:
            self._server.close()
            await self._server.wait_closed()

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
