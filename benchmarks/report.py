"""A result as text, every figure beside what is aimed at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.journey import Kind
from benchmarks.load import Load

if TYPE_CHECKING:
    from benchmarks.respond import Result

GET_MULTIPLE = 5
POST_MULTIPLE = 8
P99_GET_SECONDS = 0.100
P99_POST_SECONDS = 0.150
FIRST_VISIT_BYTES = 60_000
WORKER_BYTES = 100_000_000

AIMS = {Kind.GET: P99_GET_SECONDS, Kind.POST: P99_POST_SECONDS}


def table(result: Result) -> str:
    """The tables of one run, in Markdown."""
    parts = [f"## {result.database}", "", _machine(result)]
    for number, one in enumerate(result.loads, start=1):
        parts += ["", *_load(one, number, len(result.loads))]
    parts += ["", *_cost(result), "", *_sizes(result)]
    return "\n".join(parts) + "\n"


def _machine(result: Result) -> str:
    on = result.machine
    return (
        f"{on.processors} processors ({on.processor}), {on.memory_gib} GiB, {on.system}, "
        f"Python {on.python}, gunicorn {on.gunicorn}: "
        f"{result.workers} workers of {result.threads} threads."
    )


def _load(one: Load, number: int, of: int) -> list[str]:
    return [
        (
            f"Load {number} of {of}: {one.respondents} respondents, {one.seconds:.0f} s, "
            f"{len(one.failures)} failures, workers busy {one.server_cpu_share:.0%} of a "
            f"processor, the whole machine {one.machine_busy_share:.0%}."
        ),
        *(f"* {failure}" for failure in one.failures[:5]),
        "",
        "| Request | Number | p50 | p95 | p99 | Longest | Aim for p99 |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {kind} | {times.count} | {_ms(times.p50)} | {_ms(times.p95)} | {_ms(times.p99)} "
            f"| {_ms(times.longest)} | {_ms(AIMS[kind]) if kind in AIMS else ''} |"
            for kind, times in one.times.items()
        ),
    ]


def _cost(result: Result) -> list[str]:
    spent = result.cost
    return [
        "| Processor time of the server | Each | Times a bare page | Aim |",
        "|---|---:|---:|---:|",
        f"| Bare Flask and Jinja page | {_ms(spent.bare)} | 1.0 | |",
        (
            f"| GET of a page of questions | {_ms(spent.get)} | {spent.get_multiple:.1f} "
            f"| {GET_MULTIPLE} |"
        ),
        (
            f"| POST of it, answered by a redirect | {_ms(spent.post)} | {spent.post_multiple:.1f} "
            f"| {POST_MULTIPLE} |"
        ),
        (
            f"| POST and the page it leads to | {_ms(spent.post_and_page)} "
            f"| {spent.post_and_page_multiple:.1f} | {POST_MULTIPLE} |"
        ),
        (
            f"| Compressing that page, if the application did it | {_ms(spent.compressing)} "
            f"| {spent.compressing / spent.bare:.1f} | |"
        ),
    ]


def _sizes(result: Result) -> list[str]:
    visit = result.first_visit
    largest = max(memory.rss_bytes for memory in result.memory)
    shared = max(memory.pss_bytes for memory in result.memory)
    return [
        "| Size | Bytes | Aim |",
        "|---|---:|---:|",
        (
            f"| First visit as the application sends it ({visit.requests} requests) "
            f"| {visit.served:,} | {FIRST_VISIT_BYTES:,} |"
        ),
        (
            f"| First visit behind a proxy that compresses HTML | {visit.behind_proxy:,} "
            f"| {FIRST_VISIT_BYTES:,} |"
        ),
        f"| Largest worker after the load (resident) | {largest:,} | {WORKER_BYTES:,} |",
        f"| The same with shared pages divided | {shared:,} | |",
    ]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds * 1000:,.0f} ms"
