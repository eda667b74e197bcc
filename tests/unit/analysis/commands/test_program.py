"""How any command ends, whatever happens to it, in the same process."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from analysis.__main__ import main
from analysis.commands.ending import Exit, Terminated
from analysis.commands.reading import LARGEST_NAMES
from tests.unit.analysis.commands.conftest import Terminal

CODEBOOK = ["codebook", "bank.yaml"]


def test_reader_that_is_gone_is_no_fault(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdout", stream)

        assert main(CODEBOOK) == Exit.DONE

        # What is still to be written goes nowhere, and says nothing.
        stream.write("more")
        stream.flush()
    assert capsys.readouterr().err == ""


def test_output_that_is_closed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", None)

    assert main(CODEBOOK) == Exit.CANNOT_WRITE
    assert capsys.readouterr().err == "standard output cannot be written: it is closed.\n"


def test_output_that_is_full(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    descriptor = os.open("/dev/full", os.O_WRONLY)
    # Closed by hand: closing the stream would write again what could not be written.
    stream = os.fdopen(descriptor, "w", encoding="utf-8", closefd=False)
    monkeypatch.setattr(sys, "stdout", stream)

    assert main([*CODEBOOK, "--format", "csv"]) == Exit.CANNOT_WRITE
    assert "standard output cannot be written: No space left on device." in capsys.readouterr().err
    os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
    stream.close()
    os.close(descriptor)


def test_nobody_listens_on_standard_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)

    assert main(["codebook", "gone.yaml"]) == Exit.FAULTS


def test_asked_to_end_writes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Ending(Terminal):
        """A terminal that is looked at just when the system asks the program to end."""

        def isatty(self) -> bool:
            raise Terminated

    terminal = Ending()
    monkeypatch.setattr(sys, "stderr", terminal)

    assert main(["summarise", "responses.csv", "--bank", "bank.yaml", "--out", "x.json"]) == 143
    assert terminal.getvalue() == "Asked to end. Nothing was written.\n"
    assert not (folder / "x.json").exists()


def test_list_of_names_that_is_far_too_long(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (folder / "names.txt").open("wb") as file:
        file.truncate(LARGEST_NAMES + 1)
    (folder / "comments.csv").write_text("comment_id,agency,sector,question,text\n")
    text = "comment_id,agency,sector,question,text\nc1,Elm,schools,p_comment,x\n"
    (folder / "comments.csv").write_text(text, encoding="utf-8")

    code = main(["comments", "comments.csv", "--bank", "bank.yaml", "--names", "names.txt"])

    assert code == Exit.FAULTS
    assert capsys.readouterr().err == "names.txt: The file has more than 5,000,000 bytes.\n"


def test_kept_tally_of_a_bank_with_faults(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = ["--keep-tally", "t.json", "--out", "x.json"]
    assert main(["summarise", "responses.csv", "--bank", "bank.yaml", *kept]) == Exit.DONE
    (folder / "bad.yaml").write_text("bank: x\n", encoding="utf-8")
    capsys.readouterr()

    assert main(["summarise", "t.json", "--bank", "bad.yaml"]) == Exit.FAULTS
    assert "bad.yaml:1: " in capsys.readouterr().err
