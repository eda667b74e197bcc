"""Measures the analysis: from a file, or a database, to a gated result.

    python -m benchmarks.analysis                      # everything, some minutes
    python -m benchmarks.analysis --up-to 100000       # without the largest file
    python -m benchmarks.analysis --no-databases --json result.json

Everything that is compared takes turns in one process, and figures are medians: of processor time
for what one process does alone, of the clock where a database works beside it. Peak memory is that
of a process which does one thing once.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.analysis_data import make_bank, write_file
from benchmarks.analysis_runs import RoundResult, Times
from benchmarks.machine import describe

SIZES = (1_000, 10_000, 100_000, 1_000_000)
AGENCIES = 40
QUESTIONS = 30
DATABASE_RESPONSES = 100_000


@dataclass(frozen=True)
class FileResult:
    """What was measured with one file."""

    rows: int
    comments: bool
    megabytes: float
    times: Times
    peak_megabytes: float
    read_csv_peak_megabytes: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, show tables, and write JSON where that is asked for."""
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="signpost-bench-") as folder:
        files = [
            _file(Path(folder), rows=rows, comments=comments, repeats=options.repeats)
            for rows, comments in [*((size, False) for size in SIZES), (100_000, True)]
            if rows <= options.up_to
        ]
        rounds = [
            _round(Path(folder), rows=rows, repeats=options.repeats)
            for rows in (10_000, 100_000)
            if rows <= options.up_to
        ]
    databases = []
    if options.databases:
        # Loaded here, since the database's side needs what the other has no use for.
        from benchmarks.analysis_database import measure
        from benchmarks.rounds import Database

        databases = [
            measure(
                database,
                make_bank(questions=QUESTIONS),
                responses=min(DATABASE_RESPONSES, options.up_to),
                repeats=options.repeats,
            )
            for database in Database
        ]
    from benchmarks.analysis_report import table

    on = describe()
    print(table(on, files, rounds, databases, exponents=exponents(files)))
    if options.json is not None:
        found = {
            "machine": asdict(on),
            "files": [asdict(one) for one in files],
            "rounds": [asdict(one) for one in rounds],
            "databases": [asdict(one) for one in databases],
        }
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.analysis", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--repeats", type=int, default=3, help="turns of which to take the median")
    parser.add_argument("--up-to", type=int, default=SIZES[-1], help="rows of the largest file")
    parser.add_argument("--no-databases", dest="databases", action="store_false")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    return parser


def _file(folder: Path, *, rows: int, comments: bool, repeats: int) -> FileResult:
    path = folder / "responses.csv"
    write_file(path, make_bank(questions=QUESTIONS, comments=comments), rows=rows)
    of = [str(path), f"--questions={QUESTIONS}", *(["--comments"] if comments else [])]
    times = json.loads(_child("times", *of, f"--repeats={repeats}"))
    return FileResult(
        rows=rows,
        comments=comments,
        megabytes=path.stat().st_size / 1e6,
        times=Times(**times),
        peak_megabytes=float(_child("peak", *of)),
        read_csv_peak_megabytes=float(_child("peak-read-csv", *of)),
    )


def _round(folder: Path, *, rows: int, repeats: int) -> RoundResult:
    path = folder / "round.csv"
    write_file(path, make_bank(questions=60), rows=rows)
    found = _child("round", str(path), "--questions=60", f"--repeats={repeats}")
    return RoundResult(**json.loads(found))


def _child(*arguments: str) -> str:
    """What a process of its own says."""
    command = [sys.executable, "-m", "benchmarks.analysis_runs", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def exponents(files: Sequence[FileResult]) -> list[tuple[int, int, float]]:
    """From one size to the next, the power of the rows with which the whole run grows."""
    plain = [one for one in files if not one.comments]
    return [
        (
            less.rows,
            more.rows,
            math.log(more.times.whole_seconds / less.times.whole_seconds)
            / math.log(more.rows / less.rows),
        )
        for less, more in pairwise(plain)
    ]


if __name__ == "__main__":
    sys.exit(main())
