"""`codebook`: what every column of a responses file holds, and what its codes stand for."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis import variables
from analysis.commands.ending import EXIT_CODES, Exit
from analysis.commands.reading import read_bank
from analysis.commands.writing import add_out, chosen_format, write

if TYPE_CHECKING:
    from analysis.commands.program import Commands

_FORMATS: Final = {
    "json": "A list of columns with their values, for other programs",
    "csv": "A row for each value of each column",
    "xlsx": "A workbook with a sheet of columns and one of values",
    "ods": "The same sheets in the open format",
    "sav": "An SPSS file without cases, with every label",
}
_WRITERS: Final = {
    "json": variables.to_json,
    "csv": variables.to_csv,
    "xlsx": variables.to_xlsx,
    "ods": variables.to_ods,
    "sav": variables.to_sav,
}
_EPILOG: Final = f"""\
{EXIT_CODES}

examples:
  python -m analysis codebook safeguarding_children_2010 --out codebook.xlsx
  python -m analysis codebook section_11@1.0 --format csv
"""


def add(commands: Commands) -> None:
    """Add the command to the program."""
    parser = commands.add_parser(
        "codebook",
        help="explain the columns of a file of responses",
        description="Explain the columns of a file of responses to a question bank, those that "
        "say who answered among them. There is no answer in it.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "bank",
        metavar="BANK",
        help="a bank by name (section_11), by name and version (section_11@1.0), or its file",
    )
    add_out(parser, _FORMATS, otherwise="csv")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    """Read the bank, write its codebook."""
    to = chosen_format(options, [Path(options.bank)])
    bank = read_bank(options.bank)
    return Exit.FAULTS if bank is None else write(_WRITERS[to](bank), options.out)
