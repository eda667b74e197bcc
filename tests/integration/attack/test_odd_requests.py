"""Requests no browser of a respondent's would send, and visits of an odd length."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from survey.data.models import Draft, Response
from tests import factories
from tests.integration.respond.conftest import OpenRound
from tests.integration.respond.test_journey import (
    FRONTLINE,
    answer_all,
    begin,
    fields_of,
    stored,
)
from tests.page import Browser, Page


def test_address_to_come_back_to_is_the_installations_own(
    app: Flask, visitor: Browser, open_round: OpenRound
) -> None:
    begin(visitor, open_round)

    page = visitor.get(open_round.url("saved"))

    # The visitor asks for http://localhost, a name that any visitor could make up.
    assert "localhost" not in page.text
    assert f"{app.extensions['signpost_settings'].base_url}/code" in page.words


@pytest.mark.parametrize(
    "path", ["/%00", "/manage/%00", "/q/%00/", "/i/AAAAAA/%00", "/manage/a/findings/decide/%00"]
)
def test_nul_in_an_address_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "field"),
    [("/sign-in", "email"), ("/sign-in", "password"), ("/sign-in", "next"), ("/code", "code")],
)
def test_nul_in_a_form_is_refused_plainly(visitor: Browser, path: str, field: str) -> None:
    visitor.get(path)
    fields = {"email": "pat@example.org", "password": "four ordinary words"}

    page = visitor.post(path, {**fields, field: "a\0b"}, status=400)

    assert page.h1 == "That did not reach us whole"


def test_nul_in_what_is_looked_for_is_refused_plainly(visitor: Browser) -> None:
    page = visitor.get("/sign-in?q=a%00b", status=400)

    assert page.h1 == "That did not reach us whole"


def test_form_opened_late_in_a_long_visit_is_good(
    visitor: Browser, open_round: OpenRound, session: Session
) -> None:
    begin(visitor, open_round)
    first = FRONTLINE[0]
    with time_machine.travel(factories.NOW + timedelta(minutes=59), tick=False):
        visitor.get(open_round.url(f"page/{first.key}"))

    with time_machine.travel(factories.NOW + timedelta(minutes=61), tick=False):
        visitor.post(open_round.url(f"page/{first.key}"), fields_of(first))

    assert stored(session, Draft)[0].answers == fields_of(first)


def test_answers_given_over_two_hours_can_be_sent(
    visitor: Browser, open_round: OpenRound, session: Session
) -> None:
    begin(visitor, open_round)
    with time_machine.travel(factories.NOW + timedelta(minutes=50), tick=False):
        answer_all(visitor, open_round)
    with time_machine.travel(factories.NOW + timedelta(minutes=100), tick=False):
        visitor.get(open_round.url("check"))

    with time_machine.travel(factories.NOW + timedelta(minutes=120), tick=False):
        page = visitor.post(open_round.url("check"))

    assert page.h1 == "Your answers have been sent"
    assert len(stored(session, Response)) == 1


def test_form_left_open_for_longer_than_a_session_is_refused(
    visitor: Browser, open_round: OpenRound, session: Session
) -> None:
    begin(visitor, open_round)
    visitor.get(open_round.url("level"))

    with time_machine.travel(factories.NOW + timedelta(minutes=61), tick=False):
        page = visitor.post(open_round.url("level"), {"level": "board"}, status=400)

    assert page.h1 == "The page had been open for too long"
    assert stored(session, Draft)[0].level == "frontline"


def test_token_of_another_browser_is_refused(
    app: Flask, visitor: Browser, open_round: OpenRound, session: Session
) -> None:
    stranger = Browser(app.test_client())
    token = Page(stranger.client.get("/code")).csrf_token
    begin(visitor, open_round)

    page = visitor.post(open_round.url("level"), {"level": "board"}, token=token, status=400)

    assert page.h1 == "The page had been open for too long"
    assert stored(session, Draft)[0].level == "frontline"


def test_nothing_is_kept_by_a_browser_whatever_was_asked(app: Flask) -> None:
    client = app.test_client()

    for path in (
        "/",
        "/q/AAAAAA",
        "/manage",
        "/manage/",
        "/healthz",
        "/no-such",
        "/sign-in?next=x",
    ):
        for method in ("GET", "HEAD", "OPTIONS", "PUT"):
            answer = client.open(path, method=method)
            assert answer.headers["Cache-Control"] == "no-store", (method, path)
            assert answer.headers["X-Content-Type-Options"] == "nosniff", (method, path)


def test_closed_on_a_shared_computer_opens_for_nobody_but_the_link(
    visitor: Browser, open_round: OpenRound, session: Session
) -> None:
    begin(visitor, open_round)
    first = FRONTLINE[0]
    visitor.get(open_round.url(f"page/{first.key}"))
    visitor.post(open_round.url(f"page/{first.key}"), fields_of(first))
    visitor.get(open_round.url("saved"))

    page = visitor.post(open_round.url("leave"))

    assert page.h1 == "The questionnaire is closed on this computer"
    for end in ("", "signposts", f"page/{first.key}", "check", "saved", "resume"):
        assert "does not open" in visitor.get(open_round.url(end), status=404).h1
    assert stored(session, Draft)[0].answers == fields_of(first)
    visitor.get(open_round.link)
    assert visitor.get(open_round.url("signposts")).h1 == "Your questionnaire"


def test_wrong_method_says_which_are_right(client: FlaskClient) -> None:
    answer = client.put("/code")

    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))
