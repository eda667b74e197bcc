"""The agencies of a round: asked, numbered, offered a return, expected, briefed, taken out."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from question_banks.bank import Sector
from question_banks.loader import load_bank
from survey.data import agencies as data
from survey.data import briefings, coverage, register
from survey.data.models import (
    AuditEvent,
    Council,
    ExpectedSector,
    Invitation,
    InvitedAgency,
    Response,
    Round,
    SectorBriefing,
)
from tests import factories
from tests.integration.manage.conftest import count_statements
from tests.page import Browser

ROUND = "/manage/autumn/agencies"


@pytest.fixture
def database_url(empty_sqlite_url: str) -> str:
    """One kind of database: `test_agency_queries` asks both kinds what these pages ask."""
    return empty_sqlite_url


@pytest.fixture
def round_(session: Session, council: Council) -> Round:
    """An open round whose bank may be answered by people or by an agency as one."""
    made = factories.make_round(
        session,
        council=council,
        slug="autumn",
        bank=load_bank("safeguarding_children_2012"),
    )
    session.commit()
    return made


def fields_of(browser: Browser, address: str) -> dict[str, str]:
    """What the form of an agency holds as it is shown."""
    page = browser.get(address)
    shown = {
        field.get("name") or "": field.get("value") or ""
        for field in page.all("input")
        if field.get("type") not in {"checkbox", "submit"} and field.get("name") != "csrf_token"
    }
    return shown | page.checked()


def test_agencies_are_ticked_from_the_register_and_nobody_elses(
    manager: Browser, session: Session, council: Council, round_: Round
) -> None:
    other = factories.make_council(session, slug="elsewhere")
    made = data.add_agencies(
        session, new=[("Moor Clinic", "nhs_community"), ("Wexmoor Police", "police")]
    )
    theirs = data.add_agency(session, name="Theirs", sector="police")
    register.put_on_register(session, council_id=council.id, agency_ids=list(made.values()))
    register.put_on_register(session, council_id=other.id, agency_ids=[theirs.id])
    session.commit()

    page = manager.get(f"{ROUND}/add")
    assert "Moor Clinic" in page.words
    assert "Theirs" not in page.words
    empty = manager.post(f"{ROUND}/add", status=422)
    assert empty.error_messages == ["Tick the agencies to ask"]
    manager.post(f"{ROUND}/add", {"agency": theirs.id}, status=404)
    manager.get(f"{ROUND}/add")
    done = manager.post(f"{ROUND}/add", {"agency": list(made.values())})
    manager.get(f"{ROUND}/add")
    manager.post(f"{ROUND}/add", {"agency": list(made.values())})

    assert "2 agencies asked to take part." in done.words
    assert "Nobody invited yet" in done.words
    asked = data.list_invited_agencies(session, round_id=round_.id)
    assert [agency.name for _, agency in asked] == ["Moor Clinic", "Wexmoor Police"]


def test_few_people_are_offered_a_return_with_the_reason(
    manager: Browser, session: Session, round_: Round
) -> None:
    small = factories.make_invited_agency(session, round_, name="Moor Clinic", invited=5)
    factories.make_invited_agency(session, round_, name="Wexmoor Police", invited=6)
    session.commit()
    address = f"{ROUND}/{small.id}"

    assert "Moor Clinic Few people: offer them a return" in manager.get(ROUND).words
    assert manager.get(ROUND).words.count("Few people") == 1
    assert (
        "5 people are invited. With 5 or fewer, figures of this agency"
        in manager.get(address).words
    )
    fields = fields_of(manager, address) | {"as_return": "yes", "because": "Five in post"}
    manager.post(address, fields)

    session.refresh(small)
    assert (small.answers_by, small.return_because) == ("return", "Five in post")
    assert "Answers as one, in a return" in manager.get(ROUND).words


def test_bank_for_people_only_says_what_is_hidden_and_takes_no_return(
    manager: Browser, session: Session, council: Council
) -> None:
    round_ = factories.make_round(session, council=council, slug="autumn")
    small = factories.make_invited_agency(session, round_, invited=1)
    session.commit()
    address = f"{ROUND}/{small.id}"

    page = manager.get(address)
    manager.post(address, fields_of(manager, address) | {"as_return": "yes"})

    assert "1 person is invited." in page.words
    assert "counts in the figures of their sector" in page.words
    session.refresh(small)
    assert small.answers_by == "people"


def test_numbers_and_contact_are_changed_and_recorded_without_the_contact(
    manager: Browser, session: Session, round_: Round
) -> None:
    agency = factories.make_invited_agency(session, round_, invited=10)
    session.commit()
    address = f"{ROUND}/{agency.id}"
    by_level = {"invited": "", "invited-strategic": "2", "invited-frontline": "1,200"}
    contact = {"contact_name": "Chief", "contact_email": "CHIEF@example.org"}

    manager.post(address, fields_of(manager, address) | by_level | contact)

    numbers = data.invited_numbers(session, round_id=round_.id)[agency.id]
    assert numbers == {"strategic": 2, "frontline": 1200}
    (row,) = coverage.list_agencies(session, round_id=round_.id)
    assert row.invited == 1202
    session.refresh(agency)
    assert (agency.contact_name, agency.contact_email) == ("Chief", "chief@example.org")
    details = [event.detail for event in session.scalars(select(AuditEvent))]
    assert {
        "round": "autumn",
        "agency": "Harrow Fields Police",
        "what": "invited",
        "old": "all levels 10",
        "new": "frontline 1200, strategic 2",
    } in details
    assert "Chief" not in str(details)
    assert "chief@" not in str(details)


def test_wrong_entries_are_all_said_and_kept_on_the_page(
    manager: Browser, session: Session, round_: Round
) -> None:
    agency = factories.make_invited_agency(session, round_, invited=10)
    session.commit()
    address = f"{ROUND}/{agency.id}"
    wrong = {
        "invited": "ten",
        "invited-strategic": "-1",
        "invited-frontline": "20001",
        "contact_name": "x" * 201,
        "contact_email": "no address",
        "because": "y" * 301,
        "as_return": "yes",
    }

    page = manager.post(address, fields_of(manager, address) | wrong, status=422)
    both = manager.post(
        address, fields_of(manager, address) | {"invited": "4", "invited-board": "4"}, status=422
    )

    assert len(page.error_messages) == 6
    assert page.all("input", name="invited")[0].get("value") == "ten"
    assert page.all("input", name="contact_email")[0].get("value") == "no address"
    assert both.error_messages == ["Enter one number for all levels, or numbers by level"]
    assert data.invited_numbers(session, round_id=round_.id) == {agency.id: {"": 10}}


def test_second_tab_does_not_overwrite_what_the_first_saved(
    manager: Browser, session: Session, round_: Round
) -> None:
    agency = factories.make_invited_agency(session, round_, invited=10)
    session.commit()
    address = f"{ROUND}/{agency.id}"
    old = fields_of(manager, address)
    manager.post(address, old | {"invited": "20"})

    manager.get(address)
    late = manager.post(address, old | {"invited": "30"}, status=422)
    assert "Somebody else has just changed this agency" in late.error_messages[0]
    assert data.invited_numbers(session, round_id=round_.id) == {agency.id: {"": 20}}
    session.rollback()
    seen = late.all("input", name="seen")[0].get("value") or ""
    manager.post(address, old | {"invited": "30", "seen": seen})

    assert data.invited_numbers(session, round_id=round_.id) == {agency.id: {"": 30}}


def test_agency_is_taken_out_until_somebody_of_it_has_answered(
    manager: Browser, session: Session, round_: Round
) -> None:
    gone = factories.make_invited_agency(session, round_, name="Gone")
    kept = factories.make_invited_agency(session, round_, name="Kept")
    factories.make_invitation(session, gone)
    session.add(Response(round_id=round_.id, agency_id=kept.agency_id, level="other"))
    session.commit()

    page = manager.get(f"{ROUND}/{gone.id}/remove")
    assert "Its personal link stops working" in page.words
    manager.post(f"{ROUND}/{gone.id}/remove")
    assert "so it stays in the round" in manager.get(f"{ROUND}/{kept.id}/remove").words
    manager.get(ROUND)
    manager.post(f"{ROUND}/{kept.id}/remove", status=409)

    assert list(session.scalars(select(InvitedAgency.id))) == [kept.id]
    assert list(session.scalars(select(Invitation))) == []


def test_expected_sector_without_an_agency_is_a_gap(
    manager: Browser, session: Session, round_: Round
) -> None:
    factories.make_invited_agency(session, round_, sector=Sector.POLICE)
    session.commit()

    manager.get(f"{ROUND}/sectors")
    page = manager.post(f"{ROUND}/sectors", {"sector": ["police", "housing", "spies"]})

    assert "Expected, and no agency asked yet Housing associations" in page.words
    found = briefings.list_expected(session, round_id=round_.id)
    assert found == ["housing", "police"]
    assert manager.get(f"{ROUND}/sectors").text.count(" checked") == 2


def test_briefing_is_put_on_record_shown_and_taken_off(
    manager: Browser, session: Session, round_: Round
) -> None:
    told = {
        "sector": "police",
        "told-day": "3",
        "told-month": "3",
        "told-year": "2031",
        "told_by": "The board",
        "what": "What it is for.\r\n<script>",
        "unclear": "yes",
    }
    manager.get(f"{ROUND}/briefings")
    wrong = manager.post(f"{ROUND}/briefings", status=422)
    later = manager.post(f"{ROUND}/briefings", told | {"told-day": "4"}, status=422)
    long = manager.post(f"{ROUND}/briefings", told | {"what": "w" * 50_000}, status=422)

    page = manager.post(f"{ROUND}/briefings", told)

    assert len(wrong.error_messages) == 4
    assert later.error_messages == ["The day they were told must be today or earlier"]
    assert "you have used 50,000" in long.error_messages[0]
    assert "3 March 2031, by The board Not clear to them What it is for. <script>" in page.words
    made = session.scalars(select(SectorBriefing.id)).one()
    session.rollback()
    factories.make_round(session, slug="elsewhere")
    session.commit()
    manager.post(f"/manage/elsewhere/agencies/briefings/{made}/remove", status=404)
    manager.get(f"{ROUND}/briefings")
    untold = manager.post(f"{ROUND}/briefings/{made}/remove")
    assert "It has been taken off the record." in untold.words
    assert list(session.scalars(select(SectorBriefing))) == []


def test_closed_round_is_shown_and_nothing_of_it_changes(
    manager: Browser, session: Session, round_: Round
) -> None:
    agency = factories.make_invited_agency(session, round_)
    address = f"{ROUND}/{agency.id}"
    session.commit()
    fields = fields_of(manager, address)
    round_.closed_at_utc = factories.NOW
    session.commit()

    assert "This round is over" in manager.get(address).words
    assert "cannot be changed any more" in manager.get(f"{ROUND}/sectors").words
    for end, posted in (
        (f"/{agency.id}", fields),
        (f"/{agency.id}/remove", {}),
        ("/sectors", {"sector": "police"}),
        ("/add", {"agency": agency.agency_id}),
    ):
        manager.get(ROUND)
        manager.post(f"{ROUND}{end}", posted, status=409)

    assert list(session.scalars(select(ExpectedSector))) == []


def test_agency_of_another_round_is_not_found_on_any_page(
    manager: Browser, session: Session, round_: Round
) -> None:
    elsewhere = factories.make_round(session, slug="elsewhere")
    theirs = factories.make_invited_agency(session, elsewhere, name="Theirs")
    session.commit()

    for end in (f"/{theirs.id}", f"/{theirs.id}/remove"):
        assert "Theirs" not in manager.get(f"{ROUND}{end}", status=404).text
        manager.get(ROUND)
        manager.post(f"{ROUND}{end}", status=404)
    for end in ("", "/add", "/sectors", "/briefings", f"/{theirs.id}"):
        manager.get(f"/manage/elsewhere/agencies{end}", status=404)

    assert session.get(InvitedAgency, theirs.id) is not None


def test_three_hundred_agencies_are_paged_with_as_many_queries_as_three(
    app: Flask, manager: Browser, session: Session, council: Council, round_: Round
) -> None:
    def add(numbers: range) -> None:
        made = data.add_agencies(
            session, new=[(f"Agency {number:03}", "schools") for number in numbers]
        )
        data.add_invited_agencies(
            session, round_id=round_.id, council_id=council.id, agency_ids=list(made.values())
        )
        session.commit()

    add(range(3))
    manager.get(ROUND)  # the bank is read once and kept
    with count_statements(app) as few:
        manager.get(ROUND)
    add(range(3, 300))
    with count_statements(app) as many:
        page = manager.get(ROUND)
    last = manager.get(f"{ROUND}?page=3&search=agency&sector=schools")

    assert len(many) == len(few)
    assert "300 agencies asked to take part." in page.words
    assert "Page 1 of 3" in page.words
    assert "Agency 099" in page.words
    assert "Agency 100" not in page.words
    assert "Agency 299" in last.words
