"""Giving a round more time, calling it off, and what opening again is said to cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from question_banks.bank import Sector
from survey.actions.mail_links import Doors
from survey.actions.sending import Way, send_due
from survey.data.models import (
    AuditEvent,
    Comment,
    Council,
    Draft,
    LocalMail,
    Message,
    Participation,
    Response,
    Round,
    RoundEvent,
)
from survey.data.snapshots import add_snapshot
from tests import factories
from tests.factories import NOW
from tests.filled_round import FilledRound, fill_round
from tests.page import Browser

AGENCY = (("Tarn Valley Police", Sector.POLICE, 14, 3),)
PAGES_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what a page says and asks: the other database would say the same, and takes as long again."""

LATER = {
    "closes-day": "20",
    "closes-month": "3",
    "closes-year": "2031",
    "reason": "",
    "tell": "yes",
}


@pytest.fixture
def filled(session: Session, council: Council) -> FilledRound:
    """An open round whose last day is 10 March, with three people who can be written to: one has
    finished, one has begun, one has done nothing; a fourth asked for no more messages.
    """
    filled = fill_round(session, council=council, agencies=AGENCY, comments=["Ask Mrs Oakapple."])
    place = filled.agencies["Tarn Valley Police"]
    for name in ("used", "begun", "untouched", "stopped"):
        invitation = factories.make_invitation(
            session,
            place,
            email=f"{name}@example.org",
            reminders_stopped_at_utc=NOW if name == "stopped" else None,
        )
        if name == "used":
            session.add(Participation(invitation_id=invitation.id))
        if name == "begun":
            session.add(
                Draft(
                    invitation_id=invitation.id,
                    level="frontline",
                    answers={},
                    started_at_utc=NOW,
                    saved_at_utc=NOW,
                )
            )
    session.commit()
    return filled


def round_now(session: Session, filled: FilledRound) -> Round:
    """The round as it is now."""
    session.commit()
    found = session.scalars(
        select(Round).where(Round.id == filled.round.id).execution_options(populate_existing=True)
    ).one()
    session.commit()
    return found


def told(session: Session) -> list[tuple[str, str]]:
    """Kind and address of every message in the outbox."""
    session.commit()
    found = session.execute(select(Message.kind, Message.to_address).order_by(Message.to_address))
    rows = [(kind, address) for kind, address in found]
    session.commit()
    return rows


def add_findings(session: Session, filled: FilledRound) -> None:
    """A snapshot as closing leaves it."""
    add_snapshot(
        session,
        round_id=filled.round.id,
        number=1,
        made_at=NOW - timedelta(hours=1),
        answered=13,
        bank_digest=filled.round.bank_digest,
        code_version="0.1.0",
        analysis_settings={},
        tally_digest="t" * 64,
        tally_json="{}",
        summary_json="{}",
        audience="review_team",
    )
    session.commit()


def test_later_last_day_is_set_told_and_on_record(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    page = manager.get(filled.url("/extend"))
    assert "Write to the 2 people who have not finished" in page.words

    page = manager.post(filled.url("/extend"), LATER | {"reason": "Half term"})

    assert "The round has a new last day. 2 people will be told by e-mail." in page.words
    assert "17 days left: answers stop at 11:59pm on 20 March 2031" in page.words
    assert "The last day was 10 March 2031 and is now 20 March 2031. Half term" in page.words
    assert told(session) == [
        ("extended", "begun@example.org"),
        ("extended", "untouched@example.org"),
    ]
    (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "round_extended"))
    assert event.detail == {
        "round": "autumn",
        "what": "last day for answers",
        "old": "2031-03-10",
        "new": "2031-03-20",
    }
    session.commit()

    manager.get(filled.url("/extend"))
    page = manager.post(filled.url("/extend"), LATER | {"reason": "Half term"})

    assert "had set it already" in page.words, "pressed twice, it is done once"
    assert len(told(session)) == 2


