"""Sharing a round, standing beside other councils, and refusing where too few share."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.actions import benchmarking
from survey.data.models import (
    Account,
    AuditEvent,
    Council,
    Round,
    SharingConsent,
    Snapshot,
    StoredBenchmark,
)
from survey.data.rounds import RoundOfCouncil, get_round_by_slug
from survey.data.sharing import add_consent
from tests import factories
from tests.integration.compare.conftest import BOTH, close_round_of
from tests.integration.manage.conftest import count_statements
from tests.page import Browser

OTHERS = 9
OWN = "/manage/own/benchmark"


@pytest.fixture
def own(session: Session, council: Council, account: Account) -> RoundOfCouncil:
    """A closed round of the manager's council."""
    close_round_of(session, council, slug="own", days=40)
    item = get_round_by_slug(session, slug="own")
    session.commit()
    return item


@pytest.fixture
def others(session: Session, own: RoundOfCouncil) -> list[Round]:
    """Rounds of nine other councils that share them; all copies of one, to be quick."""
    made = []
    first = close_round_of(
        session, factories.make_council(session, slug="first-other"), slug="other-0", days=60
    )
    (snapshot,) = session.scalars(select(Snapshot).where(Snapshot.round_id == first.id))
    made.append(first)
    for number in range(1, OTHERS):
        council = factories.make_council(session, slug=f"other-{number}")
        round_ = factories.make_round(
            session, council=council, slug=f"other-{number}", opens=first.opens_at_utc
        )
        round_.closed_at_utc = first.closed_at_utc
        round_.bank_id = first.bank_id
        columns = {
            column.name: getattr(snapshot, column.name)
            for column in Snapshot.__table__.columns
            if column.name not in {"id", "round_id"}
        }
        session.add(Snapshot(round_id=round_.id, **columns))
        made.append(round_)
    session.flush()
    for round_ in made:
        add_consent(session, round_id=round_.id, account_id=None, at=factories.NOW)
    session.commit()
    return made


def withdraw(session: Session, rounds: list[Round]) -> None:
    """The councils of these rounds share them no longer."""
    for round_ in rounds:
        item = get_round_by_slug(session, slug=round_.slug)
        benchmarking.withdraw(session, item, account_id=None, now=factories.NOW)
    session.commit()


class TestSharing:
    @BOTH
    def test_sharing_is_asked_kept_and_ended(
        self, manager: Browser, session: Session, own: RoundOfCouncil
    ) -> None:
        page = manager.get(f"{OWN}/share")
        assert "named to nobody" in page.words
        page = manager.post(f"{OWN}/share", {"do": "share"})
        assert "has been shared since" in page.words
        assert "Robin Marsh" in page.words

        manager.get(f"{OWN}/share")
        page = manager.post(f"{OWN}/share", {"do": "withdraw"})

        assert "This round is not shared any more." in page.words
        session.rollback()
        (consent,) = session.scalars(select(SharingConsent))
        assert consent.withdrawn_at_utc is not None
        recorded = session.scalars(select(AuditEvent.action).order_by(AuditEvent.at_utc)).all()
        assert [one for one in recorded if "sharing" in one] == [
            "sharing_agreed",
            "sharing_withdrawn",
        ]

    def test_pressing_twice_changes_nothing(
        self, manager: Browser, session: Session, own: RoundOfCouncil
    ) -> None:
        for do in ("share", "share", "withdraw", "withdraw"):
            manager.get(f"{OWN}/share")
            manager.post(f"{OWN}/share", {"do": do})

        session.rollback()
        assert len(session.scalars(select(SharingConsent)).all()) == 1

    def test_open_round_cannot_be_shared(
        self, manager: Browser, session: Session, council: Council
    ) -> None:
        factories.make_round(session, council=council, slug="open")
        session.commit()

        manager.get("/manage/open/benchmark", status=409)
        manager.get("/manage/open/benchmark/share", status=409)
        manager.get("/change-password")
        manager.post("/manage/open/benchmark/share", {"do": "share"}, status=409)

        assert session.scalars(select(SharingConsent)).all() == []

    @BOTH
    def test_consent_ended_before_it_began_is_refused(
        self, session: Session, own: RoundOfCouncil
    ) -> None:
        session.add(
            SharingConsent(
                round_id=own.round.id,
                agreed_at_utc=factories.NOW,
                withdrawn_at_utc=factories.NOW - timedelta(days=1),
            )
        )
        with pytest.raises(IntegrityError, match="in_order"):
            session.flush()


