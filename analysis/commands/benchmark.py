"""`benchmark`: one council beside at least eight others that agreed to share."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis.commands.ending import EXIT_CODES, Exit, WrongCommand
from analysis.commands.reading import read_summary
from analysis.commands.telling import complain, progress_over, told
from analysis.commands.writing import add_out, chosen_format, write
from analysis.export import BESIDE_FORMATS, Format, file_title

if TYPE_CHECKING:
    from analysis.commands.program import Commands
    from analysis.councils import CouncilRound
    from analysis.result import Summary

_SAME_DAY: Final = date(2000, 1, 1)
"""Stands for every closing day where no list of them was given."""

_DESCRIPTION: Final = """\
Set the result of one council beside those of at least eight others that agreed to share: median,
quartiles, and where the own council lies. Never a league table; no other council is named.
"""
_EPILOG: Final = f"""\
files:
  OWN.json, OTHER.json  results in JSON, from summarise or from a page. Without --list each file is
                        one council, and that their rounds lie within 18 months is yours to know.
  LIST.csv              file, council, closed: whose result each file is, and the day on which its
                        round closed (2026-03-31). Of each council the round nearest in time counts.

{EXIT_CODES}
With fewer than eight other councils nothing is written and the exit code is 1.

examples:
  python -m analysis benchmark own.json others/*.json --council "Carr" --out benchmark.docx
  python -m analysis benchmark own.json others/*.json --list councils.csv --format csv
"""


@dataclass(frozen=True)
class Listed:
    """Whose result a file is, and when its round closed."""

    council: str
    closed: date


def add(commands: Commands) -> None:
    """Add the command to the program."""
    from analysis.benchmarked import Benchmark

    parser = commands.add_parser(
        "benchmark",
        help="set a council beside others that agreed to share",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("own", type=Path, metavar="OWN.json", help="the own council's result")
    parser.add_argument(
        "others", type=Path, nargs="+", metavar="OTHER.json", help="results of other councils"
    )
    parser.add_argument("--council", metavar="TEXT", help="the name of the own council")
    parser.add_argument("--title", default="", metavar="TEXT", help="what the own round is called")
    parser.add_argument("--list", type=Path, metavar="LIST.csv", help="councils and closing days")
    titles = {each.value: file_title(each, kind=Benchmark) for each in BESIDE_FORMATS}
    add_out(parser, titles)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    """Read the results, set one beside the others, write the benchmark."""
    files: list[Path] = [options.own, *options.others]
    listed = None if options.list is None else [options.list]
    to = Format(chosen_format(options, [*files, *(listed or [])]))
    held = [read_summary(file) for file in progress_over(files, what="Reading")]
    summaries = [summary for summary in held if summary is not None]
    whose = _whose(options, files)
    if whose is None or len(summaries) < len(held) or not _all_different(files, summaries):
        return Exit.FAULTS
    from analysis import export
    from analysis.councils import benchmark

    own, *others = _rounds(options, files, summaries, whose)
    made = benchmark(own, others)
    if made.refusal is not None:
        complain(made.refusal)
        return Exit.FAULTS
    return write(export.write(made, to=to), options.out)


def _rounds(
    options: argparse.Namespace,
    files: Sequence[Path],
    summaries: Sequence[Summary],
    whose: Mapping[str, Listed],
) -> list[CouncilRound]:
    from analysis.councils import CouncilRound

    rounds = []
    for place, (file, summary) in enumerate(zip(files, summaries, strict=True)):
        # Without a list a file is a council, and two files may have one name in two folders.
        known = whose.get(file.name, Listed(str(file.resolve()), _SAME_DAY))
        name = file.stem if place == 0 and not whose else known.council
        rounds.append(
            CouncilRound(
                council=(options.council or name) if place == 0 else known.council,
                title=options.title if place == 0 else file.stem,
                closed=known.closed,
                summary=summary,
            )
        )
    return rounds


def _all_different(files: Sequence[Path], summaries: Sequence[Summary]) -> bool:
    """False once it has been told that a result was given twice, which would make few seem many."""
    first: dict[str, Path] = {}
    is_good = True
    for file, summary in zip(files, summaries, strict=True):
        known = first.setdefault(summary.provenance.tally_digest, file)
        if known is not file:
            complain(f"{file}: These are the same answers as in {known}.")
            is_good = False
    return is_good


def _whose(options: argparse.Namespace, files: Sequence[Path]) -> Mapping[str, Listed] | None:
    """File name to its council and closing day; nothing without a list; None once faults are told.

    Raises WrongCommand where two files that a list should tell apart have one name.
    """
    if options.list is None:
        return {}
    names = [file.name for file in files]
    if len(set(names)) < len(names):
        raise WrongCommand("with --list every file needs a name of its own")
    return told(options.list, partial(_read_list, options.list, names))


def _read_list(path: Path, names: Sequence[str]) -> dict[str, Listed]:
    from analysis.delimited import FaultList, nearest, read_chunks, shown
    from question_banks.text import clean_line

    required = ("file", "council", "closed")
    faults = FaultList()
    found: dict[str, Listed] = {}
    for chunk in read_chunks(
        path,
        faults=faults,
        required=required,
        allowed=lambda heading: (
            f"A list of councils has no such column.{nearest(heading, required)}"
        ),
    ):
        columns = (map(clean_line, chunk.cells[name]) for name in required)
        for row, file, council, closed in zip(chunk.rows, *columns, strict=True):
            day = _day(closed)
            if file not in names:
                message = f"{shown(file)} is not one of the results given."
                faults.add(message, row=row, column="file")
            elif file in found:
                faults.add(f"{shown(file)} is there already.", row=row, column="file")
            if not council:
                faults.add("The name of the council is missing.", row=row, column="council")
            if day is None:
                message = f"{shown(closed)} is not a day such as 2026-03-31."
                faults.add(message, row=row, column="closed")
            found.setdefault(file, Listed(council, day or _SAME_DAY))
    for name in names:
        if name not in found:
            faults.add(f"{shown(name)} is not in the list.")
    faults.raise_if_any()
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-03-31") else None
    except ValueError:
        return None
