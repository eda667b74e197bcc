"""Commands about rounds: create, status, close, reopen, delete."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from question_banks.loader import bank_digest, load_bank
from survey.data.base import Base
from survey.data.models import Review, Round, RoundEvent, Snapshot
from tests.integration.commands.conftest import ROUND, Signpost, looking


def _round(url: str, slug: str = "autumn") -> Round:
    with looking(url) as session:
        return session.scalars(select(Round).where(Round.slug == slug)).one()


def _with(**changes: str) -> list[str]:
    """The options of a round with some of them changed."""
    options = dict(zip(ROUND[::2], ROUND[1::2], strict=True))
    options |= {f"--{name.replace('_', '-')}": value for name, value in changes.items()}
    return [part for pair in options.items() for part in pair]


class TestCreateRound:
    def test_round_has_its_own_copy_of_the_bank(
        self, with_round: Signpost, database_url: str
    ) -> None:
        made = _round(database_url)

        bank = load_bank("safeguarding_children_2010")
        assert (made.bank_id, made.bank_digest) == (bank.id, bank_digest(bank))
        assert '"safeguarding_children_2010"' in made.bank_json

    def test_dates_are_of_london_and_the_last_day_counts_whole(
        self, signpost: Signpost, database_url: str
    ) -> None:
        signpost("create-council", "aldermere", "Aldermere Council")

        ran = signpost("create-round", "summer", *_with(opens="2026-06-01", closes="2026-06-30"))

        assert ran.code == 0, ran.err
        made = _round(database_url, "summer")
        assert made.opens_at_utc == datetime(2026, 5, 31, 23, 0, tzinfo=UTC)
        assert made.closes_at_utc == datetime(2026, 6, 30, 22, 59, tzinfo=UTC)

    def test_time_of_day_is_kept(self, signpost: Signpost, database_url: str) -> None:
        signpost("create-council", "aldermere", "Aldermere Council")

        signpost("create-round", "winter", *_with(closes="2099-01-31 17:00"))

        assert _round(database_url, "winter").closes_at_utc == datetime(
            2099, 1, 31, 17, 0, tzinfo=UTC
        )

    def test_settings_are_stored_whole(
        self, signpost: Signpost, database_url: str, tmp_path: Path
    ) -> None:
        signpost("create-council", "aldermere", "Aldermere Council")
        file = tmp_path / "lines.yaml"
        file.write_text("strength_line: 0.7\nk: 11\n", encoding="utf-8")

        ran = signpost("create-round", "autumn", *ROUND, "--settings", file, "--everyone-in-scope")

        assert ran.code == 0, ran.err
        stored = _round(database_url).analysis_settings
        assert (stored["strength_line"], stored["k"]) == ("0.7", 11)
        assert (stored["everyone_in_scope"], stored["consideration_line"]) == (True, "0.5")

    def test_faulty_settings_file_lists_every_fault(
        self, signpost: Signpost, database_url: str, tmp_path: Path
    ) -> None:
        signpost("create-council", "aldermere", "Aldermere Council")
        file = tmp_path / "lines.yaml"
        file.write_text("strength_line: 7\nk: 3\nflavour: mild\n", encoding="utf-8")

        ran = signpost("create-round", "autumn", *ROUND, "--settings", file)

        assert ran.code == 5
        for name in ("strength_line", "k", "flavour"):
            assert f"lines.yaml: {name}" in ran.err
        with looking(database_url) as session:
            assert session.scalars(select(Round)).all() == []

    def test_bank_of_agency_returns_is_refused(self, signpost: Signpost) -> None:
        signpost("create-council", "aldermere", "Aldermere Council")

        ran = signpost("create-round", "autumn", *_with(bank="section_11"))

        assert ran.code == 1
        assert "agency returns cannot be collected yet" in ran.err

    def test_bank_for_both_is_taken(self, signpost: Signpost) -> None:
        signpost("create-council", "aldermere", "Aldermere Council")

        ran = signpost("create-round", "autumn", *_with(bank="safeguarding_children_2012"))

        assert ran.code == 0, ran.err

    @pytest.mark.parametrize(
        ("changes", "code", "said"),
        [
            pytest.param({"bank": "no_such_bank"}, 1, "no_such_bank", id="bank"),
            pytest.param({"council": "nowhere"}, 6, "nowhere", id="council"),
            pytest.param({"closes": "31/12/2099"}, 2, "not a date", id="date"),
            pytest.param({"closes": "2020-01-04"}, 1, "open before it closes", id="window"),
            pytest.param({"title": " "}, 1, "title is missing", id="title"),
            pytest.param({"contact": "x" * 301}, 1, "300 characters", id="contact"),
        ],
    )
    def test_round_is_refused(
        self, signpost: Signpost, changes: dict[str, str], code: int, said: str
    ) -> None:
        signpost("create-council", "aldermere", "Aldermere Council")

        ran = signpost("create-round", "autumn", *_with(**changes))

        assert ran.code == code
        assert said in ran.err

    def test_every_fault_of_a_round_is_listed(self, signpost: Signpost) -> None:
        signpost("create-council", "aldermere", "Aldermere Council")

        ran = signpost(
            "create-round", "Autumn", *_with(title="", urgent_contact="", closes="2019-01-01")
        )

        assert ran.code == 1
        assert len(ran.err.splitlines()) == 4

    def test_slug_is_used_once(self, with_round: Signpost) -> None:
        ran = with_round("create-round", "autumn", *ROUND)

        assert ran.code == 1
        assert "There is a round called 'autumn' already." in ran.err

    def test_rounds_of_a_council_share_its_only_review(
        self, with_round: Signpost, database_url: str
    ) -> None:
        with_round("create-round", "later", *ROUND)

        with looking(database_url) as session:
            assert session.scalar(select(func.count()).select_from(Review)) == 1

    def test_several_reviews_must_be_told_apart(
        self, with_round: Signpost, database_url: str
    ) -> None:
        with_round("create-round", "second", *ROUND, "--review", "Second review")

        unsaid = with_round("create-round", "third", *ROUND)
        said = with_round("create-round", "third", *ROUND, "--review", "Second review")

        assert unsaid.code == 1
        assert "'Peer review', 'Second review'" in unsaid.err
        assert said.code == 0, said.err
        with looking(database_url) as session:
            assert session.scalar(select(func.count()).select_from(Review)) == 2


class TestStatus:
    def test_status_names_agencies_and_silent_sectors(
        self, with_round: Signpost, tmp_path: Path
    ) -> None:
        file = tmp_path / "invited.csv"
        file.write_text(
            "agency,sector,invited\nFennshire Police,police,4\nSchools,schools,30\n", "utf-8"
        )
        with_round("invitations", "autumn", file)

        ran = with_round("round-status", "autumn")

        assert ran.code == 0, ran.err
        assert "Before the review (Aldermere Council): open" in ran.out
        rows = [line.split() for line in ran.out.splitlines()]
        assert ["Fennshire", "Police", "4", "4", "0"] in rows
        assert ["All", "agencies", "34", "34", "0"] in rows
        assert "Sectors without an answer: Police; Schools" in ran.out

    def test_status_of_an_unknown_round(self, signpost: Signpost) -> None:
        ran = signpost("round-status", "nowhere")

        assert (ran.code, ran.err) == (6, "There is no round called 'nowhere'.\n")


class TestCloseAndReopen:
    def test_closing_asks_and_takes_no_for_an_answer(
        self, with_round: Signpost, database_url: str
    ) -> None:
        ran = with_round("close-round", "autumn", stdin="n\n")

        assert ran.code == 130
        assert "0 people answered" in ran.out
        assert _round(database_url).closed_at_utc is None

    def test_round_is_closed_and_says_there_is_nothing_to_find(
        self, with_round: Signpost, database_url: str
    ) -> None:
        ran = with_round("close-round", "autumn", stdin="y\n")

        assert ran.code == 0, ran.err
        assert "no findings" in ran.out
        assert _round(database_url).closed_at_utc is not None

    def test_closed_round_is_not_closed_again(self, with_round: Signpost) -> None:
        with_round("close-round", "autumn", "--yes")

        ran = with_round("close-round", "autumn", "--yes")

        assert ran.code == 1
        assert "closed already" in ran.err

    def test_round_is_reopened_with_a_reason_that_is_kept(
        self, with_round: Signpost, database_url: str
    ) -> None:
        with_round("close-round", "autumn", "--yes")

        ran = with_round(
            "reopen-round", "autumn", "--reason", "Schools asked", "--closes", "2099-05-01"
        )

        assert ran.code == 0, ran.err
        reopened = _round(database_url)
        assert reopened.closed_at_utc is None
        assert reopened.closes_at_utc == datetime(2099, 5, 1, 22, 59, tzinfo=UTC)
        with looking(database_url) as session:
            reasons = session.scalars(select(RoundEvent.reason)).all()
        assert "Schools asked" in reasons

    @pytest.mark.parametrize(
        ("options", "code", "said"),
        [
            pytest.param([], 2, "--reason", id="no reason"),
            pytest.param(["--reason", " "], 1, "Say why", id="blank reason"),
            pytest.param(
                ["--reason", "x", "--closes", "2020-01-06"], 1, "last day", id="day gone by"
            ),
        ],
    )
    def test_reopening_is_refused(
        self, with_round: Signpost, options: list[str], code: int, said: str
    ) -> None:
        with_round("close-round", "autumn", "--yes")

        ran = with_round("reopen-round", "autumn", *options)

        assert ran.code == code
        assert said in ran.err

    def test_open_round_is_not_reopened(self, with_round: Signpost) -> None:
        ran = with_round("reopen-round", "autumn", "--reason", "x")

        assert ran.code == 1
        assert "not closed" in ran.err


class TestDeleteRound:
    def test_deleting_wants_the_name_typed(self, with_round: Signpost, database_url: str) -> None:
        ran = with_round("delete-round", "autumn", stdin="yes\n")

        assert ran.code == 130
        assert "cannot be brought back" in ran.out
        assert _round(database_url).slug == "autumn"

    def test_deleting_takes_everything_of_that_round_and_nothing_else(
        self, with_round: Signpost, database_url: str, tmp_path: Path
    ) -> None:
        with_round("create-round", "kept", *ROUND)
        invited = tmp_path / "invited.csv"
        invited.write_text("agency,sector,invited\nFennshire Police,police,4\n", "utf-8")
        answers = tmp_path / "answers.csv"
        answers.write_text(
            "response_id,agency,sector,level,pem_enough_data,pem_comment\n"
            "1,Fennshire Police,police,frontline,agree,Something to say\n",
            "utf-8",
        )
        for slug in ("autumn", "kept"):
            assert with_round("invitations", slug, invited).code == 0
            assert with_round("import-responses", slug, answers).code == 0
            assert with_round("close-round", slug, "--yes").code == 0

        ran = with_round("delete-round", "autumn", stdin="autumn\n")

        assert ran.code == 0, ran.err
        with looking(database_url) as session:
            left = {
                table.name: session.scalar(select(func.count()).select_from(table))
                for table in Base.metadata.sorted_tables
            }
            assert session.scalars(select(Round.slug)).all() == ["kept"]
            assert session.scalars(select(Snapshot.number)).all() == [1]
        assert left["invitation"] == 4
        assert (left["response"], left["answer"], left["comment"]) == (1, 1, 1)
