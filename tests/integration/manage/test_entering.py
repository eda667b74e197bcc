"""Entering answers for somebody, from paper or by telephone, once or twice."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from question_banks.bank import Bank, Level
from question_banks.loader import load_bank
from survey.actions.sheet_answers import option_labels, sheet_parts
from survey.data import retention
from survey.data.models import (
    Answer,
    AuditEvent,
    Comment,
    Council,
    Draft,
    Entry,
    Invitation,
    InvitedAgency,
    Participation,
    Response,
    Round,
    Typing,
)
from tests import factories
from tests.factories import NOW
from tests.page import Browser

URL = "/manage/spring/entry"
BANK = load_bank("tests/banks/valid/every_type.yaml")


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLite, but for tests that ask for both: most of this is not about the database."""
    name = "empty_sqlite_url" if request.param == "sqlite" else "empty_postgresql_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
def round_(session: Session, council: Council) -> Round:
    """An open round on a bank with every type of question."""
    made = factories.make_round(session, council=council, bank=BANK)
    session.commit()
    return made


@pytest.fixture
def agency(session: Session, round_: Round) -> InvitedAgency:
    """An agency of that round with ten invited."""
    made = factories.make_invited_agency(session, round_)
    session.commit()
    return made


def begun(manager: Browser, agency: InvitedAgency, **changes: str) -> str:
    """Begins a sheet; returns the address of its pages."""
    manager.get(f"{URL}/new")
    fields = {"way": "paper", "agency": agency.id, "level": "frontline", "reference": "P-7"}
    page = manager.post(f"{URL}/new", fields | changes)
    action = next(
        form.get("action") or ""
        for form in page.all("form")
        if "/part/" in (form.get("action") or "")
    )
    return action.partition("/part/")[0]


def fill(
    manager: Browser, place: str, bank: Bank = BANK, *, number: str = "1", blank: str = ""
) -> None:
    """Types the whole sheet: the same number for every question with options."""
    for part in sheet_parts(bank, Level.FRONTLINE):
        fields: dict[str, str] = {}
        for question in part.questions:
            if question.code == blank:
                continue
            match question.type:
                case "date":
                    fields |= {
                        f"{question.code}-{p}": v
                        for p, v in {"day": "3", "month": "3", "year": "2031"}.items()
                    }
                case "ranking":
                    fields |= {
                        f"{question.code}--{one.code}": str(at)
                        for at, one in enumerate(question.choices, start=1)
                    }
                case "number":
                    fields[question.code] = "4"
                case "short_text" | "long_text":
                    fields[question.code] = "Written on paper"
                case _:
                    fields[question.code] = number
        manager.get(f"{place}/part/{part.key}")
        manager.post(f"{place}/part/{part.key}", fields)


def stored(session: Session) -> list[tuple[str, str]]:
    """Level and way of each response."""
    rows = session.execute(select(Response.level, Response.entered)).all()
    session.commit()
    return [(level, entered) for level, entered in rows]


def count(session: Session, model: Any) -> int:
    """How many rows a table has."""
    found = session.scalar(select(func.count()).select_from(model)) or 0
    session.commit()
    return found


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_paper_becomes_a_response_that_leads_to_nobody(
    session: Session, agency: InvitedAgency, manager: Browser
) -> None:
    place = begun(manager, agency)
    fill(manager, place)

    check = manager.get(f"{place}/check")
    assert "Written on paper" in check.words
    assert stored(session) == []
    done = manager.post(f"{place}/check", {"quote": "yes"})

    assert "The answers are in" in done.words
    assert "1 on paper" in done.words
    assert stored(session) == [("frontline", "paper")]
    assert [count(session, each) for each in (Entry, Typing, Draft)] == [0, 0, 0]
    assert count(session, Participation) == 1
    (minted,) = session.execute(select(Invitation.minted, Invitation.email)).all()
    assert tuple(minted) == (True, "")
    assert set(session.scalars(select(Comment.quotable))) == {True}
    details = session.scalars(
        select(AuditEvent.detail).where(AuditEvent.action == "response_entered")
    ).all()
    session.commit()
    assert details == [{"round": "spring", "way": "paper"}]
    manager.get(f"{place}/check", status=404)


