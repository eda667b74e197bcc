"""Comparing rounds on pages: choosing, the result, what people note, files, and who may."""

from __future__ import annotations

import csv
import io
import re
import zipfile

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.compared import Change, Comparison
from survey.actions import closing, comparing
from survey.actions.comparing import InvalidChoice
from survey.data.comparing import get_comparison, list_pairs
from survey.data.models import (
    Account,
    AuditEvent,
    CircumstanceNote,
    ComparedPair,
    Council,
    StoredComparison,
    WordingDecision,
)
from survey.data.published import TotalRow, add_published
from survey.errors import NotFound
from tests import factories
from tests.integration.compare.conftest import BOTH, TwoRounds, close_round_of, small
from tests.integration.manage.conftest import count_statements
from tests.page import Browser, Page

QUESTION = "lp_threshold_same"


def compared(manager: Browser, two: TwoRounds) -> Page:
    """The page of the comparison of the two rounds."""
    manager.get(two.url("/compare"))
    return manager.post(two.url("/compare"), {"rounds": ["before", "after"]})


def stored(session: Session) -> list[Comparison]:
    """The comparisons kept, the oldest first."""
    texts = session.scalars(
        select(StoredComparison.comparison_json).order_by(StoredComparison.made_at_utc)
    )
    return [Comparison.model_validate_json(text) for text in texts]


class TestChoosing:
    def test_both_rounds_are_offered_and_chosen(self, manager: Browser, two: TwoRounds) -> None:
        page = manager.get(two.url("/compare"))

        values = [box.get("value") for box in page.all("input", type="checkbox")]
        assert values == ["after", "before"]
        assert all(box.get("checked") is not None for box in page.all("input", type="checkbox"))

    def test_council_with_one_round_is_told_what_is_missing(
        self, manager: Browser, session: Session, council: Council
    ) -> None:
        close_round_of(session, council, slug="only", days=40)

        page = manager.get("/manage/only/compare")

        assert "There is nothing to compare yet" in page.words
        assert page.all("input", type="checkbox") == []

    @pytest.mark.parametrize("values", [[], ["after"]], ids=["none", "one"])
    def test_too_few_rounds_are_an_error(
        self, manager: Browser, two: TwoRounds, values: list[str]
    ) -> None:
        manager.get(two.url("/compare"))

        page = manager.post(two.url("/compare"), {"rounds": values}, status=422)

        assert page.error_messages == ["Select two rounds or more"]

    def test_too_many_rounds_are_refused(
        self, session: Session, council: Council, two: TwoRounds, account: Account
    ) -> None:
        ids = [
            add_published(
                session,
                review_id=two.after.review_id,
                title=f"Survey {number}",
                source="Somewhere",
                held_on=factories.NOW.date(),
                bank_id=two.after.bank_id,
                bank_digest=two.after.bank_digest,
                bank_json=two.after.bank_json,
                totals=[TotalRow("lp_threshold_same", 10, 5, None)],
                account_id=None,
                at=factories.NOW,
            )
            for number in range(5)
        ]

        with pytest.raises(InvalidChoice, match="6 rounds or fewer"):
            comparing.compare_chosen(
                session,
                council_id=council.id,
                values=["before", "after", *(f"published:{id_}" for id_ in ids)],
                account_id=account.id,
                now=factories.NOW,
            )

    @pytest.mark.parametrize("value", ["elsewhere", "no-such-round", "open", "published:0"])
    def test_round_that_is_not_the_councils_or_not_closed_is_not_found(
        self, manager: Browser, session: Session, two: TwoRounds, council: Council, value: str
    ) -> None:
        close_round_of(session, factories.make_council(session), slug="elsewhere", days=40)
        factories.make_round(session, council=council, slug="open")
        session.commit()
        manager.get(two.url("/compare"))

        manager.post(two.url("/compare"), {"rounds": ["after", value]}, status=404)

        assert stored(session) == []


