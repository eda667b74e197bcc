"""Around a return: last answers offered, several councils, a Word draft, and closing a round."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import docx
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from question_banks.bank import Bank, ScaleQuestion
from question_banks.local import add_local
from survey.actions import agency_voices, closing
from survey.actions.closing import SnapshotOutcome
from survey.actions.returns_signing import missing_of
from survey.data import returns_versions, snapshots
from survey.data.engine import make_engine
from survey.data.models import InvitedAgency, Review, Role
from tests import factories
from tests.factories_returns import make_colleague, make_signed, save_answers, sign
from tests.filled_round import fill_round
from tests.integration.manage.conftest import sign_in as sign_in_manager
from tests.integration.returns.conftest import EVIDENCE, RATING, SECTION, Begun, section_11
from tests.page import Browser

LOCAL = "local_night_staff_k3pq"
OTHER = "s11_board_attention"


def reworded(bank: Bank, code: str, text: str) -> Bank:
    """An earlier version of the bank, with one question in other words."""
    signposts = tuple(
        signpost.model_copy(
            update={
                "topics": tuple(
                    topic.model_copy(
                        update={
                            "questions": tuple(
                                one.model_copy(update={"text": text}) if one.code == code else one
                                for one in topic.questions
                            )
                        }
                    )
                    for topic in signpost.topics
                )
            }
        )
        for signpost in bank.signposts
    )
    return bank.model_copy(update={"version": "0.9", "signposts": signposts})


def asks_of_nights(bank: Bank) -> Bank:
    """The bank with a question of one council's own."""
    question = ScaleQuestion.model_validate(
        {
            "type": "scale",
            "code": LOCAL,
            "scale": "met",
            "text": "Night staff know whom to call.",
            "local": True,
        }
    )
    return add_local(bank, [(SECTION, question)])


@pytest.fixture
def earlier(session: Session, begun: Begun) -> str:
    """A signed return of the same agency to an earlier version of the bank."""
    bank = reworded(section_11(), OTHER, "The board looks at safeguarding.")
    round_ = factories.make_round(session, bank=bank, slug="before")
    session.add(InvitedAgency(round_id=round_.id, agency_id=begun.agency_id))
    answers = {RATING: "met", EVIDENCE: "The register.", OTHER: "not_met"}
    at = factories.NOW - timedelta(days=5)
    made = make_signed(session, round_, begun.agency_id, bank=bank, answers=answers, at=at)
    session.commit()
    return made


def test_last_answers_are_offered_and_missing_until_confirmed(
    lead: Browser, begun: Begun, earlier: str, session: Session
) -> None:
    path = f"{begun.path}/last-return"
    page = lead.get(path)
    assert "The register." in page.words
    assert "Then it said: “The board looks at safeguarding.”" in page.words
    before = len(missing_of(session, begun.item(session)))
    session.commit()
    page = lead.post(f"{path}/bring-in")
    assert "3 of them" not in page.words
    lead.post(f"{path}/bring-in")
    newest = {
        one.question: one for one in returns_versions.list_newest(session, return_id=begun.id)
    }
    session.commit()
    assert {code: one.value for code, one in newest.items()} == {
        RATING: "met",
        EVIDENCE: "The register.",
        OTHER: "not_met",
    }
    assert all(one.carried_from and one.number == 1 for one in newest.values())

    save_answers(session, begun.id, {EVIDENCE: "Changed."}, at=factories.NOW, number=2)
    session.commit()
    lead.get(path)
    ticked = [f"{RATING}:1", f"{EVIDENCE}:1", f"{OTHER}:7", "nonsense"]
    page = lead.post(f"{path}/confirm", {"still": ticked})
    assert "Changed" in page.words
    newest = {
        one.question: one for one in returns_versions.list_newest(session, return_id=begun.id)
    }
    assert newest[RATING].carried_from is None
    assert newest[EVIDENCE].value == "Changed."
    assert newest[OTHER].carried_from is not None
    # The rating and its evidence are there; what the other rating calls for is asked as well.
    missing = missing_of(session, begun.item(session))
    assert len(missing) < before + 6
    assert [one.question.code for one in missing if one.lack.value == "confirmation"] == [OTHER]


