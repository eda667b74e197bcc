"""What is kept about somebody: shown, handed over and deleted; and deleted by itself in time."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.actions import outbox, personal_data, retention
from survey.data.models import (
    AuditEvent,
    Council,
    Draft,
    Entry,
    Invitation,
    InvitedAgency,
    InvitedNumber,
    Message,
    Participation,
    Round,
)
from survey.data.models.mail import MailKind
from tests import factories
from tests.factories import NOW
from tests.page import Browser

FORM = "/manage/personal-data"
EMAIL = "pat.lee@example.org"
DAY = timedelta(days=1)


@pytest.fixture
def round_(session: Session, council: Council) -> Round:
    """A round of the manager's council."""
    return factories.make_round(session, council=council, slug="autumn")


@pytest.fixture
def agency(session: Session, round_: Round) -> InvitedAgency:
    """An agency of it whose contact is the person asking; no number invited is stated."""
    found = factories.make_invited_agency(session, round_, invited=None)
    found.contact_name, found.contact_email = "Pat Lee", EMAIL
    return found


@pytest.fixture
def begun(session: Session, agency: InvitedAgency) -> Invitation:
    """An invitation to the person, with a draft and a message sent; and one of somebody else."""
    factories.make_invitation(session, agency, label="Kim Oak", email="kim@example.org")
    made = factories.make_invitation(session, agency, label="=Pat Lee", email=EMAIL)
    session.add(
        Draft(
            invitation_id=made.id,
            level="frontline",
            answers={"lp_procedures_to_hand": "agree"},
            started_at_utc=NOW - 2 * DAY,
            saved_at_utc=NOW - DAY,
        )
    )
    outbox.put(
        session,
        kind=MailKind.INVITATION,
        to=EMAIL,
        key=f"invitation/{made.id}",
        now=NOW - 3 * DAY,
        round_id=agency.round_id,
        invitation_id=made.id,
    )
    session.commit()
    return made


@pytest.fixture
def elsewhere(session: Session) -> Invitation:
    """An invitation to the same person from a council the manager has nothing to do with."""
    other = factories.make_round(session, slug="other-council-round")
    agency = factories.make_invited_agency(session, other, name="Elsewhere Trust")
    made = factories.make_invitation(session, agency, email=EMAIL)
    session.commit()
    return made


class TestLookingUp:
    def test_own_councils_records_are_shown_and_no_others(
        self, manager: Browser, begun: Invitation, elsewhere: Invitation
    ) -> None:
        manager.get(FORM)
        page = manager.post("/manage/personal-data", {"asked": " Pat.Lee@Example.org "})

        said = page.text
        assert "Working together, autumn" in said
        assert "Begun, last saved" in said
        assert "=Pat Lee" in said
        assert "Elsewhere Trust" not in said
        assert "Kim Oak" not in said
        assert "agree" not in said.lower().replace("agreed", "")

    @pytest.mark.parametrize("asked", ["", "nonsense", "x" * 50_000, "ABCDEF"])
    def test_what_leads_nowhere_is_said_with_a_way_forward(
        self, manager: Browser, asked: str
    ) -> None:
        manager.get(FORM)
        page = manager.post("/manage/personal-data", {"asked": asked}, status=422)

        assert page.error_messages != []

    def test_other_councils_link_is_not_found(
        self, manager: Browser, elsewhere: Invitation
    ) -> None:
        asked = "http://127.0.0.1:8000" + factories.link_of(elsewhere)
        manager.get(FORM)
        page = manager.post("/manage/personal-data", {"asked": asked}, status=422)

        assert "No invitation has that link or code" in page.text

    def test_link_of_an_invitation_without_address_finds_it_alone(
        self, manager: Browser, session: Session, agency: InvitedAgency
    ) -> None:
        nameless = factories.make_invitation(session, agency)
        factories.make_invitation(session, agency)
        session.commit()
        asked = "http://127.0.0.1:8000" + factories.link_of(nameless)

        manager.get(FORM)
        page = manager.post("/manage/personal-data", {"asked": asked})

        assert page.text.count("Invitation: ") == 1

    def test_sheet_that_is_being_entered_is_told_and_goes_with_the_person(
        self, manager: Browser, session: Session, agency: InvitedAgency
    ) -> None:
        theirs = factories.make_invitation(session, agency, email=EMAIL)
        session.add(
            Entry(
                round_id=agency.round_id,
                invited_agency_id=agency.id,
                invitation_id=theirs.id,
                way="paper",
                started_at_utc=NOW - DAY,
            )
        )
        session.commit()

        manager.get(FORM)
        page = manager.post("/manage/personal-data", {"asked": EMAIL})
        assert "Being entered from paper or a call" in page.text
        manager.post("/manage/personal-data/erase", {"asked": EMAIL, "sure": "yes"})

        assert session.scalars(select(Entry)).all() == []


