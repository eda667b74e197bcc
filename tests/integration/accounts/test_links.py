"""Invitations and forgotten passwords: links that are sent, work once, and run out."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.actions import account_links, accounts, people, second_factors
from survey.actions.account_links import LinkKind
from survey.actions.mail_links import Doors, link_for
from survey.actions.mail_texts import default_text, fill
from survey.actions.outbox import MailKind
from survey.actions.people import Given
from survey.data.accounts import Role
from survey.data.audit import AuditAction
from survey.data.models import Account, Council
from survey.data.outbox import Claimed
from tests import factories
from tests.factories import SECRET_KEY
from tests.integration.access_ids import make_account
from tests.integration.accounts.conftest import PASSWORD, SQLITE, events, messages
from tests.page import Browser

DOORS = Doors(secret_key=SECRET_KEY, base_url="https://signpost.example.org")


@pytest.fixture
def invited(session: Session, council: Council, administrator: Account) -> Account:
    """Somebody who has been invited and has no password."""
    made = people.invite(
        session,
        email="Kit@Example.org",
        name="Kit Barrow",
        given=Given(Role.COUNCIL_OFFICER, council_id=council.id),
        by=administrator.id,
        now=factories.NOW,
    )
    session.commit()
    return session.get_one(Account, made.account_id)


def sent_link(session: Session, number: int = -1) -> str:
    """The path of the link in a message, as the worker would work it out now."""
    row = messages(session)[number]
    claimed = Claimed(
        id=row.id,
        kind=MailKind(row.kind),
        to=row.to_address,
        attempts=0,
        council_id=None,
        round_id=None,
        invitation_id=None,
        account_id=row.account_id,
        facts=row.facts,
    )
    link = link_for(session, claimed, DOORS)
    session.commit()  # else this session would hold the whole SQLite file
    assert link is not None
    return link.removeprefix(DOORS.base_url)


def test_invitation_is_a_message_that_holds_no_secret(session: Session, invited: Account) -> None:
    (row,) = messages(session)

    assert (row.kind, row.to_address) == ("account_invitation", "kit@example.org")
    assert row.facts == {"inviter": "ada", "role": "council officer, Wexmoor Council"}
    text = fill(
        default_text(MailKind.ACCOUNT_INVITATION), {**row.facts, "name": "Kit", "link": "L"}
    )
    assert "ada has invited you to Signpost as council officer, Wexmoor Council" in text.body


def test_link_sets_a_password_once(app: Flask, session: Session, invited: Account) -> None:
    link, browser = sent_link(session), Browser(app.test_client())

    page = browser.get(link)
    assert page.h1 == "Choose a password"
    assert "kit@example.org" in page.words
    page = browser.post(link, {"new": PASSWORD})

    assert page.path == "/sign-in"
    assert "Your password has been set" in page.words
    page = browser.post("/sign-in", {"email": "kit@example.org", "password": PASSWORD})
    assert page.path == "/manage"
    assert browser.get(link, status=410).h1 == "This link no longer works"
    assert len(events(session, AuditAction.PASSWORD_SET)) == 1


@SQLITE
@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("", "Enter a password"),
        ("too short", "Password must be 12 characters or more"),
        ("kit@example.org", "Choose a password that is harder to guess"),
    ],
    ids=["nothing", "short", "the address"],
)
def test_password_that_is_not_good_enough_leaves_the_link_working(
    app: Flask, session: Session, invited: Account, new: str, message: str
) -> None:
    link, browser = sent_link(session), Browser(app.test_client())
    browser.get(link)

    page = browser.post(link, {"new": new}, status=422)

    assert page.error_messages[0].startswith(message)
    browser.get(link)


@SQLITE
@pytest.mark.parametrize(
    ("kind", "lasts"),
    [(LinkKind.INVITATION, timedelta(days=7)), (LinkKind.FORGOTTEN, timedelta(hours=2))],
    ids=str,
)
def test_link_runs_out(
    app: Flask,
    session: Session,
    invited: Account,
    clock: time_machine.Traveller,
    kind: LinkKind,
    lasts: timedelta,
) -> None:
    link = account_links.path(SECRET_KEY, kind=kind, account_id=invited.id, generation=1)
    browser = Browser(app.test_client())
    clock.shift(lasts - timedelta(minutes=1))
    browser.get(link)
    clock.shift(timedelta(minutes=2))

    browser.get(link, status=410)


@SQLITE
def test_link_is_bound_to_the_key_the_account_and_its_kind(
    app: Flask, session: Session, invited: Account
) -> None:
    browser = Browser(app.test_client())
    good = account_links.token(
        SECRET_KEY, kind=LinkKind.INVITATION, account_id=invited.id, generation=1
    )
    wrong = [
        account_links.token(
            "x" * 40, kind=LinkKind.INVITATION, account_id=invited.id, generation=1
        ),
        account_links.token(
            SECRET_KEY, kind=LinkKind.INVITATION, account_id="0" * 32, generation=1
        ),
        account_links.token(
            SECRET_KEY, kind=LinkKind.INVITATION, account_id=invited.id, generation=2
        ),
        good[:-1] + ("a" if good[-1] != "a" else "b"),
        "nonsense",
    ]

    assert browser.get(f"/set-password/{good}").status == 200
    for token in wrong:
        browser.get(f"/set-password/{token}", status=410)


@SQLITE
def test_deactivated_account_has_no_link(
    app: Flask, session: Session, invited: Account, administrator: Account
) -> None:
    link, browser = sent_link(session), Browser(app.test_client())
    people.deactivate(session, account=invited, by=administrator.id, now=factories.NOW)
    session.commit()

    browser.get(link, status=410)


def test_forgotten_password_says_the_same_to_everybody(app: Flask, session: Session) -> None:
    make_account(session, "known")
    session.commit()
    browser, words = Browser(app.test_client()), []
    for email in ("known@example.org", "unknown@example.org"):
        browser.get("/forgotten-password")
        words.append(browser.post("/forgotten-password", {"email": email}).words)

    assert words[0] == words[1]
    assert [(row.kind, row.to_address) for row in messages(session)] == [
        ("password_link", "known@example.org")
    ]


@SQLITE
def test_forgotten_password_needs_an_address(app: Flask) -> None:
    browser = Browser(app.test_client())
    browser.get("/forgotten-password")

    for email in ("", "nonsense", "two words@example.org", "a@b@example.org"):
        page = browser.post("/forgotten-password", {"email": email}, status=422)
        assert "address" in page.error_messages[0]


@SQLITE
def test_double_click_sends_one_message_and_asking_too_often_is_refused(
    app: Flask, session: Session
) -> None:
    make_account(session, "known")
    session.commit()
    browser = Browser(app.test_client())
    for _ in range(3):
        browser.get("/forgotten-password")
        browser.post("/forgotten-password", {"email": "known@example.org"})
    browser.get("/forgotten-password")

    page = browser.post("/forgotten-password", {"email": "KNOWN@example.org"}, status=429)

    assert page.h1 == "Too many tries"
    assert len(messages(session)) == 1


def test_new_password_by_link_does_not_take_the_second_factor_away(
    app: Flask, session: Session
) -> None:
    account = accounts.create_account(
        session, email="known@example.org", name="Known", password=PASSWORD, now=factories.NOW
    )
    second_factors.begin(session, account_id=account.id, secret_key=SECRET_KEY)
    account.totp_confirmed_at_utc = factories.NOW
    session.commit()
    browser = Browser(app.test_client())
    browser.get("/forgotten-password")
    browser.post("/forgotten-password", {"email": "known@example.org"})
    link = sent_link(session)
    browser.get(link)
    browser.post(link, {"new": "another four plain words"})

    page = browser.post(
        "/sign-in", {"email": "known@example.org", "password": "another four plain words"}
    )

    assert page.h1 == "Enter a code"
    assert browser.get("/manage").path == "/sign-in"


def test_person_invited_twice_has_one_account_and_both_roles(
    session: Session, invited: Account, other_council: Council, administrator: Account
) -> None:
    again = people.invite(
        session,
        email=" KIT@example.org",
        name="Somebody Else",
        given=Given(Role.REGIONAL_LEAD, council_id=other_council.id),
        by=administrator.id,
        now=factories.NOW + timedelta(minutes=1),
    )

    assert again.account_id == invited.id
    assert invited.name == "Kit Barrow"
    assert session.scalar(select(func.count()).select_from(Account)) == 2
    assert messages(session)[-1].facts["role"] == (
        "council officer, Wexmoor Council and regional lead, Tarn Valley Council"
    )


@SQLITE
def test_invitation_is_not_sent_once_a_password_is_set(session: Session, invited: Account) -> None:
    accounts.set_password(session, account=invited, password=PASSWORD, now=factories.NOW)
    session.commit()
    row = messages(session)[0]
    claimed = Claimed(
        row.id, MailKind(row.kind), row.to_address, 0, None, None, None, invited.id, {}
    )

    assert link_for(session, claimed, DOORS) is None
