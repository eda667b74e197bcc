"""Sending by GOV.UK Notify, to a server of the test's own that speaks its API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.actions import mail_invitations
from survey.actions.sending import Outcome, Way, ask_what_became, send_due
from survey.data.message_states import UNSURE_AFTER, MessageState, state_in
from survey.data.models import Message, Round
from survey.data.rounds import get_round_by_slug
from survey.mailing.notify import NotifyPost
from survey.settings import MailSettings, MailWay
from tests.factories import NOW
from tests.integration.mail.conftest import DOORS, make_people
from tests.integration.mail.notify_server import KEY, TEMPLATE, NotifyServer

UNSURE = UNSURE_AFTER + timedelta(seconds=1)


@pytest.fixture
def database_url(empty_sqlite_url: str) -> str:
    """One database: how mail is sent does not depend on it."""
    return empty_sqlite_url


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The clock stands at the factories' NOW until a test moves it."""
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def notify() -> Iterator[NotifyServer]:
    """The server, listening."""
    with NotifyServer() as server:
        yield server


def post_to(url: str) -> NotifyPost:
    return NotifyPost(
        MailSettings(
            way=MailWay.NOTIFY, notify_api_key=KEY, notify_template=TEMPLATE, notify_url=url
        )
    )


@pytest.fixture
def way(notify: NotifyServer) -> Way:
    """The way of sending that leads there."""
    return Way(post_to(notify.url), DOORS)


@pytest.fixture
def message(session: Session, round_: Round) -> Message:
    """One invitation in the outbox."""
    make_people(session, round_, 1)
    found = get_round_by_slug(session, slug=round_.slug)
    mail_invitations.send_invitations(session, found, account_id=None, now=NOW)
    session.commit()
    return session.scalars(select(Message)).one()


def state(session: Session, *, later: timedelta = timedelta()) -> MessageState:
    session.rollback()
    return MessageState(session.scalar(select(state_in(NOW + later))) or "")


def ask(session: Session, notify: NotifyServer, *, later: timedelta = timedelta()) -> None:
    with post_to(notify.url) as post:
        ask_what_became(session, post=post, now=NOW + later)


def test_message_is_handed_over_with_subject_text_and_reference(
    session: Session, message: Message, notify: NotifyServer, way: Way
) -> None:
    assert send_due(session, way=way) == {Outcome.SENT: 1}

    (taken,) = notify.taken
    assert taken["email_address"] == "person-0@example.org"
    assert taken["template_id"] == TEMPLATE
    assert taken["reference"] == message.id
    assert taken["personalisation"]["subject"].startswith("Council Of Spring Council asks")
    assert "http://signpost.test/i/" in taken["personalisation"]["body"]
    session.refresh(message)
    assert message.provider_id == taken["id"]


@pytest.mark.parametrize(
    ("refusal", "expected"),
    [
        ((400, "ValidationError", "email_address Not a valid email address"), MessageState.BOUNCED),
        ((400, "BadRequestError", "Template not found"), MessageState.FAILED),
        ((403, "AuthError", "Invalid token"), MessageState.WAITING),
        ((429, "RateLimitError", "Exceeded rate limit"), MessageState.WAITING),
        ((500, "Exception", "Internal server error"), MessageState.WAITING),
    ],
    ids=["no such address", "no such template", "wrong key", "too many", "their fault"],
)
def test_refusal_leads_to_what_it_means(
    session: Session,
    message: Message,
    notify: NotifyServer,
    way: Way,
    refusal: tuple[int, str, str],
    expected: MessageState,
) -> None:
    notify.refusal = refusal

    send_due(session, way=way)

    assert state(session) is expected
    session.refresh(message)
    assert message.last_error == f"notify {refusal[0]}"


def test_service_that_cannot_be_reached_costs_a_try(session: Session, message: Message) -> None:
    with NotifyServer() as gone:
        url = gone.url

    assert send_due(session, way=Way(post_to(url), DOORS)) == {Outcome.NO_SERVER: 0}

    session.refresh(message)
    assert (message.attempts, message.claim) == (1, None)
    assert message.send_after_utc == NOW + timedelta(minutes=1)


@pytest.mark.parametrize("was_taken", [True, False], ids=["it was taken", "it was not"])
def test_message_that_may_have_been_sent_is_asked_about(
    session: Session, message: Message, notify: NotifyServer, way: Way, was_taken: bool
) -> None:
    notify.hang_up = True
    assert send_due(session, way=way) == {Outcome.MAYBE_SENT: 1}
    assert state(session, later=UNSURE) is MessageState.UNSURE
    notify.hang_up = False
    if not was_taken:
        notify.taken.clear()

    ask(session, notify, later=UNSURE)

    assert state(session) is (MessageState.SENT if was_taken else MessageState.WAITING)
    with time_machine.travel(NOW + UNSURE, tick=False):
        send_due(session, way=way)
    assert [one["reference"] for one in notify.taken] == [message.id], "once, either way"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("sending", MessageState.SENT),
        ("delivered", MessageState.SENT),
        ("permanent-failure", MessageState.BOUNCED),
        ("temporary-failure", MessageState.FAILED),
        ("technical-failure", MessageState.FAILED),
    ],
)
def test_what_became_of_it_is_asked(
    session: Session,
    message: Message,
    notify: NotifyServer,
    way: Way,
    said: str,
    expected: MessageState,
) -> None:
    send_due(session, way=way)
    notify.status[notify.taken[0]["id"]] = said

    ask(session, notify)

    assert state(session) is expected
    session.refresh(message)
    assert (message.delivered_at_utc is not None) == (said == "delivered")
