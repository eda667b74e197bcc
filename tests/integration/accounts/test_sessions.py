"""Sessions: listed, ended one by one or all others, over after a time, noted on posts alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.data.audit import AuditAction
from survey.data.models import Account, SignInSession
from survey.web.devices import device_words
from tests.factories import NOW
from tests.integration.accounts.conftest import SQLITE, events
from tests.page import Browser

Signed = Callable[[Account], Browser]


def test_sessions_are_listed_and_one_is_ended(
    signed: Signed, session: Session, manager: Account
) -> None:
    here, there = signed(manager), signed(manager)
    page = here.get("/account")
    assert page.words.count("A test") >= 2
    action = next(
        form.get("action") or ""
        for form in page.all("form")
        if "/sessions/" in (form.get("action") or "")
        and not (form.get("action") or "").endswith("sessions/end")
    )

    page = here.post(action)

    assert "That session has ended" in page.words
    assert there.get("/account").path == "/sign-in"
    assert here.get("/account").path == "/account"
    assert len(events(session, AuditAction.SESSIONS_ENDED)) == 1


@SQLITE
def test_all_others_are_ended_and_nobody_elses(
    signed: Signed, session: Session, manager: Account, administrator: Account
) -> None:
    here, others, elses = signed(manager), [signed(manager), signed(manager)], signed(administrator)
    here.get("/account")

    here.post("/account/sessions/end")

    assert all(other.get("/account").path == "/sign-in" for other in others)
    assert elses.get("/account").path == "/account"
    (event,) = events(session, AuditAction.SESSIONS_ENDED)
    assert event.detail == {"sessions": 2}


@SQLITE
def test_session_of_somebody_else_is_not_ended(
    signed: Signed, session: Session, manager: Account, administrator: Account
) -> None:
    mine, other = signed(manager), signed(administrator)
    id_ = session.scalars(
        select(SignInSession.id).where(SignInSession.account_id == administrator.id)
    ).one()
    session.commit()
    mine.get("/account")

    mine.post(f"/account/sessions/{id_}/end")

    assert other.get("/account").path == "/account"
    assert events(session, AuditAction.SESSIONS_ENDED) == []


@SQLITE
def test_busy_session_is_over_after_twelve_hours(
    signed: Signed, manager: Account, clock: time_machine.Traveller
) -> None:
    browser = signed(manager)
    for _ in range(14):
        clock.shift(timedelta(minutes=50))
        assert browser.get("/account").path == "/account"
    clock.shift(timedelta(minutes=21))

    assert browser.get("/account").path == "/sign-in"


@SQLITE
def test_use_is_noted_on_posts_alone_and_every_five_minutes(
    signed: Signed, session: Session, manager: Account, clock: time_machine.Traveller
) -> None:
    browser = signed(manager)

    def seen() -> timedelta:
        session.expire_all()
        at = session.scalars(select(SignInSession.seen_at_utc)).one()
        session.commit()
        return at - NOW

    clock.shift(timedelta(minutes=4))
    browser.get("/account")
    browser.post("/account/sessions/end")
    assert seen() == timedelta(0)
    clock.shift(timedelta(minutes=9))
    browser.get("/account")
    assert seen() == timedelta(0)
    browser.post("/account/sessions/end")
    assert seen() == timedelta(minutes=10)


@SQLITE
def test_cookie_of_no_session_is_nobodys(app: Flask, session: Session) -> None:
    for planted in ("0" * 32, 7, None, ["a"]):
        client = app.test_client()
        with client.session_transaction() as kept:
            kept["session_id"] = planted
        assert client.get("/account").status_code == 302


@SQLITE
def test_sessions_over_by_age_are_deleted_at_the_next_sign_in(
    app: Flask, session: Session, manager: Account
) -> None:
    from survey.actions import sign_ins

    for hours in (13, 11):
        sign_ins.start(
            session,
            account_id=manager.id,
            device="x",
            passed_second_factor=False,
            now=NOW - timedelta(hours=hours),
        )
    sign_ins.start(session, account_id=manager.id, device="x", passed_second_factor=False, now=NOW)

    left = session.scalars(select(SignInSession.started_at_utc)).all()
    assert sorted(left) == [NOW - timedelta(hours=11), NOW]


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537 Edg/126.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU like Mac OS X) Safari/604.1",
            "Safari on an iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko Firefox/127.0", "Firefox on Linux"),
        ("curl/8.5.0", "An unknown browser"),
        ("<script>" * 1000, "An unknown browser"),
    ],
    ids=["edge", "iphone", "android", "firefox", "curl", "hostile"],
)
def test_device_is_told_in_plain_words(agent: str, words: str) -> None:
    assert device_words(agent) == words
