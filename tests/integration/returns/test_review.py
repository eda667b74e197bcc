"""A review team reads signed returns, scores them beside the agency's own, and sends them back."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from question_banks.bank import RankingQuestion, SeveralChoicesQuestion, in_language
from question_banks.loader import load_bank
from survey.data.models import (
    AuditEvent,
    InvitedAgency,
    Message,
    ModeratedScore,
    ReturnEvent,
    Review,
    Role,
)
from tests import factories
from tests.factories_returns import OFFICER, make_colleague, make_signed, save_answers, sign
from tests.integration.manage.conftest import count_statements
from tests.integration.manage.conftest import sign_in as sign_in_manager
from tests.integration.returns.conftest import EVIDENCE, RATING, SECTION, Begun
from tests.page import Browser

ANSWERS = {
    RATING: "mostly_met",
    EVIDENCE: "The board saw the register in March.",
    "s11_named_leader_action": "=cmd|' /C calc'!A1",
    "s11_named_leader_owner": "Head of safeguarding",
    "s11_named_leader_date": "2031-06-30",
}


@pytest.fixture
def manager(app: Flask, session: Session, begun: Begun) -> Browser:
    """A browser in which the review manager of the return's council has signed in."""
    review = session.get_one(Review, begun.round.review_id)
    make_colleague(
        session,
        begun.account,
        email="manager@example.org",
        role=Role.REVIEW_MANAGER,
        council_id=review.council_id,
    )
    session.commit()
    return sign_in_manager(app.test_client())


@pytest.fixture
def signed(session: Session, begun: Begun) -> Begun:
    """The return with a few answers, signed."""
    save_answers(session, begun.id, ANSWERS, at=factories.NOW + timedelta(seconds=1))
    sign(session, begun.id, at=factories.NOW + timedelta(seconds=2))
    session.commit()
    return begun


PATH = "/manage/section-11/returns"


def test_return_being_written_shows_progress_and_nothing_else(
    manager: Browser, begun: Begun, session: Session
) -> None:
    save_answers(session, begun.id, ANSWERS, at=factories.NOW)
    session.commit()

    page = manager.get(PATH)
    assert "Being written" in page.words
    assert "5 questions answered" in page.words
    page = manager.get(f"{PATH}/{begun.id}")
    assert "You can read this return once the agency has signed it" in page.words
    assert ANSWERS[EVIDENCE] not in page.text
    manager.get(f"{PATH}/{begun.id}/sections/{SECTION}", status=404)
    manager.get(f"{PATH}/{begun.id}/scores/{RATING}", status=404)


def test_signed_return_is_read_with_who_signed_it(manager: Browser, signed: Begun) -> None:
    page = manager.get(f"{PATH}/{signed.id}")
    assert f"{OFFICER}, Head of public protection" in page.words
    assert "Mostly met" in page.words
    page = manager.get(f"{PATH}/{signed.id}/sections/{SECTION}")
    assert ANSWERS[EVIDENCE] in page.words
    assert "OFFICIAL" in page.words


def test_score_stands_beside_the_agencys_own(
    manager: Browser, signed: Begun, session: Session
) -> None:
    path = f"{PATH}/{signed.id}/scores/{RATING}"
    manager.get(path)
    refused = manager.post(path, {"choice": "", "reason": "", "seen": "0"}, status=422)
    assert refused.error_messages == ["Select the score you give"]
    refused = manager.post(path, {"choice": "partly_met", "reason": " ", "seen": "0"}, status=422)
    assert refused.error_messages == ["Say why"]
    page = manager.post(
        path, {"choice": "partly_met", "reason": "Two sites had no deputy.", "seen": "0"}
    )
    assert "You have scored 1 of 27 ratings; 1 differs" in page.words
    assert "Two sites had no deputy." in page.words

    page = manager.get(f"{PATH}/{signed.id}/sections/{SECTION}")
    assert "The agency: Mostly met" in page.words
    assert "You: Partly met" in page.words


def test_second_scorer_is_told_and_nothing_is_overwritten(
    manager: Browser, signed: Begun, session: Session
) -> None:
    path = f"{PATH}/{signed.id}/scores/{RATING}"
    manager.get(path)
    manager.post(path, {"choice": "not_met", "reason": "First.", "seen": "0"})
    manager.get(path)
    same = manager.post(path, {"choice": "not_met", "reason": "First.", "seen": "0"})
    assert "The score is kept" in same.words
    refused = manager.post(path, {"choice": "met", "reason": "Second.", "seen": "0"}, status=422)
    assert "Somebody else has just scored this answer" in refused.error_messages[0]
    assert "Second." in refused.text
    page = manager.post(path, {"choice": "take_back", "reason": "Seen again.", "seen": "1"})
    assert "taken back" in page.words

    rows = session.scalars(select(ModeratedScore).order_by(ModeratedScore.number)).all()
    assert [(row.number, row.option, row.own_option) for row in rows] == [
        (1, "not_met", "mostly_met"),
        (2, "", "mostly_met"),
    ]