class TestResult:
    def test_fall_is_told_first_and_by_question(
        self, manager: Browser, session: Session, two: TwoRounds
    ) -> None:
        page = compared(manager, two)

        (found,) = stored(session)
        declined = found.counts[0].declined
        assert declined == 4
        assert "4 questions declined" in page.words
        assert page.words.index("declined") < page.words.index("What is compared")
        assert found.questions()[QUESTION].steps[0].change is Change.DECLINED

    def test_rounds_are_in_the_order_of_time_whatever_was_posted_first(
        self, manager: Browser, session: Session, two: TwoRounds
    ) -> None:
        manager.get(two.url("/compare"))
        manager.post(two.url("/compare"), {"rounds": ["after", "before"]})

        (found,) = stored(session)
        assert [round_.when for round_ in found.rounds] == ["January 2030", "January 2031"]

    @BOTH
    def test_asking_again_makes_nothing_new(
        self, manager: Browser, session: Session, two: TwoRounds
    ) -> None:
        first = compared(manager, two)
        second = compared(manager, two)

        assert first.path == second.path
        assert len(stored(session)) == 1
        assert session.scalar(select(func.count()).select_from(ComparedPair)) == 1

    def test_question_shows_both_bases(self, manager: Browser, two: TwoRounds) -> None:
        page = compared(manager, two)
        (link,) = {
            link.get("href") or ""
            for link in page.all("a")
            if (link.get("href") or "").endswith(f"/questions/{QUESTION}")
        }

        page = manager.get(link)

        assert "All agencies" in page.words
        assert "Agencies that answered both times" in page.words
        assert "of 42 people" in page.words
        assert "of 48 people" in page.words

    def test_unknown_question_and_step_are_not_found(
        self, manager: Browser, two: TwoRounds
    ) -> None:
        path = compared(manager, two).path

        for end in ("questions/nothing", f"questions/{QUESTION}/note/0", "questions/x/note/1"):
            manager.get(f"{path}/{end}", status=404)
        manager.get(f"{path}/questions/{QUESTION}/wording/one", status=404)

    def test_reopened_round_hides_its_comparison(
        self, manager: Browser, session: Session, two: TwoRounds
    ) -> None:
        path = compared(manager, two).path
        session.refresh(two.after)
        two.after.closed_at_utc = None
        session.commit()

        page = manager.get(path, status=409)

        assert "open again" in page.words
        assert "declined" not in page.words

    @BOTH
    def test_newer_snapshot_is_said_and_compared_anew(
        self, manager: Browser, session: Session, two: TwoRounds, council: Council
    ) -> None:
        path = compared(manager, two).path
        _answer_more(session, two, council)

        page = manager.get(path)
        assert "New findings have been made" in page.words
        anew = manager.post(f"{path}/again")

        assert anew.path != path
        assert "New findings have been made" not in anew.words
        assert len(list_pairs(session, council_id=council.id)) == 2

    def test_comparison_page_asks_the_database_little(
        self, manager: Browser, app: Flask, two: TwoRounds
    ) -> None:
        path = compared(manager, two).path
        manager.get(path)

        with count_statements(app) as seen:
            manager.get(path)

        assert len(seen) <= 6, "\n".join(seen)

    @BOTH
    def test_deleting_a_round_deletes_its_comparisons(
        self, manager: Browser, session: Session, two: TwoRounds
    ) -> None:
        from survey.actions.rounds import delete_round as delete
        from survey.data.rounds import get_round_by_slug

        path = compared(manager, two).path
        delete(session, get_round_by_slug(session, slug="before"), now=factories.NOW)
        session.commit()

        assert stored(session) == []
        manager.get(path, status=404)


def _answer_more(session: Session, two: TwoRounds, council: Council) -> None:
    """Thirty people more of each agency, after the round was opened again; then it is closed."""
    from random import Random

    from survey.data.models import InvitedAgency
    from tests.filled_round import answer

    session.refresh(two.after)
    two.after.closed_at_utc = None
    bank = small("safeguarding_children_2010")
    places = session.scalars(
        select(InvitedAgency).where(InvitedAgency.round_id == two.after.id)
    ).all()
    chance = Random("more")
    for place in places:
        for _ in range(30):
            answer(session, two.after, bank, place, chance=chance)
    done = closing.close_round(
        session,
        round_id=two.after.id,
        account_id=None,
        council_id=council.id,
        now=factories.NOW,
    )
    session.commit()
    assert done.number == 2


