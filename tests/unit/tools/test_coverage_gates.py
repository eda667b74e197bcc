"""The coverage gates: which files must be whole, and what the rest must reach."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tools.coverage_gates import gates, main, missing

WHOLE = (10, 10, 4, 4)
NEARLY = (10, 10, 4, 3)


def _report(**files: tuple[int, int, int, int]) -> dict[str, Any]:
    """A report on files of so many statements, covered, branches, covered."""
    keys = ("num_statements", "covered_lines", "num_branches", "covered_branches")
    return {
        "meta": {"branch_coverage": True},
        "files": {
            name: {"summary": dict(zip(keys, numbers, strict=True))}
            for name, numbers in files.items()
        },
    }


def _all_exact(numbers: tuple[int, int, int, int] = WHOLE) -> dict[str, Any]:
    return _report(
        **{
            "analysis/shares.py": numbers,
            "analysis/judgement.py": WHOLE,
            "analysis/disclosure.py": WHOLE,
            "question_banks/path.py": WHOLE,
            "survey/app.py": (100, 96, 0, 0),
        }
    )


def _status(tmp_path: Path, report: dict[str, Any]) -> int:
    path = tmp_path / "coverage.json"
    path.write_text(json.dumps(report), encoding="utf-8")
    return main([str(path)])


def test_gates_hold_when_every_part_has_what_it_needs(tmp_path: Path) -> None:
    assert _status(tmp_path, _all_exact()) == 0


def test_one_branch_missing_where_all_are_needed_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _status(tmp_path, _all_exact(NEARLY)) == 1
    line = next(it for it in capsys.readouterr().out.splitlines() if "shares" in it)
    assert line.split() == ["analysis/shares.py", "92.86", "100", "TOO", "LITTLE"]


@pytest.mark.parametrize(("covered", "passes"), [(95, True), (94, False)])
def test_rest_is_held_to_95_per_cent(covered: int, passes: bool) -> None:
    rows = {row.name: row for row in gates(_report(**{"survey/app.py": (100, covered, 0, 0)}))}

    assert rows["survey/ (the rest)"].passes is passes


def test_exact_file_does_not_count_for_the_rest() -> None:
    rows = {
        row.name: row
        for row in gates(
            _report(**{"analysis/shares.py": (900, 900, 0, 0), "analysis/a.py": (10, 1, 0, 0)})
        )
    }

    assert rows["analysis/ (the rest)"].percent == pytest.approx(10.0)


def test_file_that_was_never_measured_fails(tmp_path: Path) -> None:
    report = _all_exact()
    del report["files"]["analysis/judgement.py"]

    assert missing(report) == ["analysis/judgement.py"]
    assert _status(tmp_path, report) == 1


def test_report_without_branches_is_refused() -> None:
    with pytest.raises(SystemExit, match="branches"):
        gates({"meta": {"branch_coverage": False}, "files": {}})
