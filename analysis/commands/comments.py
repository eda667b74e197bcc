"""`comments`: sort what people wrote by a codebook, and count what may be counted."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis.commands.ending import EXIT_CODES, Exit
from analysis.commands.reading import add_bank, read_bank, read_names, read_summary
from analysis.commands.telling import told
from analysis.commands.writing import add_out, chosen_format, write

if TYPE_CHECKING:
    from analysis.commands.program import Commands

USUAL_CODEBOOK: Final = "safeguarding_children"

_FORMATS: Final = {
    "json": "For other programs",
    "csv": "One line for each comment, code, term or quotation",
    "xlsx": "A workbook",
    "ods": "A spreadsheet of the open format",
}
_DESCRIPTION: Final = """\
Sort what people wrote. First without --coded: write a sheet of the released comments with the
codes that their words suggest, for a person to confirm in the column codes. Then with --coded and
that sheet: count comments by code, find the terms that enough people use, and with --result choose
quotations. Nobody's comment is counted or shown that a person has not released.
"""
_EPILOG: Final = f"""\
files (CSV in UTF-8, columns separated by commas):
  COMMENTS.csv  comment_id, agency, sector, question, text; and where known respondent (a key of
                the writer), quotable (yes or no), released (what others may read, empty where
                nobody has released it).
  SHEET.csv     the sheet with the column codes filled in: codes joined by |, or none.
  Codebook      YAML: codes with the words that suggest them. One comes with the program:
                {USUAL_CODEBOOK}.
  Names         people known to the round, one on a line. No part of them is ever a term.

{EXIT_CODES}

examples:
  python -m analysis comments comments.csv --bank safeguarding_children_2010 --out sheet.csv
  python -m analysis comments comments.csv --bank safeguarding_children_2010 --coded sheet.csv
"""


def add(commands: Commands) -> None:
    """Add the command to the program."""
    parser = commands.add_parser(
        "comments",
        help="sort comments by a codebook; count codes and terms, choose quotations",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("comments", type=Path, metavar="COMMENTS.csv", help="the file of comments")
    add_bank(parser, required=True)
    parser.add_argument(
        "--codebook",
        default=USUAL_CODEBOOK,
        metavar="NAME|FILE",
        help=f"the codes to sort by; {USUAL_CODEBOOK} if absent",
    )
    parser.add_argument(
        "--coded", type=Path, metavar="SHEET.csv", help="the sheet with its codes confirmed"
    )
    parser.add_argument(
        "--result",
        type=Path,
        metavar="RESULT.json",
        help="the result of the same round, from summarise: needed for quotations",
    )
    parser.add_argument("--names", type=Path, metavar="FILE", help="people known to the round")
    add_out(parser, _FORMATS, otherwise="csv")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    """Read the comments; write the sheet to fill in, or what comes of it."""
    given = (options.comments, options.coded, options.result, options.names)
    reads = [path for path in given if path is not None]
    to = chosen_format(options, [*reads, Path(options.bank), Path(options.codebook)])
    bank = read_bank(options.bank)
    from analysis.comment_codebook import load_codebook
    from analysis.written import read_comments

    codebook = told(Path(options.codebook), partial(load_codebook, options.codebook))
    if bank is None or codebook is None:
        return Exit.FAULTS
    comments = told(options.comments, partial(read_comments, options.comments, bank))
    names = read_names(options.names)
    if comments is None or names is None:
        return Exit.FAULTS
    from analysis import comment_files, commented
    from analysis.coding import count_codes, suggest_all

    if options.coded is None:
        rows = commented.sheet_rows(comments, suggest_all(comments, codebook))
        return write(comment_files.sheet_as(to, rows, codebook), options.out)
    released = [comment.id for comment in comments if comment.released is not None]
    confirmed = told(
        options.coded, partial(commented.read_coded, options.coded, codebook, known=released)
    )
    summary = None if options.result is None else read_summary(options.result)
    if confirmed is None or (options.result is not None and summary is None):
        return Exit.FAULTS
    from analysis.quotes import choose_quotes
    from analysis.terms import find_terms

    result = commented.CommentsResult(
        bank=bank.id,
        codebook_title=codebook.title,
        coding=count_codes(comments, codebook, confirmed=confirmed),
        terms=find_terms(comments, names=names),
        quotes=None if summary is None else choose_quotes(comments, summary, names=names),
    )
    return write(comment_files.result_as(to, result), options.out)
