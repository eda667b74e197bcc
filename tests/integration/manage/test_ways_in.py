"""A manager looks after single links, open links, and what is printed."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pikepdf
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.actions.mail_links import Doors
from survey.actions.sending import Way, send_due
from survey.data.models import (
    AuditEvent,
    Council,
    Draft,
    Invitation,
    InvitedAgency,
    InvitedNumber,
    LocalMail,
    Message,
    Participation,
    Round,
)
from tests import factories
from tests.factories import NOW, SECRET_KEY
from tests.integration.manage.conftest import count_statements
from tests.page import Browser

URL = "/manage/spring/ways-in"
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLite, but for tests that ask for both: most of this is not about the database."""
    name = "empty_sqlite_url" if request.param == "sqlite" else "empty_postgresql_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
def round_(session: Session, council: Council) -> Round:
    """An open round of the manager's council."""
    made = factories.make_round(session, council=council)
    session.commit()
    return made


@pytest.fixture
def agency(session: Session, round_: Round) -> InvitedAgency:
    """An agency of that round with ten invited."""
    made = factories.make_invited_agency(session, round_)
    session.commit()
    return made


def elsewhere(session: Session) -> tuple[InvitedAgency, Invitation]:
    """An agency and an invitation of another council."""
    other = factories.make_round(session, slug="theirs")
    agency = factories.make_invited_agency(session, other, name="Their own agency")
    invitation = factories.make_invitation(session, agency, label="Nobody of ours")
    session.commit()
    return agency, invitation


def events(session: Session) -> list[tuple[str, dict[str, object]]]:
    """What is on record: action and detail, without signing in."""
    rows = session.execute(
        select(AuditEvent.action, AuditEvent.detail).order_by(AuditEvent.at_utc)
    ).all()
    session.commit()
    return [(action, detail) for action, detail in rows if action != "signed_in"]


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_people_are_found_by_name_address_agency_and_state(
    session: Session, agency: InvitedAgency, manager: Browser, app: Flask
) -> None:
    elsewhere(session)
    lee = factories.make_invitation(session, agency, label="Pat Lee", email="pat@example.org")
    sent = factories.make_invitation(session, agency, label="Kim Roe")
    session.add(Participation(invitation_id=sent.id))
    session.add(Draft(invitation_id=lee.id, level="other", started_at_utc=NOW, saved_at_utc=NOW))
    session.commit()

    everybody = manager.get(URL).words
    assert "Pat Lee" in everybody
    assert "Kim Roe" in everybody
    assert "Nobody of ours" not in everybody
    assert "begun" not in everybody.replace("Who has begun is told for the round", "")
    assert "/i/" not in str(manager.get(URL).all("a"))
    assert "Kim Roe" not in manager.get(f"{URL}?q=PAT%40example").words
    assert "Pat Lee" not in manager.get(f"{URL}?state=sent").words
    assert "Pat Lee" in manager.get(f"{URL}?agency={agency.id}&state=not_sent").words
    assert "Nothing matches" in manager.get(f"{URL}?q=%25").words
    with count_statements(app) as seen:
        manager.get(URL)
    assert len(seen) <= 9


def test_link_is_shown_on_demand_and_put_on_record(
    session: Session, agency: InvitedAgency, manager: Browser
) -> None:
    one = factories.make_invitation(session, agency, label="Pat Lee")
    session.commit()
    page = manager.get(f"{URL}/person/{one.public_id}")
    assert CODE.search(str([field.get("value") for field in page.all("input")])) is None

    shown = manager.post(f"{URL}/person/{one.public_id}/show", {})

    values = [field.get("value") or "" for field in shown.all("input")]
    assert any(value.endswith(factories.link_of(one)) for value in values)
    assert ("link_shown", {"round": "spring"}) in events(session)


def test_withdrawn_link_opens_nothing_and_a_new_one_does(
    session: Session, agency: InvitedAgency, manager: Browser, app: Flask
) -> None:
    one = factories.make_invitation(session, agency)
    session.commit()
    old = factories.link_of(one)
    visitor = Browser(app.test_client())

    manager.get(f"{URL}/person/{one.public_id}/withdraw")
    manager.post(f"{URL}/person/{one.public_id}/withdraw", {})
    visitor.get(old, status=410)
    manager.get(f"{URL}/person/{one.public_id}/replace")
    manager.post(f"{URL}/person/{one.public_id}/replace", {})
    visitor.get(old, status=410)
    session.refresh(one)
    visitor.get(factories.link_of(one))
    session.commit()

    names = [name for name, _ in events(session)]
    assert names[-2:] == ["invitation_revoked", "invitation_replaced"]


