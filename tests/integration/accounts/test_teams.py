"""A review manager's pages about people: officers, agency leads and the team of a review."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.actions.people import Given
from survey.data import accounts
from survey.data.accounts import Role
from survey.data.audit import AuditAction
from survey.data.models import (
    Account,
    Agency,
    AgencyCouncil,
    AuditEvent,
    Council,
    Membership,
    Review,
    TeamMember,
)
from tests import factories
from tests.integration.accounts.conftest import SQLITE, events, make_person, messages
from tests.page import Browser

Signed = Callable[[Account], Browser]
pytestmark = SQLITE
PEER = {
    "name": "Sasha Orchard",
    "team_role": "Lead peer",
    "organisation": "Tarn Valley Council",
    "conflicts": "Worked here until 2019.",
}


@pytest.fixture
def review(session: Session, council: Council) -> Review:
    """The council's one review, which has a round."""
    round_ = factories.make_round(session, council=council)
    return session.get_one(Review, round_.review_id)


@pytest.fixture
def robin(signed: Signed, manager: Account, review: Review, other_council: Council) -> Browser:
    """A browser in which the council's review manager is signed in, at the page of people."""
    browser = signed(manager)
    browser.get("/people/wexmoor/invite")
    return browser


def on_register(session: Session, name: str, *councils: Council) -> Agency:
    """An agency that serves these councils."""
    agency = Agency(name=name, sector="police")
    session.add(agency)
    session.flush()
    session.add_all(AgencyCouncil(agency_id=agency.id, council_id=one.id) for one in councils)
    session.commit()
    return agency


def add_peer(browser: Browser, session: Session, review: Review) -> TeamMember:
    """Somebody put on the team through the page."""
    browser.post(f"/people/wexmoor/reviews/{review.id}/add", PEER)
    row = session.scalars(select(TeamMember)).one()
    session.commit()
    return row


def test_officer_is_invited_and_the_role_taken_again(
    robin: Browser, session: Session, council: Council
) -> None:
    fields = {"name": "Kit Barrow", "email": "kit@example.org", "role": "officer"}
    page = robin.post("/people/wexmoor/invite", fields)
    assert "Kit Barrow" in page.words
    assert "Council officer" in page.words
    held = session.scalars(
        select(Membership.id).where(Membership.role == Role.COUNCIL_OFFICER)
    ).one()
    session.commit()

    page = robin.post(f"/people/wexmoor/roles/{held}/take")

    assert "Kit Barrow" not in page.words
    assert [row.facts["inviter"] for row in messages(session)] == ["robin"]


def test_manager_takes_no_role_of_a_manager_nor_of_another_council(
    robin: Browser, session: Session, manager: Account, other_council: Council
) -> None:
    other = make_person(session, "other", Given(Role.COUNCIL_OFFICER, council_id=other_council.id))
    held = accounts.list_held(session, account_ids=[manager.id, other.id])
    session.commit()

    page = robin.post(f"/people/wexmoor/roles/{held[manager.id][0].id}/take", status=422)
    assert page.error_messages == ["Ask an administrator to take this role away."]
    robin.post(f"/people/wexmoor/roles/{held[other.id][0].id}/take", status=404)
    robin.get("/people/tarn-valley", status=404)


def test_lead_is_invited_for_an_agency_of_this_council_alone(
    robin: Browser, session: Session, council: Council, other_council: Council
) -> None:
    ours = on_register(session, "Our Police", council)
    shared = on_register(session, "Shared Police", council, other_council)
    theirs = on_register(session, "Their Police", other_council)
    page = robin.get("/people/wexmoor/invite")
    assert "Agency lead, Our Police" in page.words
    assert "Agency lead, Shared Police" not in page.words
    assert "an administrator invites them: Shared Police" in page.words
    fields = {"name": "Jo", "email": "jo@example.org"}

    for agency in (shared, theirs):
        page = robin.post(
            "/people/wexmoor/invite", {**fields, "role": f"agency:{agency.id}"}, status=422
        )
        assert page.error_messages == ["Choose what the person may do"]
    robin.post("/people/wexmoor/invite", {**fields, "role": f"agency:{ours.id}"})

    held = session.scalars(select(Membership).where(Membership.agency_id.is_not(None))).all()
    assert [one.agency_id for one in held] == [ours.id]


def test_lead_of_an_agency_that_now_serves_others_is_not_taken_by_a_manager(
    robin: Browser, session: Session, council: Council, other_council: Council
) -> None:
    agency = on_register(session, "Our Police", council)
    lead = make_person(session, "lead", Given(Role.AGENCY_LEAD, agency_id=agency.id))
    session.add(AgencyCouncil(agency_id=agency.id, council_id=other_council.id))
    held = accounts.list_held(session, account_ids=[lead.id])[lead.id][0]
    session.commit()

    page = robin.post(f"/people/wexmoor/roles/{held.id}/take", status=422)

    assert "Our Police serves other councils too" in page.error_messages[0]


