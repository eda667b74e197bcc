"""Hold the test coverage of each part of the code to its own bar.

Run as ``python -m tools.coverage_gates coverage.json`` on the report of ``coverage json``. What
decides a reading, a share or what may be shown is covered in every branch; a fault there would
look like a finding. The rest is held to 95% as one sum per package.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EXACT = ("analysis/shares.py", "analysis/judgement.py", "analysis/disclosure.py", "question_banks/")
REST = ("analysis/", "survey/")
REST_PERCENT = 95.0


@dataclass(frozen=True)
class Row:
    """One gate: what it covers, how many lines and branches were run, of how many."""

    name: str
    needed: float
    covered: int
    total: int

    @property
    def percent(self) -> float:
        """Return the share run, in per cent; a part without code is wholly covered."""
        return 100.0 * self.covered / self.total if self.total else 100.0

    @property
    def passes(self) -> bool:
        """Say whether the gate holds; 99.99% is not 100%."""
        return self.percent >= self.needed


def gates(report: Mapping[str, Any]) -> list[Row]:
    """Return a row for each file that must be covered exactly, and one for each package."""
    if not report["meta"]["branch_coverage"]:
        raise SystemExit("The coverage report has no branches: it was measured without them.")
    summaries = {Path(name).as_posix(): entry["summary"] for name, entry in report["files"].items()}
    exact = sorted(name for name in summaries if name.startswith(EXACT))
    rows = [_row(name, 100.0, [summaries[name]]) for name in exact]
    for part in REST:
        rest = [
            summary
            for name, summary in summaries.items()
            if name.startswith(part) and name not in exact
        ]
        rows.append(_row(f"{part} (the rest)", REST_PERCENT, rest))
    return rows


def missing(report: Mapping[str, Any]) -> list[str]:
    """Name each exactly covered file that the report does not know at all."""
    known = {Path(name).as_posix() for name in report["files"]}
    return [part for part in EXACT if not any(name.startswith(part) for name in known)]


def _row(name: str, needed: float, summaries: Iterable[Mapping[str, int]]) -> Row:
    listed = list(summaries)
    return Row(
        name=name,
        needed=needed,
        covered=sum(each["covered_lines"] + each["covered_branches"] for each in listed),
        total=sum(each["num_statements"] + each["num_branches"] for each in listed),
    )


def main(arguments: Sequence[str]) -> int:
    """Print the table; return 1 when a gate does not hold."""
    report = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    rows = gates(report)
    width = max(len(row.name) for row in rows)
    print(f"{'Covered lines and branches':{width}}  {'has':>6}  {'needs':>5}")
    for row in rows:
        mark = "" if row.passes else "  TOO LITTLE"
        print(f"{row.name:{width}}  {row.percent:6.2f}  {row.needed:5.0f}{mark}")
    for part in missing(report):
        print(f"{part} was not measured at all")
    return int(bool(missing(report)) or not all(row.passes for row in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
