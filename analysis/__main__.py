"""`python -m analysis summarise`: from a file of responses to a result, without a database."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from analysis.errors import AnalysisError, FaultyFile
from analysis.export import FILE_TYPES, Format
from question_banks.bank import Bank
from question_banks.errors import InvalidBank, UnknownBank
from question_banks.loader import load_bank

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.delimited import Progress

OK: Final = 0
FAULTS: Final = 1
USAGE: Final = 2
CANNOT_WRITE: Final = 3
INTERRUPTED: Final = 130

LONG_BYTES: Final = 1_000_000
"""Size of a file from which on reading it is worth a progress bar."""

_DESCRIPTION: Final = """\
Turn a file of responses into the result of a round: what the answers say by signpost, how sure
that is, who answered and who did not. Small groups are left out as on the screens.
"""
_EPILOG: Final = """\
files (CSV in UTF-8, columns separated by commas):
  RESPONSES.csv  response_id, agency, sector, level, then a column for each question code of the
                 bank. Cells hold option codes; several of them, and rankings, are joined by |.
                 Dates are written as 2026-03-31. An empty cell is a skipped question.
  INVITED.csv    agency, sector, invited, and level where numbers are known by level. An empty
                 number is one that is not known.
  Settings       YAML or JSON: lines, thresholds and sector groups.

exit codes:
  0  done
  1  faults in a file: each is listed as FILE: row N, column X: what is wrong
  2  the command was not understood
  3  the result cannot be written

examples:
  python -m analysis summarise responses.csv --bank safeguarding_children_2010
  python -m analysis summarise responses.csv --bank my_bank.yaml --invited invited.csv --out r.xlsx
"""

Read = TypeVar("Read")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    out: Path | None = options.out
    to = Format(options.format or _suffix_format(out) or Format.JSON)
    if out is not None and out.resolve() in _inputs(options):
        parser.error(f"--out would replace {out}, which is read here")
    if out is None and to in (Format.XLSX, Format.DOCX) and sys.stdout.isatty():
        parser.error(f"a {to} file cannot be shown here: say where to put it with --out")
    try:
        bank = load_bank(options.bank)
    except UnknownBank as error:
        parser.error(f"{error} There are: {', '.join(error.known)}. A file ends in .yaml.")
    except InvalidBank as error:
        _complain(str(error))
        return FAULTS
    try:
        content = _summarise(options, bank, to)
    except KeyboardInterrupt:
        _complain("Stopped. Nothing was written.")
        return INTERRUPTED
    return FAULTS if content is None else _write(content, out)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m analysis", description="Analyse the answers to a questionnaire."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    summarise = commands.add_parser(
        "summarise",
        help="turn a file of responses into a result",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    summarise.add_argument(
        "responses", type=Path, metavar="RESPONSES.csv", help="the file of responses"
    )
    summarise.add_argument(
        "--bank",
        required=True,
        metavar="ID|FILE",
        help="a bank by name (section_11), by name and version (section_11@1.0), or its file",
    )
    summarise.add_argument(
        "--invited", type=Path, metavar="INVITED.csv", help="how many each agency invited"
    )
    summarise.add_argument(
        "--settings", type=Path, metavar="FILE", help="lines and thresholds; usual ones if absent"
    )
    summarise.add_argument(
        "--format",
        choices=[each.value for each in Format],
        help="what to write: "
        + "; ".join(f"{each}: {FILE_TYPES[each].title.lower()}" for each in Format)
        + ". By default what the name after --out ends in, else json",
    )
    summarise.add_argument(
        "--out",
        type=Path,
        metavar="PATH",
        help="the file to write, whole or not at all; else the result goes to standard output",
    )
    return parser


def _suffix_format(out: Path | None) -> Format | None:
    suffix = out.suffix.lower() if out is not None else ""
    return next((each for each in Format if FILE_TYPES[each].suffix == suffix), None)


def _inputs(options: argparse.Namespace) -> set[Path]:
    given = (options.responses, options.invited, options.settings, Path(options.bank))
    return {path.resolve() for path in given if path is not None}


def _summarise(options: argparse.Namespace, bank: Bank, to: Format) -> bytes | None:
    """The bytes of the result, or None once the faults of the files have been told."""
    # Imported here, since pandas and scipy take longer to load than a wrong command to refuse.
    from analysis import export
    from analysis.frame import read_responses
    from analysis.invited import check_responses, read_invited
    from analysis.settings import AnalysisSettings, load
    from analysis.summary import summarise
    from analysis.tally import from_frame

    file: Path = options.responses
    with _progress_bar(file) as progress:
        responses = _told(file, partial(read_responses, file, bank, progress=progress))
    invited = (
        _told(options.invited, partial(read_invited, options.invited)) if options.invited else None
    )
    settings = (
        _told(options.settings, partial(load, options.settings))
        if options.settings
        else AnalysisSettings()
    )
    if responses is None or settings is None or (options.invited and invited is None):
        return None
    for note in responses.notes:
        _complain(f"{file}: {note}")
    frame = responses.frame

    def result() -> bytes:
        if invited is not None:
            check_responses(frame, invited)
        tally = from_frame(frame, bank, invited=invited)
        return export.write(summarise(tally, bank, settings=settings, source=file.name), to=to)

    return _told(file, result)


def _told(file: Path, work: Callable[[], Read]) -> Read | None:
    """What `work` makes of `file`, or None once what is wrong has been told."""
    try:
        return work()
    except FaultyFile as error:
        for fault in error.faults:
            _complain(f"{file}: {fault}")
        if error.uncounted:
            _complain(f"{file}: and {error.uncounted:,} faults more")
    except AnalysisError as error:
        _complain(str(error))
    return None


@contextmanager
def _progress_bar(file: Path) -> Iterator[Progress | None]:
    """A progress bar for a long file on standard error while that is a terminal, else nothing."""
    if not (sys.stderr.isatty() and file.is_file() and file.stat().st_size >= LONG_BYTES):
        yield None
        return
    from tqdm import tqdm

    with tqdm(desc=f"Reading {file.name}", unit="B", unit_scale=True, leave=False) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield progress


def _write(content: bytes, out: Path | None) -> int:
    from analysis.output import write_whole

    try:
        if out is not None:
            write_whole(content, out)
        else:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
    except OSError as error:
        where = "standard output" if out is None else str(out)
        _complain(f"{where} cannot be written: {error.strerror or error}.")
        return CANNOT_WRITE
    return OK


def _complain(message: str) -> None:
    print(message, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