class TestBeside:
    @BOTH
    def test_figures_stand_beside_nine_councils_unnamed(
        self, manager: Browser, own: RoundOfCouncil, others: list[Round]
    ) -> None:
        page = manager.get(OWN)
        assert "Work the figures out" in page.words

        page = manager.post(OWN)

        assert "9 other councils" in page.words
        assert "Middle council" in page.words
        assert "Other 3" not in page.text
        assert "First Other" not in page.text
        (link,) = {
            link.get("href") or ""
            for link in page.all("a")
            if (link.get("href") or "").endswith("questions/lp_threshold_same")
        }
        page = manager.get(link)
        assert "of 42 people" in page.words
        assert "Other 3" not in page.text

    def test_two_consents_withdrawn_leave_too_few_and_no_figure(
        self, manager: Browser, session: Session, own: RoundOfCouncil, others: list[Round]
    ) -> None:
        manager.get(OWN)
        manager.post(OWN)
        withdraw(session, others[:2])

        page = manager.get(OWN)

        assert "7 other councils have agreed to share" in page.words
        assert "At least 8 are needed" in page.words
        assert "%" not in page.words
        manager.get(f"{OWN}/questions/lp_threshold_same", status=409)
        manager.get("/change-password")
        manager.post(f"{OWN}/file", {"format": "csv"}, status=409)
        exported = select(AuditEvent).where(AuditEvent.action == "exported")
        session.rollback()
        assert session.scalars(exported).all() == []
        session.rollback()
        manager.get(OWN)
        page = manager.post(OWN)
        assert "At least 8 are needed" in page.words
        assert "%" not in page.words

    def test_one_consent_withdrawn_hides_the_old_figures_until_worked_out_anew(
        self, manager: Browser, session: Session, own: RoundOfCouncil, others: list[Round]
    ) -> None:
        manager.get(OWN)
        manager.post(OWN)
        withdraw(session, others[:1])

        page = manager.get(OWN)
        assert "has changed since the figures were worked out" in page.words
        assert "%" not in page.words

        page = manager.post(OWN)
        assert "8 other councils" in page.words

    @pytest.mark.parametrize(
        "change",
        ["closed long ago", "opened again", "another questionnaire", "own council"],
    )
    def test_round_that_cannot_stand_beside_is_not_counted(
        self,
        session: Session,
        council: Council,
        own: RoundOfCouncil,
        others: list[Round],
        change: str,
    ) -> None:
        round_ = others[0]
        if change == "closed long ago":
            round_.closed_at_utc = own.round.opens_at_utc - timedelta(days=580)
            round_.opens_at_utc = round_.closed_at_utc - timedelta(days=9)
        elif change == "opened again":
            round_.closed_at_utc = None
        elif change == "another questionnaire":
            round_.bank_id = "agency_self_evaluation_2018@1.0"
        else:
            withdraw(session, [round_])
            add_consent(session, round_id=own.round.id, account_id=None, at=factories.NOW)
        session.commit()

        group = benchmarking.get_group(session, own)

        assert len(group.others) == OTHERS - 1

    @BOTH
    def test_of_two_rounds_of_a_council_the_nearest_counts(
        self, session: Session, own: RoundOfCouncil, others: list[Round]
    ) -> None:
        before = benchmarking.get_group(session, own)
        review = others[1].review_id
        others[2].review_id = review
        others[2].closed_at_utc = own.round.closed_at_utc
        session.commit()

        group = benchmarking.get_group(session, own)

        rounds = {shared.round_id for shared in group.others}
        assert len(rounds) == OTHERS - 1
        assert others[2].id in rounds
        assert others[1].id not in rounds
        assert group.key != before.key

    @pytest.mark.parametrize("form", ["json", "csv", "xlsx", "docx"])
    def test_file_is_made_and_put_on_record(
        self,
        manager: Browser,
        session: Session,
        own: RoundOfCouncil,
        others: list[Round],
        form: str,
    ) -> None:
        manager.get(OWN)
        page = manager.post(OWN)

        response = manager.client.post(
            f"{OWN}/file", data={"csrf_token": page.csrf_token, "format": form}
        )

        assert response.status_code == 200
        assert f"beside-other-councils.{form}" in response.headers["Content-Disposition"]
        if form in {"json", "csv"}:
            assert "Other 3" not in response.get_data(as_text=True)
        recorded = session.scalars(
            select(AuditEvent.detail).where(AuditEvent.action == "exported")
        ).one()
        assert recorded == {"benchmark": "own", "format": form}

    def test_page_asks_the_database_little(
        self, app: Flask, manager: Browser, own: RoundOfCouncil, others: list[Round]
    ) -> None:
        manager.get(OWN)
        manager.post(OWN)

        with count_statements(app) as seen:
            manager.get(OWN)

        assert len(seen) <= 7, "\n".join(seen)


@pytest.mark.parametrize("end", ["", "/share", "/questions/lp_threshold_same"])
def test_benchmark_of_another_council_is_not_found(
    manager: Browser, session: Session, own: RoundOfCouncil, end: str
) -> None:
    elsewhere = factories.make_council(session, slug="elsewhere")
    close_round_of(session, elsewhere, slug="theirs", days=40)
    manager.get("/manage/theirs/benchmark" + end, status=404)
    manager.get("/change-password")
    for post in ("", "/share", "/file"):
        manager.post(f"/manage/theirs/benchmark{post}", {"do": "share"}, status=404)
        manager.get("/change-password")

    session.rollback()
    assert session.scalars(select(SharingConsent)).all() == []
    assert session.scalars(select(StoredBenchmark)).all() == []
