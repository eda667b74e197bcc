"""Many respondents at once, over the whole journey, each thinking between two pages."""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks import machine
from benchmarks.journey import BrokenOff, Journey, Kind, Request
from benchmarks.serving import HOST, Server
from benchmarks.visitor import Visitor


@dataclass(frozen=True)
class Times:
    """How long requests of one kind took, in seconds."""

    count: int
    p50: float
    p95: float
    p99: float
    longest: float


@dataclass(frozen=True)
class Load:
    """What many respondents met. `failures` counts journeys that did not end in a receipt."""

    respondents: int
    seconds: float
    failures: tuple[str, ...]
    times: dict[Kind, Times]
    server_cpu_share: float
    """Processor time of all workers as a share of one processor."""
    machine_busy_share: float
    """How busy all processors were, with everything on the machine: near 1, times mean little."""


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed.

    >>> percentile([1.0, 2.0, 3.0, 4.0], 0.5)
    2.0
    >>> percentile([1.0, 2.0, 3.0, 4.0], 0.99)
    4.0
    """
    if not ordered:
        raise ValueError("There is no percentile of nothing.")
    rank = -(-len(ordered) * share // 1)
    return ordered[max(0, int(rank) - 1)]


def run(server: Server, links: Sequence[str], *, think: tuple[float, float], seed: int) -> Load:
    """Sends one respondent down each link, all at once, and waits for the last.

    Each starts at some moment within the longest thinking time, so that they do not march in step.
    """
    failures: list[str] = []
    journeys = [
        Journey(
            Visitor(HOST, server.port, encoding="gzip"),
            link,
            think=_thinking(think, random.Random(f"{seed} thinks {number}")),
            chance=random.Random(f"{seed} answers {number}"),
        )
        for number, link in enumerate(links)
    ]

    def go(journey: Journey) -> None:
        try:
            time.sleep(delays.pop())
            journey.begin()
            journey.answer()
            journey.send()
        except (BrokenOff, OSError, http.client.HTTPException) as error:
            failures.append(f"{type(error).__name__}: {error}")

    delays = [random.Random(f"{seed} starts {n}").uniform(0, think[1]) for n in range(len(links))]
    threads = [threading.Thread(target=go, args=(journey,)) for journey in journeys]
    used, busy, started = server.cpu_seconds(), machine.busy_seconds(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    requests = [request for journey in journeys for request in journey.requests]
    return Load(
        respondents=len(links),
        seconds=seconds,
        failures=tuple(failures),
        times={kind: _times(requests, kind) for kind in Kind},
        server_cpu_share=(server.cpu_seconds() - used) / seconds,
        machine_busy_share=(machine.busy_seconds() - busy) / seconds / machine.processors(),
    )


def _thinking(think: tuple[float, float], chance: random.Random) -> Callable[[], None]:
    return lambda: time.sleep(chance.uniform(*think))


def _times(requests: Sequence[Request], kind: Kind) -> Times:
    ordered = sorted(request.seconds for request in requests if request.kind is kind)
    return Times(
        count=len(ordered),
        p50=percentile(ordered, 0.50),
        p95=percentile(ordered, 0.95),
        p99=percentile(ordered, 0.99),
        longest=ordered[-1],
    )
