"""The daily list: flagged comments reach it when they are sent in, and leave it on record only."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from question_banks.bank import ScaleQuestion, Sector
from survey.actions import anonymity
from survey.actions.mail_links import Doors
from survey.actions.sending import Way, send_due
from survey.actions.submitting import submit
from survey.data.comment_checks import list_checks
from survey.data.engine import make_engine
from survey.data.invitations import find_person
from survey.data.models import (
    AuditEvent,
    Comment,
    CommentCheck,
    Council,
    Draft,
    LocalMail,
    Message,
    Round,
    SentInDay,
)
from survey.data.sent_in import count_one
from tests import factories
from tests.factories import NOW
from tests.filled_round import FilledRound, add_comment, fill_round
from tests.page import Browser, Page, words_of

CHILD = "A boy in year 4 told his teacher that his stepfather hits him."
NAMED = "Ask Mrs Oakapple on 01632 960123."
PAGES_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what a page says and asks: the other database would say the same, and takes as long again."""
AGENCY = (("Wexmoor Children’s Social Care", Sector.CHILDRENS_SOCIAL_CARE, 20, 2),)
PLAIN = "Supervision is regular and well recorded."


@pytest.fixture
def filled(session: Session, council: Council) -> FilledRound:
    """An open round with one comment about a child, one that names somebody, and one plain."""
    return fill_round(session, council=council, agencies=AGENCY, comments=[NAMED, PLAIN, CHILD])


def comment_of(session: Session, text: str) -> Comment:
    """The comment with that text, as it is now."""
    session.commit()
    return session.scalars(
        select(Comment).where(Comment.text == text).execution_options(populate_existing=True)
    ).one()


def shown(page: Page) -> list[str]:
    """What is written in each comment on the page."""
    return [
        words_of(each)
        for each in page.all("p")
        if "manage-comment__text" in (each.get("class") or "")
    ]


def record(
    manager: Browser, filled: FilledRound, comment: Comment, status: int = 200, **fields: str
) -> Page:
    """Puts on record what was done, from the daily list."""
    manager.get(filled.url("/daily"))
    given = {"seen": "0", "what": "told_duty_team", "note": ""} | fields
    return manager.post(filled.url(f"/daily/{comment.id}"), given, status=status)


def send_in(
    session: Session, filled: FilledRound, comments: Sequence[str], *, at: datetime = NOW
) -> None:
    """Sends in one person's answers with these comments, as their pages would."""
    place = next(iter(filled.agencies.values()))
    invitation = factories.make_invitation(session, place)
    answers = {
        question.code: filled.bank.scale_of(question).options[0].code
        if isinstance(question, ScaleQuestion)
        else None
        for question in filled.bank.questions()
    }
    prompts = [signpost.comment.code for signpost in filled.bank.signposts if signpost.comment]
    session.add(
        Draft(
            invitation_id=invitation.id,
            level="frontline",
            answers=answers | dict(zip(prompts, comments, strict=False)),
            started_at_utc=NOW,
            saved_at_utc=NOW,
        )
    )
    session.commit()
    person = find_person(session, invitation.public_id)
    assert person is not None
    submit(session, person, may_be_quoted=False, now=at)
    session.commit()


@PAGES_ONLY
def test_list_shows_flagged_comments_those_about_a_child_first(
    manager: Browser, filled: FilledRound
) -> None:
    page = manager.get(filled.url("/daily"))

    texts = shown(page)
    assert len(texts) == 2
    assert texts[0].startswith("A boy in year 4")
    assert texts[1].startswith("Ask Mrs Oakapple")
    assert PLAIN not in page.text
    assert "3 comments" not in manager.get(filled.url()).words
    assert "1 may be about harm to a child" in manager.get(filled.url()).words


def test_comment_leaves_the_list_on_record_and_is_kept_with_its_history(
    manager: Browser, second: Browser, session: Session, filled: FilledRound
) -> None:
    child = comment_of(session, CHILD)

    page = record(manager, filled, child, note="Duty log 114")

    assert "It is on record." in page.text
    assert [text[:3] for text in shown(page)] == ["Ask"]
    page = second.get(filled.url("/daily?show=done"))
    assert (
        "The duty team was told. Put on record by Robin Marsh on 3 March 2031. Note: Duty log 114"
        in page.words
    )
    second.post(
        filled.url(f"/daily/{child.id}"),
        {"seen": "1", "what": "contacted", "note": "", "show": "done"},
    )
    session.commit()
    checks = list_checks(session, comment_ids=[child.id])[child.id]
    assert [(one.number, one.what, one.who) for one in checks] == [
        (1, "told_duty_team", "Robin Marsh"),
        (2, "contacted", "Kit Barrow"),
    ]


REFUSED: tuple[tuple[dict[str, str], str], ...] = (
    ({"what": ""}, "Select what was done"),
    ({"what": "forgotten"}, "Select what was done"),
    ({"what": "other", "note": " "}, "Say in a few words what was done"),
    ({"note": "x" * 301}, "Use 300 characters or fewer: you have used 301"),
    ({"seen": "3"}, "Somebody else has just put something on record"),
    ({"seen": "²"}, "Somebody else has just put something on record"),
)


