"""Findings: what is shown of the stored summary, and what people decide about it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.result import (
    VERDICT_WORDS,
    GroupKind,
    Interval,
    Mark,
    ReturnBeside,
    Summary,
    ThemeScore,
    Verdict,
)
from question_banks.bank import OptionKind
from survey.actions import findings
from survey.actions.findings import DecisionConflict, ReasonNeeded
from survey.data.models import (
    Account,
    AuditEvent,
    Comment,
    Council,
    ReadingDecision,
    Snapshot,
)
from survey.data.snapshots import find_latest
from survey.errors import NotFound
from tests import factories_summary
from tests.filled_round import AGENCIES, FilledRound, add_comment, closing_prompt, fill_round
from tests.integration.manage.conftest import count_statements
from tests.integration.manage.shown import by_hand, store
from tests.page import Browser, Page, words_of

TOPIC = "procedures_in_use"
DECIDE = f"/findings/decide/{TOPIC}"
SVG = "{http://www.w3.org/2000/svg}svg"
SIGNPOST = "/findings/signposts/legislation_and_policy"


@pytest.fixture
def closed(manager: Browser, session: Session, council: Council) -> FilledRound:
    """A closed round with its snapshot made from fifty answers."""
    filled = fill_round(session, council=council)
    manager.get(filled.url("/close"))
    manager.post(filled.url("/close"))
    session.commit()
    session.refresh(filled.round)
    session.commit()
    return filled


def summary_of(session: Session, filled: FilledRound) -> Summary:
    """The stored summary."""
    text = session.scalars(
        select(Snapshot.summary_json).where(Snapshot.round_id == filled.round.id)
    ).one()
    session.commit()
    return Summary.model_validate_json(text)


def decisions_of(session: Session) -> list[ReadingDecision]:
    """Every decision kept. The transaction ends, so that the pages may write."""
    found = list(session.scalars(select(ReadingDecision)))
    session.commit()
    return found


def rows_of(page: Page) -> list[list[str]]:
    """Every row of every table, cell by cell."""
    return [
        [words_of(cell) for cell in row.iter() if cell.tag in {"th", "td"}]
        for row in page.all("tr")
    ]


def test_findings_say_who_answered_caveats_and_every_topic(
    manager: Browser, session: Session, closed: FilledRound
) -> None:
    summary = summary_of(session, closed)

    words = manager.get(closed.url("/findings")).words

    assert "50 of 90 people invited answered (56%), from 7 agencies." in words
    assert words.index("Before you read them") < words.index("By signpost")
    assert "schools" in words[: words.index("By signpost")].casefold()
    for signpost in summary.signposts:
        assert signpost.title in words
        for topic in signpost.topics:
            assert topic.reading.sentence in words


def test_every_page_of_the_findings_is_a_sound_page(
    manager: Browser, session: Session, closed: FilledRound
) -> None:
    summary = summary_of(session, closed)

    for signpost in summary.signposts:
        words = manager.get(closed.url(f"/findings/signposts/{signpost.code}")).words
        for topic in signpost.topics:
            assert topic.title in words
            assert topic.reading.sentence in words
            for enquiry in topic.enquiries:
                assert enquiry.test in words
                assert enquiry.ask in words
                assert enquiry.documents in words
    for code, question in summary.questions().items():
        page = manager.get(closed.url(f"/findings/questions/{code}"))
        assert page.h1 == question.text


def test_question_says_people_share_range_and_why(
    manager: Browser, session: Session, council: Council
) -> None:
    filled = by_hand(manager, session, council, [factories_summary.signpost()])

    page = manager.get(filled.url("/findings/questions/enough_data"))

    assert "60%: 30 of 50 people who answered on the scale, from 7 agencies" in page.words
    assert "the true share may well lie anywhere from 46% to 72%" in page.words
    assert "The share could be 33% to 78%" in page.words
    assert "2 people, 4% of those to whom it applies." in page.words
    assert "With them counted as not favourable, the share would be 58%." in page.words
    assert "This is why it reads so." in page.words
    assert "30 of 50 people in 7 agencies were positive: 60%." in page.words
    assert "For a strength the first must not reach below 50%" in page.words
    # Everybody's answers, the two sides with their ranges, and every group.
    assert len(page.all(SVG, role="img")) == 3
    assert ["Strongly agree", "10", "20%"] in rows_of(page)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_reading_is_told_in_words(
    manager: Browser, session: Session, council: Council, verdict: Verdict
) -> None:
    says = factories_summary.reading(verdict)
    topic = factories_summary.topic(says=says)
    filled = by_hand(manager, session, council, [factories_summary.signpost(topics=(topic,))])

    page = manager.get(filled.url("/findings/signposts/performance"))

    tags = [words_of(tag) for tag in page.all("strong") if "tag" in (tag.get("class") or "")]
    assert tags[0] == VERDICT_WORDS[verdict]


def test_group_without_figures_is_marked_in_words_and_never_a_number(
    manager: Browser, session: Session, council: Council
) -> None:
    hidden = factories_summary.group(
        "Council", kind=GroupKind.SIDE, code="council", mark=Mark.CONFIDENTIAL
    )
    worded = factories_summary.group(
        "Health", kind=GroupKind.SECTOR_GROUP, code="health", words="Mostly positive"
    )
    question = factories_summary.question(groups=(hidden, worded))
    signpost = factories_summary.signpost(topics=(factories_summary.topic(questions=(question,)),))
    filled = by_hand(manager, session, council, [signpost])

    words = manager.get(filled.url("/findings/questions/enough_data")).words

    assert "Council: not shown, to protect people in a small group" in words
    assert "Health: mostly positive" in words
    page = manager.get(filled.url("/findings/signposts/performance"))
    assert "The council against all partners: not shown, to protect people" in page.words


def test_score_small_groups_held_questions_and_returns_are_told(
    manager: Browser, session: Session, council: Council
) -> None:
    health = factories_summary.group(
        "Health", kind=GroupKind.SECTOR_GROUP, code="health", words="Mostly positive"
    )
    question = factories_summary.question().model_copy(update={"held": True})
    signpost = factories_summary.signpost(
        topics=(factories_summary.topic(questions=(question,)),)
    ).model_copy(
        update={
            "groups": (health,),
            "score": ThemeScore(
                questions=("enough_data",),
                people=50,
                score=0.6,
                interval=Interval(low=0.46, high=0.72),
            ),
        }
    )
    rating = ReturnBeside(
        agency="Wexmoor Police",
        question="enough_data",
        rating="Agree",
        kind=OptionKind.FAVOURABLE,
        of_group=True,
        practitioners=health,
        sentence="The agency rates this higher than its practitioners do.",
    )
    filled = fill_round(session, council=council, agencies=AGENCIES[:1])
    summary = factories_summary.summary((signpost,))
    store(session, filled.round, summary.model_copy(update={"returns": (rating,)}))

    page = manager.get(filled.url("/findings/signposts/performance"))

    assert "It is the council that says so: its partners are less positive." in page.words
    assert "Over 1 question, on average 60% of the 50 people who answered" in page.words
    assert "Health: mostly positive" in page.words
    assert "(from an earlier snapshot)" in page.words
    beside = "Health (its own are too few to show): Mostly positive"
    row = ["Wexmoor Police", "Enough data to judge performance", "Agree", beside, rating.sentence]
    assert row in rows_of(manager.get(filled.url("/findings")))
    page = manager.get(filled.url("/findings/questions/enough_data"))
    assert "These are the figures of an earlier snapshot." in page.words
    assert [row[0], *row[2:]] in rows_of(page)


def test_counted_question_has_counts_and_no_reading(
    manager: Browser, session: Session, council: Council
) -> None:
    topic = factories_summary.topic(
        questions=(factories_summary.question(), factories_summary.counted_question())
    )
    filled = by_hand(manager, session, council, [factories_summary.signpost(topics=(topic,))])

    page = manager.get(filled.url("/findings/questions/main_training"))

    assert "40 answered, 10 left it out." in page.words
    assert ["Online course", "25", "63%"] in rows_of(page)
    assert "Counted, not read" in manager.get(filled.url("/findings/signposts/performance")).words


@pytest.mark.parametrize("end", ["signposts/nothing", "questions/nothing", "decide/nothing"])
def test_unknown_part_of_the_findings_is_not_found(
    manager: Browser, closed: FilledRound, end: str
) -> None:
    manager.get(closed.url(f"/findings/{end}"), status=404)


def test_released_comments_stand_beside_counts_for_and_against(
    manager: Browser, session: Session, closed: FilledRound
) -> None:
    place = next(iter(closed.agencies.values()))
    for text, state, released in (
        ("Released word for word", "released", "Released after redaction"),
        ("Withheld remark", "withheld", None),
        ("Waiting remark", "waiting", None),
    ):
        add_comment(session, closed.round, place, "lp_comment", text)
        comment = session.scalars(select(Comment).where(Comment.text == text)).one()
        comment.state, comment.released_text = state, released
    session.commit()

    page = manager.get(closed.url(SIGNPOST))

    assert "Released after redaction" in page.words
    for text in ("Released word for word", "Withheld remark", "Waiting remark"):
        assert text not in page.text
    assert "favourable on most of what they answered here" in page.words
    assert "1 released comment" in manager.get(closed.url("/findings")).words


def test_comment_is_told_by_a_group_large_enough_and_never_by_its_agency(
    manager: Browser, session: Session, closed: FilledRound
) -> None:
    for name, text in (
        ("Tarn Valley Police", "From a group that is shown"),
        ("Wexmoor Family Centre", "From a sector too small to name"),
    ):
        add_comment(session, closed.round, closed.agencies[name], "lp_comment", text)
        comment = session.scalars(select(Comment).where(Comment.text == text)).one()
        comment.state, comment.released_text = "released", text
    session.commit()

    quotes = [words_of(quote) for quote in manager.get(closed.url(SIGNPOST)).all("blockquote")]

    assert all("Wexmoor Family Centre" not in quote for quote in quotes)
    assert all("Tarn Valley Police" not in quote for quote in quotes)
    small = next(quote for quote in quotes if "too small to name" in quote)
    assert "Voluntary" not in small


def test_comment_at_the_end_and_one_not_to_be_quoted(
    manager: Browser, session: Session, closed: FilledRound
) -> None:
    place = next(iter(closed.agencies.values()))
    code = closing_prompt(closed.bank).code
    add_comment(session, closed.round, place, code, "<b>Last</b> word", quotable=False)
    comment = session.scalars(select(Comment)).one()
    comment.state, comment.released_text = "released", comment.text
    session.commit()

    words = manager.get(closed.url("/findings")).words

    assert "<b>Last</b> word" in words
    assert "Not to be quoted in the letter." in words


def test_overruling_keeps_both_readings_with_who_when_and_why(
    manager: Browser, session: Session, closed: FilledRound
) -> None:
    summary = summary_of(session, closed)
    _, reading = findings.get_reading(summary, TOPIC)
    manager.get(closed.url(DECIDE))

    page = manager.post(
        closed.url(DECIDE),
        {"verdict": "dont_know", "reason": "Two teams told us.", "note": "We heard otherwise."},
    )

    assert page.path == closed.url(SIGNPOST)
    assert "Your decision has been saved." in page.words
    assert "Reviewers’ judgement: Partners do not know." in page.words
    assert "The rule’s reading:" in page.words
    assert reading.sentence in page.words
    assert "Why: Two teams told us." in page.words
    assert "In reviewers’ words: We heard otherwise." in page.words
    assert "Robin Marsh, midday on 3 March 2031" in page.words
    stored = decisions_of(session)[0]
    assert (stored.rule_verdict, stored.verdict) == (reading.verdict, "dont_know")
    assert "We heard otherwise." in manager.get(closed.url("/findings")).words


def test_question_can_be_overruled_too(manager: Browser, closed: FilledRound) -> None:
    manager.get(closed.url("/findings/decide/lp_changes_reach_me"))

    page = manager.post(
        closed.url("/findings/decide/lp_changes_reach_me"),
        {"verdict": "too_few", "reason": "One team only."},
    )

    assert page.path == closed.url("/findings/questions/lp_changes_reach_me")
    assert "Reviewers’ judgement: Too few to say." in page.words


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "Select how you read it"),
        ({"verdict": "both", "reason": "x"}, "Select how you read it"),
        ({"verdict": "worse", "reason": "x"}, "Select how you read it"),
        ({"verdict": "dont_know", "reason": "  "}, "Say why you read it differently"),
        (
            {"verdict": "dont_know", "reason": "x" * 2001},
            "Use 2,000 characters or fewer: you have used 2,001",
        ),
        (
            {"verdict": "keep", "note": "x" * 2001},
            "Use 2,000 characters or fewer: you have used 2,001",
        ),
    ],
    ids=["nothing", "not offered", "made up", "no reason", "long reason", "long note"],
)
def test_decision_refused_keeps_what_was_typed(
    manager: Browser, session: Session, closed: FilledRound, fields: dict[str, str], message: str
) -> None:
    manager.get(closed.url(DECIDE))

    page = manager.post(closed.url(DECIDE), fields, status=422)

    assert page.error_messages == [message]
    assert (page.all("textarea", id="note")[0].text or "") == fields.get("note", "")
    assert decisions_of(session) == []


def test_note_alone_keeps_the_rules_reading(manager: Browser, closed: FilledRound) -> None:
    manager.get(closed.url(DECIDE))

    page = manager.post(closed.url(DECIDE), {"verdict": "keep", "note": "In our own words."})

    assert "Reviewers’ judgement" not in page.words
    assert "In reviewers’ words: In our own words." in page.words


def test_newest_decision_is_in_force_and_the_older_are_kept(
    manager: Browser, session: Session, closed: FilledRound
) -> None:
    for verdict, reason in (("dont_know", "First."), ("too_few", "Second."), ("keep", "")):
        page = manager.get(closed.url(DECIDE))
        seen = page.all("input", name="seen")[0].get("value") or ""
        manager.post(closed.url(DECIDE), {"verdict": verdict, "reason": reason, "seen": seen})

    words = manager.get(closed.url(DECIDE)).words
    assert words.index("Too few to say") < words.rindex("Partners do not know")
    assert "Why: First." in words
    assert len(decisions_of(session)) == 3
    assert "Reviewers’ judgement" not in manager.get(closed.url(SIGNPOST)).words


def test_second_manager_sees_the_first_ones_decision_before_saving(
    manager: Browser, second: Browser, session: Session, closed: FilledRound
) -> None:
    second.get(closed.url(DECIDE))
    manager.get(closed.url(DECIDE))
    manager.post(closed.url(DECIDE), {"verdict": "dont_know", "reason": "The first reason."})
    theirs = {"verdict": "too_few", "reason": "The second reason.", "note": "Mine."}

    page = second.post(closed.url(DECIDE), theirs, status=409)

    assert "What Robin Marsh decided" in page.words
    assert "The first reason." in page.words
    assert page.all("textarea", id="reason")[0].text == "The second reason."
    assert page.all("textarea", id="note")[0].text == "Mine."
    assert len(decisions_of(session)) == 1

    seen = page.all("input", name="seen")[0].get("value") or ""
    page = second.post(closed.url(DECIDE), theirs | {"seen": seen})
    assert "Why: The second reason." in page.words


def test_hostile_text_in_a_decision_is_text(manager: Browser, closed: FilledRound) -> None:
    manager.get(closed.url(DECIDE))

    page = manager.post(
        closed.url(DECIDE),
        {"verdict": "dont_know", "reason": "<script>alert(1)</script>\n=1+1", "note": "{{ 7*7 }}"},
    )

    assert "<script>alert(1)</script> =1+1" in page.words
    assert "{{ 7*7 }}" in page.words


def test_decision_is_on_record_without_its_text(
    manager: Browser, session: Session, closed: FilledRound
) -> None:
    manager.get(closed.url(DECIDE))
    manager.post(closed.url(DECIDE), {"verdict": "dont_know", "reason": "A secret reason."})

    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "reading_decided")).one()
    assert event.detail == {"round": "autumn", "subject": TOPIC}


def test_action_refuses_overruling_without_a_reason_and_with_an_old_view(
    session: Session, manager: Browser, account: Account, closed: FilledRound
) -> None:
    snapshot = find_latest(session, round_id=closed.round.id)
    assert snapshot is not None
    _, reading = findings.get_reading(summary_of(session, closed), TOPIC)

    def decide(*, reason: str, seen: str) -> None:
        findings.decide(
            session,
            round_id=closed.round.id,
            slug=closed.round.slug,
            snapshot=snapshot,
            subject=TOPIC,
            reading=reading,
            verdict=Verdict.DONT_KNOW,
            reason=reason,
            note="",
            seen=seen,
            account_id=account.id,
            council_id=closed.council.id,
            now=datetime.now(UTC),
        )

    with pytest.raises(ReasonNeeded):
        decide(reason=" ", seen="")
    with pytest.raises(DecisionConflict):
        decide(reason="Because.", seen="an id of another time")
    with pytest.raises(NotFound):
        findings.get_reading(summary_of(session, closed), "nothing")
    session.rollback()


@pytest.mark.parametrize(
    ("end", "most"),
    [
        ("", 15),
        ("/comments?show=all", 8),
        ("/close", 10),
        ("/findings", 8),
        (SIGNPOST, 8),
        ("/findings/questions/lp_changes_reach_me", 8),
        (DECIDE, 8),
    ],
)
def test_page_asks_the_database_a_fixed_number_of_times(
    app: Flask,
    manager: Browser,
    session: Session,
    closed: FilledRound,
    end: str,
    most: int,
) -> None:
    place = next(iter(closed.agencies.values()))
    manager.get(closed.url(end))
    with count_statements(app) as few:
        manager.client.get(closed.url(end))
    for number in range(15):
        add_comment(session, closed.round, place, "lp_comment", f"Mr Thornback {number}")
    session.commit()

    with count_statements(app) as many:
        manager.client.get(closed.url(end))

    assert len(few) == len(many)
    assert len(many) <= most, many
