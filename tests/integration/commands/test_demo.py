"""The demo: what is in it, and that a second run keeps what was entered."""

from __future__ import annotations

import json
import re
import stat
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.result import CoverageState, Firmness, Reading, Reason, Summary, Verdict
from question_banks.bank import Sector
from survey.actions import accounts, anonymity
from survey.commands import demonstrating
from survey.data.base import Base
from survey.data.engine import make_engine
from survey.data.models import (
    Account,
    AuditEvent,
    Comment,
    Draft,
    Invitation,
    Participation,
    Response,
    Round,
    Snapshot,
)
from survey.data.rounds import RoundState, state_of
from survey.demo import cast, loading
from survey.settings import Settings
from tests.integration.commands.conftest import SECRET_KEY, looking

NOW = datetime(2027, 5, 4, 10, 30, tzinfo=UTC)
PASSWORD = "a password for this test"


@pytest.fixture
def loaded(database_url: str) -> Iterator[Session]:
    """A session on a database into which the demo was loaded at NOW."""
    engine = make_engine(database_url)
    with Session(engine) as session:
        loading.load(session, password=PASSWORD, now=NOW)
        session.commit()
        anonymity.erase_traces(engine)
        yield session
    engine.dispose()


def _round(session: Session, slug: str) -> Round:
    return session.scalars(select(Round).where(Round.slug == slug)).one()


def _summary(session: Session) -> Summary:
    return Summary.model_validate_json(session.scalars(select(Snapshot.summary_json)).one())


