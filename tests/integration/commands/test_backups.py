"""Copying the whole database to a file, and filling a database from it."""

from __future__ import annotations

import json
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from survey.data.base import Base
from survey.data.engine import make_engine
from survey.data.models import Council
from tests.integration.commands.conftest import (
    SECRET_KEY,
    CommandLine,
    Signpost,
    looking,
)

ANSWERS = (
    "response_id,agency,sector,level,pem_enough_data,pem_comment\n"
    "1,Fennshire Police,police,frontline,agree,Ünïcode “quotes” — and\ttabs\n"
    "2,Fennshire Police,police,strategic,,\n"
)
INVITED = "agency,sector,invited,label\nFennshire Police,police,4,\nFennshire Police,police,,DI\n"


@pytest.fixture
def filled(with_round: Signpost, tmp_path: Path) -> Signpost:
    """The command line on a database with something in most of its tables."""
    (tmp_path / "answers.csv").write_text(ANSWERS, encoding="utf-8")
    (tmp_path / "invited.csv").write_text(INVITED, encoding="utf-8")
    for arguments in (
        ("create-account", "p@example.org", "--name", "P", "--make-password"),
        ("add-manager", "p@example.org", "aldermere"),
        ("invitations", "autumn", tmp_path / "invited.csv"),
        ("import-responses", "autumn", tmp_path / "answers.csv"),
        ("close-round", "autumn", "--yes"),
        ("reopen-round", "autumn", "--reason", "More to come", "--closes", "2099-01-01"),
    ):
        ran = with_round(*arguments)
        assert ran.code == 0, ran.err
    return with_round


def _everything(url: str) -> dict[str, list[str]]:
    """Every row of every table, in an order that no database decides."""
    engine = create_engine(url)
    try:
        with Session(engine) as session:
            return {
                table.name: sorted(
                    json.dumps(dict(row), default=str, sort_keys=True)
                    for row in session.execute(select(table)).mappings()
                )
                for table in Base.metadata.sorted_tables
            }
    finally:
        engine.dispose()


