"""Signing in and out, changing a password, and the limits on guessing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.actions import accounts, attempts
from survey.actions.accounts import InvalidAccount
from survey.actions.attempts import LIMITS, Scope
from survey.data.models import Account, AuditEvent, Council, FailedAttempt
from survey.errors import TooManyAttempts
from tests.factories import NOW, SECRET_KEY
from tests.integration.manage.conftest import EMAIL, PASSWORD, sign_in
from tests.page import Browser

WRONG = "The e-mail address or the password is not right"


@pytest.fixture
def visitor(client: FlaskClient, account: Account) -> Browser:
    """A browser at the sign-in page."""
    browser = Browser(client)
    browser.get("/sign-in")
    return browser


def test_sign_in_leads_to_the_rounds(visitor: Browser) -> None:
    page = visitor.post("/sign-in", {"email": EMAIL, "password": PASSWORD})

    assert page.path == "/manage"
    assert page.h1 == "Your rounds"


def test_sign_in_takes_an_address_in_any_case(visitor: Browser) -> None:
    page = visitor.post("/sign-in", {"email": f" {EMAIL.upper()} ", "password": PASSWORD})

    assert page.path == "/manage"


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "not the password at all"), ("nobody@example.org", PASSWORD)],
    ids=["wrong password", "unknown address"],
)
def test_sign_in_says_the_same_whatever_is_wrong(
    visitor: Browser, email: str, password: str
) -> None:
    page = visitor.post("/sign-in", {"email": email, "password": password}, status=422)

    assert page.error_messages == [WRONG]
    assert page.all("input", id="password")[0].get("value") == ""


def test_sign_in_hashes_for_an_unknown_address_too(
    session: Session, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    is_right = accounts._is_right

    def noted(stored: str, password: str) -> bool:
        checked.append(stored)
        return is_right(stored, password)

    monkeypatch.setattr(accounts, "_is_right", noted)

    for email in (EMAIL, "nobody@example.org"):
        accounts.sign_in(
            session, email=email, password="wrong", place="p", now=NOW, secret_key=SECRET_KEY
        )

    parameters = {stored.rsplit("$", 2)[0] for stored in checked}
    assert len(checked) == 2
    assert parameters == {"$argon2id$v=19$m=19456,t=2,p=1"}


@pytest.mark.parametrize(
    ("fields", "messages"),
    [
        ({}, ["Enter your e-mail address", "Enter your password"]),
        ({"email": EMAIL}, ["Enter your password"]),
    ],
    ids=["nothing", "no password"],
)
def test_sign_in_without_an_entry_says_what_to_enter(
    visitor: Browser, session: Session, fields: dict[str, str], messages: list[str]
) -> None:
    page = visitor.post("/sign-in", fields, status=422)

    assert page.error_messages == messages
    assert session.scalar(select(func.count()).select_from(FailedAttempt)) == 0


def test_sign_in_begins_a_new_session(client: FlaskClient, visitor: Browser) -> None:
    with client.session_transaction() as kept:
        kept["planted"] = "by somebody else"
        before = kept["csrf_token"]

    visitor.post("/sign-in", {"email": EMAIL, "password": PASSWORD})

    with client.session_transaction() as kept:
        assert "planted" not in kept
        assert kept.get("csrf_token") != before
        assert kept.permanent


@pytest.mark.parametrize(
    ("target", "lands"),
    [
        ("/change-password", "/change-password"),
        ("//example.org/", "/manage"),
        ("https://example.org/", "/manage"),
        ("/\\example.org", "/manage"),
        ("/\texample", "/manage"),
        ("javascript:alert(1)", "/manage"),
    ],
)
def test_sign_in_goes_on_to_local_paths_only(visitor: Browser, target: str, lands: str) -> None:
    fields = {"email": EMAIL, "password": PASSWORD, "next": target}

    assert visitor.post("/sign-in", fields).path == lands


def test_page_for_managers_asks_to_sign_in_and_comes_back(visitor: Browser) -> None:
    page = visitor.get("/change-password")
    assert page.h1 == "Sign in"
    target = page.all("input", name="next")[0].get("value")

    page = visitor.post("/sign-in", {"email": EMAIL, "password": PASSWORD, "next": target or ""})

    assert page.path == "/change-password"


def test_sign_out_ends_this_session_and_copies_of_its_cookie(app: Flask, account: Account) -> None:
    here, there = sign_in(app.test_client()), sign_in(app.test_client())
    here.get("/manage")
    copied = here.client.get_cookie("signpost_session")
    assert copied is not None

    page = here.post("/sign-out")

    assert page.h1 == "You have signed out"
    assert there.get("/manage").path == "/manage"
    thief = app.test_client()
    thief.set_cookie("signpost_session", copied.value)
    assert thief.get("/manage").status_code == 302


def test_sign_out_is_by_post_only(manager: Browser) -> None:
    manager.client.get("/sign-out")

    assert manager.get("/manage").path == "/manage"


def test_session_ends_when_nothing_is_done(manager: Browser, clock: time_machine.Traveller) -> None:
    clock.shift(timedelta(minutes=50))
    assert manager.get("/manage").path == "/manage"
    clock.shift(timedelta(minutes=50))
    assert manager.get("/manage").path == "/manage"
    clock.shift(timedelta(minutes=61))

    assert manager.get("/manage").path == "/sign-in"


def test_change_of_password_ends_other_sessions_and_keeps_this_one(
    app: Flask, account: Account
) -> None:
    here, there = sign_in(app.test_client()), sign_in(app.test_client())
    here.get("/change-password")

    page = here.post("/change-password", {"current": PASSWORD, "new": "another four plain words"})

    assert "Your password has been changed" in page.words
    assert there.get("/manage").path == "/sign-in"
    fresh = sign_in(app.test_client(), password="another four plain words")
    assert fresh.get("/manage").path == "/manage"


@pytest.mark.parametrize(
    ("current", "new", "message"),
    [
        ("not it", "another four plain words", "Your current password is not right"),
        (PASSWORD, "too short", "Password must be 12 characters or more"),
        (PASSWORD, "x" * 1001, "Password must be 1000 characters or fewer"),
        (
            PASSWORD,
            "aaaaaaaaaaaaaa",
            "Choose a password that is harder to guess, such as three or four words",
        ),
        (
            PASSWORD,
            EMAIL,
            "Choose a password that is harder to guess, such as three or four words",
        ),
        (PASSWORD, "", "Enter a new password"),
        ("", "another four plain words", "Enter your current password"),
    ],
)
def test_change_of_password_refused(manager: Browser, current: str, new: str, message: str) -> None:
    manager.get("/change-password")

    page = manager.post("/change-password", {"current": current, "new": new}, status=422)

    assert page.error_messages == [message]


def test_eleventh_try_from_one_address_is_refused_even_when_right(
    app: Flask, account: Account, session: Session
) -> None:
    browser = Browser(app.test_client())
    browser.get("/sign-in")
    for number in range(10):
        fields = {"email": f"guess{number}@example.org", "password": "a wrong password"}
        browser.post("/sign-in", fields, status=422)

    page = browser.post("/sign-in", {"email": EMAIL, "password": PASSWORD}, status=429)

    assert page.h1
    token = browser.get("/sign-in").csrf_token
    again = browser.client.post(
        "/sign-in", data={"csrf_token": token, "email": EMAIL, "password": PASSWORD}
    )
    minutes = int(again.headers["Retry-After"]) // 60
    assert f"Wait {minutes} minutes" in page.words
    assert session.scalar(select(func.count()).select_from(FailedAttempt)) == 20


def test_success_is_never_counted(app: Flask, account: Account) -> None:
    for _ in range(12):
        assert sign_in(app.test_client()).get("/manage").path == "/manage"


def test_wait_is_over_after_the_window(visitor: Browser, clock: time_machine.Traveller) -> None:
    for _ in range(10):
        visitor.post("/sign-in", {"email": EMAIL, "password": "a wrong password"}, status=422)
    visitor.post("/sign-in", {"email": EMAIL, "password": PASSWORD}, status=429)
    clock.shift(timedelta(minutes=16))

    visitor.get("/sign-in")
    page = visitor.post("/sign-in", {"email": EMAIL, "password": PASSWORD})

    assert page.path == "/manage"


@pytest.mark.parametrize("scope", list(Scope))
def test_limit_counts_failures_of_its_own_scope_and_key(session: Session, scope: Scope) -> None:
    for _ in range(LIMITS[scope].failures):
        attempts.check(session, scope=scope, key="one", now=NOW, secret_key=SECRET_KEY)
        attempts.record_failure(session, scope=scope, key="one", now=NOW, secret_key=SECRET_KEY)

    with pytest.raises(TooManyAttempts) as raised:
        attempts.check(session, scope=scope, key="one", now=NOW, secret_key=SECRET_KEY)

    assert raised.value.minutes == LIMITS[scope].window.total_seconds() / 60
    attempts.check(session, scope=scope, key="another", now=NOW, secret_key=SECRET_KEY)
    for other in set(Scope) - {scope}:
        attempts.check(session, scope=other, key="one", now=NOW, secret_key=SECRET_KEY)


def test_old_failures_are_deleted(session: Session) -> None:
    scope = Scope.CODE_BY_ADDRESS
    long_ago = NOW - timedelta(minutes=61)
    attempts.record_failure(session, scope=scope, key="k", now=long_ago, secret_key=SECRET_KEY)

    attempts.record_failure(session, scope=scope, key="k", now=NOW, secret_key=SECRET_KEY)

    assert session.scalars(select(FailedAttempt.at_utc)).all() == [NOW]


def test_failures_hold_no_address_and_no_name(session: Session, visitor: Browser) -> None:
    visitor.post("/sign-in", {"email": EMAIL, "password": "a wrong password"}, status=422)

    rows = session.execute(select(FailedAttempt.__table__)).all()
    assert len(rows) == 2
    assert not any(word in str(rows) for word in (EMAIL, "127.0.0.1", "manager"))


def test_audit_knows_who_signed_in_and_out(session: Session, manager: Browser) -> None:
    manager.get("/manage")
    manager.post("/sign-out")

    events = session.scalars(select(AuditEvent).order_by(AuditEvent.at_utc)).all()
    assert [event.action for event in events] == ["signed_in", "signed_out"]
    assert all(event.detail == {} for event in events)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"email": "no address"}, "is not an e-mail address"),
        ({"email": EMAIL.upper()}, "has an account already"),
        ({"name": " "}, "needs a name"),
        ({"password": "short"}, "12 characters or more"),
    ],
    ids=["address", "twice", "name", "password"],
)
def test_account_refused(
    session: Session, account: Account, changes: dict[str, str], message: str
) -> None:
    given = {"email": "new@example.org", "name": "New Person", "password": PASSWORD} | changes

    with pytest.raises(InvalidAccount, match=message):
        accounts.create_account(session, **given, now=NOW)


@pytest.mark.parametrize(
    ("slug", "name", "message"),
    [
        ("Not A Slug", "New Council", "cannot name a council"),
        ("wexmoor", "New Council", "is a council called"),
        ("new", "Wexmoor Council", "is a council with the name"),
        ("new", "", "needs a name"),
    ],
)
def test_council_refused(
    session: Session, council: Council, slug: str, name: str, message: str
) -> None:
    with pytest.raises(InvalidAccount, match=message):
        accounts.create_council(session, slug=slug, name=name)


def test_council_is_made_and_given_a_manager_once(session: Session, account: Account) -> None:
    council = accounts.create_council(session, slug="tarn-valley", name=" Tarn Valley Council ")

    accounts.add_manager(session, account=account, council=council)
    accounts.add_manager(session, account=account, council=council)

    assert council.name == "Tarn Valley Council"


def test_password_may_be_composed_differently(session: Session, council: Council) -> None:
    accounts.create_account(
        session, email="b@example.org", name="B", password="caf\u00e9 caf\u00e9 caf\u00e9", now=NOW
    )

    found = accounts.sign_in(
        session,
        email="b@example.org",
        password="cafe\u0301 cafe\u0301 cafe\u0301",
        place="p",
        now=NOW,
        secret_key=SECRET_KEY,
    )

    assert found is not None


def test_old_hash_is_made_anew_at_sign_in(session: Session, account: Account) -> None:
    account.password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)

    accounts.sign_in(
        session, email=EMAIL, password=PASSWORD, place="p", now=NOW, secret_key=SECRET_KEY
    )

    assert "m=19456,t=2,p=1" in account.password_hash
