"""The pages about messages: what they offer and refuse, twice pressed, tampered with, elsewhere."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.actions.accounts import add_manager
from survey.actions.mail_links import Doors
from survey.actions.sending import Way, send_due
from survey.app import create_app
from survey.data.message_states import UNSURE_AFTER
from survey.data.models import (
    Account,
    AuditEvent,
    Council,
    Invitation,
    Message,
    MessageText,
    Participation,
    Reminder,
    Round,
)
from survey.extensions import db
from survey.settings import MailSettings, MailWay, Settings
from tests import factories
from tests.factories import NOW, SECRET_KEY
from tests.integration.mail.conftest import make_people
from tests.integration.manage.conftest import (
    EMAIL,
    PASSWORD,
    count_statements,
    make_manager,
    sign_in,
)
from tests.page import Browser

PAGE = "/manage/spring/messages"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="module")
def shared_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application, made once: it keeps messages to be read."""
    folder = tmp_path_factory.mktemp("messages")
    application = create_app(
        Settings(
            secret_key=SECRET_KEY,
            database_url=f"sqlite:///{folder / 'signpost.db'}",
            instance=folder,
            mail=MailSettings(way=MailWay.LOCAL),
        )
    )
    yield application
    _let_go(application)


def _let_go(application: Flask) -> None:
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def database_url(shared_app: Flask, migrated_sqlite_file: Path) -> str:
    """An empty database for each test: one kind, as the queries are tried on both elsewhere."""
    _let_go(shared_app)
    url: str = shared_app.config["SQLALCHEMY_DATABASE_URI"]
    path = Path(url.removeprefix("sqlite:///"))
    for end in ("", "-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)
    shutil.copy(migrated_sqlite_file, path)
    return url


@pytest.fixture
def app(shared_app: Flask, database_url: str) -> Flask:
    """The application on an empty database."""
    return shared_app


@pytest.fixture
def without_mail(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """No way of sending is set."""
    plain = replace(app.extensions["signpost_settings"], mail=MailSettings())
    monkeypatch.setitem(app.extensions, "signpost_settings", plain)


@pytest.fixture
def account(session: Session, council: Council) -> Account:
    """The manager, whose password is cheap to check: it is checked in every test here."""
    made = Account(
        email=EMAIL, name="Robin Marsh", password_hash=CHEAP.hash(PASSWORD), created_at_utc=NOW
    )
    session.add(made)
    session.flush()
    add_manager(session, account=made, council=council)
    session.commit()
    return made


@pytest.fixture
def round_(session: Session, council: Council) -> Round:
    """An open round of the manager's council."""
    return factories.make_round(session, council=council, closes=NOW + timedelta(days=21))


@pytest.fixture
def people(session: Session, round_: Round) -> list[Invitation]:
    """Three people with an address."""
    return make_people(session, round_, 3)


def deliver(session: Session) -> None:
    """What the worker would do."""
    way = Way(None, Doors(SECRET_KEY, "http://signpost.test"))
    while send_due(session, way=way):
        pass


def own_texts(session: Session) -> int:
    session.rollback()
    count = session.scalar(select(func.count()).select_from(MessageText)) or 0
    session.rollback()
    return count


def messages(session: Session) -> list[Message]:
    session.rollback()
    return list(session.scalars(select(Message).order_by(Message.to_address)))


def actions(session: Session) -> set[str]:
    session.rollback()
    return set(session.scalars(select(AuditEvent.action)))


def test_round_without_people_says_so(manager: Browser, session: Session, round_: Round) -> None:
    session.commit()

    page = manager.get(PAGE)

    assert "Nobody has been invited by a personal link yet." in page.words
    assert "Nothing has been sent yet." in page.words
    page = manager.get(f"{PAGE}/send/invitations")
    assert "There is nobody to send it to now." in page.words


def test_invitations_are_shown_asked_about_and_sent_once(
    manager: Browser, session: Session, people: list[Invitation]
) -> None:
    page = manager.get(PAGE)
    assert "3 people have an e-mail address and have not been sent their link." in page.words
    page = manager.get(f"{PAGE}/send/invitations")
    assert "3 people will get this message." in page.words
    assert "Dear Person" in page.words
    assert "/i/EXAMPLE/" in page.words
    assert all(factories.link_of(person) not in page.text for person in people)
    token = page.csrf_token

    first = manager.post(f"{PAGE}/send/invitations", token=token)
    second = manager.post(f"{PAGE}/send/invitations", token=token)

    assert "3 invitations are on the way." in first.words
    assert "Everybody with an address has been sent their link already." in second.words
    assert len(messages(session)) == 3
    assert "invitations_put" in actions(session)


def test_reminder_goes_to_those_who_have_not_finished(
    manager: Browser, session: Session, people: list[Invitation]
) -> None:
    session.add(Participation(invitation_id=people[0].id))
    session.commit()
    manager.get(f"{PAGE}/send/invitations")
    manager.post(f"{PAGE}/send/invitations")

    page = manager.get(f"{PAGE}/send/reminders")
    assert "2 people will get this message." in page.words
    page = manager.post(f"{PAGE}/send/reminders")

    assert "2 reminders are on the way." in page.words
    sent = [one.to_address for one in messages(session) if one.kind == "reminder"]
    assert sent == ["person-1@example.org", "person-2@example.org"]


def test_round_that_is_set_up_or_over_sends_nothing(
    manager: Browser, session: Session, round_: Round, people: list[Invitation]
) -> None:
    manager.get(f"{PAGE}/send/invitations")
    round_.launched_at_utc = None
    session.commit()

    manager.post(f"{PAGE}/send/invitations", status=409)
    assert "You can send messages once the round is launched." in manager.get(PAGE).words
    assert messages(session) == []


CANNOT_BE_PLANNED = {
    "": "Enter how many working days before the last day",
    "soon": "Write the working days as a whole number, like 5",
    "-1": "Write the working days as a whole number, like 5",
    "99999999999": "Write the working days as a whole number, like 5",
    "0": "Enter a number of working days from 1 to 60",
    "30": "That day has come already: choose fewer days, or send one now",
}


def test_reminder_that_cannot_be_planned_is_told_and_what_was_typed_stays(
    manager: Browser, session: Session, round_: Round
) -> None:
    session.commit()
    manager.get(PAGE)

    for typed, said in CANNOT_BE_PLANNED.items():
        page = manager.post(f"{PAGE}/reminders", {"days": typed}, status=422)
        assert page.error_messages == [said]
        assert (page.all("input", name="days")[0].get("value") or "") == typed
    assert session.scalar(select(func.count()).select_from(Reminder)) == 0


def test_reminder_is_planned_with_its_day_and_taken_out(
    manager: Browser, session: Session, round_: Round
) -> None:
    session.commit()
    manager.get(PAGE)

    page = manager.post(f"{PAGE}/reminders", {"days": "5"})
    assert "5 working days before the last day" in page.words
    assert "Monday 17 March 2031 at 9am" in page.words
    page = manager.post(f"{PAGE}/reminders/5/take-out")
    assert "The reminder is out of the plan." in page.words
    page = manager.post(f"{PAGE}/reminders/5/take-out")

    assert "No reminder is planned." in page.words
    assert {"reminder_planned", "reminder_taken_out"} <= actions(session)


def test_text_with_faults_is_shown_again_with_each_and_nothing_is_lost(
    manager: Browser, session: Session, people: list[Invitation]
) -> None:
    manager.get(f"{PAGE}/texts/invitation")
    written = {"subject": "", "body": "Dear {nam},\n\n<script>alert(1)</script>", "do": "save"}

    page = manager.post(f"{PAGE}/texts/invitation", written, status=422)

    assert page.error_messages == [
        "Enter a subject",
        "Line 1: {nam} is not one of the names that can be filled in",
        "Put {link} where it belongs: without it nobody can answer",
    ]
    (area,) = page.all("textarea")
    assert (area.text or "").strip() == written["body"]
    assert "How it reads" not in page.words
    assert own_texts(session) == 0


def test_text_of_fifty_thousand_characters_is_refused_kindly(
    manager: Browser, session: Session, people: list[Invitation]
) -> None:
    manager.get(f"{PAGE}/texts/reminder")
    body = "{link}" + "å" * 50_000

    page = manager.post(f"{PAGE}/texts/reminder", {"subject": "s", "body": body}, status=422)

    assert page.error_messages == ["Shorten the text to 5,000 characters: it has 50,006"]
    assert len((page.all("textarea")[0].text or "").strip()) == 50_006


def test_text_is_previewed_saved_used_and_taken_back(
    manager: Browser, session: Session, people: list[Invitation]
) -> None:
    manager.get(f"{PAGE}/texts/invitation")
    text = {"subject": "From {council}", "body": "Hello {name} <b>\r\n\r\n{link}"}

    page = manager.post(f"{PAGE}/texts/invitation", {**text, "do": "preview"})
    assert "This is not saved yet." in page.words
    assert "Hello Person" in page.words
    assert own_texts(session) == 0

    page = manager.post(f"{PAGE}/texts/invitation", {**text, "do": "save"})
    assert "The text is saved." in page.words
    manager.get(f"{PAGE}/send/invitations")
    manager.post(f"{PAGE}/send/invitations")
    deliver(session)
    page = manager.get("/outbox")
    assert page.words.count("From Wexmoor Council") == 3
    page = manager.get(f"/outbox/{messages(session)[0].id}")
    assert page.h1 == "From Wexmoor Council"
    assert "Hello Person 0 <b>" in page.words
    assert factories.link_of(people[0]) in page.text

    manager.get(f"{PAGE}/texts/invitation")
    page = manager.post(f"{PAGE}/texts/invitation", {"do": "reset"})
    assert "The text is again the one Signpost brings." in page.words
    assert {"message_text_changed", "message_text_reset"} <= actions(session)


def test_log_is_filtered_paged_and_says_what_became_of_each(
    manager: Browser, session: Session, round_: Round
) -> None:
    make_people(session, round_, 52)
    manager.get(f"{PAGE}/send/invitations")
    manager.post(f"{PAGE}/send/invitations")
    deliver(session)
    first, second, *_ = messages(session)
    first.bounced_at_utc = NOW
    second.sent_at_utc, second.claimed_at_utc = None, NOW - UNSURE_AFTER - timedelta(minutes=1)
    session.commit()

    page = manager.get(PAGE)
    assert "1 message came back: the address takes no mail" in page.words
    assert "1 message may have been sent: Signpost was cut off while sending" in page.words
    page = manager.get(f"{PAGE}/log")
    assert "52 messages." in page.words
    assert "Page 1 of 2" in page.words
    assert "Page 2 of 2" in manager.get(f"{PAGE}/log?page=99").words
    page = manager.get(f"{PAGE}/log?state=unsure&kind=invitation")
    assert "1 message." in page.words
    assert second.to_address in page.words
    assert "1 message." in manager.get(f"{PAGE}/log?words=PERSON-4%40").words
    assert "1 message." in manager.get(f"{PAGE}/log?words=person-51").words
    assert "No message is like that." in manager.get(f"{PAGE}/log?words=%25").words
    assert "52 messages." in manager.get(f"{PAGE}/log?state=nonsense&page=-1").words


def test_message_is_sent_again_once_and_reminders_are_stopped(
    manager: Browser, session: Session, people: list[Invitation]
) -> None:
    manager.get(f"{PAGE}/send/invitations")
    manager.post(f"{PAGE}/send/invitations")
    deliver(session)
    bad = messages(session)[0]
    manager.get(f"{PAGE}/log")

    page = manager.post(f"{PAGE}/log/{bad.id}", {"do": "came-back", "words": "person-0"})
    assert "Came back" in page.words
    assert "1 message." in page.words, "the filter stays"
    manager.post(f"{PAGE}/log/{bad.id}", {"do": "again"})
    manager.post(f"{PAGE}/log/{bad.id}", {"do": "again"})
    assert [one.to_address for one in messages(session)].count("person-0@example.org") == 2
    manager.post(f"{PAGE}/log/{messages(session)[2].id}", {"do": "again"}, status=409)
    manager.get(f"{PAGE}/log")
    manager.post(f"{PAGE}/log/{bad.id}", {"do": "burn"}, status=404)

    manager.get(f"{PAGE}/log")
    page = manager.post(f"{PAGE}/people/{people[1].id}", {"do": "stop"})
    assert "Gets no reminders" in page.words
    page = manager.get(f"{PAGE}/send/reminders")
    assert "1 person will get this message." in page.words, "one came back, one was stopped"
    assert "1 person gets none, because you stopped them." in page.words
    assert {"message_bounced", "message_sent_again", "reminders_stopped"} <= actions(session)


def test_test_message_is_sent_once_in_a_minute(
    manager: Browser, session: Session, round_: Round, clock: time_machine.Traveller
) -> None:
    session.commit()
    manager.get(PAGE)

    manager.post(f"{PAGE}/test")
    page = manager.post(f"{PAGE}/test")
    deliver(session)

    assert "A test message is on its way to you." in page.words
    assert [one.to_address for one in messages(session)] == ["manager@example.org"]
    assert "A test message from Signpost" in manager.get("/outbox").words


def test_what_belongs_to_another_council_is_not_found(
    app: Flask, session: Session, people: list[Invitation], account: Account, manager: Browser
) -> None:
    manager.get(f"{PAGE}/send/invitations")
    manager.post(f"{PAGE}/send/invitations")
    deliver(session)
    message, person = messages(session)[0], people[0]
    elsewhere = factories.make_council(session, slug="eastholt")
    factories.make_round(session, council=elsewhere, slug="other")
    make_manager(session, elsewhere, email="elsewhere@example.org")
    session.commit()
    stranger = sign_in(app.test_client(), email="elsewhere@example.org")

    for path in ("", "/log", "/send/invitations", "/texts/invitation"):
        stranger.get(PAGE + path, status=404)
    stranger.get(f"/outbox/{message.id}", status=404)
    assert "Nothing has been written yet." in stranger.get("/outbox").words
    stranger.get("/manage/other/messages")
    for path, do in ((f"log/{message.id}", "came-back"), (f"people/{person.id}", "stop")):
        stranger.get("/manage/other/messages")
        stranger.post(f"/manage/other/messages/{path}", {"do": do}, status=404)
    session.refresh(person)
    assert person.reminders_stopped_at_utc is None


def test_address_that_means_nothing_is_not_found(
    manager: Browser, session: Session, round_: Round
) -> None:
    session.commit()

    for path in ("/send/everything", "/texts/password_link", "/texts/nothing"):
        manager.get(PAGE + path, status=404)


@pytest.mark.usefixtures("without_mail")
def test_outbox_is_not_there_where_mail_is_not_kept(manager: Browser) -> None:
    manager.get("/outbox", status=404)
    manager.get("/outbox/anything", status=404)


@pytest.mark.usefixtures("without_mail")
def test_where_no_way_is_set_the_page_says_that_messages_wait(
    session: Session, round_: Round, manager: Browser
) -> None:
    make_people(session, round_, 1)

    assert "E-mail is not set up on this installation." in manager.get(PAGE).words
    manager.get(f"{PAGE}/send/invitations")
    page = manager.post(f"{PAGE}/send/invitations")
    assert "1 invitation waits until e-mail is set up." in page.words


def test_pages_ask_as_much_of_the_database_for_many_messages_as_for_few(
    app: Flask, manager: Browser, session: Session, round_: Round
) -> None:
    make_people(session, round_, 1)
    counts: list[dict[str, int]] = []
    for more in (0, 60):
        if more:
            make_people_more(session, round_, more)
        manager.get(f"{PAGE}/send/invitations")
        manager.post(f"{PAGE}/send/invitations")
        taken = {}
        for path in ("", "/log", "/send/reminders"):
            with count_statements(app) as seen:
                manager.get(PAGE + path)
            taken[path] = len(seen)
        counts.append(taken)

    assert counts[0] == counts[1]
    assert max(counts[0].values()) <= 14


def make_people_more(session: Session, round_: Round, count: int) -> None:
    """People of another agency of the round."""
    agency = factories.make_invited_agency(session, round_, name="Another agency")
    session.add_all(
        Invitation(
            public_id=f"B{number:05d}",
            invited_agency_id=agency.id,
            email=f"another-{number}@example.org",
        )
        for number in range(count)
    )
    session.commit()


def test_stranger_is_sent_to_sign_in(client: FlaskClient, session: Session, round_: Round) -> None:
    session.commit()

    for path in (PAGE, f"{PAGE}/log", "/outbox"):
        response = client.get(path)
        assert response.status_code == 302
        assert response.location.startswith("/sign-in")
