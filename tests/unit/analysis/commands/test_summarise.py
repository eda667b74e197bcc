"""`python -m analysis`: what it writes, what it says, and how it ends."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.__main__ import main
from analysis.commands.ending import Exit
from analysis.commands.telling import LONG_BYTES
from analysis.export import Format
from analysis.output import write_whole
from analysis.result import Summary
from tests.unit.analysis.commands.conftest import BANK, HEAD, Terminal, responses

Run = Callable[..., int]
SUMMARISE = ["summarise", "responses.csv", "--bank", str(BANK)]


@pytest.fixture
def run(folder: Path) -> Run:
    """Runs `summarise responses.csv --bank ...` in the folder with further arguments."""

    def summarise(*arguments: str, responses: str = "responses.csv", bank: Path = BANK) -> int:
        return main(["summarise", responses, "--bank", str(bank), *arguments])

    return summarise


class TestResult:
    def test_json_goes_to_standard_output(
        self, run: Run, capfdbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        assert run("--invited", "invited.csv", "--settings", "settings.yaml") == Exit.DONE

        out, err = capfdbinary.readouterr()
        summary = Summary.model_validate_json(out)
        assert summary.coverage.answered == 32
        assert summary.coverage.invited == 40
        assert summary.settings["k"] == 11
        assert summary.provenance.source == "responses.csv"
        assert err.decode().splitlines() == [
            (
                "responses.csv: The file has no column for p_why, w_tools, w_order, w_cases, "
                "w_hours, w_since, w_role, closing_more: counted as not shown to anybody."
            )
        ]

    def test_usual_settings_without_a_file(self, run: Run, folder: Path) -> None:
        assert run("--out", "result.json") == Exit.DONE

        summary = Summary.model_validate_json((folder / "result.json").read_bytes())
        assert summary.settings["k"] == 10
        assert summary.coverage.invited is None

    @pytest.mark.parametrize("to", list(Format))
    def test_every_format_is_written(self, run: Run, folder: Path, to: Format) -> None:
        begins = {Format.JSON: b"{", Format.CSV: b"\xef\xbb\xbf", Format.PDF: b"%PDF"}

        assert run("--out", "result", "--format", to.value) == Exit.DONE

        start = b"$FL2" if to is Format.SAV else begins.get(to, b"PK")
        assert (folder / "result").read_bytes().startswith(start)

    def test_ending_of_the_name_chooses_the_format(self, run: Run, folder: Path) -> None:
        assert run("--out", "result.CSV") == Exit.DONE
        assert run("--out", "result.csv.old") == Exit.DONE

        assert (folder / "result.CSV").read_bytes().startswith(b"\xef\xbb\xbf")
        assert (folder / "result.csv.old").read_bytes().startswith(b"{")

    def test_order_of_rows_does_not_matter(self, run: Run, folder: Path) -> None:
        head, *rows = (folder / "responses.csv").read_text(encoding="utf-8").splitlines()
        (folder / "turned.csv").write_text("\n".join([head, *rows[::-1]]), encoding="utf-8")

        assert run("--out", "one.json") == Exit.DONE
        assert run("--out", "two.json", responses="turned.csv") == Exit.DONE

        one, two = (
            Summary.model_validate_json((folder / name).read_bytes())
            for name in ("one.json", "two.json")
        )
        assert one.canonical_json() == two.canonical_json()
        assert one.provenance.tally_digest == two.provenance.tally_digest

    def test_bank_by_name(self, run: Run, folder: Path) -> None:
        codes = "response_id,agency,sector,level,pem_enough_data"
        rows = [f"r{i},Elm School,schools,strategic,agree" for i in range(3)]
        (folder / "named.csv").write_text("\n".join([codes, *rows]), encoding="utf-8")

        code = main(
            ["summarise", "named.csv", "--bank", "safeguarding_children_2010", "--out", "x.json"]
        )

        assert code == Exit.DONE
        assert json.loads((folder / "x.json").read_bytes())["bank"]["version"] == "1.0"


@pytest.fixture(scope="module")
def kept_text(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A tally that was kept, made once."""
    place = tmp_path_factory.mktemp("kept")
    (place / "responses.csv").write_text(responses(32), encoding="utf-8")
    out = ["--keep-tally", str(place / "t.json"), "--out", str(place / "x.json")]
    assert main(["summarise", str(place / "responses.csv"), "--bank", str(BANK), *out]) == Exit.DONE
    return (place / "t.json").read_text(encoding="utf-8")