@PAGES_ONLY
def test_nobody_is_written_to_unless_asked_for(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    manager.get(filled.url("/extend"))
    page = manager.post(
        filled.url("/extend"), {name: text for name, text in LATER.items() if name != "tell"}
    )

    assert "The round has a new last day." in page.words
    assert told(session) == []


WRONG_DAYS = (
    (("9", "3", "2031"), "The new last day must be after 10 March 2031"),
    (("1", "1", "2020"), "The new last day must be after 10 March 2031"),
    (("1", "4", "2034"), "The new last day must be in the next 2 years"),
    (("30", "2", "2031"), "Enter the new last day as a day, month and year"),
    (("", "", ""), "Enter the new last day as a day, month and year"),
)


@PAGES_ONLY
def test_last_day_must_be_later_and_what_was_typed_is_kept(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    manager.get(filled.url("/extend"))
    for day, says in WRONG_DAYS:
        given = dict(zip(("closes-day", "closes-month", "closes-year"), day, strict=True))
        page = manager.post(filled.url("/extend"), given | {"reason": "Why"}, status=422)

        assert len(page.error_messages) == 1
        assert page.error_messages[0].startswith(says)
        assert page.all("input", id="closes")[0].get("value") == day[0]
        assert (page.all("textarea")[0].text or "").strip() == "Why"
    assert round_now(session, filled).closes_at_utc == NOW + timedelta(days=7)

    page = manager.post(filled.url("/extend"), LATER | {"closes-day": "10"})

    assert "answers stop at 11:59pm on 10 March 2031" in page.words, "later the same day is later"


@PAGES_ONLY
def test_round_whose_window_is_over_opens_again_without_any_snapshot(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    filled.round.closes_at_utc = NOW - timedelta(days=1)
    session.commit()
    manager.get(filled.url("/extend"))

    page = manager.post(filled.url("/extend"), LATER)

    assert "Open 17 days left" in page.words


@PAGES_ONLY
def test_round_that_is_over_is_not_given_more_time(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    for over in ("closed_at_utc", "withdrawn_at_utc"):
        setattr(filled.round, over, NOW)
        session.commit()
        manager.get(filled.url("/daily"))
        manager.post(filled.url("/extend"), LATER, status=409)
        manager.get(filled.url("/extend"), status=409)

    assert told(session) == []


def test_withdrawn_round_takes_no_answers_and_says_whom_to_ask(
    app: Flask, manager: Browser, session: Session, filled: FilledRound
) -> None:
    person = factories.make_invitation(session, filled.agencies["Tarn Valley Police"])
    session.commit()
    before = set(session.scalars(select(Response.id)))
    session.commit()
    page = manager.get(filled.url("/withdraw"))
    assert "3 people have sent in answers." in page.words

    page = manager.post(
        filled.url("/withdraw"), {"reason": "Asked the wrong people", "tell": "yes"}
    )

    assert "The round is withdrawn. 3 people will be told by e-mail." in page.words
    assert "Reason: Asked the wrong people" in page.words
    assert {kind for kind, _ in told(session)} == {"withdrawn"}
    send_due(session, way=Way(None, Doors(secret_key="k" * 32, base_url="http://signpost.test")))
    letters = session.scalars(select(LocalMail)).all()
    assert len(letters) == 3
    assert all("has withdrawn its questionnaire" in letter.body for letter in letters)
    assert not any("Asked the wrong people" in letter.body for letter in letters)
    session.commit()
    assert not before & set(session.scalars(select(Response.id))), "what was sent in is shuffled"
    assert len(session.scalars(select(Draft)).all()) == 1
    session.commit()
    visitor = Browser(app.test_client())
    page = visitor.get(factories.link_of(person), status=410)
    assert page.h1 == "This questionnaire has been withdrawn"
    assert filled.round.contact in page.words
    assert "wrong people" not in page.text
    for end, status in (("/close", 200), ("/findings", 409), ("/reopen", 200)):
        manager.get(filled.url(end), status=status)
    manager.get(filled.url("/daily"))
    assert "Ask Mrs Oakapple" in " ".join(manager.get(filled.url("/daily")).words.split())
    assert session.scalars(select(Comment.state)).all() == ["waiting"]


def test_second_press_of_withdraw_shows_the_round(
    manager: Browser, second: Browser, session: Session, filled: FilledRound
) -> None:
    for browser in (manager, second):
        browser.get(filled.url("/withdraw"))
    manager.post(filled.url("/withdraw"), {"reason": "First", "tell": "yes"})

    page = second.post(filled.url("/withdraw"), {"reason": "Second", "tell": "yes"})

    assert "Withdrawn" in page.words
    session.commit()
    reasons = session.scalars(select(RoundEvent.reason).where(RoundEvent.kind == "withdrawn"))
    assert reasons.all() == ["First"]
    assert len(told(session)) == 3


@PAGES_ONLY
def test_withdrawing_needs_a_reason_and_keeps_what_was_ticked(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    manager.get(filled.url("/withdraw"))

    page = manager.post(filled.url("/withdraw"), {"reason": "  "}, status=422)

    assert page.error_messages == ["Say why you are withdrawing the round"]
    assert page.checked() == {}
    assert round_now(session, filled).withdrawn_at_utc is None


@PAGES_ONLY
def test_round_with_findings_is_not_withdrawn(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    manager.get(filled.url("/withdraw"))
    token = manager.page.csrf_token if manager.page else ""
    add_findings(session, filled)

    manager.get(filled.url("/withdraw"), status=409)
    manager.post(filled.url("/withdraw"), {"reason": "Too late"}, status=409, token=token)

    assert "Withdraw the round" not in manager.get(filled.url()).words
    assert round_now(session, filled).withdrawn_at_utc is None


@PAGES_ONLY
def test_opening_again_tells_what_was_shown_before(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    add_findings(session, filled)
    filled.round.closed_at_utc = NOW - timedelta(minutes=5)
    session.commit()

    page = manager.get(filled.url("/reopen"))

    assert "Findings of this round have been shown once, from 11am on 3 March 2031." in page.words
    assert "only where 10 or more people have answered since" in page.words
    page = manager.get(filled.url("/ledger"))
    assert "Snapshot 1 The review team and the council 11am on 3 March 2031" in page.words
    assert "No file of them has been taken away." in page.words