class TestHandingOver:
    def test_look_at_somebody_goes_on_record_without_their_address(
        self, manager: Browser, session: Session, begun: Invitation
    ) -> None:
        manager.get("/manage/personal-data")
        manager.post("/manage/personal-data", {"asked": EMAIL})

        event = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "personal_data_shown")
        ).one()
        assert event.detail["invitations"] == 1
        assert EMAIL not in str(event.detail)

    def test_file_holds_what_is_kept_but_no_unfinished_answer(
        self, manager: Browser, session: Session, begun: Invitation
    ) -> None:
        answer = manager.client.post(
            "/manage/personal-data/file",
            data={"asked": EMAIL, "csrf_token": manager.get("/manage/personal-data").csrf_token},
        )

        rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
        assert [
            "Invitation",
            "Wexmoor Council · Working together, autumn",
            "Name or post",
            "'=Pat Lee",
        ] in rows
        assert any(row[0] == "Message" for row in rows)
        assert any(row[0] == "Contact of an agency" for row in rows)
        assert not any("gree" in row[3] for row in rows)
        event = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "personal_data_exported")
        ).one()
        assert EMAIL not in str(event.detail)

    def test_command_adds_the_unfinished_answers(self, session: Session, begun: Invitation) -> None:
        kept = personal_data.find_kept(session, email=EMAIL, councils=None)

        text = personal_data.as_csv(session, kept, unfinished_answers=True)

        assert "Agree" in text


class TestDeleting:
    def test_unfinished_answers_go_and_the_invitation_stays(
        self, manager: Browser, session: Session, begun: Invitation
    ) -> None:
        manager.get(FORM)
        manager.post(
            "/manage/personal-data/unfinished",
            {"asked": EMAIL, "invitation": begun.public_id},
        )

        assert session.get(Draft, begun.id) is None
        assert session.scalar(select(func.count()).select_from(Invitation)) == 2

    def test_other_councils_draft_is_not_found(
        self, manager: Browser, session: Session, begun: Invitation, elsewhere: Invitation
    ) -> None:
        manager.get(FORM)
        manager.post(
            "/manage/personal-data/unfinished",
            {"asked": EMAIL, "invitation": elsewhere.public_id},
            status=404,
        )

    def test_nothing_goes_without_a_tick(
        self, manager: Browser, session: Session, begun: Invitation
    ) -> None:
        manager.get(FORM)
        page = manager.post("/manage/personal-data/erase", {"asked": EMAIL}, status=422)

        assert "Confirm that it is to be deleted" in page.text
        assert session.get(Invitation, begun.id) is not None

    def test_erasing_leaves_numbers_and_other_people(
        self, manager: Browser, session: Session, begun: Invitation, elsewhere: Invitation
    ) -> None:
        manager.get(FORM)
        manager.post("/manage/personal-data/erase", {"asked": EMAIL, "sure": "yes"})

        left = session.scalars(select(Invitation.email).order_by(Invitation.email)).all()
        assert left == ["kim@example.org", EMAIL], "the other council's stays"
        assert session.scalars(select(Message)).all() == []
        assert sorted(session.scalars(select(InvitedNumber.invited))) == [2, 10]
        assert session.scalars(select(InvitedAgency.contact_email)).all() == ["", ""]
        events = session.scalars(
            select(AuditEvent.detail).where(AuditEvent.action == "personal_data_erased")
        ).all()
        assert [one["invitations"] for one in events] == [1]


class TestRetention:
    def test_only_rounds_that_ended_long_ago_are_due(
        self, session: Session, round_: Round, begun: Invitation
    ) -> None:
        round_.closes_at_utc = NOW - 91 * DAY
        round_.opens_at_utc = NOW - 120 * DAY
        round_.closed_at_utc = NOW - 89 * DAY
        session.commit()

        assert retention.list_due(session, days=90, now=NOW) == []
        due = retention.list_due(session, days=90, now=NOW + 2 * DAY)

        assert [(one.slug, one.invitations, one.drafts) for one in due] == [("autumn", 2, 1)]
        assert session.scalar(select(func.count()).select_from(Draft)) == 1

    def test_people_go_and_how_many_were_invited_stays(
        self, session: Session, round_: Round, agency: InvitedAgency, begun: Invitation
    ) -> None:
        session.add(Participation(invitation_id=begun.id))
        round_.opens_at_utc, round_.closes_at_utc = NOW - 200 * DAY, NOW - 100 * DAY
        session.commit()

        retention.delete_due(session, retention.list_due(session, days=90, now=NOW), now=NOW)
        session.commit()

        for table in (Invitation, Draft, Participation, Message):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        session.expire_all()
        assert session.scalars(select(InvitedNumber.invited)).all() == [2]
        assert agency.contact_email == ""
        assert retention.list_due(session, days=90, now=NOW) == []


def test_data_protection_says_what_is_set(manager: Browser) -> None:
    page = manager.get("/data-protection")

    assert "90 days after the round has ended" in page.text
    assert "no e-mails" in page.text
    assert "90 days after the round has ended" in manager.get("/privacy").text


def test_respondent_deletes_what_they_entered(
    manager: Browser, session: Session, begun: Invitation
) -> None:
    manager.get(factories.link_of(begun))
    asked = manager.get(f"/q/{begun.public_id}/delete")
    assert "Delete what you have entered?" in asked.text

    page = manager.post(f"/q/{begun.public_id}/delete", {})

    assert "What you entered has been deleted" in page.text
    assert session.get(Draft, begun.id) is None
    assert "Start" in manager.get(f"/q/{begun.public_id}/").text