class TestKeptTally:
    def test_gives_the_same_result_later(self, run: Run, folder: Path) -> None:
        assert run("--invited", "invited.csv", "--keep-tally", "t.json", "--out", "a.json") == 0
        assert run("--out", "b.json", responses="t.json") == Exit.DONE

        one, two = (
            Summary.model_validate_json((folder / name).read_bytes())
            for name in ("a.json", "b.json")
        )
        assert one.canonical_json() == two.canonical_json()
        assert two.coverage.invited == 40

    def test_of_every_type_of_question_is_taken(self, folder: Path) -> None:
        head = "response_id,agency,sector,level,p_timely,w_tools,w_order,w_cases,w_hours,w_since"
        rows = [
            f"r{i},Elm School,schools,frontline,agree,phone|letter,care|speed,{i},1.5,2026-03-31"
            for i in range(12)
        ]
        (folder / "every.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
        kept = ["--keep-tally", "t.json", "--out", "x.csv"]

        assert main(["summarise", "every.csv", "--bank", "bank.yaml", *kept]) == Exit.DONE
        again = ["summarise", "t.json", "--bank", "bank.yaml", "--out", "y.csv"]
        assert main(again) == Exit.DONE

    def test_is_for_its_owner_alone_and_holds_no_response(self, run: Run, folder: Path) -> None:
        assert run("--keep-tally", "tally.json", "--out", "x.json") == Exit.DONE

        assert stat.S_IMODE((folder / "tally.json").stat().st_mode) == 0o600
        assert "r17" not in (folder / "tally.json").read_text(encoding="utf-8")

    def test_that_cannot_be_kept_ends_before_the_result(self, run: Run, folder: Path) -> None:
        assert run("--keep-tally", "nowhere/t.json", "--out", "x.json") == Exit.CANNOT_WRITE
        assert not (folder / "x.json").exists()

    def test_knows_a_bank_that_comes_with_the_program(self, folder: Path) -> None:
        rows = [f"r{i},Elm School,schools,strategic,agree" for i in range(3)]
        head = "response_id,agency,sector,level,pem_enough_data"
        (folder / "named.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
        kept = ["--keep-tally", "t.json", "--out", "x.json"]

        assert main(["summarise", "named.csv", "--bank", "safeguarding_children_2010", *kept]) == 0
        assert main(["summarise", "t.json", "--out", "y.json"]) == Exit.DONE
        assert main(["summarise", "t.json", "--bank", str(BANK)]) == Exit.FAULTS

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            pytest.param(b"{}", "t.json: This is not a kept tally: ", id="other JSON"),
            pytest.param(b"\xff", "t.json: The file is not in UTF-8.", id="not UTF-8"),
            pytest.param(None, "t.json: The file cannot be read: No such file", id="absent"),
        ],
    )
    def test_file_of_something_else(
        self,
        folder: Path,
        capsys: pytest.CaptureFixture[str],
        content: bytes | None,
        said: str,
    ) -> None:
        if content is not None:
            (folder / "t.json").write_bytes(content)

        assert main(["summarise", "t.json"]) == Exit.FAULTS
        assert capsys.readouterr().err.startswith(said)

    @pytest.mark.parametrize(
        ("table", "change", "said"),
        [
            pytest.param("cells", {0: "p_other"}, "has no question 'p_other'", id="question"),
            pytest.param("cells", {0: "p_comment"}, "has no question 'p_comment'", id="text"),
            pytest.param("cells", {3: "agre"}, "'agre' is not an option of", id="option"),
            pytest.param("cells", {4: 1_000}, "accounts for", id="more answers than people"),
            pytest.param("respondents", {2: 1_000}, "has 1000 respondents", id="more people"),
            pytest.param("cells", {1: "Elm School"}, "accounts for", id="other agency"),
            pytest.param("pairs", {1: "p_other"}, "'p_other' has no place among", id="pair"),
            pytest.param("leans", {0: "other"}, "'other' has no place among", id="signpost"),
            pytest.param("leans", {3: "fav"}, "'fav' has no place among", id="lean"),
            pytest.param("leans", {4: 1_000}, "lean on 'leadership' than answered", id="leaning"),
        ],
    )
    def test_that_was_changed_is_told(
        self,
        run: Run,
        folder: Path,
        capsys: pytest.CaptureFixture[str],
        kept_text: str,
        table: str,
        change: dict[int, str | int],
        said: str,
    ) -> None:
        stored = json.loads(kept_text)
        for place, value in change.items():
            stored[table][0][place] = value
        (folder / "t.json").write_text(json.dumps(stored), encoding="utf-8")

        assert run(responses="t.json") == Exit.FAULTS

        told = capsys.readouterr().err
        assert told.startswith("t.json: ")
        assert said in told

    def test_with_answers_of_nobody_is_told(
        self, run: Run, folder: Path, capsys: pytest.CaptureFixture[str], kept_text: str
    ) -> None:
        stored = json.loads(kept_text)
        stored["cells"].append(["p_timely", "Carr Council", "board", "agree", 3])
        (folder / "t.json").write_text(json.dumps(stored), encoding="utf-8")

        assert run(responses="t.json") == Exit.FAULTS
        assert "has answers of 'Carr Council' (board), which has none" in capsys.readouterr().err

    def test_holds_its_invited_numbers(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit):
            main(["summarise", "t.json", "--invited", "invited.csv"])
        assert "t.json holds its invited numbers" in capsys.readouterr().err


