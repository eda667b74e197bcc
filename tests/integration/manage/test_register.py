"""A council's register of agencies: added, changed, shared with other councils and kept apart."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from question_banks.bank import Sector
from survey.actions import inviting
from survey.actions import register as actions
from survey.actions.invited_file import AgencyInvited, check_invited
from survey.actions.register import ChangedMeanwhile
from survey.data import register as data
from survey.data.models import Account, Agency, AuditEvent, Council
from survey.data.rounds import get_round_by_id
from survey.errors import NotAllowedNow
from tests import factories
from tests.page import Browser, words_of

REGISTER = "/councils/wexmoor/agencies"
RUNS = actions.RUNS_REGISTER


@pytest.fixture
def database_url(empty_sqlite_url: str) -> str:
    """One kind of database: `test_agency_queries` asks both kinds what these pages ask."""
    return empty_sqlite_url


@pytest.fixture
def shared(session: Session, council: Council, account: Account) -> Agency:
    """An agency that serves the manager's council and another one."""
    other = factories.make_council(session, slug="elsewhere")
    agency = Agency(name="River Ambulance", sector="ambulance")
    session.add(agency)
    session.flush()
    for one in (council, other):
        data.put_on_register(session, council_id=one.id, agency_ids=[agency.id])
    session.commit()
    return agency


def test_agency_is_added_changed_and_found_under_its_old_name(
    manager: Browser, session: Session, council: Council
) -> None:
    manager.get(f"{REGISTER}/add")
    page = manager.post(f"{REGISTER}/add", {"name": "  Moor   Clinic ", "sector": "nhs_community"})
    assert "The agency is on the register." in page.words
    agency = session.scalars(select(Agency)).one()
    assert (agency.name, agency.sector) == ("Moor Clinic", "nhs_community")
    address = f"{REGISTER}/{agency.id}"
    session.rollback()

    manager.get(address)
    changes = {"name": "Moor Surgery", "sector": "primary_care"}
    manager.post(address, changes | {"seen_name": "Moor Clinic", "seen_sector": "nhs_community"})
    manager.get(f"{REGISTER}/add")
    again = manager.post(f"{REGISTER}/add", {"name": "Moor Clinic", "sector": "primary_care"})

    assert "was on the register already" in again.words
    session.expire_all()
    assert [one.name for one in session.scalars(select(Agency))] == ["Moor Surgery"]
    events = [
        event.detail for event in session.scalars(select(AuditEvent)) if "what" in event.detail
    ]
    session.rollback()
    assert {
        "agency": "Moor Surgery",
        "what": "sector",
        "old": "nhs_community",
        "new": "primary_care",
    } in events
    assert "Called before: Moor Clinic" in manager.get(address).words


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({}, "Enter the name of the agency", id="nothing"),
        pytest.param({"name": "A"}, "Select the sector of the agency", id="no sector"),
        pytest.param({"name": "A", "sector": "spies"}, "Select the sector", id="made-up sector"),
        pytest.param({"name": "x" * 50_000, "sector": "police"}, "longer than 200", id="long name"),
        pytest.param(
            {"name": "River Ambulance", "sector": "police"}, "in the sector “Ambulance", id="sector"
        ),
        pytest.param(
            {"name": "river-ambulance", "sector": "ambulance"}, "River Ambulance", id="spelling"
        ),
    ],
)
def test_agency_that_cannot_be_added_is_said_why(
    manager: Browser, shared: Agency, fields: dict[str, str], said: str
) -> None:
    manager.get(f"{REGISTER}/add")

    page = manager.post(f"{REGISTER}/add", fields, status=422)

    assert said in page.error_messages[0]


def test_register_shows_own_agencies_by_sector_and_finds_by_name(
    manager: Browser, session: Session, council: Council, shared: Agency
) -> None:
    other = session.scalars(select(Council).where(Council.slug == "elsewhere")).one()
    for name, sector, of in (
        ("Hundred% Housing", "housing", council),
        ("Hundred Houses", "housing", council),
        ("<script>alert(1)</script>", "faith", council),
        ("Hidden Elsewhere", "housing", other),
    ):
        actions.add_agency(
            session, council=of, name=name, sector=sector, account_id=None, now=factories.NOW
        )
    session.commit()

    page = manager.get(REGISTER)
    searched = manager.get(f"{REGISTER}?search=HUNDRED%25")
    filtered = manager.get(f"{REGISTER}?sector=faith&page=-3")

    assert "4 agencies on the register." in page.words
    headings = [words_of(one) for one in page.all("h2")]
    assert headings[:3] == ["Ambulance", "Housing associations", "Faith bodies"]
    assert "River Ambulance No round yet, also serves other councils" in page.words
    assert "Hidden Elsewhere" not in page.words
    assert "1 agency found." in searched.words
    assert "Hundred% Housing" in searched.words
    assert "<script>alert(1)</script>" in filtered.words


