"""The page on which a round is watched, its list of people, and its files."""

from __future__ import annotations

import io

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from question_banks.bank import Level, Sector
from survey.actions.accounts import create_account
from survey.data.accounts import Role, add_membership
from survey.data.coverage import read_coverage
from survey.data.models import (
    AuditEvent,
    Council,
    Draft,
    ExpectedSector,
    InvitedNumber,
    Participation,
    SentInDay,
)
from survey.data.unfinished import list_reachable
from tests import factories
from tests.factories import NOW
from tests.filled_round import FilledRound, answer, fill_round
from tests.integration.manage.conftest import PASSWORD, count_statements, sign_in
from tests.page import Browser, words_of

PAGES_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what a page says and asks: the other database would say the same, and takes as long again."""
OWN = (
    ("Tarn Valley Police", Sector.POLICE, 14, 3),
    ("Tarn Valley Probation", Sector.PROBATION, 2, 1),
    ("Wexmoor schools", Sector.SCHOOLS, 30, 0),
)
HOSTILE = '=HYPERLINK("https://example.org")'


@pytest.fixture
def filled(session: Session, council: Council) -> FilledRound:
    """An open round of the council, beside a round of another that must not show."""
    other = fill_round(session, slug="elsewhere", agencies=[("Secret Agency", Sector.FAITH, 9, 3)])
    invite(session, other, "Secret Agency", "A. Stranger")
    session.add(SentInDay(round_id=other.round.id, day=NOW.date(), sent_in=3))
    session.add(ExpectedSector(round_id=other.round.id, sector=Sector.ARMED_FORCES))
    return fill_round(session, council=council, agencies=OWN)


def invite(session: Session, filled: FilledRound, agency: str, label: str, **state: bool) -> str:
    """A personal invitation with an address: used, begun, or with reminders stopped."""
    invitation = factories.make_invitation(
        session,
        filled.agencies[agency],
        label=label,
        email=f"{label.casefold().replace(' ', '.').replace('..', '.')}@example.org",
        reminders_stopped_at_utc=NOW if state.get("stopped") else None,
        revoked_at_utc=NOW if state.get("revoked") else None,
    )
    if state.get("used"):
        session.add(Participation(invitation_id=invitation.id))
    if state.get("begun"):
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
    return invitation.id


def test_page_says_who_is_silent_and_whom_to_turn_to(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    place = filled.agencies["Wexmoor schools"]
    place.contact_name, place.contact_email = "Kit Barrow", "kit@example.org"
    session.add(SentInDay(round_id=filled.round.id, day=NOW.date(), sent_in=4))
    session.add(ExpectedSector(round_id=filled.round.id, sector=Sector.FAITH))
    session.commit()

    page = manager.get(filled.url("/watch"))

    first = page.all("table")[0]
    assert words_of(first.findall("tbody/tr")[0]) == (
        "Wexmoor schools Silent Schools 0 of 30 Kit Barrow kit@example.org"
    )
    assert "no agency has been invited" in page.words
    assert "4 people sent in answers, on 3 March 2031." in page.words
    assert "Secret Agency" not in page.text
    assert "As at midday on 3 March 2031" in page.words


@PAGES_ONLY
def test_page_of_an_empty_round_opens(manager: Browser, session: Session, council: Council) -> None:
    round_ = factories.make_round(session, council=council)
    session.commit()

    page = manager.get(f"/manage/{round_.slug}/watch")

    assert "No agency has been invited yet." in page.words
    assert "nothing to draw" in page.words


@PAGES_ONLY
def test_another_councils_round_is_not_found(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    for end in ("watch", "watch/people", "daily", "ledger", "extend", "withdraw"):
        manager.get(f"/manage/elsewhere/{end}", status=404)
    manager.get(filled.url("/watch"))
    manager.post("/manage/elsewhere/watch/file", {"format": "csv"}, status=404)


def test_number_of_queries_does_not_grow_with_the_round(
    app: Flask, manager: Browser, session: Session, filled: FilledRound
) -> None:
    manager.get(filled.url("/watch"))
    with count_statements(app) as few:
        manager.get(filled.url("/watch"))
    for number in range(30):
        place = factories.make_invited_agency(session, filled.round, name=f"Agency {number}")
        answer(session, filled.round, filled.bank, place)
        factories.make_invitation(session, place, email=f"p{number}@example.org")
    session.commit()
    with count_statements(app) as many:
        manager.get(filled.url("/watch"))

    assert len(many) == len(few) <= 12


@PAGES_ONLY
def test_levels_have_an_invited_number_only_where_all_are_known_by_level(
    session: Session, council: Council
) -> None:
    filled = fill_round(session, council=council, agencies=[("Police", Sector.POLICE, 0, 4)])
    place = filled.agencies["Police"]
    session.delete(session.get_one(InvitedNumber, (place.id, "")))
    for level, number in ((Level.FRONTLINE, 7), (Level.STRATEGIC, 2)):
        session.add(InvitedNumber(invited_agency_id=place.id, level=level, invited=number))
    session.commit()

    found = read_coverage(session, round_id=filled.round.id)

    assert {one.level: (one.invited, one.answered) for one in found.levels} == {
        Level.STRATEGIC: (2, 1),
        Level.OPERATIONAL: (0, 1),
        Level.FRONTLINE: (7, 2),
    }
    assert found.agencies[0].invited == 9
    factories.make_invited_agency(session, filled.round, name="School", invited=5)
    assert {one.invited for one in read_coverage(session, round_id=filled.round.id).levels} == {
        None
    }


def test_people_listed_have_not_finished_and_nothing_tells_who_began(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    invite(session, filled, "Tarn Valley Police", "Avery Finch", begun=True)
    invite(session, filled, "Tarn Valley Police", "Blake Heron")
    invite(session, filled, "Tarn Valley Police", "Cam Ibis", used=True)
    invite(session, filled, "Tarn Valley Police", "Drew Jay", revoked=True)
    invite(session, filled, "Tarn Valley Probation", "Eden Kite", stopped=True)
    factories.make_invitation(session, filled.agencies["Tarn Valley Police"])
    session.commit()

    page = manager.get(filled.url("/watch/people"))

    rows = [words_of(row) for row in page.all("table")[0].findall("tbody/tr")]
    assert rows == [
        "Avery Finch avery.finch@example.org Tarn Valley Police",
        "Blake Heron blake.heron@example.org Tarn Valley Police",
        "Eden Kite Gets no reminders eden.kite@example.org Tarn Valley Probation",
    ]
    place = filled.agencies["Tarn Valley Probation"]
    page = manager.get(filled.url(f"/watch/people?agency={place.agency_id}"))
    assert "At Tarn Valley Probation, 1 person" in page.words
    page = manager.get(filled.url("/watch/people?agency=nothing-of-the-kind&page=9"))
    assert "There is nobody to list here." in page.words
    coverage = read_coverage(session, round_id=filled.round.id)
    police = next(one for one in coverage.agencies if one.agency == "Tarn Valley Police")
    assert (police.unfinished, police.reachable) == (3, 2)
    assert coverage.drafts == 1
    emails = [
        one.email
        for one in list_reachable(session, round_id=filled.round.id, unfinished_only=False)
    ]
    assert emails == [
        "avery.finch@example.org",
        "blake.heron@example.org",
        "cam.ibis@example.org",
    ]


def test_files_hold_the_same_and_no_formula_and_are_on_record(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    filled.agencies["Wexmoor schools"].contact_name = HOSTILE
    session.add(SentInDay(round_id=filled.round.id, day=NOW.date(), sent_in=4))
    session.commit()
    token = manager.get(filled.url("/watch")).csrf_token
    address = filled.url("/watch/file")

    sent = manager.client.post(address, data={"csrf_token": token, "format": "xlsx"})
    csv = manager.client.post(address, data={"csrf_token": token, "format": "csv"})

    book = openpyxl.load_workbook(io.BytesIO(sent.data))
    assert book.sheetnames == ["Agencies", "Levels", "Days"]
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert HOSTILE in {cell.value for cell in cells}
    rows = csv.data.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("Agency,Sector,Expected,Invited,Answered,Rate")
    assert len(rows) == 1 + len(filled.agencies)
    schools = next(row for row in rows if row.startswith("Wexmoor schools"))
    assert '"=HYPERLINK' not in schools
    assert ",30,0,0.0000,Silent," in schools
    assert "Secret Agency" not in csv.text
    kinds = session.scalars(
        select(AuditEvent.detail).where(AuditEvent.action == "coverage_exported")
    ).all()
    assert sorted(kind["format"] for kind in kinds) == ["csv", "xlsx"]
    session.commit()
    manager.get(filled.url("/watch"))
    manager.post(address, {"format": "exe"}, status=404)


@PAGES_ONLY
def test_council_officer_sees_how_many_and_no_names(
    client: FlaskClient, session: Session, council: Council, filled: FilledRound
) -> None:
    invite(session, filled, "Tarn Valley Police", "Avery Finch")
    officer = create_account(
        session, email="officer@example.org", name="Sam Reed", password=PASSWORD, now=NOW
    )
    add_membership(session, account_id=officer.id, role=Role.COUNCIL_OFFICER, council_id=council.id)
    session.commit()
    browser = sign_in(client, email="officer@example.org")

    page = browser.get(filled.url("/watch"))

    assert "4 of 46 people have answered" in page.words
    assert "Take it away" not in page.words
    assert "Daily list" not in page.text
    for end in ("/watch/people", "/daily", "/extend", "/withdraw"):
        browser.get(filled.url(end), status=404)
    page = browser.get(filled.url())
    assert "Change this round" not in page.words
    assert "Daily list" not in page.text