class TestNotes:
    @BOTH
    def test_note_stands_by_the_figures_until_it_is_taken_back(
        self, manager: Browser, session: Session, two: TwoRounds
    ) -> None:
        path = compared(manager, two).path
        manager.get(f"{path}/questions/{QUESTION}/note/1")
        page = manager.post(
            f"{path}/questions/{QUESTION}/note/1",
            {"kind": "new_definition", "note": "A new threshold document in May."},
        )

        assert "A new threshold document in May." in page.words
        assert "New definition" in page.words
        step = stored(session)[-1].questions()[QUESTION].steps[0]
        assert [note.by for note in step.circumstances] == ["Robin Marsh"]
        (form,) = [form for form in page.all("form") if "take-back" in (form.get("action") or "")]
        page = manager.post(form.get("action") or "")
        assert "A new threshold document in May." not in page.words
        session.rollback()
        assert session.scalar(select(CircumstanceNote.taken_back_at_utc)) is not None

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"note": "x"}, "Select what changed"),
            ({"kind": "weather", "note": "x"}, "Select what changed"),
            ({"kind": "other", "note": " "}, "Say in a sentence what changed"),
            (
                {"kind": "other", "note": "x" * 2001},
                "Use 2,000 characters or fewer: you have used 2,001",
            ),
        ],
        ids=["no kind", "unknown kind", "no words", "too long"],
    )
    def test_note_with_a_gap_is_an_error_and_keeps_what_was_typed(
        self,
        manager: Browser,
        session: Session,
        two: TwoRounds,
        fields: dict[str, str],
        message: str,
    ) -> None:
        address = f"{compared(manager, two).path}/questions/{QUESTION}/note/1"
        manager.get(address)

        page = manager.post(address, fields, status=422)

        assert page.error_messages == [message]
        assert fields["note"].strip() in (page.all("textarea")[0].text or "")
        assert session.scalar(select(func.count()).select_from(CircumstanceNote)) == 0

    def test_note_of_another_council_cannot_be_taken_back(
        self, manager: Browser, session: Session, two: TwoRounds
    ) -> None:
        path = compared(manager, two).path
        elsewhere = factories.make_council(session, slug="elsewhere")
        one = close_round_of(session, elsewhere, slug="one", days=400)
        other = close_round_of(session, elsewhere, slug="other", days=40)
        note = CircumstanceNote(
            council_id=elsewhere.id,
            before_round_id=one.id,
            after_round_id=other.id,
            question=QUESTION,
            kind="other",
            note="Theirs.",
            at_utc=factories.NOW,
        )
        session.add(note)
        session.commit()

        manager.post(f"{path}/questions/{QUESTION}/notes/{note.id}/take-back", status=404)

        session.refresh(note)
        assert note.taken_back_at_utc is None


class TestWording:
    REWORDED = "pem_enough_data"

    @pytest.fixture
    def path(self, manager: Browser, session: Session, council: Council, account: Account) -> str:
        """The address of a comparison of two questionnaires."""
        close_round_of(session, council, slug="old", days=400, bank="safeguarding_children_2012")
        close_round_of(session, council, slug="new", days=40)
        manager.get("/manage/new/compare")
        return manager.post("/manage/new/compare", {"rounds": ["old", "new"]}).path

    @BOTH
    def test_reworded_question_is_compared_once_somebody_says_so(
        self, manager: Browser, session: Session, path: str
    ) -> None:
        address = f"{path}/questions/{self.REWORDED}"
        page = manager.get(address)
        assert "Not comparable" in page.words
        manager.get(f"{address}/wording/1")

        page = manager.post(
            f"{address}/wording/1", {"comparable": "yes", "reason": "We asked five people."}
        )

        assert "Robin Marsh: We asked five people." in page.words
        step = stored(session)[-1].questions()[self.REWORDED].steps[0]
        assert step.comparable
        assert step.change is not Change.NOT_COMPARABLE
        page = manager.get(f"{page.path}/wording/1")
        page = manager.post(page.path, {"comparable": "no", "reason": "Two misread it."})
        assert "Not comparable" in page.words
        session.rollback()
        assert len(session.scalars(select(WordingDecision)).all()) == 2

    def test_decision_needs_an_answer_and_a_reason(
        self, manager: Browser, session: Session, path: str
    ) -> None:
        address = f"{path}/questions/{self.REWORDED}/wording/1"
        manager.get(address)

        page = manager.post(address, {"reason": ""}, status=422)

        assert page.error_messages == [
            "Select whether the two wordings may be compared",
            "Say why",
        ]
        assert session.scalars(select(WordingDecision)).all() == []

    @pytest.mark.parametrize(
        "question", ["lp_procedures_to_hand", "lp_threshold_same"], ids=["new", "same"]
    )
    def test_nothing_to_decide_is_refused(
        self, manager: Browser, session: Session, path: str, question: str
    ) -> None:
        page = manager.get(f"{path}/questions/{question}")
        assert "whether the two wordings may be compared" not in page.words

        manager.post(
            f"{path}/questions/{question}/wording/1",
            {"comparable": "yes", "reason": "x"},
            status=409,
        )

        assert session.scalars(select(WordingDecision)).all() == []