def test_return_sent_back_can_still_be_read_as_signed(
    manager: Browser, signed: Begun, session: Session
) -> None:
    path = f"{PATH}/{signed.id}/send-back"
    manager.get(path)
    refused = manager.post(path, {"reason": ""}, status=422)
    assert refused.error_messages == ["Enter what should be changed, and why"]
    page = manager.post(path, {"reason": "The action has no end."})
    assert "Sent back" in page.words
    assert "The action has no end." in page.words
    save_answers(
        session,
        signed.id,
        {EVIDENCE: "Something new."},
        at=factories.NOW + timedelta(hours=1),
        number=2,
    )
    session.commit()

    page = manager.get(f"{PATH}/{signed.id}/sections/{SECTION}")
    assert ANSWERS[EVIDENCE] in page.words
    assert "Something new." not in page.text
    told = session.scalars(select(Message.to_address)).all()
    assert told == ["lead@example.org"]


def test_table_of_returns_is_defused_and_on_record(
    manager: Browser, signed: Begun, session: Session
) -> None:
    path = f"{PATH}/{signed.id}/scores/{RATING}"
    manager.get(path)
    manager.post(path, {"choice": "not_met", "reason": "@SUM(A1)", "seen": "0"})
    token = manager.get(PATH).csrf_token
    sent = manager.client.post(f"{PATH}/file", data={"csrf_token": token, "format": "csv"})
    rows = list(csv.DictReader(io.StringIO(sent.get_data().decode("utf-8-sig"))))
    row = next(one for one in rows if one["Code"] == RATING)
    assert row["Answer"] == "Mostly met"
    assert row["Moderated score"] == "Not met"
    assert row["Reason for the score"] == "'@SUM(A1)"
    assert row["Action"] == "'=cmd|' /C calc'!A1"
    assert (row["Owner"], row["Date"]) == ("Head of safeguarding", "30 June 2031")
    assert not any(one["Code"] == EVIDENCE for one in rows)
    sent = manager.client.post(f"{PATH}/file", data={"csrf_token": token, "format": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(sent.get_data()))
    sheet = book["Agency returns"]
    values = [cell.value for cells in sheet for cell in cells]
    assert "=cmd|' /C calc'!A1" in values
    assert all(cell.data_type != "f" for cells in sheet for cell in cells)
    exported = select(func.count()).where(AuditEvent.action == "exported")
    assert session.scalar(exported) == 2


def test_return_without_ratings_is_read_and_its_choices_stay_apart(
    manager: Browser, begun: Begun, session: Session
) -> None:
    bank = load_bank("agency_self_evaluation_2018")
    review = session.get_one(Review, begun.round.review_id)
    round_ = factories.make_round(session, bank=bank, slug="account")
    session.get_one(Review, round_.review_id).council_id = review.council_id
    session.add(InvitedAgency(round_id=round_.id, agency_id=begun.agency_id))
    with_whom, ranking = bank.by_code["ase_written_with"], bank.by_code["ase_know_ranking"]
    assert isinstance(with_whom, SeveralChoicesQuestion)
    assert isinstance(ranking, RankingQuestion)
    chosen = with_whom.choices[:2]
    order = [one.code for one in ranking.choices]
    answers = {
        "ase_written_with": [one.code for one in chosen],
        "ase_know_ranking": order,
        "ase_know_children": 12,
    }
    return_id = make_signed(
        session, round_, begun.agency_id, bank=bank, answers=answers, at=factories.NOW
    )
    session.commit()

    page = manager.get(f"/manage/account/returns/{return_id}")
    assert "asks for no ratings" in page.words
    assert "0 ratings" not in page.words
    link = next(one.get("href") for one in page.all("a") if "what_we_know" in str(one.get("href")))
    assert "12 children" in manager.get(str(link)).words
    page = manager.get("/manage/account/returns")
    posted = {"csrf_token": page.csrf_token, "format": "csv"}
    answer = manager.client.post("/manage/account/returns/file", data=posted)
    table = csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")))
    said = {row["Code"]: row["Answer"] for row in table}
    first, second = (in_language(one.label) for one in chosen)
    assert said["ase_written_with"] == f"{first}; {second}"
    assert said["ase_know_ranking"].count("; ") == len(order) - 1


def test_another_councils_manager_finds_nothing(
    app: Flask, signed: Begun, session: Session
) -> None:
    other = factories.make_round(session, slug="elsewhere")
    review = session.get_one(Review, other.review_id)
    make_colleague(
        session,
        signed.account,
        email="next@example.org",
        role=Role.REVIEW_MANAGER,
        council_id=review.council_id,
    )
    session.commit()
    stranger = sign_in_manager(app.test_client(), email="next@example.org")
    for path in (
        PATH,
        f"{PATH}/{signed.id}",
        f"{PATH}/{signed.id}/sections/{SECTION}",
        f"{PATH}/{signed.id}/scores/{RATING}",
        f"{PATH}/{signed.id}/send-back",
        f"/manage/elsewhere/returns/{signed.id}",
        f"/manage/elsewhere/returns/{signed.id}/scores/{RATING}",
    ):
        stranger.get(path, status=404)
    for path in ("scores/" + RATING, "send-back", "more-time", "evidence/" + "0" * 32):
        token = stranger.get("/manage/elsewhere/returns").csrf_token
        stranger.post(f"/manage/elsewhere/returns/{signed.id}/{path}", status=404, token=token)
    assert session.scalar(select(func.count()).select_from(ModeratedScore)) == 0
    assert session.scalar(select(func.max(ReturnEvent.number))) == 3


def test_more_time_is_asked_for_and_given(
    manager: Browser, lead: Browser, begun: Begun, session: Session
) -> None:
    lead.get(f"{begun.path}/councils/section-11/more-time")
    path = f"{begun.path}/councils/section-11/more-time"
    until = {"until-day": "20", "until-month": "3", "until-year": "2031"}
    refused = lead.post(path, {**until, "reason": " "}, status=422)
    assert refused.error_messages == ["Say why you need more time"]
    refused = lead.post(
        path,
        {
            "until-day": "5",
            "until-month": "3",
            "until-year": "2031",
            "reason": "The board meets late.",
        },
        status=422,
    )
    assert "The day must be after 10 March 2031" in refused.error_messages[0]
    page = lead.post(path, {**until, "reason": "The board meets late."})
    assert "You have asked for more time" in page.words

    assert "Asks for time until 20 March 2031" in manager.get(PATH).words
    manager.get(f"{PATH}/{begun.id}/more-time")
    path = f"{PATH}/{begun.id}/more-time"
    refused = manager.post(path, until, status=422)
    assert refused.error_messages == ["Select whether you give more time"]
    refused = manager.post(path, {**until, "choice": "refuse", "answer": ""}, status=422)
    assert refused.error_messages == ["Say why you do not give more time"]
    page = manager.post(path, {**until, "choice": "grant", "until-day": "18", "answer": "Good."})
    assert "Time given until 18 March 2031" in page.words
    assert "18 March 2031 (more time was given)" in page.words
    page = lead.get(f"{begun.path}/councils")
    assert "given until 18 March 2031" in page.words
    told = session.scalars(select(Message.to_address).order_by(Message.created_at_utc)).all()
    assert told == ["manager@example.org", "lead@example.org"]


def test_team_member_reads_and_scores_but_sends_nothing_back(
    app: Flask, signed: Begun, session: Session
) -> None:
    make_colleague(
        session,
        signed.account,
        email="peer@example.org",
        role=Role.TEAM_MEMBER,
        review_id=signed.round.review_id,
    )
    session.commit()
    peer = sign_in_manager(app.test_client(), email="peer@example.org")
    path = f"{PATH}/{signed.id}/scores/{RATING}"
    page = peer.get(f"{PATH}/{signed.id}")
    assert "Send the return back" not in page.words
    peer.get(path)
    peer.post(path, {"choice": "not_met", "reason": "Heard so on the day.", "seen": "0"})
    peer.get(f"{PATH}/{signed.id}/send-back", status=404)
    peer.get(f"{PATH}/{signed.id}/more-time", status=404)


def test_list_asks_no_more_questions_of_the_database_for_more_agencies(
    app: Flask, manager: Browser, signed: Begun, session: Session
) -> None:
    def statements() -> int:
        with count_statements(app) as seen:
            manager.get(PATH)
        return len(seen)

    first = statements()
    for number in range(20):
        factories.make_invited_agency(session, signed.round, name=f"School {number}")
    session.commit()
    assert statements() == first <= 9
