"""`compare`: what changed between rounds of one council."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis.commands.ending import EXIT_CODES, Exit, WrongCommand
from analysis.commands.reading import RoundFiles, RoundRead, read_bank, read_round
from analysis.commands.telling import told
from analysis.commands.writing import add_out, chosen_format, write
from analysis.export import BESIDE_FORMATS, Format, file_title

if TYPE_CHECKING:
    from analysis.commands.program import Commands
    from analysis.comparison_notes import Notes
    from analysis.published import PublishedTotals
    from analysis.rounds_inputs import AnyRound, RoundForComparison
    from question_banks.bank import Bank

_DESCRIPTION: Final = """\
Set rounds of one council against each other, the oldest first: what changed, how surely, and how
much of a change is only a different mix of who answered. Questions are matched by what they ask:
where a question was reworded or its scale changed, the result says so and does not compare.
"""
_EPILOG: Final = f"""\
files (CSV in UTF-8, columns separated by commas):
  ROUND           responses as for summarise, or a tally kept with summarise --keep-tally.
  PUBLISHED.csv   question, and base with favourable (two counts), or percent with base, or percent
                  alone where no base was published: that is shown and never tested.
  NOTES.csv       round, question, kind, note, by: what people noted. round is the place of the
                  later round, counted from 1. kind is comparable or not_comparable (a decision on
                  a question that was reworded), or what changed around the question:
                  reorganisation, new_process, new_definition, other.

--bank and --settings may be given once for all rounds. They, --title and --invited may be given
once for each round, in the same order; - stands for a round that has none.

{EXIT_CODES}

examples:
  python -m analysis compare old.csv new.csv --bank safeguarding_children_2010
  python -m analysis compare old.csv new.csv --bank section_11@1.0 --bank my_bank.yaml --out c.docx
  python -m analysis compare tally.json new.csv --bank section_11 --title 2024 --title 2026
"""

NONE: Final = "-"
"""What stands for a round that has no such file."""


def add(commands: Commands) -> None:
    """Add the command to the program."""
    parser = commands.add_parser(
        "compare",
        help="set rounds of one council against each other",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "rounds", type=Path, nargs="+", metavar="ROUND", help="rounds, the oldest first"
    )
    parser.add_argument("--bank", action="append", metavar="ID|FILE", help="what was asked")
    parser.add_argument("--title", action="append", metavar="TEXT", help="what a round is called")
    parser.add_argument(
        "--invited", action="append", metavar="INVITED.csv", help="how many each agency invited"
    )
    parser.add_argument(
        "--settings", action="append", metavar="FILE", help="lines and thresholds of a round"
    )
    parser.add_argument("--council", default="", metavar="TEXT", help="the name of the council")
    parser.add_argument(
        "--published",
        type=Path,
        metavar="PUBLISHED.csv",
        help="published totals of a round run elsewhere, which comes before all others",
    )
    parser.add_argument(
        "--source", metavar="TEXT", help="where the published totals come from; always shown"
    )
    parser.add_argument(
        "--published-title",
        default="Published totals",
        metavar="TEXT",
        help="what that round is called",
    )
    parser.add_argument(
        "--published-bank",
        metavar="ID|FILE",
        help="what it asked; the oldest round's questions if absent",
    )
    parser.add_argument("--notes", type=Path, metavar="NOTES.csv", help="what people noted")
    add_out(parser, {each.value: _title(each) for each in BESIDE_FORMATS})
    parser.set_defaults(run=run)


def _title(form: Format) -> str:
    from analysis.compared import Comparison

    return file_title(form, kind=Comparison)


def run(options: argparse.Namespace) -> Exit:
    """Read every round, compare them, write the comparison."""
    files = _files(options)
    reads = [path for each in files for path in each.paths()]
    reads += [path for path in (options.published, options.notes) if path is not None]
    to = Format(chosen_format(options, reads))
    titles = _for_each(options.title, rounds=len(files), option="--title")
    _check(options)
    read = [read_round(each) for each in files]
    held = [each for each in read if each is not None]
    if len(held) < len(read):
        return Exit.FAULTS
    before = _published(options, held[0].bank)
    if before is None:
        return Exit.FAULTS
    notes = _notes(options, [*(each.bank for each in before), *(each.bank for each in held)])
    if notes is None:
        return Exit.FAULTS
    # Everything has been read; what takes long comes last.
    from analysis import export
    from analysis.rounds import compare

    rounds: list[AnyRound] = [
        *before,
        *(
            _comparable(each, title or each.source.rpartition(".")[0])
            for each, title in zip(held, titles, strict=True)
        ),
    ]
    comparison = compare(
        rounds,
        decisions=notes.decisions,
        notes=notes.circumstances,
        council=options.council,
    )
    return write(export.write(comparison, to=to), options.out)


def _files(options: argparse.Namespace) -> list[RoundFiles]:
    rounds: list[Path] = options.rounds
    each = partial(_for_each, rounds=len(rounds))
    return [
        RoundFiles(
            answers=answers,
            bank=bank,
            invited=None if invited is None else Path(invited),
            settings=None if settings is None else Path(settings),
        )
        for answers, bank, invited, settings in zip(
            rounds,
            each(options.bank, option="--bank", for_all=True),
            each(options.invited, option="--invited"),
            each(options.settings, option="--settings", for_all=True),
            strict=True,
        )
    ]


def _for_each(
    given: Sequence[str] | None, *, rounds: int, option: str, for_all: bool = False
) -> list[str | None]:
    """What was given for each round, None where nothing was; one for all of them with `for_all`."""
    if not given:
        return [None] * rounds
    told = [None if text == NONE else text for text in given]
    if len(told) == 1 and for_all:
        return told * rounds
    if len(told) != rounds:
        times = "once" if len(told) == 1 else f"{len(told)} times"
        raise WrongCommand(f"{option} was given {times} for {rounds} rounds: give it for each")
    return told


def _check(options: argparse.Namespace) -> None:
    if len(options.rounds) < 2 and options.published is None:
        raise WrongCommand("two rounds are needed, or one with --published")
    if options.published is not None and not (options.source or "").strip():
        raise WrongCommand("--published needs --source: say where the totals come from")


def _comparable(read: RoundRead, title: str) -> RoundForComparison:
    """A round with what may be shown of it."""
    from analysis.rounds_inputs import RoundForComparison
    from analysis.summary import summarise

    summary = summarise(read.tally, read.bank, settings=read.settings, source=read.source)
    return RoundForComparison(
        title=title, tally=read.tally, bank=read.bank, settings=read.settings, summary=summary
    )


def _published(options: argparse.Namespace, oldest: Bank) -> list[PublishedTotals] | None:
    """The published totals if there are any, or None once what is wrong with them is told.

    `oldest` is the bank of the oldest other round, whose questions they are unless it is said.
    """
    if options.published is None:
        return []
    from analysis.published import PublishedTotals, read_published

    asked = options.published_bank
    bank = oldest if asked is None else read_bank(asked)
    if bank is None:
        return None
    totals = told(options.published, partial(read_published, options.published, bank))
    if totals is None:
        return None
    return [
        PublishedTotals(
            title=options.published_title, source=options.source, bank=bank, totals=totals
        )
    ]


def _notes(options: argparse.Namespace, banks: Sequence[Bank]) -> Notes | None:
    """What people noted, or None once what is wrong with it is told."""
    from analysis.comparison_notes import Notes, read_notes

    if options.notes is None:
        return Notes()
    return told(options.notes, partial(read_notes, options.notes, banks))