def test_second_press_of_send_stores_nothing_more(
    session: Session, agency: InvitedAgency, manager: Browser
) -> None:
    place = begun(manager, agency)
    fill(manager, place)
    token = manager.get(f"{place}/check").csrf_token

    manager.post(f"{place}/check", {}, token=token)
    again = manager.post(f"{place}/check", {}, token=token)

    assert "not here any more" in again.words
    assert len(stored(session)) == 1


def test_answers_are_the_options_of_the_numbers(
    session: Session, agency: InvitedAgency, manager: Browser
) -> None:
    place = begun(manager, agency)
    fill(manager, place, number="2")
    manager.get(f"{place}/check")
    manager.post(f"{place}/check", {})

    values = {row[0]: row[1] for row in session.execute(select(Answer.question, Answer.value))}
    session.commit()
    numbered = {
        question.code: option_labels(BANK, question)[1][0]
        for part in sheet_parts(BANK, Level.FRONTLINE)
        for question in part.questions
        if option_labels(BANK, question) and question.code in values
    }
    assert len(numbered) >= 3
    assert {code: values[code] for code in numbered} == numbered


def test_number_not_on_the_paper_is_refused_and_the_rest_kept(
    session: Session, agency: InvitedAgency, manager: Browser
) -> None:
    place = begun(manager, agency)
    part = sheet_parts(BANK, Level.FRONTLINE)[0]
    numbered = [one for one in part.questions if option_labels(BANK, one)]
    fields = {numbered[0].code: "99", numbered[1].code: "<script>"}
    long = next((one.code for one in part.questions if one.type == "long_text"), None)
    if long:
        fields[long] = "x" * 60_000
    manager.get(f"{place}/part/{part.key}")

    page = manager.post(f"{place}/part/{part.key}", fields, status=422)

    assert "there is no answer 99 on the paper" in page.words
    shown = {field.get("name"): field.get("value") for field in page.all("input")}
    assert shown[numbered[0].code] == "99"
    assert shown[numbered[1].code] == "<script>"


def test_required_blank_must_be_said_to_be_blank_on_paper(
    session: Session, agency: InvitedAgency, manager: Browser
) -> None:
    required = next(
        one.code
        for part in sheet_parts(BANK, Level.FRONTLINE)
        for one in part.questions
        if one.required and one.show_if is None
    )
    place = begun(manager, agency)
    fill(manager, place, blank=required)
    manager.get(f"{place}/check")

    refused = manager.post(f"{place}/check", {}, status=422)
    assert "blank on the paper too" in refused.words
    manager.post(f"{place}/check", {"blank": "yes"})

    assert stored(session) == [("frontline", "paper")]


def test_code_on_the_paper_uses_that_invitation_up(
    session: Session, agency: InvitedAgency, manager: Browser
) -> None:
    one = factories.make_invitation(session, agency)
    session.add(Draft(invitation_id=one.id, level="other", started_at_utc=NOW, saved_at_utc=NOW))
    session.commit()
    public_id, invitation_id = one.public_id, one.id
    place = begun(manager, agency, way="telephone", code=public_id.lower())
    fill(manager, place)
    manager.get(f"{place}/check")
    manager.post(f"{place}/check", {})

    assert stored(session) == [("frontline", "telephone")]
    assert session.scalars(select(Participation.invitation_id)).all() == [invitation_id]
    session.commit()
    assert count(session, Draft) == 0
    manager.get(f"{URL}/new")
    fields = {"way": "paper", "code": public_id, "level": "other"}
    used = manager.post(f"{URL}/new", fields, status=422)
    assert "sent with this code already" in used.words


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_two_entries_that_differ_are_settled_by_a_choice(
    session: Session, agency: InvitedAgency, manager: Browser, second: Browser
) -> None:
    place = begun(manager, agency, twice="yes")
    second.get(f"{place}/check", status=409)
    fill(manager, place)
    manager.get(f"{place}/check")
    waiting = manager.post(f"{place}/check", {"quote": "yes"})
    assert "waits for a second person" in waiting.words
    manager.get(f"{place}/second", status=409)
    assert stored(session) == []

    second.get(f"{place}/second")
    blind = second.post(f"{place}/second", {"level": "frontline"})
    assert not any(field.get("value") for field in blind.all("input", type="text"))
    fill(second, place, number="2")
    second.get(f"{place}/check")
    differs = second.post(f"{place}/check", {"quote": "yes"})
    names = sorted({str(f.get("name")) for f in differs.all("input", type="radio")})
    assert names
    refused = second.post(f"{place}/compare", dict.fromkeys(names[1:], "2"), status=422)
    assert "Choose what stands on the paper" in refused.words
    second.post(f"{place}/compare", dict.fromkeys(names, "2"))

    assert stored(session) == [("frontline", "paper")]
    values = {row[0]: row[1] for row in session.execute(select(Answer.question, Answer.value))}
    session.commit()
    for name in names:
        question = BANK.by_code[name.removeprefix("q-")]
        assert values[question.code] == option_labels(BANK, question)[1][0]
    assert count(session, Typing) == 0


