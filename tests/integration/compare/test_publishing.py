"""Bringing in published totals: on pages and by a command, with every fault listed."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from analysis.compared import Change
from survey.data.models import PublishedRound, PublishedTotal, StoredComparison
from survey.data.published import TotalRow, add_published
from tests import factories
from tests.integration.compare.conftest import BOTH, TwoRounds, close_round_of
from tests.integration.compare.test_comparing import stored
from tests.page import Browser, Page

GOOD = (
    "question,base,favourable,percent\n"
    "lp_threshold_same,120,96,\n"
    "lp_procedures_to_hand,118,,74.6\n"
    "pem_enough_data,,,52\n"
)
SOURCE = "Partnership annual report, table 7, https://www.example.org/report"
FIELDS = {
    "title": "Partnership survey",
    "held-month": "5",
    "held-year": "2028",
    "source": SOURCE,
    "bank": "safeguarding_children_2010@1.0",
}


def upload(
    manager: Browser,
    url: str,
    content: bytes,
    *,
    fields: dict[str, str] | None = None,
    status: int = 200,
) -> Page:
    """Posts a file with the form's fields, as a browser would."""
    token = manager.get(url).csrf_token
    data = {
        "csrf_token": token,
        **(FIELDS if fields is None else fields),
        "file": (io.BytesIO(content), "totals.csv"),
    }
    response = manager.client.post(url, data=data, content_type="multipart/form-data")
    return manager._seen(response, status)


def confirm(manager: Browser, url: str, page: Page) -> Page:
    """Presses the button that stores what was read."""
    hidden = {
        field.get("name") or "": field.get("value") or ""
        for field in page.all("input", type="hidden")
    }
    return manager.post(url, {**hidden, "do": "store"})