def test_agency_of_several_councils_is_changed_only_by_who_answers_for_all(
    manager: Browser, session: Session, council: Council, account: Account, shared: Agency
) -> None:
    address = f"{REGISTER}/{shared.id}"
    page = manager.get(address)
    assert "This agency serves other councils too" in page.words
    changes = {
        "name": "Mine",
        "sector": "ambulance",
        "seen_name": "River Ambulance",
        "seen_sector": "ambulance",
    }

    manager.post(address, changes, status=409)

    session.refresh(shared)
    assert shared.name == "River Ambulance"
    other = session.scalars(select(Council).where(Council.slug == "elsewhere")).one()
    from survey.actions.accounts import add_manager

    add_manager(session, account=account, council=other)
    session.commit()
    manager.get(address)
    manager.post(address, changes)
    session.refresh(shared)
    assert shared.name == "Mine"


def test_another_councils_pages_are_not_found(manager: Browser, shared: Agency) -> None:
    for end in ("elsewhere/agencies", "elsewhere/agencies/add", "elsewhere/look", "no/agencies"):
        page = manager.get(f"/councils/{end}", status=404)
        assert "Elsewhere" not in page.text
    for end in ("elsewhere/agencies/add", "elsewhere/look"):
        manager.get(REGISTER)
        manager.post(f"/councils/{end}", {"name": "A", "sector": "police"}, status=404)


def test_agency_of_another_register_is_not_found(
    manager: Browser, session: Session, shared: Agency
) -> None:
    other = session.scalars(select(Council).where(Council.slug == "elsewhere")).one()
    theirs = actions.add_agency(
        session, council=other, name="Theirs", sector="police", account_id=None, now=factories.NOW
    ).agency
    session.commit()

    manager.get(f"{REGISTER}/{theirs.id}", status=404)
    manager.get(REGISTER)
    manager.post(f"{REGISTER}/{theirs.id}/remove", status=404)

    assert data.list_served(session, agency_id=theirs.id) == [other.id]


def test_agency_in_a_round_stays_on_the_register_and_another_can_go(
    manager: Browser, session: Session, council: Council
) -> None:
    round_ = factories.make_round(session, council=council, slug="autumn")
    invited = factories.make_invited_agency(session, round_, name="Kept", sector=Sector.POLICE)
    data.put_on_register(session, council_id=council.id, agency_ids=[invited.agency_id])
    gone = actions.add_agency(
        session, council=council, name="Gone", sector="faith", account_id=None, now=factories.NOW
    ).agency
    session.commit()

    manager.get(f"{REGISTER}/{gone.id}")
    manager.post(f"{REGISTER}/{gone.id}/remove")
    manager.get(REGISTER)
    manager.post(f"{REGISTER}/{invited.agency_id}/remove", status=409)

    assert data.list_served(session, agency_id=gone.id) == []
    assert data.list_served(session, agency_id=invited.agency_id) == [council.id]


def test_change_of_what_somebody_else_changed_is_refused_and_said(
    manager: Browser, session: Session, council: Council, account: Account
) -> None:
    agency = actions.add_agency(
        session, council=council, name="First", sector="police", account_id=None, now=factories.NOW
    ).agency
    session.commit()
    page = manager.get(f"{REGISTER}/{agency.id}")
    agency.name = "Second"
    session.commit()

    late = manager.post(
        page.path,
        {"name": "Third", "sector": "police", "seen_name": "First", "seen_sector": "police"},
        status=422,
    )

    assert "Somebody else has just changed this agency to Second, Police" in late.error_messages[0]
    assert late.all("input", name="name")[0].get("value") == "Third"
    assert late.all("input", name="seen_name")[0].get("value") == "Second"
    with pytest.raises(ChangedMeanwhile):
        actions.change_agency(
            session,
            council=council,
            agency_id=agency.id,
            name="Third",
            sector="police",
            seen=("First", "police"),
            account_id=account.id,
            roles=RUNS,
            now=factories.NOW,
        )


def _file(text: str) -> list[AgencyInvited]:
    read = check_invited(text.encode())
    assert read.faults == ()
    return list(read.agencies)


def test_file_with_a_former_name_finds_the_agency_of_today(
    session: Session, council: Council
) -> None:
    round_ = factories.make_round(session, council=council, slug="autumn")
    agency = actions.add_agency(
        session, council=council, name="New", sector="police", account_id=None, now=factories.NOW
    ).agency
    data.add_former_name(session, agency_id=agency.id, name="Old")
    found = get_round_by_id(session, round_id=round_.id)

    plan = inviting.check_invitations(
        session, found, file=_file("agency,sector,invited\nOld,police,3\n")
    )
    both = inviting.check_invitations(
        session, found, file=_file("agency,sector,invited\nNew,police,3\nOld,police,2\n")
    )

    assert [(one.agency.name, one.agency_id) for one in plan.agencies] == [("New", agency.id)]
    assert [str(note) for note in plan.notes] == [
        "row 2, column agency: Old is now called New, and is brought in as that."
    ]
    assert [(fault.row, fault.column) for fault in both.faults] == [(3, "agency")]


def test_round_that_was_called_off_takes_nobody(session: Session, council: Council) -> None:
    round_ = factories.make_round(
        session, council=council, slug="autumn", withdrawn_at_utc=factories.NOW
    )

    with pytest.raises(NotAllowedNow):
        inviting.check_invitations(session, get_round_by_id(session, round_id=round_.id), file=[])