def test_one_return_serves_two_councils_each_with_its_own_questions(
    app: Flask, lead: Browser, begun: Begun, session: Session
) -> None:
    other = factories.make_round(session, bank=asks_of_nights(section_11()), slug="elsewhere")
    different = factories.make_round(session, slug="another-bank")
    for round_ in (other, different):
        session.add(InvitedAgency(round_id=round_.id, agency_id=begun.agency_id))
    session.commit()
    (offer,) = [
        link.get("href")
        for link in lead.get("/returns").all("a")
        if "councils" in (link.get("href") or "")
    ]
    assert offer == f"{begun.path}/councils"
    page = lead.get(offer)
    assert "with 1 question of its own besides" in page.words
    assert "another-bank" not in page.words
    lead.post(f"{begun.path}/councils/{different.id}/join", status=404, token=page.csrf_token)
    lead.get(f"{begun.path}/councils")
    page = lead.post(f"{begun.path}/councils/{other.id}/join")
    assert "your answer to the 1 it added" in page.words
    other.closes_at_utc = begun.round.closes_at_utc - timedelta(days=1)
    session.commit()
    assert "Due by midday on 9 March 2031" in lead.get("/returns").words

    save_answers(session, begun.id, {RATING: "met"}, at=factories.NOW)
    save_answers(session, begun.id, {LOCAL: "not_met"}, at=factories.NOW, round_id=other.id)
    sign(session, begun.id, at=factories.NOW)
    for slug, council in (("section-11", begun.round), ("elsewhere", other)):
        make_colleague(
            session,
            begun.account,
            email=f"{slug}@example.org",
            role=Role.REVIEW_MANAGER,
            council_id=session.get_one(Review, council.review_id).council_id,
        )
    session.commit()
    first = sign_in_manager(app.test_client(), email="section-11@example.org")
    second = sign_in_manager(app.test_client(), email="elsewhere@example.org")
    path = f"returns/{begun.id}"
    assert "Met" in first.get(f"/manage/section-11/{path}").words
    assert LOCAL not in first.get(f"/manage/section-11/{path}").text
    page = second.get(f"/manage/elsewhere/{path}")
    assert "Questions you added" in page.words
    section = f"sections/local-{other.id}"
    assert "Night staff" in second.get(f"/manage/elsewhere/{path}/{section}").words
    first.get(f"/manage/section-11/{path}/{section}", status=404)
    first.get(f"/manage/section-11/{path}/scores/{LOCAL}", status=404)
    first.get(f"/manage/elsewhere/{path}", status=404)


def test_word_draft_holds_answers_blanks_and_the_marking(lead: Browser, begun: Begun) -> None:
    lead.get(begun.page())
    lead.post(
        begun.page(),
        {f"base--{RATING}": "0", RATING: "mostly_met", f"base--{EVIDENCE}": "0", EVIDENCE: "Ja\n2"},
    )
    lead.get(f"{begun.path}/draft")
    answer = lead.client.get(f"{begun.path}/draft.docx?sections={SECTION}&sections=nonsense")
    document = docx.Document(io.BytesIO(answer.get_data()))
    answer.close()
    headings = [
        one.text for one in document.paragraphs if one.style and one.style.name == "Heading 1"
    ]
    assert headings == ["Still missing", "Senior management commitment"]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "☒ Mostly met" in cells
    assert "☐ Met" in cells
    assert "Not answered yet\n\n\n" in cells
    words = " ".join(one.text for one in document.paragraphs)
    assert "Only if the rating above is “Mostly met”, “Partly met” or “Not met”." in words
    section = document.sections[0]
    assert section.header.paragraphs[0].text == "OFFICIAL"
    assert section.footer.paragraphs[-1].text == "OFFICIAL"


@pytest.fixture
def sqlite_session(empty_sqlite_url: str) -> Iterator[Session]:
    """A session on SQLite alone, for what does not depend on the kind of database."""
    engine = make_engine(empty_sqlite_url)
    with Session(engine, expire_on_commit=False) as own:
        yield own
    engine.dispose()


def test_signed_returns_stand_in_the_findings_when_a_round_is_closed(
    sqlite_session: Session,
) -> None:
    session = sqlite_session
    filled = fill_round(session)
    asked = next(one for one in filled.bank.questions() if isinstance(one, ScaleQuestion))
    options = filled.bank.scale_of(asked).options
    by: dict[str, Any] = {"account_id": None, "council_id": filled.council.id}

    def give(agency: str, option: str) -> str:
        invited = filled.agencies[agency]
        return make_signed(
            session,
            filled.round,
            invited.agency_id,
            bank=filled.bank,
            answers={asked.code: option},
            at=factories.NOW,
        )

    give("Tarn Valley Probation", options[0].code)
    closed = closing.close_round(session, round_id=filled.round.id, now=factories.NOW, **by)
    first = snapshots.find_latest(session, round_id=filled.round.id)
    assert first is not None
    rows = snapshots.get_summary(session, snapshot_id=first.id).returns
    assert [(row.agency, row.question) for row in rows] == [("Tarn Valley Probation", asked.code)]

    # Signed after the closing: it comes in when the round is closed again, with the same figures.
    give("Tarn Valley Police", options[-3].code)
    closing.reopen_round(
        session,
        round_id=filled.round.id,
        reason="A return came late.",
        closes_at=factories.NOW + timedelta(days=9),
        now=factories.NOW,
        **by,
    )
    closed = closing.close_round(session, round_id=filled.round.id, now=factories.NOW, **by)
    assert closed == closing.Closed(SnapshotOutcome.MADE, 2)
    second = snapshots.find_latest(session, round_id=filled.round.id)
    assert second is not None
    again = snapshots.get_summary(session, snapshot_id=second.id)
    assert sorted(row.agency for row in again.returns) == [
        "Tarn Valley Police",
        "Tarn Valley Probation",
    ]
    before = snapshots.get_summary(session, snapshot_id=first.id)
    assert [one.all for one in again.questions().values()] == [
        one.all for one in before.questions().values()
    ]
    assert agency_voices.are_shown(
        again,
        agency_voices.list_ratings(session, round_id=filled.round.id, bank=filled.bank),
        bank=filled.bank,
    )
