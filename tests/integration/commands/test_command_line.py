"""The command line as a whole: help, exit codes, migrations, and what is never shown."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.exc import OperationalError

from analysis.errors import AnalysisError, Fault, FaultyFile
from analysis.settings import InvalidSettings as InvalidRoundSettings
from question_banks.errors import UnknownBank
from survey.cli import program
from survey.commands import exits
from survey.commands.exits import ExitCode
from survey.data.base import Base
from survey.data.engine import make_engine
from survey.data.models import Council
from survey.errors import FaultyImport, InvalidSettings, NotFound, SurveyError
from tests.integration.commands.conftest import CommandLine, Signpost, looking


@pytest.fixture
def line(environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """The command line with no database named: SQLite in the instance folder."""
    return CommandLine(environment, capsys)


class TestHelp:
    @pytest.mark.parametrize("name", sorted(program.commands))
    def test_command_explains_itself(self, line: CommandLine, name: str) -> None:
        ran = line(name, "--help")

        assert ran.code == 0
        described = program.commands[name].help or ""
        assert described.split("\n")[0].rstrip(".") in " ".join(ran.out.split())
        for parameter in program.commands[name].params:
            if parameter.param_type_name == "option":
                assert getattr(parameter, "help", None), f"{name} {parameter.name}"

    def test_help_lists_every_command_and_exit_code(self, line: CommandLine) -> None:
        ran = line("--help")

        listed = {text.split()[0] for text in ran.out.splitlines() if text.strip()}
        assert set(program.commands) <= listed
        assert {str(code.value) for code in ExitCode if code < ExitCode.STOPPED} <= listed

    def test_version(self, line: CommandLine) -> None:
        assert line("--version").out.startswith("Signpost 0.")

    @pytest.mark.parametrize(
        "arguments", [["nonsense"], ["migrate", "--nonsense"], ["migrate", "x"]]
    )
    def test_wrong_command_line(self, line: CommandLine, arguments: list[str]) -> None:
        assert line(*arguments).code == ExitCode.WRONG_COMMAND


class TestExitCodes:
    @pytest.mark.parametrize(
        ("error", "code"),
        [
            (SurveyError("x"), 1),
            (InvalidSettings(["x"]), 3),
            (exits.DatabaseNotReady("x"), 4),
            (OperationalError("select 1", {}, Exception("x")), 4),
            (FaultyImport(["x"]), 5),
            (FaultyFile([Fault(1, "", "x")]), 5),
            (InvalidRoundSettings("f", ["x"]), 5),
            (NotFound("x"), 6),
            (AnalysisError("x"), 1),
            (UnknownBank("x", []), 1),
            (OSError(2, "No such file", "f"), 1),
        ],
        ids=lambda value: type(value).__name__,
    )
    def test_error_has_its_code(self, error: Exception, code: int) -> None:
        assert exits.exit_code(error) == code
        assert isinstance(error, exits.EXPECTED)

    def test_message_of_a_database_error_shows_no_statement(self) -> None:
        error = OperationalError("INSERT secret", {"x": "secret"}, Exception("secret"))

        assert "secret" not in exits.message(error)

    def test_busy_database_file_is_said(self) -> None:
        error = OperationalError("INSERT", {}, sqlite3.OperationalError("database is locked"))

        said = exits.message(error)

        assert said == "The database file cannot be used: database is locked."


class TestSettings:
    def test_every_wrong_setting_is_listed(
        self, line: CommandLine, environment: pytest.MonkeyPatch
    ) -> None:
        environment.setenv("PORT", "many")
        environment.setenv("SECRET_KEY", "short")

        ran = line("health")

        assert ran.code == 3
        assert "PORT" in ran.err
        assert "SECRET_KEY" in ran.err
        assert "short" not in ran.err

    def test_database_that_does_not_answer(
        self, line: CommandLine, environment: pytest.MonkeyPatch
    ) -> None:
        environment.setenv("DATABASE_URL", "postgresql://me:hidden-word@127.0.0.1:1/none")

        ran = line("health")

        assert ran.code == 4
        assert "hidden-word" not in ran.err + ran.out
        assert "Traceback" not in ran.err

    def test_key_is_made_on_first_use_for_its_owner_only(
        self, line: CommandLine, environment: pytest.MonkeyPatch, instance: Path
    ) -> None:
        environment.delenv("SECRET_KEY")

        assert line("migrate").code == 0

        path = instance / "secret_key"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert len(path.read_text(encoding="ascii")) >= 32


class TestMigrate:
    def test_blank_database_gets_every_table(
        self, blank_signpost: Signpost, blank_database_url: str
    ) -> None:
        before = blank_signpost("health")
        ran = blank_signpost("migrate")
        after = blank_signpost("health")

        assert (before.code, ran.code, after.code) == (4, 0, 0)
        assert "signpost migrate" in before.err
        engine = make_engine(blank_database_url)
        assert set(Base.metadata.tables) <= set(inspect(engine).get_table_names())
        engine.dispose()

    def test_running_it_again_keeps_what_is_there(
        self, signpost: Signpost, database_url: str
    ) -> None:
        signpost("create-council", "aldermere", "Aldermere Council")

        assert signpost("migrate").code == 0

        with looking(database_url) as session:
            assert session.scalars(select(Council.slug)).all() == ["aldermere"]

    def test_new_sqlite_file_is_for_its_owner_only(self, line: CommandLine, instance: Path) -> None:
        assert line("migrate").code == 0

        assert stat.S_IMODE((instance / "signpost.db").stat().st_mode) == 0o600

    def test_looking_makes_no_file(self, line: CommandLine, instance: Path) -> None:
        assert line("health").code == 4

        assert not (instance / "signpost.db").exists()


class TestDemoDatabase:
    def test_commands_can_work_on_the_demo(self, line: CommandLine, instance: Path) -> None:
        assert line("--demo", "migrate").code == 0
        assert line("--demo", "create-council", "demo-town", "Demo Town").code == 0

        assert (instance / "demo.db").exists()
        assert not (instance / "signpost.db").exists()
        with looking(f"sqlite:///{instance / 'demo.db'}") as session:
            assert session.scalars(select(Council.slug)).all() == ["demo-town"]