class TestWhatIsInIt:
    def test_counts_are_those_promised(self, loaded: Session) -> None:
        closed = _round(loaded, loading.CLOSED_SLUG)
        opened = _round(loaded, loading.OPEN_SLUG)

        def answered(round_: Round) -> int:
            counted = select(func.count()).where(Response.round_id == round_.id)
            return loaded.scalar(counted) or 0

        assert (state_of(closed, NOW), answered(closed)) == (RoundState.CLOSED, 50)
        assert (state_of(opened, NOW), answered(opened)) == (RoundState.OPEN, 6)
        assert closed.title != opened.title
        assert loaded.scalar(select(func.count()).select_from(Draft)) == 3
        assert loaded.scalar(select(func.count()).select_from(Invitation)) == 180
        assert loaded.scalar(select(func.count()).select_from(Participation)) == 56

    def test_open_round_closes_three_weeks_after_loading(self, loaded: Session) -> None:
        closes = _round(loaded, loading.OPEN_SLUG).closes_at_utc

        assert closes.date() == (NOW + timedelta(days=21)).date()

    def test_coverage_names_the_silent_schools(self, loaded: Session) -> None:
        coverage = _summary(loaded).coverage

        assert (coverage.invited, coverage.answered, coverage.agencies_answered) == (90, 50, 7)
        silent = [one for one in coverage.agencies if one.state is CoverageState.SILENT]
        assert [(one.sector, one.invited) for one in silent] == [(Sector.SCHOOLS, 30)]
        assert any("schools" in caveat for caveat in coverage.caveats)

    def test_closed_round_reads_as_a_review_team_would_expect(self, loaded: Session) -> None:
        questions = {
            question.code: question
            for signpost in _summary(loaded).signposts
            for topic in signpost.topics
            for question in topic.questions
        }

        def favourable(code: str) -> tuple[int, int] | None:
            group = questions[code].all
            figures = group.figures if group is not None else None
            return (figures.favourable, figures.base) if figures is not None else None

        def reading(code: str) -> Reading:
            found = questions[code].reading
            assert found is not None
            return found

        assert favourable("pem_enough_data") == (30, 50)
        assert favourable("cc_non_specialists_know") == (12, 50)
        assert reading("pem_enough_data").verdict is Verdict.STRENGTH
        assert reading("cc_non_specialists_know").verdict is Verdict.CONSIDERATION
        assert reading("cc_non_specialists_know").firmness is Firmness.CLEAR
        assert reading("pem_audit_acted_on").verdict is Verdict.DONT_KNOW
        assert reading("lac_own_responsibility").verdict is Verdict.BOTH
        assert reading("wt_schools_engaged").verdict is Verdict.TOO_FEW
        leant = {modifier.reason for modifier in reading("lp_threshold_same").modifiers}
        assert Reason.LEANT_ON_SILENT in leant

    def test_two_groups_beside_the_two_sides_have_figures(self, loaded: Session) -> None:
        question = next(
            question
            for signpost in _summary(loaded).signposts
            for topic in signpost.topics
            for question in topic.questions
            if question.code == "pem_enough_data"
        )

        shown = {group.group for group in question.groups if group.figures is not None}
        assert shown >= {"council", "partners", "health", "strategic", "frontline"}

    def test_comments_have_been_released_redacted_withheld_and_left(self, loaded: Session) -> None:
        closed = _round(loaded, loading.CLOSED_SLUG)
        comments = loaded.scalars(select(Comment).where(Comment.round_id == closed.id)).all()

        states = {one.state for one in comments}
        assert states == {"waiting", "released", "withheld"}
        redacted = [one for one in comments if "removed]" in (one.released_text or "")]
        assert len(redacted) >= 3
        assert any(one.flags for one in comments if one.state == "waiting")

    def test_disclosure_waits_in_the_open_round(self, loaded: Session) -> None:
        opened = _round(loaded, loading.OPEN_SLUG)
        comments = loaded.scalars(select(Comment).where(Comment.round_id == opened.id)).all()

        assert {one.state for one in comments} == {"waiting"}
        assert sum("disclosure" in one.flags for one in comments) == 1

    def test_manager_signs_in_with_the_password(self, loaded: Session) -> None:
        account = accounts.sign_in(
            loaded,
            email=cast.MANAGER_EMAIL,
            password=PASSWORD,
            place="192.0.2.1",
            now=NOW,
            secret_key=SECRET_KEY,
        )

        assert account is not None

    def test_nothing_leads_from_a_response_to_a_person(self, loaded: Session) -> None:
        private = {
            "response": {"id", "round_id", "agency_id", "level"},
            "answer": {"response_id", "question", "value"},
            "participation": {"invitation_id"},
        }
        for name, columns in private.items():
            assert set(Base.metadata.tables[name].columns.keys()) == columns
        used = set(loaded.scalars(select(Participation.invitation_id)))
        responses = set(loaded.scalars(select(Response.id)))
        details = json.dumps(loaded.scalars(select(AuditEvent.detail)).all())
        assert used.isdisjoint(responses)
        assert not any(one in details for one in used | responses)

    def test_same_seed_gives_the_same_answers_under_other_ids(
        self, loaded: Session, tmp_path: Path
    ) -> None:
        from survey.data import schema

        url = f"sqlite:///{tmp_path / 'second.db'}"
        schema.upgrade(url)
        with looking(url) as session:
            loading.load(session, password=PASSWORD, now=NOW + timedelta(days=3))
            session.commit()

            digests = [
                one.scalars(select(Snapshot.tally_digest)).one() for one in (loaded, session)
            ]
            ids = [set(one.scalars(select(Response.id))) for one in (loaded, session)]

        assert digests[0] == digests[1]
        assert ids[0].isdisjoint(ids[1])


