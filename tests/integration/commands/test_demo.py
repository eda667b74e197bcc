"""The demo: what is in it, and that a second run keeps what was entered."""

from __future__ import annotations

import json
import re
import shutil
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.benchmarked import Benchmark
from analysis.compared import Change, Comparison
from analysis.result import CoverageState, Firmness, Reading, Reason, Summary
from analysis.result import Verdict as Reads
from question_banks.bank import Sector
from question_banks.lineage import Verdict
from survey.actions import accounts
from survey.commands import demonstrating
from survey.data.base import Base
from survey.data.models import (
    Account,
    AuditEvent,
    Comment,
    Draft,
    Invitation,
    Participation,
    PublishedRound,
    PublishedTotal,
    Response,
    Round,
    SharingConsent,
    Snapshot,
    StoredBenchmark,
    StoredComparison,
)
from survey.data.rounds import RoundState, state_of
from survey.demo import cast, loading, neighbours
from survey.settings import Settings
from tests.integration.commands.conftest import SECRET_KEY, looking

NOW = datetime(2027, 5, 4, 10, 30, tzinfo=UTC)
PASSWORD = "a password for this test"


@dataclass(frozen=True)
class FirstRun:
    """What the first run left: its folder, what it said, and how many seconds of work it was."""

    instance: Path
    said: str
    took: float


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> FirstRun:
    """The first run of the demo, without other councils; to be copied and never changed."""
    instance = tmp_path_factory.mktemp("first") / "instance"
    began = time.process_time()
    said = demonstrating.load(settings_of(instance), now=NOW, with_others=False)
    return FirstRun(instance, said, time.process_time() - began)


def settings_of(instance: Path) -> Settings:
    """An installation's settings, on the demo's own database."""
    return Settings(
        secret_key=SECRET_KEY,
        database_url=f"sqlite:///{instance / 'demo.db'}",
        instance=instance,
    )


@pytest.fixture
def loaded(first_run: FirstRun, tmp_path: Path) -> Iterator[Session]:
    """A session on a copy of the database of the first run."""
    copy = shutil.copy(first_run.instance / "demo.db", tmp_path / "demo.db")
    with looking(f"sqlite:///{copy}") as session:
        yield session


def _round(session: Session, slug: str) -> Round:
    return session.scalars(select(Round).where(Round.slug == slug)).one()