def test_two_entries_that_agree_are_sent_at_once(
    session: Session, agency: InvitedAgency, manager: Browser, second: Browser
) -> None:
    place = begun(manager, agency, twice="yes")
    fill(manager, place)
    manager.get(f"{place}/check")
    manager.post(f"{place}/check", {})
    second.get(f"{place}/second")
    second.post(f"{place}/second", {"level": "frontline"})
    fill(second, place)
    second.get(f"{place}/check")

    done = second.post(f"{place}/check", {})

    assert "The answers are in" in done.words
    assert len(stored(session)) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"way": "pigeon"}, "Say whether it came on paper or by telephone"),
        ({"level": ""}, "Choose where the person works"),
        ({"agency": ""}, "Choose the agency"),
        ({"code": "ZZZZZZ"}, "No invitation of this round has that code"),
        ({"reference": "r" * 61}, "Shorten the reference"),
    ],
    ids=["unknown way", "no level", "no agency", "unknown code", "long reference"],
)
def test_sheet_that_cannot_be_begun_says_why(
    agency: InvitedAgency, manager: Browser, changes: dict[str, str], words: str
) -> None:
    fields = {"way": "paper", "agency": agency.id, "level": "other", "reference": ""} | changes
    manager.get(f"{URL}/new")

    page = manager.post(f"{URL}/new", fields, status=422)

    assert words in page.words


def test_sheet_of_a_full_agency_or_of_another_council_is_refused(
    session: Session, round_: Round, manager: Browser
) -> None:
    full = factories.make_invited_agency(session, round_, name="Small clinic", invited=1)
    factories.make_invitation(session, full)
    other = factories.make_round(session, slug="theirs")
    theirs = factories.make_invited_agency(session, other, name="Their own agency")
    entry = Entry(round_id=other.id, invited_agency_id=theirs.id, way="paper", started_at_utc=NOW)
    session.add(entry)
    session.commit()
    fields = {"way": "paper", "level": "other"}
    entry_id = entry.id

    manager.get(f"{URL}/new")
    refused = manager.post(f"{URL}/new", fields | {"agency": full.id}, status=422)
    assert "have a way in" in refused.words
    manager.post(f"{URL}/new", fields | {"agency": theirs.id}, status=404)
    manager.get(f"{URL}/{entry_id}/check", status=404)
    manager.get(f"{URL}/new")
    manager.post(f"{URL}/{entry_id}/delete", {}, status=404)
    assert count(session, Entry) == 1


def test_sheet_is_deleted_and_a_closed_round_takes_none(
    session: Session, round_: Round, agency: InvitedAgency, manager: Browser
) -> None:
    place = begun(manager, agency)
    fill(manager, place)
    manager.get(f"{place}/check")
    assert "1 sheet from paper" in manager.get(f"/manage/{round_.slug}/close").words
    manager.get(f"{place}/check")
    round_.closed_at_utc = NOW
    session.commit()

    manager.post(f"{place}/check", {}, status=409)
    assert stored(session) == []
    manager.get(f"{URL}/new", status=409)
    manager.get(f"{place}/delete")
    manager.post(f"{place}/delete", {})
    assert count(session, Entry) == 0
    assert (
        "nobody can be invited"
        in manager.get(f"/manage/{round_.slug}/ways-in/add", status=409).words
    )


def test_papers_not_sent_go_when_the_people_of_a_round_are_deleted(
    session: Session, round_: Round, agency: InvitedAgency, manager: Browser
) -> None:
    place = begun(manager, agency)
    fill(manager, place)
    round_id = round_.id

    retention.delete_people(session, round_id=round_id)
    session.commit()

    assert [count(session, each) for each in (Entry, Typing)] == [0, 0]
