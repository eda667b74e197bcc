"""`comments`: from a file of comments to a sheet, and from the sheet to what may be shown."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from analysis.__main__ import main
from analysis.commands.ending import Exit
from analysis.commented import CommentsResult
from tests import factories_summary as made

COMMENTS = ["comments", "comments.csv", "--bank", "bank.yaml"]
HEAD = "comment_id,agency,sector,question,text,respondent,quotable,released"
ROWS = (
    "c1,Elm School,schools,p_comment,Caseloads,p1,yes,High caseloads. Oakapple",
    "c2,Elm School,schools,p_comment,Caseloads,p2,yes,high caseloads. oakapple",
    "c3,Northmoor Police,police,p_comment,Caseloads,p3,no,our high caseloads. oakapple",
    "c4,Northmoor Police,police,p_comment,Waiting,p4,yes,",
)


@pytest.fixture
def comments(folder: Path) -> Path:
    """Four comments, three of them released, and a result of their round."""
    (folder / "comments.csv").write_text("\n".join([HEAD, *ROWS]), encoding="utf-8")
    signpost = made.signpost("practice")
    (folder / "result.json").write_text(made.summary((signpost,)).model_dump_json(), "utf-8")
    (folder / "names.txt").write_text("Rowan Oakapple\n\n", encoding="utf-8")
    return folder


def filled_in(folder: Path) -> None:
    """The sheet as the command writes it, its suggestions confirmed."""
    assert main([*COMMENTS, "--out", "sheet.csv"]) == Exit.DONE
    with (folder / "sheet.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["comment_id"] for row in rows] == ["c1", "c2", "c3"]
    with (folder / "sheet.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(row | {"codes": row["suggested"]} for row in rows)


def test_from_comments_to_codes_terms_and_quotations(comments: Path) -> None:
    filled_in(comments)

    coded = [*COMMENTS, "--coded", "sheet.csv", "--names", "names.txt", "--result", "result.json"]
    assert main([*coded, "--out", "result_of_comments.json"]) == Exit.DONE

    result = CommentsResult.model_validate_json((comments / "result_of_comments.json").read_bytes())
    workload = next(code for code in result.coding.codes if code.code == "workload")
    assert (workload.comments, workload.people) == (3, 3)
    assert [term.term for term in result.terms.terms] == ["caseloads", "high", "high caseloads"]
    assert result.quotes is not None
    # Both name somebody of the list, so neither is quoted.
    assert (result.quotes.quotes, result.quotes.details) == ((), 2)


def test_without_a_result_there_are_no_quotations(comments: Path) -> None:
    filled_in(comments)

    assert main([*COMMENTS, "--coded", "sheet.csv", "--out", "r.json"]) == Exit.DONE

    result = CommentsResult.model_validate_json((comments / "r.json").read_bytes())
    assert result.quotes is None
    assert "oakapple" in [term.term for term in result.terms.terms]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--codebook", "gone.yaml"], "gone.yaml:1: the file cannot be read"),
        (["--codebook", "."], ".:1: the file cannot be read"),
        (["--names", "gone.txt"], "gone.txt: The file cannot be read"),
        (["--coded", "gone.csv"], "gone.csv: The file cannot be read"),
        (["--coded", "comments.csv"], "comments.csv: row 1, column codes: This column is missing"),
    ],
)
def test_file_that_cannot_be_used(
    comments: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main([*COMMENTS, *arguments]) == Exit.FAULTS
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("file", ["result.json", "names.txt", "bank.yaml", "comments.csv"])
def test_nothing_that_is_read_is_written_over(comments: Path, file: str) -> None:
    given = ["--result", "result.json", "--names", "names.txt", "--coded", "sheet.csv"]

    with pytest.raises(SystemExit) as ended:
        main([*COMMENTS, *given, "--out", file])

    assert ended.value.code == Exit.USAGE


def test_result_of_something_else(comments: Path) -> None:
    filled_in(comments)

    assert main([*COMMENTS, "--coded", "sheet.csv", "--result", "bank.yaml"]) == Exit.FAULTS


@pytest.mark.parametrize("bad", ["bank.yaml", "comments.csv"])
def test_faulty_input_writes_nothing(comments: Path, bad: str) -> None:
    (comments / bad).write_text("x\n", encoding="utf-8")

    assert main([*COMMENTS, "--out", "sheet.csv"]) == Exit.FAULTS
    assert not (comments / "sheet.csv").exists()