@PAGES_ONLY
def test_record_that_lacks_something_is_asked_back_with_what_was_typed(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    child = comment_of(session, CHILD)
    session.commit()
    for fields, says in REFUSED:
        page = record(manager, filled, child, 422, **({"note": "Kept"} | fields))

        assert page.error_messages[0].startswith(says)
        note = page.all("input", id=f"note-{child.id}")[0].get("value")
        assert note == fields.get("note", "Kept")
    assert session.scalars(select(CommentCheck)).all() == []


@PAGES_ONLY
def test_comment_about_a_child_is_not_released_before_there_is_a_record(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    child = comment_of(session, CHILD)
    release = {"do": "release", "text": "A child was hurt.", "seen": "waiting", "keep": "yes"}
    manager.get(filled.url("/comments"))
    page = manager.post(filled.url(f"/comments/{child.id}"), release, status=422)
    assert "Put on record what was done about it first" in page.error_messages[0]

    record(manager, filled, child)
    manager.get(filled.url("/comments"))
    manager.post(filled.url(f"/comments/{child.id}"), release)

    assert comment_of(session, CHILD).state == "released"


@PAGES_ONLY
def test_withheld_comment_about_a_child_stays_and_one_with_a_name_leaves(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    for text in (CHILD, NAMED):
        comment = comment_of(session, text)
        manager.get(filled.url("/comments"))
        manager.post(filled.url(f"/comments/{comment.id}"), {"do": "withhold", "seen": "waiting"})

    assert [text[:5] for text in shown(manager.get(filled.url("/daily")))] == ["A boy"]


@PAGES_ONLY
def test_plain_comment_and_one_of_another_council_have_no_place_on_the_list(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    other = fill_round(session, slug="elsewhere", agencies=AGENCY, comments=["Ask Mr Thorn."])
    place = next(iter(other.agencies.values()))
    add_comment(session, other.round, place, "lp_comment", "My stepfather hits me, a boy said.")
    session.commit()
    stranger = comment_of(session, "My stepfather hits me, a boy said.")

    record(manager, filled, comment_of(session, PLAIN), 404)
    record(manager, filled, stranger, 404)

    assert session.scalars(select(CommentCheck)).all() == []


def test_flagged_comment_is_told_once_a_day_without_its_words(
    session: Session, filled: FilledRound
) -> None:
    filled.round.comments_checked_email = "reader@example.org"
    session.commit()

    send_in(session, filled, [PLAIN])
    assert session.scalars(select(Message)).all() == []
    send_in(session, filled, [CHILD])
    send_in(session, filled, [NAMED])

    (message,) = session.scalars(select(Message)).all()
    assert (message.to_address, message.kind) == ("reader@example.org", "flagged_comment")
    assert message.key == f"flagged/{filled.round.id}/2031-03-03"
    assert message.facts == {"path": "/manage/autumn/daily"}
    assert message.invitation_id is None
    session.commit()
    send_due(session, way=Way(None, Doors(secret_key="k" * 32, base_url="http://signpost.test")))
    letter = session.scalars(select(LocalMail)).one()
    assert letter.subject == "There is something to read today: Working together, autumn"
    assert "http://signpost.test/manage/autumn/daily" in letter.body
    assert "stepfather" not in letter.body
    days = session.execute(select(SentInDay.day, SentInDay.sent_in)).all()
    assert [(str(day), count) for day, count in days] == [("2031-03-03", 3)]


def test_answers_sent_in_at_one_moment_are_all_counted(
    session: Session, filled: FilledRound, database_url: str
) -> None:
    engine = make_engine(database_url)

    def one_more(_number: int) -> None:
        with Session(engine) as own:
            count_one(own, round_id=filled.round.id, day=NOW.date())
            own.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one_more, range(24)))
    engine.dispose()

    assert session.scalars(select(SentInDay.sent_in)).all() == [24]


@PAGES_ONLY
def test_nobody_is_told_where_no_address_is_kept(session: Session, filled: FilledRound) -> None:
    send_in(session, filled, [CHILD])

    assert session.scalars(select(Message)).all() == []


def test_closing_keeps_records_and_the_days_only_of_acts_for_a_child(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    record(manager, filled, comment_of(session, CHILD), note="Duty log 114")
    record(manager, filled, comment_of(session, NAMED), what="nothing_needed")
    before = {comment_of(session, text).id for text in (CHILD, NAMED)}

    anonymity.shuffle(session, filled.round.id)
    session.commit()

    kept = {
        text: list_checks(session, comment_ids=[comment_of(session, text).id])
        for text in (CHILD, NAMED)
    }
    assert not before & {key for found in kept.values() for key in found}, "the ids are new"
    (child,) = next(iter(kept[CHILD].values()))
    (named,) = next(iter(kept[NAMED].values()))
    assert (child.what, child.note, str(child.on_day)) == (
        "told_duty_team",
        "Duty log 114",
        "2031-03-03",
    )
    assert (named.what, named.on_day) == ("nothing_needed", None)
    page = manager.get(filled.url("/daily?show=done"))
    assert "Read, and nothing needed doing. Put on record by Robin Marsh." in page.words


@PAGES_ONLY
def test_record_is_in_the_audit_without_saying_of_which_comment(
    manager: Browser, session: Session, filled: FilledRound
) -> None:
    record(manager, filled, comment_of(session, CHILD), note="Duty log 114")

    session.commit()
    (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "comment_checked"))
    assert event.detail == {"round": "autumn"}


def test_day_is_that_of_london(session: Session, filled: FilledRound) -> None:
    late = NOW.replace(month=7, day=1, hour=23, minute=30)
    filled.round.closes_at_utc = late + timedelta(days=1)
    session.commit()

    send_in(session, filled, [], at=late)

    assert [str(day) for day in session.scalars(select(SentInDay.day))] == ["2031-07-02"]


@PAGES_ONLY
@pytest.mark.parametrize("page", ["daily", "comments"])
def test_round_without_a_reader_says_so(
    manager: Browser, session: Session, filled: FilledRound, page: str
) -> None:
    session.execute(update(Round).values(comments_checked_by=""))
    session.commit()

    assert "Nobody has been named yet to" in manager.get(f"{filled.url()}/{page}").words
