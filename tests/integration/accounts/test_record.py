"""The record of events: filtering, pages, the file, and that looking and taking away are told."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.orm import Session

from survey.data import audit
from survey.data.audit import AuditAction
from survey.data.models import Account, AuditEvent, Council
from tests.factories import NOW
from tests.integration.accounts.conftest import SQLITE, events
from tests.integration.manage.conftest import count_statements
from tests.page import Browser, Page

Signed = Callable[[Account], Browser]
HOSTILE = "=cmd|' /C calc'!A0"


@pytest.fixture
def ada(
    signed: Signed,
    session: Session,
    administrator: Account,
    manager: Account,
    council: Council,
    other_council: Council,
) -> Browser:
    """The administrator's browser, and a few events of two councils on three days."""
    for days, place in ((0, council), (1, council), (2, other_council)):
        audit.record(
            session,
            action=AuditAction.ROUND_CLOSED,
            at=NOW - timedelta(days=days),
            account_id=manager.id,
            council_id=place.id,
            detail={"round": f"round-{days}"},
        )
    audit.record(
        session,
        action=AuditAction.ACCOUNT_CHANGED,
        at=NOW,
        account_id=administrator.id,
        detail={"person": manager.id, "what": "name", "old": HOSTILE, "new": "Robin"},
    )
    return signed(administrator)


def rows_of(page: Page) -> int:
    return len(page.all("tbody")[0].findall("tr"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 6),
        ("?council={council}", 3),
        ("?person={manager}", 3),
        ("?action=round_closed", 3),
        ("?action=nonsense", 6),
        ("?since=2031-03-02&until=2031-03-02", 1),
        ("?since=2031-03-02&action=round_closed", 2),
        ("?until=2031-03-01", 1),
        ("?council={council}&action=round_closed&since=2031-03-03", 1),
    ],
)
def test_record_is_filtered(
    ada: Browser, council: Council, manager: Account, query: str, found: int
) -> None:
    page = ada.get(f"/admin/record{query.format(council=council.id, manager=manager.id)}")

    assert rows_of(page) == found


@SQLITE
def test_record_shows_who_to_whom_before_and_after(ada: Browser) -> None:
    page = ada.get("/admin/record?action=account_changed")

    for words in ("ada", "Account changed: robin", "=cmd|", "Robin"):
        assert words in page.words


@SQLITE
@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("since=yesterday", "Enter a date as year, month and day, like 2031-03-14"),
        ("until=2031-02-30", "Enter a date as year, month and day, like 2031-03-14"),
        ("since=2031-03-02&until=2031-03-01", "The last day must not be before the first"),
    ],
)
def test_filter_with_a_fault_says_so(ada: Browser, query: str, message: str) -> None:
    page = ada.get(f"/admin/record?{query}", status=422)

    assert page.error_messages == [message]


@SQLITE
def test_file_holds_the_filter_no_formula_and_its_own_making(
    ada: Browser, session: Session, administrator: Account
) -> None:
    page = ada.get("/admin/record")
    answer = ada.client.post(
        "/admin/record/file", data={"csrf_token": page.csrf_token, "action": "account_changed"}
    )

    assert answer.mimetype == "text/csv"
    lines = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert len(lines) == 2
    assert lines[1][1:] == [
        "ada",
        "",
        "Account changed",
        "robin",
        "name",
        f"'{HOSTILE}",
        "Robin",
    ]
    (event,) = events(session, AuditAction.RECORD_EXPORTED)
    assert event.account_id == administrator.id


@SQLITE
def test_ten_thousand_events_cost_one_page(ada: Browser, session: Session, app: Flask) -> None:
    rows = [
        {"action": "signed_in", "at_utc": NOW - timedelta(minutes=n), "detail": {}}
        for n in range(10_000)
    ]
    session.execute(insert(AuditEvent), rows)
    session.commit()
    with count_statements(app) as few:
        page = ada.get("/admin/record?page=200")

    assert rows_of(page) == 50
    assert "10,006 events" in page.words
    assert len([one for one in few if one.startswith("SELECT")]) <= 7


@SQLITE
def test_every_action_has_words(ada: Browser) -> None:
    page = ada.get("/admin/record")

    offered = {option.get("value") for option in page.all("option")}
    assert {action.value for action in AuditAction} <= offered
