"""The command line: what is printed, and the exit codes."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from question_banks import __main__ as command
from question_banks import loader
from question_banks.loader import bank_from_json, load_bank

ROOT = Path(__file__).parents[3]
VALID = ROOT / "tests" / "banks" / "valid"
INVALID = ROOT / "tests" / "banks" / "invalid"

Out = pytest.CaptureFixture[str]


def test_list_gives_a_line_for_each_bank(capsys: Out) -> None:
    assert command.main(["list"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(loader.list_banks())
    assert any(
        line.startswith("safeguarding_children_2010@1.0") and line.endswith("minutes")
        for line in lines
    )


def test_show_the_whole_bank(capsys: Out) -> None:
    assert command.main(["show", str(VALID / "by_level.yaml")]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "By level (by_level@1.0)",
        "This questionnaire asks about how agencies work together.",
        "",
        "Leading",
        "  Direction",
        "    set_direction: Things here go well. [strategic, board]",
        "    know_direction: Things here go well. [operational, frontline, other]",
        "  Boards",
        "    boards_meet: Things here go well. [strategic, board]",
        "    leading_comment: Is there more to say?",
        "",
        "Working",
        "  Daily work",
        "    work_well: Things here go well.",
        "    work_load: Things here go well. [frontline]",
        "",
        "Closing prompts",
        "    last_word: What works well? [frontline]",
    ]


def test_show_marks_what_depends_on_answers(capsys: Out) -> None:
    assert command.main(["show", str(VALID / "agency_return.yaml")]) == 0

    out = capsys.readouterr().out
    assert "leaders_action: What will you do? [strategic] [only after some answers]" in out
    assert "Closing prompts" not in out


def test_show_for_one_level(capsys: Out) -> None:
    assert command.main(["show", str(VALID / "by_level.yaml"), "--level", "frontline"]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "By level (by_level@1.0)",
        "This questionnaire asks about how agencies work together.",
        "Frontline practitioner: about 3 minutes.",
        "",
        "Leading: Direction (page direction)",
        "    know_direction: Things here go well.",
        "    leading_comment: Is there more to say?",
        "",
        "Working: Daily work (page daily_work)",
        "    work_well: Things here go well.",
        "    work_load: Things here go well.",
        "",
        "Closing prompts (page closing)",
        "    last_word: What works well?",
    ]


def test_show_as_json_is_the_whole_bank(capsys: Out) -> None:
    assert command.main(["show", "section_11", "--json"]) == 0

    out = capsys.readouterr().out
    assert bank_from_json(out) == load_bank("section_11")
    assert json.loads(out)["signposts"][0]["topics"][0]["questions"][0]["required"] is True


def test_show_as_json_takes_no_level(capsys: Out) -> None:
    assert command.main(["show", "section_11", "--json", "--level", "board"]) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "--json prints the whole bank and takes no --level.\n"


def test_an_unknown_bank_says_which_there_are(capsys: Out) -> None:
    assert command.main(["show", "section_12"]) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("There is no question bank called 'section_12'. Banks: ")
    assert "section_11" in captured.err


def test_show_of_a_faulty_bank_lists_its_errors(capsys: Out) -> None:
    path = INVALID / "scale_unknown.yaml"

    assert command.main(["show", str(path)]) == 1

    assert capsys.readouterr().out.startswith(f"{path}:31: sb_timely: there is no scale")


@pytest.mark.parametrize("arguments", [[], ["sing"], ["show"], ["show", "x", "--level", "chief"]])
def test_a_wrong_command_line_exits_with_two(arguments: list[str], capsys: Out) -> None:
    with pytest.raises(SystemExit) as caught:
        command.main(arguments)

    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("usage: python -m question_banks")


@pytest.mark.parametrize("arguments", [["-h"], ["check", "-h"], ["show", "-h"], ["publish", "-h"]])
def test_help_exits_with_nought(arguments: list[str], capsys: Out) -> None:
    with pytest.raises(SystemExit) as caught:
        command.main(arguments)

    assert caught.value.code == 0
    assert "usage: python -m question_banks" in capsys.readouterr().out


def test_check_of_everything_shipped(capsys: Out) -> None:
    assert command.main(["check"]) == 0

    count = len(loader.list_bank_files())
    assert capsys.readouterr().out == (
        f"No problems in {count} files, nor in the crosswalk and the digests.\n"
    )


def test_check_of_files_prints_every_problem_with_its_place(
    capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    names = ["code_question_twice.yaml", "warning_negative.yaml"]
    folder = "tests/banks/invalid/"

    assert command.main(["check", *(str(INVALID / name) for name in names)]) == 1

    assert capsys.readouterr().out.splitlines() == [
        f"{folder}code_question_twice.yaml:33: the question code ‘sb_timely’ is used twice",
        (
            f"{folder}warning_negative.yaml:32: warning: sb_timely: ‘not’ makes it hard to say "
            "what agreeing means (negative)"
        ),
        "2 problems in 2 files.",
    ]


def test_check_finds_a_code_that_a_shipped_bank_has(
    tmp_path: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = next(load_bank("safeguarding_children_2010").questions()).code
    text = (VALID / "smallest.yaml").read_text(encoding="utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace("sb_timely", shipped), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert command.main(["check", "mine.yaml"]) == 1

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(
        f"mine.yaml:29: {shipped}: the code stands for another question in "
        "safeguarding_children_2010@1.0"
    )
    assert lines[1:] == ["1 problem in 1 file."]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for the shipped banks, with one bank, no crosswalk and no digest."""
    text = (VALID / "smallest.yaml").read_text(encoding="utf-8")
    (tmp_path / "small_bank.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(loader, "BANKS", tmp_path)
    monkeypatch.setattr(command, "CROSSWALK", tmp_path / "links" / "crosswalk.yaml")
    monkeypatch.setattr(command, "DIGESTS", tmp_path / "DIGESTS")
    monkeypatch.chdir(tmp_path)
    loader._shipped_files.cache_clear()
    loader._load_shipped.cache_clear()
    return tmp_path


@pytest.fixture(autouse=True)
def _forget() -> object:
    yield
    loader._shipped_files.cache_clear()
    loader._load_shipped.cache_clear()


def test_check_of_everything_covers_crosswalk_and_digests(folder: Path, capsys: Out) -> None:
    assert command.main(["check"]) == 1

    assert capsys.readouterr().out.splitlines() == [
        "links/crosswalk.yaml:1: there is no such file",
        "DIGESTS:1: there is no such file",
        (
            "DIGESTS:1: small_bank@1.0 has no digest; run: python -m question_banks publish "
            "small_bank@1.0"
        ),
        "3 problems in 1 file.",
    ]


def test_check_of_a_broken_shipped_bank_leaves_the_links_alone(folder: Path, capsys: Out) -> None:
    (folder / "broken.yaml").write_text("bank: broken\n", encoding="utf-8")

    assert command.main(["check"]) == 1

    out = capsys.readouterr().out
    assert "broken.yaml:1: ‘title’ is missing" in out
    assert "DIGESTS" not in out


def test_publish_once(folder: Path, capsys: Out) -> None:
    assert command.main(["publish", "small_bank@1.0"]) == 0
    assert command.main(["publish"]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "small_bank@1.0 is published now.",
        "small_bank@1.0 was published before.",
    ]
    assert (folder / "DIGESTS").read_text(encoding="utf-8").startswith("small_bank@1.0 ")


def test_list_without_any_bank(folder: Path, capsys: Out) -> None:
    (folder / "small_bank.yaml").unlink()

    assert command.main(["list"]) == 0
    assert capsys.readouterr().out == ""


def test_the_module_runs(monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    monkeypatch.setattr(sys, "argv", ["question_banks", "list"])
    monkeypatch.delitem(sys.modules, "question_banks.__main__")

    with pytest.raises(SystemExit) as caught:
        runpy.run_module("question_banks", run_name="__main__")

    assert caught.value.code == 0
    assert "section_11@1.0" in capsys.readouterr().out


def test_output_that_nobody_reads_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w", encoding="utf-8") as nobody:
        monkeypatch.setattr(sys, "stdout", nobody)

        assert command.main(["list"]) == 0


def test_a_reader_that_stops_early_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)

    done = subprocess.run(
        [sys.executable, "-m", "question_banks", "show", "section_11", "--json"],
        stdout=write,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        check=False,
    )
    os.close(write)

    assert done.stderr == b""
    assert done.returncode == 0