class TestFiles:
    @pytest.mark.parametrize("form", ["json", "csv", "xlsx", "docx"])
    def test_file_is_made_and_put_on_record(
        self, manager: Browser, session: Session, two: TwoRounds, form: str
    ) -> None:
        page = compared(manager, two)
        offered = [radio.get("value") for radio in page.all("input", name="format")]
        assert form in offered

        response = manager.client.post(
            f"{page.path}/file", data={"csrf_token": page.csrf_token, "format": form}
        )

        assert response.status_code == 200
        name = response.headers["Content-Disposition"]
        assert re.search(rf"comparison\.{form}", name)
        if form == "csv":
            rows = list(csv.reader(io.StringIO(response.get_data().decode("utf-8-sig"))))
            assert any(QUESTION in cell for row in rows for cell in row)
        elif form != "json":
            assert zipfile.ZipFile(io.BytesIO(response.get_data())).testzip() is None
        recorded = session.scalars(
            select(AuditEvent.detail).where(AuditEvent.action == "exported")
        ).one()
        assert recorded["format"] == form

    @pytest.mark.parametrize("form", ["pptx", "exe", ""])
    def test_other_format_is_not_found(self, manager: Browser, two: TwoRounds, form: str) -> None:
        page = compared(manager, two)

        manager.post(f"{page.path}/file", {"format": form}, status=404)


GETS = (
    "",
    "/questions/lp_threshold_same",
    "/questions/lp_threshold_same/wording/1",
    "/questions/lp_threshold_same/note/1",
)
POSTS = (
    "/again",
    "/file",
    "/questions/lp_threshold_same/wording/1",
    "/questions/lp_threshold_same/note/1",
    "/questions/lp_threshold_same/notes/0/take-back",
)


class TestAnotherCouncil:
    @pytest.fixture
    def theirs(self, session: Session, council: Council, account: Account) -> tuple[str, str]:
        """The end of the address of another council's comparison, and its later round."""
        elsewhere = factories.make_council(session, slug="elsewhere")
        close_round_of(session, elsewhere, slug="theirs-before", days=400)
        close_round_of(session, elsewhere, slug="theirs-after", days=40)
        made = comparing.compare_chosen(
            session,
            council_id=elsewhere.id,
            values=["theirs-before", "theirs-after"],
            account_id=None,
            now=factories.NOW,
        )
        session.commit()
        return f"/compare/{made}", "theirs-after"

    def test_its_comparison_is_not_found_under_any_round(
        self,
        manager: Browser,
        session: Session,
        council: Council,
        theirs: tuple[str, str],
    ) -> None:
        close_round_of(session, council, slug="ours", days=40)
        manager.get("/manage/ours/compare")
        path, slug = theirs
        for round_ in ("ours", slug):
            for end in GETS:
                manager.get(f"/manage/{round_}{path}{end}", status=404)
            manager.get("/manage/ours/compare")
            for end in POSTS:
                manager.post(
                    f"/manage/{round_}{path}{end}",
                    {"comparable": "yes", "reason": "x", "kind": "other", "note": "x"},
                    status=404,
                )
                manager.get("/manage/ours/compare")

        assert session.scalars(select(CircumstanceNote)).all() == []

    def test_actions_take_no_other_council(
        self, session: Session, council: Council, theirs: tuple[str, str]
    ) -> None:
        id_ = theirs[0].rpartition("/")[2]

        with pytest.raises(NotFound):
            get_comparison(session, council_id=council.id, comparison_id=id_)
        with pytest.raises(NotFound):
            comparing.compare_chosen(
                session,
                council_id=council.id,
                values=["theirs-before", "theirs-after"],
                account_id=None,
                now=factories.NOW,
            )