class TestFaults:
    def test_of_all_files_are_told_at_once(
        self, run: Run, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        bad = f"{HEAD}\nr1,Elm School,schools,boss,agree,agree,agree,agree,\n"
        (folder / "bad.csv").write_text(bad, encoding="utf-8")
        (folder / "bad_invited.csv").write_text("agency,sector,invited\nElm,schools,x\n")
        (folder / "bad.yaml").write_text("k: 5\n", encoding="utf-8")

        code = run(
            *("--invited", "bad_invited.csv", "--settings", "bad.yaml", "--out", "x.json"),
            responses="bad.csv",
        )

        assert code == Exit.FAULTS
        assert not (folder / "x.json").exists()
        told = capsys.readouterr().err.splitlines()
        assert told[0].startswith("bad_invited.csv: row 2, column invited: “x” is not a number")
        assert told[1].startswith("bad.csv: row 2, column level: “boss” is not the code of a level")
        assert told[2].startswith("bad.yaml: k")
        assert len(told) == 3

    def test_more_than_are_listed_are_counted(
        self, run: Run, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rows = [f"r{i},Elm School,schools,boss,,,,," for i in range(1500)]
        (folder / "bad.csv").write_text("\n".join([HEAD, *rows]), encoding="utf-8")

        assert run(responses="bad.csv") == Exit.FAULTS

        told = capsys.readouterr().err.splitlines()
        assert len(told) == 201
        assert told[-1] == "bad.csv: and 1,300 more faults"

    def test_agency_that_was_not_invited(
        self, run: Run, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (folder / "few.csv").write_text("agency,sector,invited\nElm School,schools,8\n")

        assert run("--invited", "few.csv") == Exit.FAULTS

        told = capsys.readouterr().err.splitlines()
        assert [line.partition(" is ")[0] for line in told] == [
            "responses.csv: row 2, column agency: “Carr Council”",
            "responses.csv: row 3, column agency: “Northmoor Police”",
            "responses.csv: row 4, column agency: “Northmoor Voluntary”",
        ]

    def test_whole_file(self, run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (folder / "empty.csv").touch()

        assert run(responses="empty.csv") == Exit.FAULTS
        assert capsys.readouterr().err == "empty.csv: The file is empty.\n"

    def test_bank_file(self, run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        bank = folder / "bank.yaml"
        bank.write_text("bank: x\n", encoding="utf-8")

        assert run(bank=bank) == Exit.FAULTS
        assert "bank.yaml:1: " in capsys.readouterr().err


class TestUsage:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            pytest.param([], "COMMAND", id="nothing"),
            pytest.param(["summarise"], "RESPONSES.csv", id="no file"),
            pytest.param(["weigh"], "invalid choice", id="unknown command"),
            pytest.param(
                ["summarise", "responses.csv", "--bank", "nothing"],
                "There is no question bank called 'nothing'. There are: ",
                id="unknown bank",
            ),
            pytest.param(
                ["summarise", "responses.csv", "--bank", str(BANK), "--format", "doc"],
                "invalid choice",
                id="unknown format",
            ),
            pytest.param(
                ["summarise", "responses.csv"],
                "say with --bank which questions responses.csv answers",
                id="no bank",
            ),
            pytest.param(
                [*SUMMARISE, "--keep-tally", "responses.csv"],
                "--keep-tally would replace responses.csv",
                id="tally is read",
            ),
            pytest.param(
                [*SUMMARISE, "--keep-tally", "x.json", "--out", "x.json"],
                "--keep-tally would replace x.json",
                id="two files in one place",
            ),
            pytest.param(
                [*SUMMARISE, "--out", "./responses.csv"],
                "--out would replace responses.csv, which is read here",
                id="out is read",
            ),
        ],
    )
    def test_wrong_command_is_refused(
        self,
        folder: Path,
        capsys: pytest.CaptureFixture[str],
        arguments: list[str],
        said: str,
    ) -> None:
        before = (folder / "responses.csv").read_bytes()

        with pytest.raises(SystemExit) as ended:
            main(arguments)

        assert ended.value.code == Exit.USAGE
        assert said in capsys.readouterr().err
        assert (folder / "responses.csv").read_bytes() == before

    def test_workbook_is_not_shown_on_a_terminal(
        self, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(sys, "stdout", Terminal())

        with pytest.raises(SystemExit) as ended:
            run("--format", "xlsx")

        assert ended.value.code == Exit.USAGE
        assert "say where to put it with --out" in capsys.readouterr().err

    def test_help_names_formats_files_and_exit_codes(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as ended:
            main(["summarise", "--help"])

        assert ended.value.code == Exit.DONE
        told = capsys.readouterr().out
        for word in ("json", "csv", "xlsx", "docx", "response_id", "INVITED.csv", "exit codes"):
            assert word in told


class TestWriting:
    def test_into_a_folder_that_is_not_there(
        self, run: Run, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run("--out", str(folder / "nowhere" / "x.json")) == Exit.CANNOT_WRITE
        assert "x.json cannot be written: No such file or directory." in capsys.readouterr().err

    def test_onto_a_folder_leaves_nothing_behind(self, run: Run, folder: Path) -> None:
        (folder / "results").mkdir()
        before = sorted(folder.iterdir())

        assert run("--out", "results") == Exit.CANNOT_WRITE
        assert sorted(folder.iterdir()) == before

    def test_replaces_a_file_and_keeps_its_permissions(self, tmp_path: Path) -> None:
        file = tmp_path / "result.json"
        file.write_bytes(b"old")
        file.chmod(0o640)

        write_whole(b"new", file)

        assert file.read_bytes() == b"new"
        assert stat.S_IMODE(file.stat().st_mode) == 0o640
        assert list(tmp_path.iterdir()) == [file]

    def test_new_file_has_the_usual_permissions(self, tmp_path: Path) -> None:
        mask = os.umask(0o027)
        try:
            write_whole(b"new", tmp_path / "result.json")
        finally:
            os.umask(mask)

        assert stat.S_IMODE((tmp_path / "result.json").stat().st_mode) == 0o640


class TestTerminal:
    @pytest.mark.parametrize("is_long", [True, False], ids=["long", "short"])
    def test_progress_is_shown_for_a_long_file(
        self, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, is_long: bool
    ) -> None:
        with (folder / "responses.csv").open("a", encoding="utf-8") as file:
            file.write("\n" * (LONG_BYTES if is_long else 10))
        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)

        assert run("--out", "x.json") == Exit.DONE

        assert ("Reading responses.csv" in terminal.getvalue()) == is_long
        assert terminal.getvalue().rpartition("\r")[2].startswith("responses.csv: The file has no")

    def test_stopping_writes_nothing(
        self, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Stopped(Terminal):
            """A terminal at which somebody presses control and C."""

            def isatty(self) -> bool:
                raise KeyboardInterrupt

        terminal = Stopped()
        monkeypatch.setattr(sys, "stderr", terminal)

        assert run("--out", "x.json") == Exit.INTERRUPTED
        assert terminal.getvalue() == "Stopped. Nothing was written.\n"
        assert not (folder / "x.json").exists()
