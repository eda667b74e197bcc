"""A file of people to invite: checked, shown and brought in at once; and what may go wrong."""

from __future__ import annotations

import io
import threading
import time
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey import clock
from survey.actions import bringing_in
from survey.data import pending_imports
from survey.data.models import (
    Account,
    Agency,
    AuditEvent,
    Council,
    Invitation,
    InvitedAgency,
    PendingImport,
    PreparedInvitation,
    Round,
)
from survey.data.rounds import get_round_by_id
from survey.extensions import db
from tests import factories
from tests import factories_invitees as people
from tests.page import Browser, Page

SMALL = (
    "agency,sector,invited,label,email,contact_email\n"
    "Wexmoor Police,police,4,,,chief@example.org\n"
    "Moor Clinic,nhs_community,,Nurse,nurse@example.org,\n"
    "Moor Clinic,nhs_community,,=cmd|x,<script>@example.org,\n"
)
RIGHT = SMALL.replace("<script>@", "second@")


@pytest.fixture
def round_(session: Session, council: Council) -> Round:
    """An open round of the manager's council, with nobody invited."""
    made = factories.make_round(session, council=council, slug="autumn")
    session.commit()
    return made


def upload(
    browser: Browser, content: bytes, *, name: str = "people.csv", status: int = 200
) -> Page:
    """The page that a file leads to."""
    token = browser.get("/manage/autumn/invitees").csrf_token
    response = browser.client.post(
        "/manage/autumn/invitees",
        data={"csrf_token": token, "file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    return browser._seen(response, status)


def count(session: Session, model: type) -> int:
    found = session.scalar(select(func.count()).select_from(model)) or 0
    session.rollback()  # on SQLite an open transaction would keep everybody else from writing
    return found


def bring_in(browser: Browser, page: Page) -> Page:
    """Gives the word, and waits until the file is brought in."""
    seen = page.all("input", name="seen")[0].get("value") or ""
    browser.post(f"{page.path}/start", {"seen": seen})
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        page = browser.get(page.path)
        if page.h1 != "Being brought in":
            return page
        time.sleep(0.05)
    raise AssertionError(f"still at it: {page.words}")


def test_five_thousand_rows_with_forty_faults_then_mended(
    manager: Browser, session: Session, round_: Round
) -> None:
    rows = people.right_rows()
    faulty, places = people.planted(rows)

    page = upload(manager, people.as_csv(faulty), status=422)

    table = page.all("table")[0]
    listed = [
        tuple("".join(cell.itertext()).strip() for cell in list(row)[:2])
        for row in table.iter("tr")
        if row.find("td") is not None
    ]
    assert listed == [(f"{row:,}", column) for row, column in places]
    assert page.error_messages == ["40 things to put right before the file can be brought in"]
    assert count(session, Agency) == count(session, PendingImport) == 0

    started = time.monotonic()
    done = bring_in(manager, upload(manager, people.as_csv(rows)))

    assert time.monotonic() - started < 10
    assert "5,000 people invited" in done.words
    assert count(session, Invitation) == 5000
    assert count(session, Agency) == people.AGENCIES
    assert count(session, PreparedInvitation) == 0
    kept = session.scalars(select(PendingImport)).one()
    assert (kept.content, kept.done, kept.total) == ([], 5000, 5000)


def test_what_would_change_is_shown_and_hostile_text_is_text(
    manager: Browser, session: Session, round_: Round
) -> None:
    refused = upload(manager, SMALL.encode(), status=422)
    page = upload(manager, RIGHT.encode(), name="<b>people</b>.csv")

    assert "4 email" in refused.words
    assert "<script>@example.org" in refused.words
    assert "2 agencies new to the register and to this round" in page.words
    assert "6 people to be invited" in page.words
    assert "=cmd|x, second@example.org" in page.words
    assert "<b>people</b>.csv" in page.words
    assert count(session, Invitation) == 0


def test_same_file_again_changes_nothing_and_a_longer_one_only_what_is_new(
    manager: Browser, session: Session, round_: Round
) -> None:
    bring_in(manager, upload(manager, RIGHT.encode()))

    again = upload(manager, RIGHT.encode())
    more = upload(
        manager, (RIGHT + "Moor Clinic,nhs_community,,Matron,info@example.org,\n").encode()
    )
    bring_in(manager, more)

    assert "everything in the file is in the round already" in again.words
    assert "1 person to be invited" in more.words
    assert "several people read it" in more.words
    assert count(session, Invitation) == 7
    contact = session.scalars(
        select(InvitedAgency.contact_email).where(InvitedAgency.contact_email != "")
    )
    assert list(contact) == ["chief@example.org"]


def test_person_of_another_agency_is_a_fault_in_their_row(
    manager: Browser, session: Session, round_: Round
) -> None:
    bring_in(manager, upload(manager, RIGHT.encode()))

    page = upload(
        manager,
        b"agency,sector,invited,email\nWexmoor Police,police,,NURSE@example.org\n",
        status=422,
    )

    assert "2 email “nurse@example.org” is invited already for Moor Clinic" in page.words


def test_two_tabs_that_bring_in_the_same_people_invite_them_once(
    manager: Browser, session: Session, round_: Round
) -> None:
    first = upload(manager, RIGHT.encode())
    second = upload(manager, RIGHT.encode())
    bring_in(manager, first)
    seen = second.all("input", name="seen")[0].get("value") or ""

    manager.get(second.path)
    late = manager.post(f"{second.path}/start", {"seen": seen}, status=422)

    assert "The round has changed since you opened this page" in late.error_messages[0]
    assert "everything in the file is in the round already" in late.words
    assert count(session, Invitation) == 6


def test_pressed_twice_is_brought_in_once(
    manager: Browser, session: Session, round_: Round
) -> None:
    page = upload(manager, RIGHT.encode())
    bring_in(manager, page)

    manager.get("/manage/autumn/invitees")
    again = manager.post(f"{page.path}/start", {"seen": "anything"})

    assert again.h1 == "Brought in"
    assert count(session, Invitation) == 6


def test_file_of_another_round_is_not_found(
    manager: Browser, session: Session, council: Council, round_: Round
) -> None:
    page = upload(manager, RIGHT.encode())
    factories.make_round(session, council=council, slug="other")
    session.commit()
    kept = f"/manage/other/invitees/{page.path.rpartition('/')[2]}"

    manager.get(kept, status=404)
    for end in ("/start", "/discard"):
        manager.get("/manage/other/invitees")
        manager.post(f"{kept}{end}", {"seen": ""}, status=404)

    assert count(session, PendingImport) == 1


def test_nothing_chosen_asks_for_a_file(manager: Browser, round_: Round) -> None:
    page = upload(manager, b"", name="", status=422)

    assert page.error_messages == ["Choose a file"]


def test_file_that_is_put_away_is_gone(manager: Browser, session: Session, round_: Round) -> None:
    page = upload(manager, RIGHT.encode())

    manager.post(f"{page.path}/discard")

    assert count(session, PendingImport) == 0


def test_closed_round_takes_no_file(manager: Browser, session: Session, round_: Round) -> None:
    page = upload(manager, RIGHT.encode())
    round_.closed_at_utc = factories.NOW
    session.commit()

    upload(manager, RIGHT.encode(), status=409)
    manager.get("/manage/autumn/invitees")
    manager.post(f"{page.path}/start", {"seen": ""}, status=409)
    page = manager.get("/manage/autumn/invitees")

    assert "nobody can be invited to it any more" in page.words


def test_template_is_a_file_to_keep(manager: Browser, round_: Round) -> None:
    for kind in ("csv", "xlsx"):
        response = manager.client.get(f"/manage/autumn/invitees/template.{kind}")
        assert response.status_code == 200
        assert response.headers["Content-Disposition"].endswith(f"people-to-invite.{kind}")
    assert manager.client.get("/manage/autumn/invitees/template.ods").status_code == 404


class TestBringingIn:
    """The work itself: in pieces, by one runner at a time, all or nothing."""

    @pytest.fixture
    def started(self, session: Session, account: Account, round_: Round) -> str:
        """A file of 600 people that has been given the word, and nobody at it yet."""
        found = get_round_by_id(session, round_id=round_.id)
        content = people.as_csv(people.right_rows(600, agencies=20))
        now = clock.now()
        import_id = bringing_in.keep(
            session,
            found,
            checked=bringing_in.check_file(session, found, content=content),
            file_name="people.csv",
            account_id=account.id,
            now=now,
        )
        _, seen = bringing_in.plan_of(session, found, import_id=import_id)
        assert bringing_in.start(session, found, import_id=import_id, seen=seen, now=now)
        session.commit()
        return import_id

    def test_page_says_how_far_it_is_and_nobody_is_invited_before_the_end(
        self, manager: Browser, session: Session, started: str
    ) -> None:
        work = bringing_in.bring_in(session, import_id=started, clock=clock.now)
        seen = []
        for done in work:
            session.commit()
            response = manager.client.get(f"/manage/autumn/invitees/{started}")
            seen.append((done, "Refresh" in response.headers, count(session, Invitation)))

        assert seen == [
            (0, True, 0),
            (500, True, 0),
            (600, True, 0),
            (600, False, 600),
        ]

    def test_second_runner_leaves_it_alone(self, session: Session, started: str) -> None:
        first = bringing_in.bring_in(session, import_id=started, clock=clock.now)
        next(first)
        session.commit()

        assert list(bringing_in.bring_in(session, import_id=started, clock=clock.now)) == []

    def test_killed_in_the_middle_is_begun_again_by_the_worker(
        self, app: Flask, session: Session, started: str, clock: time_machine.Traveller
    ) -> None:
        from survey.clock import now

        work = bringing_in.bring_in(session, import_id=started, clock=now)
        for _ in range(2):
            next(work)
            session.commit()
        with app.app_context():
            too_early = bringing_in.run_silent(db.engine, now)
            clock.shift(timedelta(minutes=1))
            begun = bringing_in.run_silent(db.engine, now)

        assert (too_early, begun) == (0, 1)
        assert count(session, Invitation) == 600
        assert count(session, PreparedInvitation) == 0

    def test_overtaken_runner_stops_and_spoils_nothing(
        self, app: Flask, session: Session, started: str, clock: time_machine.Traveller
    ) -> None:
        from survey.clock import now

        slow = bringing_in.bring_in(session, import_id=started, clock=now)
        for _ in range(2):
            next(slow)
            session.commit()
        clock.shift(timedelta(minutes=1))
        with app.app_context():
            bringing_in.run(db.engine, started, now)

        for _ in slow:
            session.commit()

        assert count(session, Invitation) == 600

    def test_round_closed_meanwhile_stops_it_with_the_reason(
        self, manager: Browser, session: Session, round_: Round, started: str
    ) -> None:
        work = bringing_in.bring_in(session, import_id=started, clock=clock.now)
        for _ in range(2):
            next(work)
            session.commit()
        round_ = session.get_one(Round, round_.id)
        round_.closed_at_utc = factories.NOW
        session.commit()
        for _ in work:
            session.commit()
        round_.closed_at_utc = None
        session.commit()

        page = manager.get(f"/manage/autumn/invitees/{started}")

        assert count(session, Invitation) == count(session, PreparedInvitation) == 0
        assert "The round is closed; nobody can be invited to it any more." in page.words

    def test_silent_file_can_be_begun_again_from_its_page(
        self, manager: Browser, session: Session, started: str, clock: time_machine.Traveller
    ) -> None:
        clock.shift(timedelta(minutes=1))
        page = manager.get(f"/manage/autumn/invitees/{started}")
        assert page.h1 == "Not finished yet"

        manager.post(f"{page.path}/start", {"seen": ""})
        for thread in threading.enumerate():
            if thread is not threading.current_thread() and thread.daemon:
                thread.join(timeout=20)

        assert count(session, Invitation) == 600

    def test_day_old_file_is_forgotten(
        self, session: Session, started: str, clock: time_machine.Traveller
    ) -> None:
        from survey.clock import now

        clock.shift(timedelta(hours=25))

        assert bringing_in.drop_old(session, now=now()) == 1
        assert pending_imports.list_silent(session, silent_since=now()) == []


def test_record_says_how_many_and_nobody_by_name(
    manager: Browser, session: Session, round_: Round
) -> None:
    bring_in(manager, upload(manager, RIGHT.encode()))

    session.rollback()
    details = [str(event.detail) for event in session.scalars(select(AuditEvent))]

    assert any("'invitations': 6" in detail for detail in details)
    assert not any("example.org" in detail or "Nurse" in detail for detail in details)