@pytest.fixture(params=["to sqlite", "to postgresql"])
def other(
    request: pytest.FixtureRequest,
    environment: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> tuple[Signpost, str]:
    """The command line on another, blank database of each kind, and its address."""
    name = "blank_sqlite_url" if request.param == "to sqlite" else "blank_postgresql_url"
    url: str = request.getfixturevalue(name)
    line = CommandLine(environment, capsys)

    def run(*arguments: str | Path, stdin: str = "") -> Any:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DATABASE_URL", url)
            return line(*arguments, stdin=stdin)

    return run, url


class TestBackup:
    def test_backup_is_for_its_owner_only_and_says_what_it_holds(
        self, filled: Signpost, tmp_path: Path
    ) -> None:
        file = tmp_path / "backup.zip"

        ran = filled("backup", file)

        assert ran.code == 0, ran.err
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert "1 council, 1 round, 5 invitations, 2 responses, 1 comment" in ran.out

    def test_secret_key_is_in_it_only_when_asked_for(
        self, filled: Signpost, tmp_path: Path
    ) -> None:
        without, with_key = tmp_path / "without.zip", tmp_path / "with.zip"

        filled("backup", without)
        filled("backup", with_key, "--with-key")

        with zipfile.ZipFile(without) as archive:
            contents = [archive.read(name) for name in archive.namelist()]
            assert "secret_key" not in archive.namelist()
        assert not any(SECRET_KEY.encode() in content for content in contents)
        with zipfile.ZipFile(with_key) as archive:
            assert archive.read("secret_key").decode() == SECRET_KEY

    def test_files_within_have_no_date(self, filled: Signpost, tmp_path: Path) -> None:
        filled("backup", tmp_path / "backup.zip")

        with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
            assert {entry.date_time[:3] for entry in archive.infolist()} == {(1980, 1, 1)}

    def test_what_is_not_committed_is_not_in_it_and_does_not_wait(
        self, filled: Signpost, database_url: str, tmp_path: Path
    ) -> None:
        engine = make_engine(database_url)
        with Session(engine) as writing:
            writing.add(Council(slug="halfway", name="Halfway Council"))
            writing.flush()

            ran = filled("backup", tmp_path / "backup.zip")

            writing.commit()
        engine.dispose()
        assert ran.code == 0, ran.err
        with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
            assert b"halfway" not in archive.read("tables/council.jsonl")

    def test_file_that_is_there_is_not_replaced(self, filled: Signpost, tmp_path: Path) -> None:
        file = tmp_path / "backup.zip"
        file.write_text("precious", encoding="utf-8")

        ran = filled("backup", file)

        assert ran.code == 1
        assert file.read_text(encoding="utf-8") == "precious"

    def test_folder_that_is_not_there_is_said(self, filled: Signpost, tmp_path: Path) -> None:
        ran = filled("backup", tmp_path / "nowhere" / "backup.zip")

        assert ran.code == 1
        assert "No such file or directory" in ran.err


class TestRestore:
    def test_everything_arrives_in_either_kind_of_database(
        self,
        filled: Signpost,
        database_url: str,
        other: tuple[Signpost, str],
        tmp_path: Path,
    ) -> None:
        there, url = other
        file = tmp_path / "backup.zip"
        assert filled("backup", file).code == 0

        ran = there("restore", file)

        assert ran.code == 0, ran.err
        assert "do NOT work" not in ran.out
        before = _everything(database_url)
        assert _everything(url) == before
        assert sum(map(bool, before.values())) >= 14

    def test_database_that_holds_anything_is_left_alone(
        self, filled: Signpost, database_url: str, tmp_path: Path
    ) -> None:
        filled("backup", tmp_path / "backup.zip")
        filled("create-council", "west", "West Council")
        before = _everything(database_url)

        ran = filled("restore", tmp_path / "backup.zip")

        assert ran.code == 1
        assert "not empty" in ran.err
        assert _everything(database_url) == before

    def test_replacing_says_what_is_lost_and_takes_no_for_an_answer(
        self, filled: Signpost, database_url: str, tmp_path: Path
    ) -> None:
        filled("backup", tmp_path / "backup.zip")
        filled("create-council", "west", "West Council")
        before = _everything(database_url)

        ran = filled("restore", tmp_path / "backup.zip", "--replace", stdin="n\n")

        assert ran.code == 130
        assert "deletes what the database holds now (2 councils, 1 round" in ran.out
        assert _everything(database_url) == before

    def test_replacing_puts_the_backup_in_place(
        self, filled: Signpost, database_url: str, tmp_path: Path
    ) -> None:
        filled("backup", tmp_path / "backup.zip")
        before = _everything(database_url)
        filled("create-council", "west", "West Council")

        ran = filled("restore", tmp_path / "backup.zip", "--replace", stdin="y\n")

        assert ran.code == 0, ran.err
        assert _everything(database_url) == before

    @pytest.mark.parametrize(
        "harm",
        [
            *("row changed", "row lost", "row twice", "row cut", "column lost", "table lost"),
            *("cut short", "other format", "not a backup"),
        ],
    )
    def test_damaged_backup_changes_nothing(
        self, filled: Signpost, database_url: str, tmp_path: Path, harm: str
    ) -> None:
        good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
        filled("backup", good)
        _damage(good, bad, harm)
        before = _everything(database_url)

        ran = filled("restore", bad, "--replace", "--yes")

        assert ran.code == 1, ran.out
        assert "Traceback" not in ran.err
        assert _everything(database_url) == before

    def test_backup_of_another_version_is_refused(self, filled: Signpost, tmp_path: Path) -> None:
        good, old = tmp_path / "good.zip", tmp_path / "old.zip"
        filled("backup", good)
        _rewrite(good, old, "manifest.json", lambda text: text.replace('"011', '"010'))

        ran = filled("restore", old, "--replace", "--yes")

        assert ran.code == 1
        assert "another version" in ran.err

    def test_other_secret_key_is_said(
        self,
        filled: Signpost,
        other: tuple[Signpost, str],
        environment: pytest.MonkeyPatch,
        tmp_path: Path,
    ) -> None:
        filled("backup", tmp_path / "backup.zip")
        environment.setenv("SECRET_KEY", "another key that is long enough to be one")

        ran = other[0]("restore", tmp_path / "backup.zip")

        assert ran.code == 0, ran.err
        assert "do NOT work" in ran.out


class TestRestoringTheKey:
    def test_key_is_put_into_the_instance_folder(
        self,
        filled: Signpost,
        other: tuple[Signpost, str],
        environment: pytest.MonkeyPatch,
        instance: Path,
        tmp_path: Path,
    ) -> None:
        filled("backup", tmp_path / "backup.zip", "--with-key")
        environment.delenv("SECRET_KEY")

        ran = other[0]("restore", tmp_path / "backup.zip", "--with-key")

        assert ran.code == 0, ran.err
        assert "do NOT work" not in ran.out
        kept = instance / "secret_key"
        assert kept.read_text(encoding="ascii") == SECRET_KEY
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600

    def test_key_does_not_go_against_the_environment(
        self,
        filled: Signpost,
        other: tuple[Signpost, str],
        environment: pytest.MonkeyPatch,
        tmp_path: Path,
    ) -> None:
        filled("backup", tmp_path / "backup.zip", "--with-key")
        environment.setenv("SECRET_KEY", "another key that is long enough to be one")

        ran = other[0]("restore", tmp_path / "backup.zip", "--with-key")

        assert ran.code == 1
        assert "SECRET_KEY is set to another key" in ran.err

    def test_backup_without_a_key_has_none_to_give(
        self, filled: Signpost, database_url: str, tmp_path: Path
    ) -> None:
        filled("backup", tmp_path / "backup.zip")

        ran = filled("restore", tmp_path / "backup.zip", "--replace", "--yes", "--with-key")

        assert ran.code == 1
        with looking(database_url) as session:
            assert session.scalars(select(Council.slug)).all() == ["aldermere"]


def _rewrite(source: Path, target: Path, name: str, change: Callable[[str], str | None]) -> None:
    """Copies a backup with one of its files changed, or left out where `change` gives None."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.namelist():
            text = old.read(entry).decode("utf-8")
            changed = change(text) if entry == name else text
            if changed is not None:
                new.writestr(entry, changed)


def _damage(good: Path, bad: Path, harm: str) -> None:
    answers = "tables/answer.jsonl"
    if harm == "row changed":
        _rewrite(good, bad, answers, lambda text: text.replace('"agree"', '"disagree"'))
    elif harm == "row lost":
        _rewrite(good, bad, answers, lambda text: "".join(text.splitlines(keepends=True)[1:]))
    elif harm == "row twice":
        _rewrite(good, bad, answers, lambda text: text + text.splitlines(keepends=True)[0])
    elif harm == "row cut":
        _rewrite(good, bad, answers, lambda text: text[:-10])
    elif harm == "column lost":
        _rewrite(good, bad, answers, lambda text: text.replace('"value"', '"worth"'))
    elif harm == "table lost":
        _rewrite(good, bad, answers, lambda text: None)
    elif harm == "other format":
        _rewrite(good, bad, "manifest.json", lambda text: text.replace("backup/1", "backup/9"))
    elif harm == "cut short":
        shutil.copy(good, bad)
        bad.write_bytes(bad.read_bytes()[:-600])
    else:
        bad.write_text("this is no backup", encoding="utf-8")