def _summary(session: Session) -> Summary:
    text = session.scalars(
        select(Snapshot.summary_json)
        .join(Round, Round.id == Snapshot.round_id)
        .where(Round.slug == loading.CLOSED_SLUG)
    ).one()
    return Summary.model_validate_json(text)


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
        assert reading("pem_enough_data").verdict is Reads.STRENGTH
        assert reading("cc_non_specialists_know").verdict is Reads.CONSIDERATION
        assert reading("cc_non_specialists_know").firmness is Firmness.CLEAR
        assert reading("pem_audit_acted_on").verdict is Reads.DONT_KNOW
        assert any(
            question.reading is not None and question.reading.verdict is Reads.BOTH
            for question in questions.values()
        )
        assert reading("wt_schools_engaged").verdict is Reads.TOO_FEW
        leant = {modifier.reason for modifier in reading("lp_threshold_same").modifiers}
        assert Reason.LEANT_ON_SILENT in leant

    def test_levels_beside_the_two_sides_have_figures(self, loaded: Session) -> None:
        question = next(
            question
            for signpost in _summary(loaded).signposts
            for topic in signpost.topics
            for question in topic.questions
            if question.code == "pem_enough_data"
        )

        shown = {group.group for group in question.groups if group.figures is not None}
        assert shown >= {"council", "partners", "strategic", "frontline"}

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

    def test_manager_signs_in_with_the_password(self, loaded: Session, first_run: FirstRun) -> None:
        password = (first_run.instance / "demo-password.txt").read_text(encoding="utf-8").strip()
        account = accounts.sign_in(
            loaded,
            email=cast.MANAGER_EMAIL,
            password=password,
            place="192.0.2.1",
            now=NOW,
            secret_key=SECRET_KEY,
        )

        assert account is not None

    def test_nothing_leads_from_a_response_to_a_person(self, loaded: Session) -> None:
        private = {
            "response": {"id", "round_id", "agency_id", "level", "entered"},
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


class TestWhatItCanBeComparedWith:
    def test_fall_on_training_is_only_a_changed_mix(self, loaded: Session) -> None:
        step = _comparison(loaded).questions()["cc_multi_agency_training"].steps[0]

        assert step.change is Change.DECLINED
        assert step.split is not None
        assert step.split.only_mix
        assert step.split.rate == 0

    def test_earlier_round_asked_another_questionnaire(self, loaded: Session) -> None:
        found = _comparison(loaded)

        banks = [round_.bank.bank for round_ in found.rounds if round_.bank is not None]
        assert banks == ["safeguarding_children_2012", "safeguarding_children_2010"]
        verdicts = {step.verdict for each in found.questions().values() for step in each.steps}
        assert verdicts == {Verdict.SAME, Verdict.REWORDED, Verdict.NEW, Verdict.DROPPED}

    def test_manager_has_decided_on_a_wording_and_noted_what_changed(self, loaded: Session) -> None:
        questions = _comparison(loaded).questions()

        assert questions["pem_enough_data"].steps[0].comparable
        assert questions["lp_threshold_same"].steps[0].circumstances != ()

    def test_published_totals_have_a_source_and_one_has_no_base(self, loaded: Session) -> None:
        (published,) = loaded.scalars(select(PublishedRound))
        totals = loaded.scalars(select(PublishedTotal)).all()

        assert "example.org" in published.source
        assert [total.question for total in totals if total.base is None] == ["wt_lessons_reach_me"]

    def test_whole_demo_on_postgresql_has_the_same_answers_and_nine_councils_that_share(
        self, loaded: Session, empty_postgresql_url: str
    ) -> None:
        with looking(empty_postgresql_url) as session:
            loading.load(session, password=PASSWORD, now=NOW + timedelta(days=3))
            session.commit()
            consents = session.scalar(select(func.count()).select_from(SharingConsent))
            (text,) = session.scalars(select(StoredBenchmark.benchmark_json))
            digests = [set(one.scalars(select(Snapshot.tally_digest))) for one in (loaded, session)]
            ids = [set(one.scalars(select(Response.id))) for one in (loaded, session)]

        assert digests[0] < digests[1]
        assert ids[0].isdisjoint(ids[1])
        found = Benchmark.model_validate_json(text)
        assert consents == len(neighbours.NEIGHBOURS) == 9
        assert (found.councils, found.refusal) == (9, None)
        placed = [row.position for row in found.rows().values() if row.position is not None]
        assert len(set(placed)) > 1
        told = found.model_dump_json()
        assert not [one.name for one in neighbours.NEIGHBOURS if one.name in told]


def _comparison(session: Session) -> Comparison:
    """The comparison that the manager made last."""
    texts = session.scalars(
        select(StoredComparison.comparison_json).order_by(StoredComparison.made_at_utc.desc())
    )
    return Comparison.model_validate_json(texts.first() or "")


class TestRunningAgain:
    @pytest.fixture
    def empty(self, instance: Path) -> Settings:
        """An installation's settings, on the demo's own database, which is not there yet."""
        return settings_of(instance)

    @pytest.fixture
    def settings(self, instance: Path, first_run: FirstRun) -> Settings:
        """The same after a first run."""
        shutil.copytree(first_run.instance, instance)
        return settings_of(instance)

    def _doors(self, settings: Settings) -> str:
        return demonstrating.doors(settings, base_url="http://127.0.0.1:8000", now=NOW)

    def test_first_run_loads_in_reasonable_time_and_later_ones_keep(
        self, settings: Settings, first_run: FirstRun
    ) -> None:
        before = self._doors(settings)
        with looking(settings.database_url) as session:
            session.add(AuditEvent(at_utc=NOW, action="entered since", detail={}))
            session.commit()

        second = demonstrating.load(settings, now=NOW + timedelta(days=1))

        assert first_run.took < 40
        assert first_run.said == demonstrating.LOADED
        assert second == demonstrating.KEPT
        assert self._doors(settings) == before
        with looking(settings.database_url) as session:
            assert "entered since" in session.scalars(select(AuditEvent.action)).all()

    def test_password_is_in_a_file_of_its_owner_and_is_right(
        self, settings: Settings, instance: Path
    ) -> None:
        path = instance / "demo-password.txt"
        password = path.read_text(encoding="utf-8").strip()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE((instance / "demo.db").stat().st_mode) == 0o600
        assert f"password {password}   (kept in {path})" in self._doors(settings)

    def test_used_link_is_replaced_by_one_that_is_not(self, settings: Settings) -> None:
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
        old = (instance / "demo-password.txt").read_text(encoding="utf-8").strip()
        with looking(settings.database_url) as session:
            account = session.scalars(
                select(Account).where(Account.email == cast.MANAGER_EMAIL)
            ).one()
            accounts.set_password(session, account=account, password=PASSWORD, now=NOW)
            session.commit()

        assert old not in self._doors(settings)
        assert "the one you set" in self._doors(settings)

    def test_round_whose_time_is_over_is_said(self, settings: Settings) -> None:
        doors = demonstrating.doors(
            settings, base_url="http://127.0.0.1:8000", now=NOW + timedelta(days=30)
        )

        assert "Nobody can answer any more" in doors
        assert cast.MANAGER_EMAIL in doors

    def test_reset_leaves_nothing(self, settings: Settings, instance: Path) -> None:
        said = demonstrating.reset(settings)

        assert said.startswith("Deleted the demo and everything entered in it")
        assert list(instance.iterdir()) == []

    def test_reset_without_a_demo_says_so(self, empty: Settings) -> None:
        assert demonstrating.reset(empty) == "There was no demo to delete."

    def test_load_that_is_broken_off_leaves_nothing(self, empty: Settings) -> None:
        impossible = datetime(1, 6, 1, tzinfo=UTC)

        with pytest.raises(OverflowError):
            demonstrating.load(empty, now=impossible)

        with looking(empty.database_url) as session:
            assert not loading.is_loaded(session)