def test_address_is_changed_and_never_put_on_record(
    session: Session, agency: InvitedAgency, manager: Browser
) -> None:
    one = factories.make_invitation(session, agency, email="old@example.org")
    factories.make_invitation(session, agency, email="taken@example.org")
    session.commit()
    page = f"{URL}/person/{one.public_id}"
    manager.get(page)

    wrong = manager.post(f"{page}/address", {"email": "new at example.org"}, status=422)
    assert wrong.error_messages
    taken = manager.post(f"{page}/address", {"email": "Taken@example.org"}, status=422)
    assert "invited at this agency already" in taken.words
    manager.post(f"{page}/address", {"email": "New@example.org", "send": "yes"})

    session.refresh(one)
    assert one.email == "new@example.org"
    assert session.scalars(select(Message.to_address)).all() == ["new@example.org"]
    session.commit()
    assert "example.org" not in str(events(session))


def test_person_beyond_the_number_invited_is_added_when_it_is_raised(
    session: Session, round_: Round, manager: Browser
) -> None:
    full = factories.make_invited_agency(session, round_, name="Small clinic", invited=1)
    factories.make_invitation(session, full)
    session.commit()
    fields = {"agency": full.id, "label": "Jo Fenn", "email": "jo@example.org"}
    manager.get(f"{URL}/add")

    refused = manager.post(f"{URL}/add", fields, status=422)
    assert "All 1 people of Small clinic have a way in" in refused.words
    done = manager.post(f"{URL}/add", {**fields, "raise": "yes", "send": "yes"})

    assert "Jo Fenn" in done.words
    assert session.scalars(select(InvitedNumber.invited)).all() == [2]
    assert session.scalars(select(Message.to_address)).all() == ["jo@example.org"]
    session.commit()


def test_file_of_links_is_defused_and_of_this_round_only(
    session: Session, agency: InvitedAgency, manager: Browser
) -> None:
    _, theirs = elsewhere(session)
    one = factories.make_invitation(session, agency, label="=cmd|x")
    session.commit()
    token = manager.get(URL).csrf_token

    answer = manager.client.post(f"{URL}/links", data={"csrf_token": token})

    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert [row["label"] for row in rows] == ["'=cmd|x"]
    assert rows[0]["link"].endswith(factories.link_of(one))
    assert theirs.public_id not in answer.get_data(as_text=True)
    assert ("links_listed", {"round": "spring", "links": 1}) in events(session)


@pytest.mark.parametrize("path", ["", "/withdraw", "/replace"], ids=["page", "withdraw", "replace"])
def test_invitation_of_another_council_is_not_found(
    session: Session, round_: Round, manager: Browser, path: str
) -> None:
    _, theirs = elsewhere(session)
    place = f"{URL}/person/{theirs.public_id}"

    manager.get(f"{place}{path}", status=404)
    manager.get(URL)
    manager.post(f"{place}{path or '/show'}", {}, status=404)
    session.refresh(theirs)
    assert theirs.revoked_at_utc is None
    session.commit()


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_open_links_are_made_replaced_withdrawn_and_mailed(
    session: Session, agency: InvitedAgency, manager: Browser, app: Flask
) -> None:
    theirs, _ = elsewhere(session)
    place, other = f"{URL}/open/{agency.id}", theirs.id
    agency.contact_email, agency.contact_name = "lead@example.org", "Sam Lead"
    session.commit()
    manager.get(f"{URL}/open")

    def link() -> str:
        fields = manager.get(f"{URL}/open").all("input")
        found = [field.get("value") or "" for field in fields]
        return next((one for one in found if "/join/" in one), "").partition("//")[2]

    manager.post(f"{URL}/open/make", {"agency": other}, status=404)
    manager.get(f"{URL}/open")
    manager.post(f"{URL}/open/make", {})
    first = "/" + link().partition("/")[2]
    visitor = Browser(app.test_client())
    visitor.get(first)
    visitor.post(first, {"seed": "0" * 32})
    manager.post(f"{URL}/open/send", {})
    manager.post(f"{URL}/open/send", {})
    assert session.scalars(select(Message.to_address)).all() == ["lead@example.org"]
    session.commit()
    with time_machine.travel(NOW + timedelta(hours=1), tick=True):
        send_due(session, way=Way(None, Doors(SECRET_KEY, "https://signpost.test")))
    (body,) = session.scalars(select(LocalMail.body)).all()
    session.commit()
    assert f"https://signpost.test{first}" in body
    assert "10 of your people" in body

    manager.get(f"{place}/free")
    manager.post(f"{place}/free", {})
    (minted,) = session.scalars(select(Invitation).where(Invitation.minted)).all()
    assert minted.revoked_at_utc is not None
    session.commit()
    manager.get(f"{place}/replace")
    manager.post(f"{place}/replace", {})
    visitor.get(first, status=410)
    second = "/" + link().partition("/")[2]
    visitor.get(second)
    manager.get(f"{place}/withdraw")
    manager.post(f"{place}/withdraw", {})
    visitor.get(second, status=410)
    assert link() == ""


