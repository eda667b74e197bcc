"""Reminders: when, and to nobody twice on a day. To whom is tested in test_outbox.py."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.actions import mail_invitations, reminding
from survey.actions.reminding import InvalidReminder
from survey.data.models import Message, Reminder, Round
from survey.data.rounds import RoundOfCouncil, get_round_by_slug
from survey.errors import NotAllowedNow, NotFound
from tests import factories
from tests.factories import NOW
from tests.integration.mail.conftest import make_people

CLOSES = datetime(2031, 3, 14, 23, 59, 59, tzinfo=UTC)
"""A Friday. NOW is Monday 3 March 2031 at noon; no bank holiday is near."""
FIVE_BEFORE = datetime(2031, 3, 7, 9, 0, tzinfo=UTC)


@pytest.fixture
def database_url(empty_sqlite_url: str) -> str:
    """One database: the queries are tried on both in test_outbox.py."""
    return empty_sqlite_url


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The clock stands at the factories' NOW until a test moves it."""
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def found(session: Session) -> RoundOfCouncil:
    """An open round, beside one of another council with people of its own."""
    round_ = factories.make_round(session, closes=CLOSES)
    other = factories.make_round(session, slug="autumn", closes=CLOSES)
    make_people(session, other, 1, public_id="Z00000", email="elsewhere@example.org")
    session.commit()
    return get_round_by_slug(session, slug=round_.slug)


def plan(session: Session, found: RoundOfCouncil, days: int, *, now: datetime = NOW) -> None:
    reminding.plan_reminder(session, found, working_days=days, account_id=None, now=now)
    session.commit()


def addresses(session: Session) -> list[str]:
    return sorted(session.scalars(select(Message.to_address)))


def test_nobody_gets_two_reminders_on_one_day(session: Session, found: RoundOfCouncil) -> None:
    make_people(session, found.round, 2)
    plan(session, found, 5)

    assert reminding.remind_now(session, found, account_id=None, now=FIVE_BEFORE) == 2
    assert reminding.remind_now(session, found, account_id=None, now=FIVE_BEFORE) == 0
    assert reminding.put_due(session, now=FIVE_BEFORE) == 0
    next_day = FIVE_BEFORE + timedelta(days=1)
    assert reminding.remind_now(session, found, account_id=None, now=next_day) == 2


def test_planned_reminder_is_put_once_when_its_time_has_come(
    session: Session, found: RoundOfCouncil
) -> None:
    make_people(session, found.round, 2)
    plan(session, found, 5)

    assert reminding.put_due(session, now=FIVE_BEFORE - timedelta(seconds=1)) == 0
    assert reminding.put_due(session, now=FIVE_BEFORE) == 2
    session.commit()
    assert reminding.put_due(session, now=FIVE_BEFORE + timedelta(days=3)) == 0
    assert addresses(session) == ["person-0@example.org", "person-1@example.org"]


def test_worker_that_was_away_puts_a_reminder_late(session: Session, found: RoundOfCouncil) -> None:
    make_people(session, found.round, 1)
    plan(session, found, 5)

    assert reminding.put_due(session, now=FIVE_BEFORE + timedelta(days=2)) == 1


def test_reminder_falls_due_again_when_the_last_day_moves(
    session: Session, found: RoundOfCouncil
) -> None:
    make_people(session, found.round, 1)
    plan(session, found, 5)
    assert reminding.put_due(session, now=FIVE_BEFORE) == 1

    found.round.closes_at_utc = CLOSES + timedelta(days=7)
    session.commit()

    assert reminding.put_due(session, now=FIVE_BEFORE + timedelta(days=1)) == 0
    assert reminding.put_due(session, now=FIVE_BEFORE + timedelta(days=7)) == 1


