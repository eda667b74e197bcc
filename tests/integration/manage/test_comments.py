"""Comments: flagged ones while a round is open, all of them after; redact, release, withhold."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.data.models import AuditEvent, Comment, Council, Round
from tests import factories
from tests.factories import NOW
from tests.filled_round import AGENCIES, FilledRound, add_comment, closing_prompt, fill_round
from tests.page import Browser, words_of

NAMED = "Ask Mrs Oakapple on 01632 960123."
PLAIN = "Supervision is regular and well recorded."
HOSTILE = "<script>alert('x')</script> & \"quoted\" =1+1 https://example.org/x"


@pytest.fixture
def filled(session: Session, council: Council) -> FilledRound:
    """An open round with one comment that names somebody and one that does not."""
    return fill_round(session, council=council, agencies=AGENCIES[:1], comments=[NAMED, PLAIN])


def close(session: Session, round_: Round) -> None:
    """Marks a round closed, without its figures."""
    round_.closed_at_utc = NOW - timedelta(minutes=1)
    session.commit()


def only_comment(session: Session, text: str) -> Comment:
    """The comment with that text, as it is now."""
    session.commit()  # a transaction sees what was there when it began
    found = session.scalars(
        select(Comment).where(Comment.text == text).execution_options(populate_existing=True)
    ).one()
    session.commit()
    return found


def decide(
    manager: Browser, filled: FilledRound, comment: Comment, status: int = 200, **fields: str
) -> str:
    """Posts a decision from the page of waiting comments; the words of the answer."""
    manager.get(filled.url("/comments"))
    given = {"seen": "waiting", "show": "waiting", "page": "1"} | fields
    return manager.post(filled.url(f"/comments/{comment.id}"), given, status=status).words


def test_open_round_shows_flagged_comments_only(manager: Browser, filled: FilledRound) -> None:
    page = manager.get(filled.url("/comments"))

    assert "Comment 1 of 1" in page.words
    assert PLAIN not in page.text
    assert [words_of(mark) for mark in page.all("mark")] == [
        "Mrs Oakapple (name of a person)",
        "01632 960123 (phone number)",
    ]
    assert page.all("textarea")[0].text == "Ask [name removed] on [details removed]."


def test_plain_comment_of_an_open_round_cannot_be_decided(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    comment = only_comment(session, PLAIN)

    decide(manager, filled, comment, 404, do="release", text=PLAIN)

    assert only_comment(session, PLAIN).state == "waiting"


def test_closed_round_shows_every_comment(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    close(session, filled.round)

    page = manager.get(filled.url("/comments"))

    assert "Comment 2 of 2" in page.words
    assert PLAIN in page.words


def test_comment_tells_question_sector_and_no_agency(manager: Browser, filled: FilledRound) -> None:
    words = manager.get(filled.url("/comments")).words

    assert "Legislation and policy:" in words
    assert "From: Council: children’s social care. May be quoted." in words
    assert "Wexmoor Children’s Social Care" not in words


def test_released_text_is_what_the_manager_wrote(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    comment = only_comment(session, NAMED)

    words = decide(manager, filled, comment, do="release", text=" Ask the team.\r\nSoon. ")

    comment = only_comment(session, NAMED)
    assert "The comment has been released." in words
    assert (comment.state, comment.released_text) == ("released", "Ask the team.\nSoon.")


def test_release_with_personal_details_left_is_asked_back(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    comment = only_comment(session, NAMED)

    decide(manager, filled, comment, 422, do="release", text="Ask Mrs Oakapple, please.")

    page = manager.page
    assert page is not None
    assert page.error_messages == ["Take out what was found in it, or say that it may stay"]
    assert page.all("textarea")[0].text == "Ask Mrs Oakapple, please."
    assert only_comment(session, NAMED).state == "waiting"

    decide(manager, filled, comment, do="release", text="Ask Mrs Oakapple, please.", keep="yes")
    assert only_comment(session, NAMED).released_text == "Ask Mrs Oakapple, please."


def test_name_of_an_invited_person_is_found(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    place = next(iter(filled.agencies.values()))
    factories.make_invitation(session, place, label="Pat Fernsby")
    comment = only_comment(session, NAMED)
    session.commit()

    decide(manager, filled, comment, 422, do="release", text="It was Fernsby who knew.")

    assert only_comment(session, NAMED).state == "waiting"


def test_empty_release_is_refused(manager: Browser, session: Session, filled: FilledRound) -> None:
    decide(manager, filled, only_comment(session, NAMED), 422, do="release", text=" \n ")

    assert only_comment(session, NAMED).state == "waiting"


@pytest.mark.parametrize("do", ["", "delete", "waiting"])
def test_unknown_decision_is_refused(
    manager: Browser, session: Session, filled: FilledRound, do: str
) -> None:
    decide(manager, filled, only_comment(session, NAMED), 422, do=do, text="Fine.")

    assert only_comment(session, NAMED).state == "waiting"


def test_withheld_and_undone(manager: Browser, session: Session, filled: FilledRound) -> None:
    comment = only_comment(session, NAMED)

    assert "is withheld" in decide(manager, filled, comment, do="withhold")
    assert only_comment(session, NAMED).state == "withheld"

    words = decide(manager, filled, comment, do="undo", seen="withheld", show="withheld")
    assert "back among those waiting" in words
    assert only_comment(session, NAMED).state == "waiting"


def test_undo_of_a_release_takes_the_text_back(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    comment = only_comment(session, NAMED)
    decide(manager, filled, comment, do="release", text="Ask the team.")

    decide(manager, filled, comment, do="undo", seen="released")

    comment = only_comment(session, NAMED)
    assert (comment.state, comment.released_text) == ("waiting", None)


def test_second_manager_does_not_overwrite_the_first(
    manager: Browser, second: Browser, session: Session, filled: FilledRound
) -> None:
    comment = only_comment(session, NAMED)
    second.get(filled.url("/comments"))
    decide(manager, filled, comment, do="withhold")

    given = {"do": "release", "text": "Ask the team.", "seen": "waiting", "show": "all"}
    page = second.post(filled.url(f"/comments/{comment.id}"), given, status=422)

    assert page.error_messages == [
        "Somebody else has just decided on this comment: look at what it says now"
    ]
    assert only_comment(session, NAMED).state == "withheld"


def test_comment_of_another_round_is_not_found(
    manager: Browser, session: Session, council: Council, filled: FilledRound
) -> None:
    other = fill_round(
        session, council=council, slug="spring", agencies=AGENCIES[:1], comments=["Mr Thornback."]
    )

    decide(manager, other, only_comment(session, NAMED), 404, do="release", text="Fine.")

    assert only_comment(session, NAMED).state == "waiting"


def test_hostile_text_is_shown_as_text(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    place = next(iter(filled.agencies.values()))
    add_comment(session, filled.round, place, closing_prompt(filled.bank).code, HOSTILE)
    session.commit()

    page = manager.get(filled.url("/comments"))

    assert all(script.get("src") for script in page.all("script"))
    assert "<script>alert('x')</script> & \"quoted\" =1+1" in page.words


def test_disclosure_comes_first_and_says_what_to_do(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    place = next(iter(filled.agencies.values()))
    for number in range(5):
        add_comment(session, filled.round, place, "lp_comment", f"Mr Thornback said {number}.")
    text = "A child told me that her stepfather hits her."
    add_comment(session, filled.round, place, "lp_comment", text)
    session.commit()

    page = manager.get(filled.url("/comments"))

    sections = page.all("section")
    assert "This may be about harm to a child." in words_of(sections[0])
    assert "stepfather" in words_of(sections[0])
    assert len(sections) == 7


def test_disclosure_is_not_released_by_one_press(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    place = next(iter(filled.agencies.values()))
    text = "A child told me that her stepfather hits her."
    add_comment(session, filled.round, place, "lp_comment", text)
    session.commit()
    comment = only_comment(session, text)

    words = decide(manager, filled, comment, 422, do="release", text=text)

    assert "I have acted on what it says about a child" in words
    assert only_comment(session, text).state == "waiting"


def test_pages_of_twenty_show_every_comment_once(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    place = next(iter(filled.agencies.values()))
    for number in range(44):
        add_comment(session, filled.round, place, "lp_comment", f"Mr Thornback, number {number}.")
    session.commit()

    seen = []
    for number in (1, 2, 3):
        page = manager.get(filled.url(f"/comments?page={number}"))
        assert f"Page {number} of 3" in page.words
        seen += [words_of(section.findall("p")[1]) for section in page.all("section")]

    assert len(seen) == len(set(seen)) == 45


@pytest.mark.parametrize("query", ["page=0", "page=99", "page=-1", "page=x", "page=²", "show=x"])
def test_address_that_makes_no_sense_shows_comments_all_the_same(
    manager: Browser, filled: FilledRound, query: str
) -> None:
    assert "Comment 1 of 1" in manager.get(filled.url(f"/comments?{query}")).words


def test_counts_and_filters_agree(manager: Browser, session: Session, filled: FilledRound) -> None:
    close(session, filled.round)
    decide(manager, filled, only_comment(session, PLAIN), do="release", text=PLAIN)

    words = manager.get(filled.url("/comments?show=released")).words

    assert "Waiting for you (1) Released (1) Withheld (0) All (2)" in words
    assert "What others read" in words


def test_comment_text_is_in_no_audit_event_and_no_log(
    manager: Browser,
    app: Flask,
    session: Session,
    filled: FilledRound,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    decide(manager, filled, only_comment(session, NAMED), do="release", text="Ask the lead.")
    decide(manager, filled, only_comment(session, NAMED), 422, do="release", text="Mrs Oakapple")

    events = session.execute(select(AuditEvent.__table__)).all()
    actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.at_utc)).all()
    assert list(actions)[-1] == "comment_released"
    logged = [one.getMessage() for one in caplog.records if "sqlalchemy" not in one.name]
    for text in ("Oakapple", "Ask the lead", "01632"):
        assert text not in str(events)
        assert text not in " ".join(logged)
    assert session.scalar(select(func.count()).select_from(Comment)) == 2
