"""A respondent's journey from the link to the receipt, page by page."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from question_banks.bank import Bank, Level, ScaleQuestion
from question_banks.loader import load_bank
from question_banks.path import Page, pages
from survey.data.models import Answer, Comment, Draft, Participation, Response
from tests.integration.respond.conftest import OpenRound
from tests.page import Browser

BANK: Bank = load_bank("safeguarding_children_2010")
FRONTLINE = pages(BANK, level=Level.FRONTLINE, answers={})


def fields_of(page: Page, *, comment: str = "") -> dict[str, str]:
    """An answer to every question of a page: the second option, and the comment given."""
    return {
        question.code: BANK.scale_of(question).options[1].code
        if isinstance(question, ScaleQuestion)
        else comment
        for question in page.questions
    }


def begin(visitor: Browser, open_round: OpenRound, level: str = "frontline") -> None:
    """Opens the link and chooses a level."""
    visitor.get(open_round.link)
    visitor.get(open_round.url("level"))
    visitor.post(open_round.url("level"), {"level": level})


def answer_all(visitor: Browser, open_round: OpenRound, *, comment: str = "") -> None:
    """Answers every page of the frontline path."""
    for page in FRONTLINE:
        visitor.get(open_round.url(f"page/{page.key}"))
        visitor.post(open_round.url(f"page/{page.key}"), fields_of(page, comment=comment))


def stored(session: Session, model: Any) -> list[Any]:
    """Every row of a table."""
    rows = list(session.scalars(select(model)))
    # An open transaction of the test's own would hold up the application's on SQLite.
    session.expunge_all()
    session.rollback()
    return rows


def test_start_page_says_what_a_respondent_must_know(
    visitor: Browser, open_round: OpenRound
) -> None:
    page = visitor.get(open_round.link)

    assert page.h1 == "Working together, spring"
    for told in (
        "Council Of Spring Council",
        "This is not a referral",
        "the children’s front door, 01632 960999",
        "Answer from your own work",
        "10 March 2031",
        "review@example.org",
        "large print",
        "cut off from your link",
        "The review manager checks comments each working day",
    ):
        assert told in page.words, told
    assert "about 1" in page.words, "the time should be between 10 and 19 minutes"


def test_whole_journey_ends_in_a_receipt_without_answers(
    visitor: Browser, open_round: OpenRound, session: Session
) -> None:
    begin(visitor, open_round)
    answer_all(visitor, open_round, comment="Core groups meet on time.")

    check = visitor.get(open_round.url("check"))
    assert "Core groups meet on time." in check.words
    receipt = visitor.post(open_round.url("check"), {"quote": "yes"})

    assert receipt.h1 == "Your answers have been sent"
    assert "Core groups" not in receipt.text
    assert len(stored(session, Response)) == 1
    asked = [q for page in FRONTLINE for q in page.questions]
    scales = [q.code for q in asked if q.type == "scale"]
    texts = [q.code for q in asked if q.type == "long_text"]
    assert {a.question for a in stored(session, Answer)} == set(scales)
    assert sorted(c.question for c in stored(session, Comment)) == sorted(texts)
    assert all(c.quotable for c in stored(session, Comment))
    assert stored(session, Draft) == []
    assert [p.invitation_id for p in stored(session, Participation)] == [open_round.invitation.id]


def test_link_resumes_at_the_first_incomplete_page(
    app: Flask, visitor: Browser, open_round: OpenRound
) -> None:
    begin(visitor, open_round)
    first, second = FRONTLINE[0], FRONTLINE[1]
    visitor.get(open_round.url(f"page/{first.key}"))
    visitor.post(open_round.url(f"page/{first.key}"), fields_of(first))

    elsewhere = Browser(app.test_client()).get(open_round.link)

    assert elsewhere.path == open_round.url(f"page/{second.key}")


def test_valid_answers_are_saved_beside_a_missing_one(
    visitor: Browser, open_round: OpenRound, session: Session
) -> None:
    begin(visitor, open_round)
    page = next(p for p in FRONTLINE if len([q for q in p.questions if q.type == "scale"]) >= 2)
    fields = fields_of(page)
    missing = next(q.code for q in page.questions if q.type == "scale")
    del fields[missing]
    visitor.get(open_round.url(f"page/{page.key}"))

    again = visitor.post(open_round.url(f"page/{page.key}"), fields)

    assert len(again.error_messages) == 1
    saved = stored(session, Draft)[0].answers
    assert missing not in saved
    assert saved.keys() == fields.keys()


def test_save_and_finish_later_keeps_what_is_there(
    visitor: Browser, open_round: OpenRound, session: Session
) -> None:
    begin(visitor, open_round)
    page = FRONTLINE[0]
    code, option = next(iter(fields_of(page).items()))
    visitor.get(open_round.url(f"page/{page.key}"))

    saved = visitor.post(open_round.url(f"page/{page.key}"), {code: option, "later": "yes"})

    assert saved.h1 == "Your answers so far are saved"
    assert stored(session, Draft)[0].answers == {code: option}


def test_answers_off_the_path_stay_in_the_draft_and_are_not_sent(
    visitor: Browser, open_round: OpenRound, session: Session
) -> None:
    begin(visitor, open_round)
    answer_all(visitor, open_round)
    only_frontline = {q.code for p in FRONTLINE for q in p.questions} - {
        q.code for p in pages(BANK, level=Level.BOARD, answers={}) for q in p.questions
    }
    assert only_frontline
    visitor.get(open_round.url("level"))
    visitor.post(open_round.url("level"), {"level": "board"})
    assert only_frontline <= stored(session, Draft)[0].answers.keys()
    for page in pages(BANK, level=Level.BOARD, answers={}):
        visitor.get(open_round.url(f"page/{page.key}"))
        visitor.post(open_round.url(f"page/{page.key}"), fields_of(page))
    visitor.get(open_round.url("check"))

    visitor.post(open_round.url("check"))

    sent = {answer.question for answer in stored(session, Answer)}
    assert not sent & only_frontline
    assert session.scalar(select(Response.level)) == "board"


def test_changing_an_answer_returns_to_the_check(visitor: Browser, open_round: OpenRound) -> None:
    begin(visitor, open_round)
    answer_all(visitor, open_round)
    page = FRONTLINE[2]
    shown = visitor.get(open_round.url(f"page/{page.key}?came_from=check"))
    action = shown.all("form")[0].get("action")
    assert action is not None

    back = visitor.post(action, fields_of(page))

    assert back.h1 == "Check your answers"


def test_blank_questionnaire_and_sheet_hold_no_answers(
    visitor: Browser, open_round: OpenRound
) -> None:
    begin(visitor, open_round)
    answer_all(visitor, open_round, comment="Something of mine")

    for end in ("blank", "blank?size=large", "blank?level=board", "sheet", "sheet?size=large"):
        page = visitor.get(open_round.url(end))
        assert "Something of mine" not in page.text
        assert not page.checked()


def test_response_carries_no_more_than_the_schema_says(
    visitor: Browser, open_round: OpenRound, session: Session
) -> None:
    begin(visitor, open_round)
    answer_all(visitor, open_round)
    visitor.get(open_round.url("check"))
    visitor.post(open_round.url("check"))

    assert len(stored(session, Response)) == 1
    for model in (Response, Answer, Comment):
        columns = set(model.__table__.columns.keys())
        assert not columns & {"invitation_id", "public_id", "draft_id", "account_id"}
        assert not any(name.endswith("_at_utc") for name in columns)
    assert set(Participation.__table__.columns.keys()) == {"invitation_id"}


def test_name_of_somebody_invited_is_flagged_in_a_comment(
    visitor: Browser, open_round: OpenRound, session: Session
) -> None:
    open_round.invitation.label = "Hazel Elm, health visitor"
    session.commit()
    begin(visitor, open_round)
    answer_all(visitor, open_round, comment="Hazel Elm never answers the telephone.")
    visitor.get(open_round.url("check"))

    visitor.post(open_round.url("check"))

    assert {comment.flags for comment in stored(session, Comment)} == {"name"}
