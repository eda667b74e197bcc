"""The figures of the analysis as tables, every one beside what is aimed at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from benchmarks.machine import Machine

if TYPE_CHECKING:
    from benchmarks.analysis import FileResult
    from benchmarks.analysis_database import DatabaseResult
    from benchmarks.analysis_runs import RoundResult

RATIO = 2.0
BESIDES_SECONDS = 1.5
EXPONENT = 1.05
PEAK_MEGABYTES = 700


def table(
    on: Machine,
    files: Sequence[FileResult],
    rounds: Sequence[RoundResult],
    databases: Sequence[DatabaseResult],
    *,
    exponents: Sequence[tuple[int, int, float]],
) -> str:
    """All tables, in Markdown."""
    parts = [
        (
            f"{on.processors} processors ({on.processor}), {on.memory_gib} GiB, {on.system}, "
            f"Python {on.python}."
        ),
        *_files(files),
        *_exponents(exponents),
        *_rounds(rounds),
        *_databases(databases),
    ]
    return "\n".join(parts)


def _files(files: Sequence[FileResult]) -> list[str]:
    rows = []
    for one in files:
        times = one.times
        allowed = RATIO * times.read_csv_seconds + BESIDES_SECONDS
        kind = ", comments" if one.comments else ""
        rows.append(
            f"| {one.rows:,}{kind} | {one.megabytes:,.1f} MB | {times.read_csv_seconds:.3f} s "
            f"| {times.tally_seconds:.3f} s, {times.tally_seconds / times.read_csv_seconds:.1f} "
            f"| {times.after_seconds:.2f} s | {times.whole_seconds:.2f} s | {allowed:.2f} s "
            f"| {times.shares_seconds:.2f} s | {one.peak_megabytes:,.0f} MB "
            f"| {one.read_csv_peak_megabytes:,.0f} MB |"
        )
    return [
        "",
        (
            "| Rows | File | `read_csv` | To the tally, times `read_csv` | After it | Whole run "
            "| Aim | Shares by a short script | Peak memory | of `read_csv` |"
        ),
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
        *rows,
        "",
        f"Aim for peak memory: {PEAK_MEGABYTES} MB.",
    ]


def _exponents(exponents: Sequence[tuple[int, int, float]]) -> list[str]:
    said = ", ".join(f"{less:,} to {more:,} rows {power:.2f}" for less, more, power in exponents)
    return ["", f"Growth of the whole run as a power of the rows (aim {EXPONENT}): {said}."]


def _rounds(rounds: Sequence[RoundResult]) -> list[str]:
    return [
        "",
        "| 60 questions, 40 agencies | Summary, gate and audit | Canonical text | Digest |",
        "|---|---:|---:|---:|",
        *(
            f"| {one.rows:,} responses | {one.summarise_seconds:.2f} s "
            f"| {one.canonical_seconds:.2f} s | {one.digest_seconds:.2f} s |"
            for one in rounds
        ),
    ]


def _databases(databases: Sequence[DatabaseResult]) -> list[str]:
    return [
        "",
        (
            "| Database | Responses | Answers | Bare scan | Bare `GROUP BY` "
            "| Counting, times the scan | Tally of the counts |"
        ),
        "|---|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {one.database} | {one.responses:,} | {one.answers:,} | {one.scan_seconds:.2f} s "
            f"| {one.grouped_seconds:.2f} s | {one.count_seconds:.2f} s, "
            f"{one.count_seconds / one.scan_seconds:.0f} | {one.tally_seconds:.2f} s |"
            for one in databases
        ),
    ]
