"""`audit`: what it says of released results, and the exit code that says it to a script."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.__main__ import main
from analysis.commands.ending import Exit
from analysis.released import Audit
from tests.unit.analysis.commands.conftest import Terminal, responses


@pytest.fixture
def released(folder: Path) -> Path:
    """Results of forty-eight people, then of forty-nine, neither of which knows the other."""
    (folder / "some.csv").write_text(responses(48), encoding="utf-8")
    (folder / "one_more.csv").write_text(responses(49), encoding="utf-8")
    for name, people in (("first", "some.csv"), ("second", "one_more.csv")):
        out = ["--out", f"{name}.json"]
        assert main(["summarise", people, "--bank", "bank.yaml", *out]) == Exit.DONE
    return folder


def test_one_more_answer_is_revealed(released: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()

    assert main(["audit", "first.json", "second.json"]) == Exit.REVEALED

    told = capsys.readouterr().out.splitlines()
    assert told[0].endswith("how a few people answered can be worked out.")
    assert any("of 1 person who came" in line for line in told[1:])


@pytest.mark.parametrize("files", [["first.json"], ["first.json", "first.json"]])
def test_nothing_is_revealed_by_one_result(
    released: Path, capsys: pytest.CaptureFixture[str], files: list[str]
) -> None:
    capsys.readouterr()

    assert main(["audit", *files]) == Exit.DONE
    assert "nothing was found" in capsys.readouterr().out


def test_json_reads_back(released: Path) -> None:
    assert main(["audit", "first.json", "second.json", "--out", "a.json"]) == Exit.REVEALED

    audit = Audit.model_validate_json((released / "a.json").read_bytes())
    assert audit.releases == 2
    assert not audit.is_safe


def test_what_cannot_be_written_is_no_verdict(released: Path) -> None:
    out = ["--out", "nowhere/a.json"]

    assert main(["audit", "first.json", "second.json", *out]) == Exit.CANNOT_WRITE


def test_files_are_counted_for_somebody_who_looks_on(
    released: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)

    assert main(["audit", *["first.json"] * 3]) == Exit.DONE
    assert "Reading" in terminal.getvalue()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (["second.json", "first.json"], "Give the results of one round, the oldest first."),
        (["first.json", "bank.yaml"], "bank.yaml: This is not a result of summarise in JSON"),
        (["first.json", "gone.json"], "gone.json: The file cannot be read: No such file"),
        (["first.json", "."], ".: The file cannot be read: Is a directory"),
    ],
)
def test_files_that_do_not_belong_together(
    released: Path, capsys: pytest.CaptureFixture[str], files: list[str], said: str
) -> None:
    assert main(["audit", *files]) == Exit.FAULTS
    assert said in capsys.readouterr().err