def test_letters_are_one_to_a_page_and_tagged(
    session: Session, round_: Round, agency: InvitedAgency, manager: Browser
) -> None:
    their_id = elsewhere(session)[1].public_id
    other = factories.make_invited_agency(session, round_, name="Another agency")
    for label in ("<script>", "مرحبا 👋", "=cmd|x"):
        factories.make_invitation(session, agency, label=label)
    factories.make_invitation(session, other, label="Not ticked")
    used = factories.make_invitation(session, agency)
    session.add(Participation(invitation_id=used.id))
    session.commit()
    token = manager.get("/manage/spring/letters").csrf_token
    fields = {"csrf_token": token, "what": "letters", "size": "large", "agency": agency.id}

    answer = manager.client.post("/manage/spring/letters", data=fields)

    assert answer.mimetype == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.data)) as pdf:
        assert len(pdf.pages) == 3
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
    assert ("letters_made", {"round": "spring", "kind": "letters", "sheets": 3}) in events(session)
    assert their_id.encode() not in answer.data
    manager.get("/manage/spring/letters")
    nothing = manager.post("/manage/spring/letters", {"what": "posters"}, status=422)
    assert "nothing of this kind" in nothing.words
    manager.post("/manage/spring/letters", {"what": "x"}, status=422)


def test_more_letters_than_a_file_holds_come_in_parts(
    session: Session, agency: InvitedAgency, manager: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("survey.web.printed.MOST", 2)
    monkeypatch.setattr("survey.web.presenters_printed.MOST", 2)
    for _ in range(3):
        factories.make_invitation(session, agency)
    session.commit()
    manager.get("/manage/spring/letters")

    parts = manager.post("/manage/spring/letters", {"what": "letters"})
    assert "Sheets 1 to 2" in parts.words
    assert "Sheets 3 to 3" in parts.words
    answer = manager.client.post(
        "/manage/spring/letters",
        data={"csrf_token": parts.csrf_token, "what": "letters", "part": "2"},
    )

    with pikepdf.open(io.BytesIO(answer.data)) as pdf:
        assert len(pdf.pages) == 1


def test_blank_questionnaires_come_by_level_and_size(round_: Round, manager: Browser) -> None:
    words = manager.get("/manage/spring/blanks").words
    assert "Large print" in words

    answer = manager.client.get("/manage/spring/blank?level=frontline&size=large")
    assert answer.mimetype == "application/pdf"
    assert "spring-frontline-large.pdf" in answer.headers["Content-Disposition"]
    manager.get("/manage/spring/blank?level=nobody", status=404)
    assert "section 11" in manager.get("/questionnaires").words.lower()
    manager.get("/questionnaires/no-such-bank", status=404)


def test_agency_all_of_whose_people_have_links_gets_no_open_link(
    session: Session, agency: InvitedAgency, manager: Browser
) -> None:
    for _ in range(10):
        factories.make_invitation(session, agency)
    session.commit()

    assert "nobody is left for an open link" in manager.get(f"{URL}/open").words
    manager.post(f"{URL}/open/make", {"agency": agency.id})

    session.expire_all()
    assert agency.open_link_made_at_utc is None
