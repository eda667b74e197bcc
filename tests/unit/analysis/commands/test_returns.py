"""`summarise --returns`: what agencies say of themselves, in the result or among the faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.__main__ import main
from analysis.commands.ending import Exit
from analysis.result import GroupKind, Summary

SUMMARISE = ["summarise", "responses.csv", "--bank", "bank.yaml", "--returns", "returns.csv"]


def write(folder: Path, *rows: str) -> None:
    text = "\n".join(["agency,question,option", *rows])
    (folder / "returns.csv").write_text(text, encoding="utf-8")


def test_ratings_stand_in_the_result(folder: Path) -> None:
    write(folder, "Northmoor Police,p_timely,agree", "Elm School,p_told,disagree")

    assert main([*SUMMARISE, "--out", "result.json"]) == Exit.DONE

    summary = Summary.model_validate_json((folder / "result.json").read_bytes())
    assert {(each.agency, each.question) for each in summary.returns} == {
        ("Northmoor Police", "p_timely"),
        ("Elm School", "p_told"),
    }
    # Eight people of each agency answered, too few to be shown apart.
    assert all(each.of_group for each in summary.returns)
    assert all(each.practitioners.kind is not GroupKind.AGENCY for each in summary.returns)


def test_faults_are_told_and_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, "Northmoor Polise,p_timely,agree", "Elm School,p_timely,yes")

    assert main([*SUMMARISE, "--out", "result.json"]) == Exit.FAULTS

    told = capsys.readouterr().err
    assert "row 2, column agency" in told
    assert "row 3, column option" in told
    assert not (folder / "result.json").exists()


def test_file_of_ratings_is_not_replaced(folder: Path) -> None:
    write(folder, "Northmoor Police,p_timely,agree")

    with pytest.raises(SystemExit):
        main([*SUMMARISE, "--out", "returns.csv"])