class TestRunningAgain:
    @pytest.fixture
    def settings(self, instance: Path) -> Settings:
        """An installation's settings, on the demo's own database."""
        return Settings(
            secret_key=SECRET_KEY,
            database_url=f"sqlite:///{instance / 'demo.db'}",
            instance=instance,
        )

    def _doors(self, settings: Settings) -> str:
        return demonstrating.doors(settings, base_url="http://127.0.0.1:8000", now=NOW)

    def test_first_run_loads_in_reasonable_time_and_later_ones_keep(
        self, settings: Settings
    ) -> None:
        began = time.monotonic()
        first = demonstrating.load(settings, now=NOW)
        took = time.monotonic() - began
        before = self._doors(settings)
        with looking(settings.database_url) as session:
            session.add(AuditEvent(at_utc=NOW, action="entered since", detail={}))
            session.commit()

        second = demonstrating.load(settings, now=NOW + timedelta(days=1))

        assert took < 60
        assert first == demonstrating.LOADED
        assert second == demonstrating.KEPT
        assert self._doors(settings) == before
        with looking(settings.database_url) as session:
            assert "entered since" in session.scalars(select(AuditEvent.action)).all()

    def test_password_is_in_a_file_of_its_owner_and_is_right(
        self, settings: Settings, instance: Path
    ) -> None:
        demonstrating.load(settings, now=NOW)

        path = instance / "demo-password.txt"
        password = path.read_text(encoding="utf-8").strip()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE((instance / "demo.db").stat().st_mode) == 0o600
        assert f"password {password}   (kept in {path})" in self._doors(settings)

    def test_used_link_is_replaced_by_one_that_is_not(self, settings: Settings) -> None:
        demonstrating.load(settings, now=NOW)
        before = re.findall(r"/i/(\w{6})/", self._doors(settings))
        with looking(settings.database_url) as session:
            used = session.scalars(
                select(Invitation).where(Invitation.public_id == before[0])
            ).one()
            session.add(Participation(invitation_id=used.id))
            session.commit()

        after = re.findall(r"/i/(\w{6})/", self._doors(settings))

        assert len(before) == len(after) == 1
        assert before != after

    def test_link_that_was_only_begun_with_stays(self, settings: Settings) -> None:
        demonstrating.load(settings, now=NOW)
        before = self._doors(settings)
        public_id = re.findall(r"/i/(\w{6})/", before)[0]
        with looking(settings.database_url) as session:
            begun = session.scalars(
                select(Invitation).where(Invitation.public_id == public_id)
            ).one()
            session.add(
                Draft(
                    invitation_id=begun.id, level="frontline", started_at_utc=NOW, saved_at_utc=NOW
                )
            )
            session.commit()

        assert self._doors(settings) == before

    def test_changed_password_is_not_shown(self, settings: Settings, instance: Path) -> None:
        demonstrating.load(settings, now=NOW)
        old = (instance / "demo-password.txt").read_text(encoding="utf-8").strip()
        with looking(settings.database_url) as session:
            account = session.scalars(select(Account)).one()
            accounts.set_password(session, account=account, password=PASSWORD, now=NOW)
            session.commit()

        assert old not in self._doors(settings)
        assert "the one you set" in self._doors(settings)

    def test_round_whose_time_is_over_is_said(self, settings: Settings) -> None:
        demonstrating.load(settings, now=NOW)

        doors = demonstrating.doors(
            settings, base_url="http://127.0.0.1:8000", now=NOW + timedelta(days=30)
        )

        assert "Nobody can answer any more" in doors
        assert cast.MANAGER_EMAIL in doors

    def test_reset_starts_afresh(self, settings: Settings, instance: Path) -> None:
        demonstrating.load(settings, now=NOW)
        before = self._doors(settings)

        said = demonstrating.reset(settings)

        assert said.startswith("Deleted the demo and everything entered in it")
        assert list(instance.iterdir()) == []
        assert demonstrating.load(settings, now=NOW) == demonstrating.LOADED
        assert self._doors(settings) != before

    def test_reset_without_a_demo_says_so(self, settings: Settings) -> None:
        assert demonstrating.reset(settings) == "There was no demo to delete."

    def test_load_that_is_broken_off_leaves_nothing(self, settings: Settings) -> None:
        impossible = datetime(1, 6, 1, tzinfo=UTC)
        with pytest.raises(OverflowError):
            demonstrating.load(settings, now=impossible)

        assert demonstrating.load(settings, now=NOW) == demonstrating.LOADED
