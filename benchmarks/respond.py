"""How the respondent's journey is served: times, failures, memory, bytes and processor cost.

    python -m benchmarks.respond --database sqlite --json result.json

Server and simulated respondents share the machine. A run is about a minute a database.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import cost, first_visit, load, machine, rounds, serving
from benchmarks.cost import Cost
from benchmarks.first_visit import FirstVisit
from benchmarks.load import Load
from benchmarks.machine import Machine
from benchmarks.report import table
from benchmarks.rounds import Database
from benchmarks.serving import Memory


@dataclass(frozen=True)
class Result:
    """All that one run on one database found; `loads` has an entry for each repetition."""

    database: Database
    machine: Machine
    workers: int
    threads: int
    think: tuple[float, float]
    first_visit: FirstVisit
    loads: tuple[Load, ...]
    memory: tuple[Memory, ...]
    """Of each worker, after the loads."""
    cost: Cost


def measure(database: Database, options: argparse.Namespace) -> Result:
    """Serves an open round from an empty database, and measures it."""
    respondents: int = options.respondents
    repeats: int = options.repeats
    with rounds.place(database) as place:
        links = rounds.open_round(place.database_url, respondents=respondents * repeats + 2)
        log = place.folder / "gunicorn.log"
        sizes = {"workers": options.workers, "threads": options.threads}
        with (
            serving.serving("benchmarks.bare:app", environ={}, log=log, **sizes) as bare,
            serving.serving(
                "wsgi:app", environ=place.environ, log=log, ready_path="/healthz", **sizes
            ) as app,
        ):
            visit = first_visit.measure(app, links[-1])
            loads = tuple(
                load.run(
                    app,
                    links[number * respondents : (number + 1) * respondents],
                    think=tuple(options.think),
                    seed=number,
                )
                for number in range(repeats)
            )
            memory = app.memory()
            spent = cost.measure(
                bare, app, links[-2], rounds=options.rounds, requests=options.requests
            )
    return Result(
        database=database,
        machine=machine.describe(),
        workers=options.workers,
        threads=options.threads,
        think=tuple(options.think),
        first_visit=visit,
        loads=loads,
        memory=memory,
        cost=spent,
    )


def main(arguments: Sequence[str]) -> int:
    """Runs what was asked for and prints it; returns 1 when a journey failed."""
    options = _parser().parse_args(arguments)
    databases = list(Database) if options.database == "both" else [Database(options.database)]
    results = []
    for database in databases:
        result = measure(database, options)
        print(table(result), flush=True)
        results.append(result)
    text = json.dumps([dataclasses.asdict(result) for result in results], indent=2)
    if options.json is None:
        print(text)
    else:
        options.json.write_text(f"{text}\n", encoding="utf-8")
    return int(any(one.failures for result in results for one in result.loads))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.respond", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--database", choices=[*Database, "both"], default="both")
    parser.add_argument("--respondents", type=int, default=50, help="at once (50)")
    parser.add_argument(
        "--think", type=float, nargs=2, default=(1.0, 2.0), metavar=("FROM", "TO"),
        help="seconds between two pages (1 2)",
    )  # fmt: skip
    parser.add_argument(
        "--repeats", type=int, default=1, help="times the load is put on; 0 for none (1)"
    )
    parser.add_argument("--workers", type=int, default=serving.WORKERS)
    parser.add_argument("--threads", type=int, default=serving.THREADS)
    parser.add_argument("--rounds", type=int, default=7, help="of processor cost (7)")
    parser.add_argument("--requests", type=int, default=200, help="in each such round (200)")
    parser.add_argument("--json", type=Path, help="write the result there, not on the screen")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