class TestOnPages:
    @BOTH
    def test_totals_are_shown_before_they_are_stored_and_then_compared(
        self, manager: Browser, session: Session, two: TwoRounds
    ) -> None:
        url = two.url("/compare/published")
        page = upload(manager, url, GOOD.encode())

        assert "Nothing has been stored yet" in page.words
        assert "96 people 120" in page.words
        assert "52% Not published" in page.words
        assert session.scalar(select(func.count()).select_from(PublishedRound)) == 0
        session.rollback()
        page = confirm(manager, url, page)
        assert "have been brought in" in page.words
        session.rollback()
        (id_,) = session.scalars(select(PublishedRound.id))
        session.rollback()
        page = manager.post(two.url("/compare"), {"rounds": ["after", f"published:{id_}"]})
        assert page.h1 == "What has changed"
        assert SOURCE in page.words
        session.rollback()
        (found,) = stored(session)
        steps = {code: each.steps[0] for code, each in found.questions().items() if each.steps}
        assert steps["lp_threshold_same"].change is Change.DECLINED
        assert steps["pem_enough_data"].change is Change.NOT_COMPARABLE
        assert steps["pem_enough_data"].all.before.share == pytest.approx(0.52)
        assert "52%, number of people not published" in page.words

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"question,base,favourable\nno_such_code,10,5\n", "no_such_code"),
            (b"question,base,favourable\nlp_threshold_same,10,11\n", "row 2"),
            (b"question,base,percent\nlp_threshold_same,10,155\n", "more than 100%"),
            (b"question,percent\nlp_threshold_same,=1+1\n", "=1+1"),
            (b"question,percent\n<script>alert(1)</script>,50\n", "<script>"),
            (b"\xff\xfe\x00q\x00u", ""),
            (b"PK\x03\x04" + b"\x00" * 50, ""),
            (b"question,percent\n" + b"lp_threshold_same,50\n" * 3000, "row 2 already"),
            (b"question\n" + b"x" * 100_000 + b"\n", ""),
        ],
        ids=[
            "unknown code",
            "more than the base",
            "over 100",
            "formula",
            "script",
            "utf-16",
            "a zip file",
            "one question 3,000 times",
            "endless cell",
        ],
    )
    def test_hostile_file_is_listed_and_nothing_is_stored(
        self, manager: Browser, session: Session, two: TwoRounds, content: bytes, said: str
    ) -> None:
        page = upload(manager, two.url("/compare/published"), content, status=422)

        assert page.error_messages == ["The file cannot be used: see what is wrong with it"]
        assert "What is wrong with the file" in page.words
        assert said in page.words
        assert len(page.text) < 60_000
        assert page.all("input", id="title")[0].get("value") == "Partnership survey"
        assert session.scalar(select(func.count()).select_from(PublishedRound)) == 0

    def test_blank_form_says_what_is_missing(self, manager: Browser, two: TwoRounds) -> None:
        url = two.url("/compare/published")
        manager.get(url)

        page = manager.post(url, {}, status=422)

        assert page.error_messages == [
            "Select the questionnaire whose codes the file uses",
            "Enter a name for this round",
            "Enter when people answered as a month and a year",
            "Say where the totals come from",
            "Select the file with the totals",
        ]

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            ("held-month", "13", "Enter when people answered as a month and a year"),
            ("held-year", "2999", "People must have answered by now: check month and year"),
            ("title", "x" * 201, "Use 200 characters or fewer for the name"),
            ("source", "", "Say where the totals come from"),
            ("bank", "section_11@1.0", "Select the questionnaire whose codes the file uses"),
        ],
        ids=["no month", "to come", "long name", "no source", "another questionnaire"],
    )
    def test_wrong_field_keeps_the_file_that_was_read(
        self, manager: Browser, two: TwoRounds, name: str, value: str, said: str
    ) -> None:
        fields = {**FIELDS, name: value}

        page = upload(
            manager, two.url("/compare/published"), GOOD.encode(), fields=fields, status=422
        )

        assert page.error_messages == [said]
        kept = page.all("input", name="read")
        assert bool(kept) is (name != "bank")

    def test_name_that_is_taken_is_an_error(
        self, manager: Browser, session: Session, two: TwoRounds
    ) -> None:
        url = two.url("/compare/published")
        confirm(manager, url, upload(manager, url, GOOD.encode()))
        page = upload(manager, url, GOOD.encode())
        hidden = {
            field.get("name") or "": field.get("value") or ""
            for field in page.all("input", type="hidden")
        }

        page = manager.post(url, {**hidden, "do": "store"}, status=422)

        assert page.error_messages == ["There is a published round of that name already."]
        session.rollback()
        assert session.scalar(select(func.count()).select_from(PublishedRound)) == 1

    @BOTH
    def test_removing_asks_first_and_takes_its_comparisons_along(
        self, manager: Browser, session: Session, two: TwoRounds
    ) -> None:
        url = two.url("/compare/published")
        confirm(manager, url, upload(manager, url, GOOD.encode()))
        session.rollback()
        (id_,) = session.scalars(select(PublishedRound.id))
        session.rollback()
        manager.post(two.url("/compare"), {"rounds": ["after", f"published:{id_}"]})
        manager.post(two.url("/compare"), {"rounds": ["after", "before"]})
        assert SOURCE in manager.get(f"{url}/{id_}").words

        page = manager.get(f"{url}/{id_}/remove")
        assert "every comparison made with them" in page.words
        manager.post(f"{url}/{id_}/remove")

        session.rollback()
        assert session.scalar(select(func.count()).select_from(PublishedTotal)) == 0
        assert session.scalar(select(func.count()).select_from(StoredComparison)) == 1

    def test_published_round_of_another_council_is_not_found(
        self, manager: Browser, session: Session, two: TwoRounds
    ) -> None:
        elsewhere = factories.make_council(session, slug="elsewhere")
        theirs = close_round_of(session, elsewhere, slug="theirs", days=40)
        id_ = add_published(
            session,
            review_id=theirs.review_id,
            title="Theirs",
            source="Somewhere",
            held_on=factories.NOW.date(),
            bank_id=theirs.bank_id,
            bank_digest=theirs.bank_digest,
            bank_json=theirs.bank_json,
            totals=[TotalRow("lp_threshold_same", 10, 5, None)],
            account_id=None,
            at=factories.NOW,
        )
        session.commit()
        url = two.url("/compare/published")
        for end in (id_, f"{id_}/remove"):
            manager.get(f"{url}/{end}", status=404)
        manager.get(url)
        manager.post(f"{url}/{id_}/remove", status=404)

        session.rollback()
        assert session.scalar(select(func.count()).select_from(PublishedRound)) == 1


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"favourable": None}, "says_something"),
        ({"favourable": 5, "base": None}, "favourable_within_base"),
        ({"favourable": 11, "base": 10}, "favourable_within_base"),
        ({"favourable": 0, "base": 0}, "base_positive"),
    ],
    ids=["nothing", "no base", "more than the base", "base of nobody"],
)
@BOTH
def test_total_that_must_not_exist_is_refused(
    session: Session, changes: dict[str, int | None], constraint: str
) -> None:
    round_ = factories.make_round(session)
    row = {"base": 10, "favourable": 5, **changes}

    with pytest.raises(IntegrityError, match=constraint):
        add_published(
            session,
            review_id=round_.review_id,
            title="One",
            source="Somewhere",
            held_on=factories.NOW.date(),
            bank_id=round_.bank_id,
            bank_digest=round_.bank_digest,
            bank_json=round_.bank_json,
            totals=[TotalRow("q", row["base"], row["favourable"], None)],
            account_id=None,
            at=factories.NOW,
        )