def test_roster_holds_somebody_before_they_have_an_account(
    robin: Browser, session: Session, review: Review
) -> None:
    row = add_peer(robin, session, review)

    assert (row.name, row.team_role, row.account_id, row.shadow) == (
        "Sasha Orchard",
        "Lead peer",
        None,
        False,
    )
    assert robin.page is not None
    assert "They are on the team" in robin.page.words
    page = robin.get("/people/wexmoor")
    assert "Worked here until 2019." in page.words
    assert messages(session) == []


def test_peer_is_invited_and_loses_the_findings_with_the_place_on_the_team(
    robin: Browser, session: Session, review: Review
) -> None:
    row = add_peer(robin, session, review)
    path = f"/people/wexmoor/team/{row.id}"
    page = robin.post(f"{path}/invite", {"email": "nonsense"}, status=422)
    assert page.error_messages[0].startswith("Enter an e-mail address in the correct format")

    page = robin.post(f"{path}/invite", {"email": "sasha@example.org"})

    assert "has been invited and has yet to choose a password" in page.words
    assert messages(session)[0].facts["role"] == f"review team member, {review.title}"
    session.commit()
    robin.post(f"{path}/remove")
    assert session.scalars(select(TeamMember)).all() == []
    assert session.scalars(select(Membership).where(Membership.review_id == review.id)).all() == []


def test_one_entry_lets_one_person_read(
    robin: Browser, session: Session, review: Review, clock: time_machine.Traveller
) -> None:
    row = add_peer(robin, session, review)
    path = f"/people/wexmoor/team/{row.id}"
    page = robin.post(f"{path}/invite", {"email": "sasha@example.org"})
    assert "Send the invitation again" in page.words
    session.commit()

    page = robin.post(f"{path}/invite", {"email": "another@example.org"}, status=422)
    assert page.error_messages[0].startswith("Sasha Orchard was invited as sasha@example.org. Take")

    clock.shift(timedelta(minutes=2))
    page = robin.post(f"{path}/invite", {"email": "Sasha@example.org"})
    assert "An invitation is on its way" in page.words
    assert [row.to_address for row in messages(session)] == ["sasha@example.org"] * 2
    held = select(Membership).where(Membership.review_id == review.id)
    assert len(session.scalars(held).all()) == 1


def test_entry_is_changed_and_what_was_declared_is_not_on_record(
    robin: Browser, session: Session, review: Review
) -> None:
    row = add_peer(robin, session, review)
    changed = PEER | {
        "team_role": "Health peer",
        "conflicts": "My sister works here.",
        "shadow": "yes",
    }

    page = robin.post(f"/people/wexmoor/team/{row.id}", changed)

    assert "The entry has been changed" in page.words
    found = {
        event.detail["what"]: event.detail
        for event in events(session, AuditAction.TEAM_MEMBER_CHANGED)
    }
    assert set(found) == {"team_role", "shadow", "conflicts"}
    assert (found["team_role"]["old"], found["team_role"]["new"]) == ("Lead peer", "Health peer")
    everything = str([row.detail for row in session.scalars(select(AuditEvent))])
    assert "sister" not in everything
    assert "2019" not in everything


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "  "}, "Enter the person’s name"),
        ({"organisation": "x" * 201}, "The home organisation must be 200 characters or fewer"),
        ({"conflicts": "x" * 50_000}, "What was declared must be 4000 characters or fewer"),
    ],
    ids=["no name", "long organisation", "long declaration"],
)
def test_faulty_entry_keeps_what_was_typed(
    robin: Browser, session: Session, review: Review, changes: dict[str, str], message: str
) -> None:
    page = robin.post(f"/people/wexmoor/reviews/{review.id}/add", PEER | changes, status=422)

    assert page.error_messages == [message]
    assert page.all("input", id="team_role")[0].get("value") == "Lead peer"
    assert session.scalars(select(TeamMember)).all() == []


def test_team_of_another_council_is_not_found(
    robin: Browser, session: Session, other_council: Council
) -> None:
    other = factories.make_round(session, council=other_council, slug="elsewhere")
    row = TeamMember(review_id=other.review_id, name="Somebody Else")
    session.add(row)
    session.commit()

    robin.get(f"/people/wexmoor/team/{row.id}", status=404)
    robin.get(f"/people/wexmoor/reviews/{other.review_id}/add", status=404)
    token = robin.get("/people/wexmoor/invite").csrf_token
    fields = PEER | {"email": "a@example.org"}
    for end in ("", "/invite", "/remove"):
        robin.post(f"/people/wexmoor/team/{row.id}{end}", fields, token=token, status=404)
