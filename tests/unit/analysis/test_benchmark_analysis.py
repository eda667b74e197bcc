"""The measurement of the analysis measures what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.tally_file import tally_file
from benchmarks import analysis_runs
from benchmarks.analysis import FileResult, exponents
from benchmarks.analysis_data import make_bank, write_file
from benchmarks.analysis_report import table
from benchmarks.machine import Machine

MACHINE = Machine(2, "a processor", 8.0, "a system", "3.11", "27")


@pytest.mark.parametrize("comments", [False, True], ids=["plain", "with comments"])
def test_files_are_the_same_for_a_seed_and_in_good_order(tmp_path: Path, comments: bool) -> None:
    bank = make_bank(questions=7, comments=comments)
    paths = [tmp_path / name for name in ("one.csv", "two.csv")]
    for path in paths:
        write_file(path, bank, rows=120, agencies=9)

    assert paths[0].read_bytes() == paths[1].read_bytes()
    tally = tally_file(paths[0], bank).tally
    assert tally.respondents["n"].sum() == 120
    assert len(tally.agencies) == 9
    assert set(tally.cells["question"]) == {f"question_{i:02d}" for i in range(7)}


def test_short_script_has_the_shares_of_the_tally(tmp_path: Path) -> None:
    bank = make_bank(questions=2)
    path = tmp_path / "one.csv"
    write_file(path, bank, rows=200, agencies=3)

    found = analysis_runs.shares(path, ["question_00"])["question_00"]

    cells = tally_file(path, bank).tally.cells
    asked = cells[cells["question"] == "question_00"]
    counts = asked.pivot_table(index="agency", columns="option", values="n", aggfunc="sum")
    on_scale = counts[list(analysis_runs.ON_SCALE)].sum(axis=1)
    assert found.to_dict() == pytest.approx(
        (counts[list(analysis_runs.FAVOURABLE)].sum(axis=1) / on_scale).to_dict()
    )


def test_growth_is_a_power_of_the_rows() -> None:
    def of(rows: int, seconds: float, *, comments: bool = False) -> FileResult:
        times = analysis_runs.Times(0.1, 0.2, seconds, 0.0, seconds)
        return FileResult(rows, comments, 1.0, times, 100.0, 90.0)

    files = [of(1_000, 1.0), of(100_000, 100.0), of(1_000_000, 100.0), of(5, 9.0, comments=True)]

    assert exponents(files) == [(1_000, 100_000, pytest.approx(1.0)), (100_000, 1_000_000, 0.0)]
    text = table(MACHINE, files, [], [], exponents=exponents(files))
    assert "| 100,000 | 1.0 MB | 0.100 s | 100.000 s, 1000.0 | 0.00 s | 100.00 s | 1.70 s" in text
    assert "1,000 to 100,000 rows 1.00" in text
