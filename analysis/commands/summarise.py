"""`summarise`: from a file of responses to the gated result of a round."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis.commands.ending import EXIT_CODES, Exit
from analysis.commands.reading import RoundFiles, add_bank, read_round
from analysis.commands.telling import told
from analysis.commands.writing import add_out, chosen_format, refuse_to_replace, write
from analysis.export import FILE_TYPES, Format

if TYPE_CHECKING:
    from analysis.commands.program import Commands

OWNER_ONLY: Final = 0o600
"""Permissions of a kept tally: it has counts of groups too small to show."""

_DESCRIPTION: Final = """\
Turn a file of responses into the result of a round: what the answers say by signpost, how sure
that is, who answered and who did not. Small groups are left out as on the screens.
"""
_EPILOG: Final = f"""\
files (CSV in UTF-8, columns separated by commas):
  RESPONSES.csv  response_id, agency, sector, level, then a column for each question code of the
                 bank. Cells hold option codes; several of them, and rankings, are joined by |.
                 Dates are written as 2026-03-31. An empty cell is a skipped question.
                 A tally kept earlier with --keep-tally may stand in its place.
  INVITED.csv    agency, sector, invited, and level where numbers are known by level. An empty
                 number is one that is not known.
  RETURNS.csv    agency, question, option: the one rating an agency agreed on for itself, shown
                 with its name beside what its people, or its sector group, answered.
  Settings       YAML or JSON: lines, thresholds and sector groups.

{EXIT_CODES}

examples:
  python -m analysis summarise responses.csv --bank safeguarding_children_2010
  python -m analysis summarise responses.csv --bank my_bank.yaml --invited invited.csv --out r.xlsx
"""


def add(commands: Commands) -> None:
    """Add the command to the program."""
    parser = commands.add_parser(
        "summarise",
        help="turn a file of responses into a result",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "responses", type=Path, metavar="RESPONSES.csv", help="the file of responses"
    )
    add_bank(parser, required=False, also="; needed unless a kept tally names a bank known here")
    parser.add_argument(
        "--invited", type=Path, metavar="INVITED.csv", help="how many each agency invited"
    )
    parser.add_argument(
        "--returns", type=Path, metavar="RETURNS.csv", help="what agencies say of themselves"
    )
    parser.add_argument(
        "--settings", type=Path, metavar="FILE", help="lines and thresholds; usual ones if absent"
    )
    parser.add_argument(
        "--keep-tally",
        type=Path,
        metavar="PATH",
        help="also keep the bare counts, to compare a later round with when the responses are "
        "deleted. Not a result: it has the counts of small groups, and only you may read it",
    )
    add_out(parser, {each.value: FILE_TYPES[each].title for each in Format})
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    """Read, summarise, write."""
    files = RoundFiles(
        answers=options.responses,
        bank=options.bank,
        invited=options.invited,
        settings=options.settings,
    )
    keep: Path | None = options.keep_tally
    rated: Path | None = options.returns
    given = [*files.paths(), *([rated] if rated is not None else [])]
    to = Format(chosen_format(options, given))
    refuse_to_replace(keep, given, option="--keep-tally")
    if options.out is not None:
        refuse_to_replace(keep, [options.out], option="--keep-tally")
    read = read_round(files)
    if read is None:
        return Exit.FAULTS
    from analysis import export
    from analysis.returns import AgencyReturn, read_returns, with_returns
    from analysis.summary import summarise
    from analysis.tally import canonical_json

    returns: list[AgencyReturn] | None = []
    if rated is not None:
        agencies = frozenset(read.tally.agencies["agency"].tolist())
        returns = told(rated, partial(read_returns, rated, read.bank, agencies=agencies))
    if returns is None:
        return Exit.FAULTS
    summary = told(
        files.answers,
        partial(
            summarise, read.tally, read.bank, settings=read.settings, source=files.answers.name
        ),
    )
    if summary is None:
        return Exit.FAULTS
    if returns:
        summary = with_returns(
            summary, returns, tally=read.tally, bank=read.bank, settings=read.settings
        )
    content = export.write(summary, to=to)
    if keep is not None:
        kept = write(canonical_json(read.tally).encode(), keep, mode=OWNER_ONLY)
        if kept is not Exit.DONE:
            return kept
    return write(content, options.out)
