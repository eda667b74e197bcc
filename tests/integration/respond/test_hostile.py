"""What goes wrong for a respondent: a plain page, nothing lost, nothing counted twice."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from survey.actions.tokens import printed_code
from survey.clock import now
from survey.data.models import Answer, Draft, FailedAttempt, Participation, Response
from survey.extensions import db
from tests import factories
from tests.integration.respond.conftest import OpenRound, make_open_round
from tests.integration.respond.test_journey import (
    BANK,
    FRONTLINE,
    answer_all,
    begin,
    fields_of,
    stored,
)
from tests.page import Browser

FIRST = FRONTLINE[0]
COMMENT_PAGE = next(p for p in FRONTLINE if any(q.type == "long_text" for q in p.questions))
COMMENT = next(q.code for q in COMMENT_PAGE.questions if q.type == "long_text")


def count(session: Session, model: type) -> int:
    """How many rows a table has."""
    return len(stored(session, model))


def code_of(open_round: OpenRound) -> str:
    """The printed code of the invitation."""
    invitation = open_round.invitation
    return printed_code(
        factories.SECRET_KEY, public_id=invitation.public_id, generation=invitation.generation
    )


class TestGettingIn:
    """Links and codes that do not open a questionnaire."""

    @pytest.mark.parametrize(
        "path",
        ["/i/ZZZZZZ/aaaa", "/i/{id}/aaaa", "/i/{id}/aaaaaaaaaaaaaaaaaaaaaaaaaa", "/i/%00/é"],
        ids=["no such invitation", "short secret", "wrong secret", "not text"],
    )
    def test_unknown_link_says_what_to_do(
        self, visitor: Browser, open_round: OpenRound, path: str
    ) -> None:
        page = visitor.get(path.format(id=open_round.invitation.public_id), status=404)

        assert page.h1 == "This link does not open a questionnaire"

    def test_address_without_the_cookie_shows_nothing(
        self, visitor: Browser, open_round: OpenRound
    ) -> None:
        page = visitor.get(open_round.url("check"), status=404)

        assert page.h1 == "This link does not open a questionnaire"

    def test_replaced_link_says_so(
        self, visitor: Browser, open_round: OpenRound, session: Session
    ) -> None:
        old = open_round.link
        open_round.invitation.generation += 1
        session.commit()

        assert visitor.get(old, status=410).h1 == "This link no longer works"
        assert visitor.get(open_round.link).h1 == "Working together, spring"

    def test_revoked_link_says_so_and_its_code_fails(
        self, visitor: Browser, open_round: OpenRound, session: Session
    ) -> None:
        open_round.invitation.revoked_at_utc = now()
        session.commit()

        assert visitor.get(open_round.link, status=410).h1 == "This link no longer works"
        visitor.get("/code")
        page = visitor.post("/code", {"code": code_of(open_round)})
        assert page.error_messages == [
            "That code does not match. Check the letters and numbers on your letter"
        ]

    @pytest.mark.parametrize(
        ("days", "heading"),
        [(-8, "This questionnaire is not open yet"), (7, "This questionnaire has closed")],
        ids=["too early", "closing date passed"],
    )
    def test_outside_the_window_says_so(
        self, visitor: Browser, open_round: OpenRound, days: int, heading: str
    ) -> None:
        with time_machine.travel(factories.NOW + timedelta(days=days), tick=False):
            page = visitor.get(open_round.link, status=403)

        assert page.h1 == heading

    def test_closing_while_a_page_is_open_keeps_the_answer_out_and_says_so(
        self, visitor: Browser, open_round: OpenRound, session: Session
    ) -> None:
        begin(visitor, open_round)
        visitor.get(open_round.url(f"page/{FIRST.key}"))

        with time_machine.travel(factories.NOW + timedelta(days=8), tick=False):
            page = visitor.post(open_round.url(f"page/{FIRST.key}"), fields_of(FIRST), status=403)

        assert page.h1 == "This questionnaire has closed"
        assert stored(session, Draft)[0].answers == {}

    @pytest.mark.parametrize("typed", ["plain", "lower", "spaces"], ids=str)
    def test_printed_code_opens_the_questionnaire(
        self, visitor: Browser, open_round: OpenRound, typed: str
    ) -> None:
        code = code_of(open_round)
        forms = {"plain": code, "lower": code.lower(), "spaces": f" {code.replace('-', '  ')} "}
        visitor.get("/code")

        page = visitor.post("/code", {"code": forms[typed]})

        assert page.h1 == "Working together, spring"

    def test_wrong_codes_are_limited_and_right_ones_are_not(
        self, app: Flask, open_round: OpenRound, session: Session
    ) -> None:
        good = Browser(app.test_client())
        for _ in range(12):
            good.get("/code")
            assert good.post("/code", {"code": code_of(open_round)}).h1 != "Type your code"
        bad = Browser(app.test_client())
        for number in range(50):
            bad.get("/code")
            assert bad.post("/code", {"code": f"{number:04}-0000-0000"}).error_messages

        bad.get("/code")
        page = bad.post("/code", {"code": code_of(open_round)}, status=429)

        assert "Wait 15 minutes" in page.error_messages[0]
        assert count(session, FailedAttempt) > 0
        with time_machine.travel(factories.NOW + timedelta(minutes=16), tick=False):
            bad.get("/code")
            assert bad.post("/code", {"code": code_of(open_round)}).h1 != "Type your code"


class TestSaving:
    """Posts that no page of ours would send, and pages open twice."""

    def test_tampered_option_is_refused_and_the_rest_saved(
        self, visitor: Browser, open_round: OpenRound, session: Session
    ) -> None:
        begin(visitor, open_round)
        fields = fields_of(FIRST)
        code = next(iter(fields))
        visitor.get(open_round.url(f"page/{FIRST.key}"))

        page = visitor.post(
            open_round.url(f"page/{FIRST.key}"), {**fields, code: "'; drop table answer; --"}
        )

        assert len(page.error_messages) == 1
        assert set(stored(session, Draft)[0].answers) == set(fields) - {code}

    def test_fields_of_other_questions_are_ignored(
        self, visitor: Browser, open_round: OpenRound, session: Session
    ) -> None:
        begin(visitor, open_round)
        other = next(iter(fields_of(FRONTLINE[3])))
        visitor.get(open_round.url(f"page/{FIRST.key}"))

        visitor.post(
            open_round.url(f"page/{FIRST.key}"),
            {**fields_of(FIRST), other: "agree", "level": "board", "invitation_id": "x"},
        )

        draft = stored(session, Draft)[0]
        assert set(draft.answers) == set(fields_of(FIRST))
        assert draft.level == "frontline"

    @pytest.mark.parametrize("level", ["", "chief", "STRATEGIC", "<script>"], ids=repr)
    def test_tampered_level_is_asked_again(
        self, visitor: Browser, open_round: OpenRound, level: str
    ) -> None:
        visitor.get(open_round.link)
        visitor.get(open_round.url("level"))

        page = visitor.post(open_round.url("level"), {"level": level})

        assert page.error_messages == ["Select where you work in your agency"]

    def test_page_off_the_path_leads_to_the_hub_or_is_not_found(
        self, visitor: Browser, open_round: OpenRound
    ) -> None:
        begin(visitor, open_round)

        assert visitor.get(open_round.url("page/no_such_topic")).h1 == "Your questionnaire"
        visitor.get(open_round.url(f"page/{FIRST.key}"))
        assert visitor.post(open_round.url("page/nothing"), {}, status=404).h1 == "Page not found"

    def test_missing_csrf_keeps_what_was_typed_and_saves_nothing(
        self, visitor: Browser, open_round: OpenRound, session: Session
    ) -> None:
        begin(visitor, open_round)
        fields = fields_of(COMMENT_PAGE, comment="Typed for an hour")
        visitor.get(open_round.url(f"page/{COMMENT_PAGE.key}"))

        page = visitor.post(
            open_round.url(f"page/{COMMENT_PAGE.key}"), fields, token="forged", status=400
        )

        assert page.error_messages
        assert "Typed for an hour" in page.text
        assert page.checked().items() >= {k: v for k, v in fields.items() if k != COMMENT}.items()
        assert stored(session, Draft)[0].answers == {}
        visitor.post(open_round.url(f"page/{COMMENT_PAGE.key}"), fields)
        assert stored(session, Draft)[0].answers[COMMENT] == "Typed for an hour"

    @pytest.mark.parametrize("end", ["level", "check"])
    def test_missing_csrf_elsewhere_changes_nothing(
        self, visitor: Browser, open_round: OpenRound, session: Session, end: str
    ) -> None:
        begin(visitor, open_round)
        answer_all(visitor, open_round)

        page = visitor.post(open_round.url(end), {"level": "board"}, token="", status=400)

        assert page.h1 == "The page had been open for too long"
        assert count(session, Response) == 0
        assert stored(session, Draft)[0].level == "frontline"

    def test_oversized_body_is_refused_plainly(
        self, visitor: Browser, open_round: OpenRound, session: Session
    ) -> None:
        begin(visitor, open_round)
        visitor.get(open_round.url(f"page/{COMMENT_PAGE.key}"))

        page = visitor.post(
            open_round.url(f"page/{COMMENT_PAGE.key}"),
            {**fields_of(COMMENT_PAGE), COMMENT: "x" * 3_000_000},
            status=413,
        )

        assert page.h1 == "That was too long"
        assert stored(session, Draft)[0].answers == {}

    def test_comment_over_its_limit_is_shown_again_whole(
        self, visitor: Browser, open_round: OpenRound, session: Session
    ) -> None:
        begin(visitor, open_round)
        fields = fields_of(COMMENT_PAGE, comment="é" * 50_000)
        visitor.get(open_round.url(f"page/{COMMENT_PAGE.key}"))

        page = visitor.post(open_round.url(f"page/{COMMENT_PAGE.key}"), fields)

        assert len(page.error_messages) == 1
        assert "é" * 50_000 in page.text
        assert set(stored(session, Draft)[0].answers) == set(fields) - {COMMENT}

    @pytest.mark.parametrize(
        "text",
        [
            "<script>alert(1)</script>",
            "=cmd|' /C calc'!A0",
            "\u202egnirts desrever",
            "👩‍👧 Ünïcödé עברית",
            "{{ 7*7 }} {% raw %} & &amp; \"'",
        ],
        ids=["script", "formula", "right-to-left", "emoji", "template"],
    )
    def test_hostile_text_comes_back_as_it_was(
        self, visitor: Browser, open_round: OpenRound, session: Session, text: str
    ) -> None:
        begin(visitor, open_round)
        visitor.get(open_round.url(f"page/{COMMENT_PAGE.key}"))
        visitor.post(
            open_round.url(f"page/{COMMENT_PAGE.key}"), fields_of(COMMENT_PAGE, comment=text)
        )

        page = visitor.get(open_round.url(f"page/{COMMENT_PAGE.key}"))

        area = page.all("textarea")[0]
        assert (area.text or "").strip() == text
        assert stored(session, Draft)[0].answers[COMMENT] == text

    def test_nul_and_lone_surrogate_never_reach_the_database(
        self, visitor: Browser, open_round: OpenRound, session: Session
    ) -> None:
        begin(visitor, open_round)
        visitor.get(open_round.url(f"page/{COMMENT_PAGE.key}"))

        visitor.post(
            open_round.url(f"page/{COMMENT_PAGE.key}"), fields_of(COMMENT_PAGE, comment="a\x00b")
        )

        assert "\x00" not in stored(session, Draft)[0].answers[COMMENT]

    def test_two_tabs_on_two_pages_keep_both(
        self, visitor: Browser, open_round: OpenRound, session: Session
    ) -> None:
        begin(visitor, open_round)
        one, two = FRONTLINE[0], FRONTLINE[1]
        visitor.get(open_round.url(f"page/{one.key}"))
        visitor.get(open_round.url(f"page/{two.key}"))

        visitor.post(open_round.url(f"page/{two.key}"), fields_of(two))
        visitor.post(open_round.url(f"page/{one.key}"), fields_of(one))

        assert set(stored(session, Draft)[0].answers) == {*fields_of(one), *fields_of(two)}

    def test_simultaneous_saves_of_different_pages_lose_nothing(
        self, app: Flask, visitor: Browser, open_round: OpenRound, session: Session
    ) -> None:
        begin(visitor, open_round)
        tabs = []
        for page in FRONTLINE:
            tab = Browser(app.test_client())
            tab.get(open_round.link)
            tab.get(open_round.url(f"page/{page.key}"))
            tabs.append((tab, page))

        with ThreadPoolExecutor(8) as pool:
            saved = [
                pool.submit(
                    tab.post, open_round.url(f"page/{page.key}"), fields_of(page, comment="mine")
                )
                for tab, page in tabs
            ]
            for each in saved:
                each.result()

        expected = {code for page in FRONTLINE for code in fields_of(page)}
        assert set(stored(session, Draft)[0].answers) == expected

    def test_two_invitations_in_one_browser_stay_apart(
        self, visitor: Browser, open_round: OpenRound, session: Session
    ) -> None:
        other = make_open_round(session, slug="autumn")
        begin(visitor, open_round)
        begin(visitor, other, level="board")

        visitor.get(open_round.url(f"page/{FIRST.key}"))
        visitor.post(open_round.url(f"page/{FIRST.key}"), fields_of(FIRST))

        drafts = {d.invitation_id: d for d in stored(session, Draft)}
        assert drafts[open_round.invitation.id].level == "frontline"
        assert drafts[open_round.invitation.id].answers
        assert drafts[other.invitation.id].level == "board"
        assert not drafts[other.invitation.id].answers


class TestSending:
    """Sending twice, too early, too late."""

    def test_incomplete_cannot_be_sent_and_says_which(
        self, visitor: Browser, open_round: OpenRound, session: Session
    ) -> None:
        begin(visitor, open_round)
        visitor.get(open_round.url("check"))

        page = visitor.post(open_round.url("check"))

        assert page.error_messages
        assert "Not answered yet" in page.words
        assert count(session, Response) == 0

    def test_pressing_send_twice_makes_one_response_and_one_receipt(
        self, visitor: Browser, open_round: OpenRound, session: Session
    ) -> None:
        begin(visitor, open_round)
        answer_all(visitor, open_round)
        token = visitor.get(open_round.url("check")).csrf_token

        first = visitor.post(open_round.url("check"), token=token)
        second = visitor.post(open_round.url("check"), token=token)

        assert first.h1 == second.h1 == "Your answers have been sent"
        assert count(session, Response) == 1

    def test_sending_from_many_tabs_at_once_makes_one_response(
        self, app: Flask, visitor: Browser, open_round: OpenRound, session: Session
    ) -> None:
        begin(visitor, open_round)
        answer_all(visitor, open_round)
        tabs = []
        for _ in range(6):
            tab = Browser(app.test_client())
            tab.get(open_round.link)
            tab.get(open_round.url("check"))
            tabs.append(tab)

        with ThreadPoolExecutor(6) as pool:
            sent = [pool.submit(tab.post, open_round.url("check")) for tab in tabs]
            headings = {each.result().h1 for each in sent}

        assert headings == {"Your answers have been sent"}
        assert count(session, Response) == 1
        assert count(session, Participation) == 1
        expected = sum(q.type == "scale" for p in FRONTLINE for q in p.questions)
        assert count(session, Answer) == expected

    def test_back_button_and_link_after_sending_lead_to_the_receipt(
        self, visitor: Browser, open_round: OpenRound, session: Session
    ) -> None:
        begin(visitor, open_round)
        answer_all(visitor, open_round)
        visitor.get(open_round.url("check"))
        visitor.post(open_round.url("check"))

        assert visitor.get(open_round.link).h1 == "Your answers have been sent"
        assert visitor.get(open_round.url("check")).h1 == "Your answers have been sent"
        assert visitor.get(open_round.url()).h1 == "Your answers have been sent"
        late = visitor.get(open_round.url(f"page/{FIRST.key}"), status=410)
        assert late.h1 == "Your answers have already been sent"

    def test_saving_in_another_tab_after_sending_says_it_was_not_added(
        self, app: Flask, visitor: Browser, open_round: OpenRound, session: Session
    ) -> None:
        begin(visitor, open_round)
        answer_all(visitor, open_round)
        tab = Browser(app.test_client())
        tab.get(open_round.link)
        tab.get(open_round.url(f"page/{FIRST.key}"))
        visitor.get(open_round.url("check"))
        visitor.post(open_round.url("check"))

        page = tab.post(open_round.url(f"page/{FIRST.key}"), fields_of(FIRST), status=410)

        assert page.h1 == "Your answers have already been sent"
        assert stored(session, Draft) == []


def test_no_page_is_kept_by_the_browser_and_all_are_protected(
    client: FlaskClient, open_round: OpenRound
) -> None:
    for path in (open_round.link, "/", "/code", "/nothing-here"):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "no-referrer"


def test_log_of_a_whole_journey_holds_no_answer_token_or_name(
    visitor: Browser, open_round: OpenRound, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        begin(visitor, open_round)
        answer_all(visitor, open_round, comment="Zebras in the reception room")
        visitor.get("/code")
        visitor.post("/code", {"code": code_of(open_round)})
        visitor.get(open_round.url("check"))
        visitor.post(open_round.url("check"))
        visitor.get(open_round.link + "x", status=404)

    log = caplog.text
    assert "/q/<public_id>/page/<key>" in log, "requests are logged by their rule"
    secret = open_round.link.rsplit("/", 1)[1]
    for kept_out in (
        secret,
        open_round.invitation.public_id,
        code_of(open_round),
        "Zebras",
        "Police of spring",
    ):
        assert kept_out not in log


@pytest.mark.parametrize(
    ("end", "most"),
    [("", 1), ("level", 1), ("signposts", 1), (f"page/{FIRST.key}", 1), ("check", 1)],
)
def test_each_page_costs_few_queries(
    app: Flask, visitor: Browser, open_round: OpenRound, end: str, most: int
) -> None:
    begin(visitor, open_round)
    visitor.get(open_round.url(end))
    statements: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(*arguments: object) -> None:
        text = str(arguments[2])
        if text.startswith("SELECT") and "pg_catalog" not in text:
            statements.append(text)

    event.listen(engine, "before_cursor_execute", note)
    visitor.get(open_round.url(end))
    event.remove(engine, "before_cursor_execute", note)

    assert len(statements) <= most, statements


def test_bank_is_the_frozen_copy_of_the_round(visitor: Browser, session: Session) -> None:
    changed = BANK.model_copy(update={"purpose": "how lighthouses are kept"})
    other = make_open_round(session, bank=changed, slug="frozen")

    assert "how lighthouses are kept" in visitor.get(other.link).words
