"""An administrator's pages: people, roles, councils, programmes, and what is put on record."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.actions import accounts as signing_in
from survey.actions import people, programmes
from survey.actions.people import Given, LastAdministrator
from survey.data import accounts, rounds
from survey.data.accounts import Role
from survey.data.audit import AuditAction
from survey.data.models import Account, Council, Membership, Programme, Review
from tests import factories
from tests.factories import NOW, SECRET_KEY
from tests.integration.access_ids import make_account
from tests.integration.accounts.conftest import (
    PASSWORD,
    SQLITE,
    events,
    make_person,
    messages,
)
from tests.page import Browser

Signed = Callable[[Account], Browser]
HOSTILE = "=cmd|' /C calc'!A0 <script>alert(1)</script> \u202eemag 🙂"


@pytest.fixture
def ada(signed: Signed, administrator: Account, council: Council, session: Session) -> Browser:
    """A browser in which the administrator is signed in."""
    browser = signed(administrator)
    browser.get("/admin/people/invite")
    return browser


class TestInviting:
    def test_person_is_made_given_a_role_and_sent_a_message(
        self, ada: Browser, session: Session, council: Council, administrator: Account
    ) -> None:
        fields = {
            "name": "  Kit   Barrow ",
            "email": "KIT@example.org",
            "role": f"review_manager:council:{council.id}",
        }

        page = ada.post("/admin/people/invite", fields)

        assert page.h1 == "Kit Barrow"
        assert "An invitation is on its way" in page.words
        assert "Review manager, Wexmoor Council" in page.words
        (event,) = events(session, AuditAction.ROLE_GIVEN)[1:]
        assert event.account_id == administrator.id
        assert event.council_id == council.id
        assert event.detail["new"] == "review manager, Wexmoor Council"
        assert [row.to_address for row in messages(session)] == ["kit@example.org"]

    @SQLITE
    def test_somebody_who_can_sign_in_gets_the_role_and_no_message(
        self, ada: Browser, session: Session, council: Council
    ) -> None:
        signing_in.create_account(
            session, email="kit@example.org", name="Kit", password=PASSWORD, now=NOW
        )
        session.commit()
        fields = {
            "name": "Other Name",
            "email": "kit@example.org",
            "role": f"council_officer:council:{council.id}",
        }

        page = ada.post("/admin/people/invite", fields)

        assert page.h1 == "Kit"
        assert "has an account already" in page.words
        assert messages(session) == []

    @SQLITE
    @pytest.mark.parametrize(
        ("changes", "messages_"),
        [
            (
                {"name": "", "email": "", "role": ""},
                [
                    "Enter the person’s name",
                    "Enter an e-mail address",
                    "Choose what the person may do",
                ],
            ),
            ({"role": "administrator:council:1"}, ["Choose what the person may do"]),
            ({"role": f"review_manager:council:{'0' * 32}"}, ["Choose what the person may do"]),
            ({"role": "team_member:review:1"}, ["Choose what the person may do"]),
            ({"name": "x" * 50_000}, ["The name must be 200 characters or fewer"]),
            (
                {"email": "x" * 300 + "@example.org"},
                ["Enter an e-mail address in the correct format, like name@example.org"],
            ),
        ],
        ids=["nothing", "made-up scope", "no such council", "team", "long name", "long address"],
    )
    def test_invitation_with_faults_stores_nothing(
        self, ada: Browser, session: Session, changes: dict[str, str], messages_: list[str]
    ) -> None:
        fields = {"name": "Kit", "email": "kit@example.org", "role": "administrator"} | changes

        page = ada.post("/admin/people/invite", fields, status=422)

        assert page.error_messages == messages_
        assert session.scalar(select(func.count()).select_from(Account)) == 1

    @SQLITE
    def test_hostile_name_is_shown_as_text(self, ada: Browser, session: Session) -> None:
        fields = {"name": HOSTILE, "email": "kit@example.org", "role": "administrator"}

        page = ada.post("/admin/people/invite", fields)

        assert page.all("script", src=None) == []  # type: ignore[arg-type]  # none without src
        assert "<script>alert(1)" in page.h1


class TestRoles:
    def test_each_role_has_exactly_its_scope(
        self, session: Session, council: Council, manager: Account
    ) -> None:
        with pytest.raises(IntegrityError, match="scope"):
            accounts.add_membership(session, account_id=manager.id, role=Role.TEAM_MEMBER)

    def test_role_is_held_once(self, session: Session, council: Council, manager: Account) -> None:
        with pytest.raises(IntegrityError):
            accounts.add_membership(session, account_id=manager.id, council_id=council.id)

    def test_giving_a_role_twice_gives_it_once(
        self, session: Session, council: Council, manager: Account
    ) -> None:
        given = Given(Role.REVIEW_MANAGER, council_id=council.id)

        assert not people.give_role(session, account_id=manager.id, given=given, by=None, now=NOW)
        assert session.scalar(select(func.count()).select_from(Membership)) == 1

    @SQLITE
    def test_role_is_taken_away_and_counts_at_once(
        self, ada: Browser, signed: Signed, session: Session, manager: Account
    ) -> None:
        browser = signed(manager)
        assert browser.get("/people").path == "/people/wexmoor"
        held = accounts.list_held(session, account_ids=[manager.id])[manager.id][0]
        session.commit()

        page = ada.post(f"/admin/people/{manager.id}/roles/{held.id}/take")

        assert "The role has been taken away" in page.words
        browser.get("/people", status=404)
        (event,) = events(session, AuditAction.ROLE_TAKEN)
        assert (event.detail["old"], event.detail["new"]) == (
            "review manager, Wexmoor Council",
            "",
        )

    @SQLITE
    def test_role_of_another_account_is_not_found(
        self, ada: Browser, session: Session, manager: Account, administrator: Account
    ) -> None:
        held = accounts.list_held(session, account_ids=[manager.id])[manager.id][0]
        session.commit()

        ada.post(f"/admin/people/{administrator.id}/roles/{held.id}/take", status=404)

        assert accounts.list_held(session, account_ids=[manager.id])

    @SQLITE
    def test_last_administrator_stays(
        self, ada: Browser, session: Session, administrator: Account
    ) -> None:
        held = accounts.list_held(session, account_ids=[administrator.id])[administrator.id][0]
        make_person(session, "invited-only", Given(Role.ADMINISTRATOR))
        session.commit()

        page = ada.post(f"/admin/people/{administrator.id}/roles/{held.id}/take", status=422)

        assert page.error_messages == [
            "This is the last administrator who can sign in. Make somebody else one first."
        ]

    def test_lead_of_a_programme_sees_the_rounds_of_its_councils_alone(
        self, session: Session, council: Council, other_council: Council, administrator: Account
    ) -> None:
        factories.make_round(session, council=council, slug="inside")
        factories.make_round(session, council=other_council, slug="outside")
        programme_id = programmes.save_programme(
            session,
            programme_id=None,
            name="North",
            council_ids=[council.id],
            by=administrator.id,
            now=NOW,
        )
        lead = make_person(session, "lead", Given(Role.REGIONAL_LEAD, programme_id=programme_id))

        seen = [one.round.slug for one in rounds.list_rounds(session, account_id=lead.id)]

        assert seen == ["inside"]

    def test_administrator_and_member_of_another_review_see_no_round(
        self, session: Session, council: Council, administrator: Account
    ) -> None:
        factories.make_round(session, council=council, slug="spring")
        other = Review(council_id=council.id, title="Another review")
        session.add(other)
        session.flush()
        member = make_person(session, "peer", Given(Role.TEAM_MEMBER, review_id=other.id))

        for account in (administrator, member):
            assert rounds.list_rounds(session, account_id=account.id) == []


class TestDeactivating:
    @SQLITE
    def test_deactivated_account_is_out_at_once_and_can_be_opened_again(
        self, ada: Browser, signed: Signed, session: Session, manager: Account
    ) -> None:
        signing_in.set_password(session, account=manager, password=PASSWORD, now=NOW)
        browser = signed(manager)
        ada.post(f"/admin/people/{manager.id}/deactivate")

        assert browser.get("/manage").path == "/sign-in"
        fields = {"email": manager.email, "password": PASSWORD}
        browser.post("/sign-in", fields, status=422)
        page = ada.post(f"/admin/people/{manager.id}/reactivate")
        assert "can be used again" in page.words
        browser.get("/sign-in")
        assert browser.post("/sign-in", fields).path == "/manage"

    @SQLITE
    def test_nobody_deactivates_themselves(self, ada: Browser, administrator: Account) -> None:
        page = ada.post(f"/admin/people/{administrator.id}/deactivate", status=422)

        assert page.error_messages == ["You cannot deactivate your own account."]

    def test_last_administrator_is_not_deactivated(
        self, session: Session, administrator: Account, manager: Account
    ) -> None:
        with pytest.raises(LastAdministrator):
            people.deactivate(session, account=administrator, by=manager.id, now=NOW)

    def test_deactivated_account_signs_in_with_no_password(
        self, session: Session, manager: Account, administrator: Account
    ) -> None:
        signing_in.set_password(session, account=manager, password=PASSWORD, now=NOW)
        people.deactivate(session, account=manager, by=administrator.id, now=NOW)

        found = signing_in.sign_in(
            session,
            email=manager.email,
            password=PASSWORD,
            place="192.0.2.1",
            now=NOW,
            secret_key=SECRET_KEY,
        )

        assert found is None


@SQLITE
def test_people_are_found_by_every_word_of_name_or_address(ada: Browser, session: Session) -> None:
    for name in ("Kit Barrow", "Kit Marsh", "100%_sure"):
        make_account(session, name.replace(" ", "."))
    session.commit()

    def found(words: str) -> int:
        return len(ada.get(f"/admin/people?words={words}").all("tbody")[0].findall("tr"))

    assert found("kit") == 2
    assert found("BARROW+kit") == 1
    assert found("%25_") == 1


@SQLITE
def test_people_stand_fifty_to_a_page(ada: Browser, session: Session) -> None:
    for number in range(120):
        make_account(session, f"person-{number:03}")
    session.commit()

    first, last = ada.get("/admin/people"), ada.get("/admin/people?page=99")

    assert "121 people" in first.words
    assert len(first.all("tbody")[0].findall("tr")) == 50
    assert "Page 3 of 3" in last.words
    assert len(last.all("tbody")[0].findall("tr")) == 21


@SQLITE
def test_other_name_is_on_record_with_the_old(
    ada: Browser, session: Session, manager: Account
) -> None:
    session.commit()
    ada.post(f"/admin/people/{manager.id}/name", {"name": ""}, status=422)

    page = ada.post(f"/admin/people/{manager.id}/name", {"name": "Robin Marsh"})

    assert page.h1 == "Robin Marsh"
    (event,) = events(session, AuditAction.ACCOUNT_CHANGED)
    assert (event.detail["old"], event.detail["new"]) == ("robin", "Robin Marsh")


class TestCouncils:
    @SQLITE
    def test_council_is_added_on_record(self, ada: Browser, session: Session) -> None:
        ada.get("/admin/councils/add")
        page = ada.post("/admin/councils/add", {"name": "Tarn Valley", "slug": ""}, status=422)
        assert page.error_messages == ["Enter a short name for addresses"]

        page = ada.post("/admin/councils/add", {"name": "Tarn Valley", "slug": "tarn-valley"})

        assert "The council has been added" in page.words
        assert len(events(session, AuditAction.COUNCIL_ADDED)) == 1
        for fields in (
            {"name": "Tarn Valley", "slug": "other"},
            {"name": "Other", "slug": "tarn-valley"},
            {"name": "Other", "slug": "Not A Slug"},
        ):
            ada.post("/admin/councils/add", fields, status=422)

    @SQLITE
    def test_programme_is_added_and_changed_on_record(
        self, ada: Browser, session: Session, council: Council, other_council: Council
    ) -> None:
        session.commit()
        ada.get("/admin/programmes/add")
        ada.post(
            "/admin/programmes/add",
            {"name": "North", "councils": [council.id, other_council.id, "nonsense", council.id]},
        )
        programme_id = session.scalars(select(Programme.id)).one()
        session.commit()
        page = ada.get(f"/admin/programmes/{programme_id}")
        assert len(page.all("input", type="checkbox", checked="")) == 2

        page = ada.post(
            f"/admin/programmes/{programme_id}", {"name": "North", "councils": [council.id]}
        )

        assert "The programme has been saved" in page.words
        (event,) = events(session, AuditAction.PROGRAMME_CHANGED)
        assert event.detail == {
            "programme": "North",
            "what": "councils",
            "old": "Tarn Valley Council, Wexmoor Council",
            "new": "Wexmoor Council",
        }
        session.commit()
        ada.post("/admin/programmes/add", {"name": "North"}, status=422)
        ada.get(f"/admin/programmes/{'0' * 32}", status=404)