@pytest.mark.parametrize("change", ["closed", "withdrawn", "not launched", "over"])
def test_planned_reminder_of_a_round_that_takes_no_answers_is_not_put(
    session: Session, found: RoundOfCouncil, change: str
) -> None:
    make_people(session, found.round, 1)
    plan(session, found, 5)
    now = FIVE_BEFORE
    if change == "closed":
        found.round.closed_at_utc = NOW
    elif change == "withdrawn":
        found.round.withdrawn_at_utc = NOW
    elif change == "not launched":
        found.round.launched_at_utc = None
    else:
        now = CLOSES
    session.commit()

    assert reminding.put_due(session, now=now) == 0


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "Enter a number of working days from 1 to 60"),
        (61, "Enter a number of working days from 1 to 60"),
        (10, "That day has come already"),
        (9, "That day has come already"),
        (5, "A reminder is planned for that day already"),
    ],
    ids=["none", "too many", "last week", "this morning", "planned already"],
)
def test_reminder_that_cannot_be_planned_says_why(
    session: Session, found: RoundOfCouncil, days: int, said: str
) -> None:
    plan(session, found, 5)

    with pytest.raises(InvalidReminder, match=said):
        plan(session, found, days)


def test_reminder_before_the_round_opens_is_refused(session: Session) -> None:
    round_ = factories.make_round(session, opens=CLOSES - timedelta(days=3), closes=CLOSES)
    found = get_round_by_slug(session, slug=round_.slug)

    with pytest.raises(InvalidReminder, match="before answers are taken"):
        plan(session, found, 5)


def test_no_more_than_six_reminders_are_planned(session: Session, found: RoundOfCouncil) -> None:
    for days in range(1, 7):
        plan(session, found, days)

    with pytest.raises(InvalidReminder, match="There are 6 reminders already"):
        plan(session, found, 7)


def test_reminder_taken_out_is_not_put(session: Session, found: RoundOfCouncil) -> None:
    make_people(session, found.round, 1)
    plan(session, found, 5)

    assert reminding.take_out(session, found, working_days=5, account_id=None, now=NOW)
    assert not reminding.take_out(session, found, working_days=5, account_id=None, now=NOW)
    session.commit()

    assert session.scalars(select(Reminder)).all() == []
    assert reminding.put_due(session, now=FIVE_BEFORE) == 0


@pytest.mark.parametrize("state", ["setting up", "closed", "over"])
def test_nothing_is_sent_for_a_round_that_takes_no_answers(
    session: Session, found: RoundOfCouncil, state: str
) -> None:
    make_people(session, found.round, 1)
    now = NOW
    if state == "setting up":
        found.round.launched_at_utc = None
    elif state == "closed":
        found.round.closed_at_utc = NOW
    else:
        now = CLOSES
    session.commit()

    with pytest.raises(NotAllowedNow):
        mail_invitations.send_invitations(session, found, account_id=None, now=now)
    with pytest.raises(NotAllowedNow):
        reminding.remind_now(session, found, account_id=None, now=now)


def test_people_and_messages_of_another_round_are_not_found(
    session: Session, found: RoundOfCouncil, round_of_another: Round
) -> None:
    (person,) = make_people(session, round_of_another, 1)
    other = get_round_by_slug(session, slug=round_of_another.slug)
    mail_invitations.send_invitations(session, other, account_id=None, now=NOW)
    message = session.scalars(select(Message)).one()

    with pytest.raises(NotFound):
        mail_invitations.stop_reminders(
            session, found, invitation_id=person.id, stopped=True, account_id=None, now=NOW
        )
    with pytest.raises(NotFound):
        mail_invitations.send_again(session, found, message_id=message.id, account_id=None, now=NOW)
    with pytest.raises(NotFound):
        mail_invitations.mark_bounced(
            session, found, message_id=message.id, account_id=None, now=NOW
        )


@pytest.fixture
def round_of_another(session: Session) -> Round:
    """A round of a third council, without people yet."""
    return factories.make_round(session, slug="winter", closes=CLOSES)
