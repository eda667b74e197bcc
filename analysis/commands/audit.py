"""`audit`: whether results that were released, taken together, reveal how a few people answered."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis.commands.ending import EXIT_CODES, Exit
from analysis.commands.reading import read_summary
from analysis.commands.telling import progress_over, told
from analysis.commands.writing import add_out, chosen_format, write

if TYPE_CHECKING:
    from analysis.commands.program import Commands

_FORMATS: Final = {"txt": "Sentences", "json": "For other programs"}
_DESCRIPTION: Final = """\
Take results of one round that were released, the oldest first, and say whether together they
reveal how a few people answered. It works from the files alone, as a reader has them. What it
prints says what could be worked out: show it only to those who may know.
"""
_EPILOG: Final = f"""\
{EXIT_CODES}

examples:
  python -m analysis audit march.json june.json
  python -m analysis audit march.json june.json --format json --out audit.json
"""


def add(commands: Commands) -> None:
    """Add the command to the program."""
    parser = commands.add_parser(
        "audit",
        help="say whether released results together reveal anybody's answers",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "results",
        type=Path,
        nargs="+",
        metavar="RESULT.json",
        help="results in JSON, from summarise or from a page; the oldest first",
    )
    add_out(parser, _FORMATS, otherwise="txt")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    """Read the results, audit them together, write what was found."""
    to = chosen_format(options, options.results)
    summaries = [read_summary(file) for file in progress_over(options.results, what="Reading")]
    held = [summary for summary in summaries if summary is not None]
    if len(held) < len(summaries):
        return Exit.FAULTS
    from analysis.released import audit_releases

    audit = told(options.results[0], partial(audit_releases, held))
    if audit is None:
        return Exit.FAULTS
    content = audit.model_dump_json(indent=2) if to == "json" else "\n".join(audit.lines())
    done = write(f"{content}\n".encode(), options.out)
    return done if done is not Exit.DONE or audit.is_safe else Exit.REVEALED
