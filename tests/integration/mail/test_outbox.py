"""The outbox: in the transaction that needs it, never twice, one worker at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from survey.actions import backups, mail_invitations, outbox, reminding
from survey.data import outbox as stored
from survey.data import reminders
from survey.data.engine import make_engine
from survey.data.message_states import UNSURE_AFTER, MessageState, state_in
from survey.data.models import MailKind, Message, Participation, Round
from survey.data.rounds import get_round_by_slug
from tests import factories
from tests.factories import NOW
from tests.integration.mail.conftest import make_people


def put(session: Session, key: str = "test:1") -> bool:
    return outbox.put(session, kind=MailKind.TEST, to="kit@example.org", key=key, now=NOW)


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Message)) or 0


def test_message_put_twice_is_there_once(session: Session) -> None:
    assert put(session)
    session.commit()

    assert not put(session)
    assert put(session, "test:2")
    assert count(session) == 2


def test_message_of_a_transaction_that_failed_is_not_there(session: Session) -> None:
    put(session)

    session.rollback()

    assert count(session) == 0


def test_message_is_not_due_before_its_time(session: Session) -> None:
    later = NOW + timedelta(hours=1)
    outbox.put(
        session, kind=MailKind.TEST, to="kit@example.org", key="k", now=NOW, send_after=later
    )

    assert stored.list_due(session, now=NOW, limit=10) == []
    assert len(stored.list_due(session, now=later, limit=10)) == 1


def test_two_workers_cannot_take_one_message(session: Session, database_url: str) -> None:
    put(session)
    session.commit()
    (message_id,) = stored.list_due(session, now=NOW, limit=10)
    session.rollback()
    engine = make_engine(database_url)
    with Session(engine) as second:
        first_claim = stored.claim_message(session, message_id=message_id, claim="a", now=NOW)
        session.commit()
        second_claim = stored.claim_message(second, message_id=message_id, claim="b", now=NOW)
        second.commit()
        stolen = stored.settle(
            second, message_id=message_id, claim="b", outcome={"sent_at_utc": NOW}
        )
        second.rollback()
    engine.dispose()

    assert first_claim is not None
    assert first_claim.attempts == 1
    assert second_claim is None
    assert not stolen
    assert stored.list_due(session, now=NOW, limit=10) == []


def test_claim_without_an_outcome_is_reported_and_never_due(session: Session) -> None:
    put(session)
    (message_id,) = stored.list_due(session, now=NOW, limit=10)
    stored.claim_message(session, message_id=message_id, claim="a", now=NOW)
    session.commit()
    later = NOW + UNSURE_AFTER + timedelta(seconds=1)

    assert session.scalar(select(state_in(NOW))) == MessageState.WAITING
    assert session.scalar(select(state_in(later))) == MessageState.UNSURE
    assert stored.list_due(session, now=later, limit=10) == []
    assert stored.list_unsure(session, before=later - UNSURE_AFTER, limit=10) == [message_id]


def test_messages_to_respondents_come_after_the_others(session: Session, round_: Round) -> None:
    make_people(session, round_, 2)
    found = get_round_by_slug(session, slug=round_.slug)
    mail_invitations.send_invitations(session, found, account_id=None, now=NOW)
    later = NOW + timedelta(minutes=1)
    outbox.put(session, kind=MailKind.TEST, to="kit@example.org", key="k", now=later)

    first, *_ = stored.list_due(session, now=later, limit=10)

    message = session.get(Message, first)
    assert message is not None
    assert message.kind == MailKind.TEST


def test_messages_go_with_the_invitation_they_are_about(session: Session, round_: Round) -> None:
    (person, _) = make_people(session, round_, 2)
    found = get_round_by_slug(session, slug=round_.slug)
    mail_invitations.send_invitations(session, found, account_id=None, now=NOW)
    session.commit()

    session.delete(person)
    session.commit()

    assert count(session) == 1


def test_invitations_of_a_large_round_are_put_in_few_statements(
    session: Session, round_: Round
) -> None:
    """Ten thousand must be put within 3 seconds: what costs is a statement for each."""
    make_people(session, round_, 2_000)
    found = get_round_by_slug(session, slug=round_.slug)
    seen: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *given: seen.append(given[2]))

    assert mail_invitations.send_invitations(session, found, account_id=None, now=NOW) == 2_000

    assert len(seen) < 20
    assert mail_invitations.send_invitations(session, found, account_id=None, now=NOW) == 0


def test_reminder_goes_to_those_not_finished_and_to_nobody_else(
    session: Session, round_: Round
) -> None:
    other = factories.make_round(session, slug="autumn")
    make_people(session, other, 1, public_id="Z00000", email="elsewhere@example.org")
    found = get_round_by_slug(session, slug=round_.slug)
    due, finished, stopped, revoked, bounced, nameless = make_people(session, found.round, 6)
    session.add(Participation(invitation_id=finished.id))
    stopped.reminders_stopped_at_utc = NOW
    revoked.revoked_at_utc = NOW
    nameless.email = ""
    mail_invitations.send_invitations(session, found, account_id=None, now=NOW)
    message = session.scalars(select(Message).where(Message.invitation_id == bounced.id)).one()
    message.bounced_at_utc = NOW
    session.commit()

    assert reminding.remind_now(session, found, account_id=None, now=NOW) == 1

    sent = session.scalars(select(Message.invitation_id).where(Message.kind == "reminder")).all()
    assert sent == [due.id]
    people = reminders.count_addresses(session, round_id=found.round.id)
    assert (people.invited, people.with_address) == (5, 4)
    assert (people.to_remind, people.stopped, people.to_invite) == (1, 1, 0)


def test_planned_reminder_is_put_for_the_end_the_window_has(
    session: Session, round_: Round
) -> None:
    round_.closes_at_utc = datetime(2031, 3, 14, 23, 59, 59, tzinfo=UTC)
    make_people(session, round_, 1)
    found = get_round_by_slug(session, slug=round_.slug)
    reminding.plan_reminder(session, found, working_days=5, account_id=None, now=NOW)
    session.commit()
    five_before = datetime(2031, 3, 7, 9, 0, tzinfo=UTC)

    assert reminding.put_due(session, now=five_before) == 1
    session.commit()
    assert reminding.put_due(session, now=five_before + timedelta(days=1)) == 0
    round_.closes_at_utc += timedelta(days=7)
    session.commit()
    assert reminding.put_due(session, now=five_before + timedelta(days=7)) == 1


@pytest.mark.parametrize("generation", [2, 11])
def test_link_that_was_replaced_is_sent_anew(
    session: Session, round_: Round, generation: int
) -> None:
    (person,) = make_people(session, round_, 1)
    found = get_round_by_slug(session, slug=round_.slug)
    mail_invitations.send_invitations(session, found, account_id=None, now=NOW)
    person.generation = generation
    session.commit()

    assert mail_invitations.send_invitations(session, found, account_id=None, now=NOW) == 1


def test_message_that_waited_in_a_backup_is_not_sent_by_itself_after_a_restore(
    session: Session, database_url: str, tmp_path: Path
) -> None:
    put(session)
    session.commit()
    engine = make_engine(database_url)
    path = tmp_path / "backup.zip"
    manifest = backups.back_up(
        engine, path, secret_key=factories.SECRET_KEY, with_key=False, program="test", now=NOW
    )

    held = backups.restore(engine, path, manifest=manifest, replacing=True)

    engine.dispose()
    later = NOW + timedelta(days=1)
    assert held == 1
    assert stored.list_due(session, now=later, limit=10) == []
    assert session.scalar(select(state_in(later))) == MessageState.UNSURE


@pytest.mark.parametrize("key", ["", ":0123456789ab"], ids=["of an open link", "of a new address"])
def test_person_sent_their_link_by_another_page_is_not_sent_it_again(
    session: Session, round_: Round, key: str
) -> None:
    (person,) = make_people(session, round_, 1)
    outbox.put(
        session,
        kind=MailKind.INVITATION,
        to=person.email,
        key=f"invitation:{person.id}:1{key}",
        now=NOW,
        invitation_id=person.id,
    )
    found = get_round_by_slug(session, slug=round_.slug)

    assert mail_invitations.send_invitations(session, found, account_id=None, now=NOW) == 0


def test_link_goes_to_the_address_the_person_has_now(session: Session, round_: Round) -> None:
    (person,) = make_people(session, round_, 1)
    found = get_round_by_slug(session, slug=round_.slug)
    mail_invitations.send_invitations(session, found, account_id=None, now=NOW)
    person.email = "moved@example.org"
    session.commit()

    assert mail_invitations.send_invitations(session, found, account_id=None, now=NOW) == 1
    assert mail_invitations.send_invitations(session, found, account_id=None, now=NOW) == 0
    assert set(session.scalars(select(Message.to_address))) == {
        "person-0@example.org",
        "moved@example.org",
    }
