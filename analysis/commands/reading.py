"""What commands read: question banks, settings, and the answers of a round as a tally."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis.commands.ending import WrongCommand
from analysis.commands.telling import complain, progress_bar, told
from question_banks.bank import Bank
from question_banks.errors import InvalidBank, UnknownBank
from question_banks.loader import load_bank

if TYPE_CHECKING:
    from analysis.result import Summary
    from analysis.settings import AnalysisSettings
    from analysis.tally import Tally

LARGEST_TALLY: Final = 500_000_000
LARGEST_RESULT: Final = 100_000_000
LARGEST_NAMES: Final = 5_000_000
"""Bytes that a file of each kind may have: many times what one needs."""


@dataclass(frozen=True, kw_only=True)
class RoundFiles:
    """The files that say what one round asked and what it was answered.

    `answers` is a CSV file of responses, or a tally that was kept (`.json`). A kept tally knows its
    bank when that comes with the program, and holds its invited numbers.
    """

    answers: Path
    bank: str | None
    invited: Path | None = None
    settings: Path | None = None

    @property
    def is_tally(self) -> bool:
        """True where the answers are a kept tally."""
        return self.answers.suffix.lower() == ".json"

    def paths(self) -> list[Path]:
        """Every file that is read."""
        bank = Path(self.bank) if self.bank is not None else None
        given = (self.answers, bank, self.invited, self.settings)
        return [path for path in given if path is not None]


@dataclass(frozen=True, kw_only=True)
class RoundRead:
    """One round: its counts, what it asked, and how it is to be read."""

    tally: Tally
    bank: Bank
    settings: AnalysisSettings
    source: str


def add_bank(parser: argparse.ArgumentParser, *, required: bool, also: str = "") -> None:
    """Add --bank for one bank."""
    parser.add_argument(
        "--bank",
        required=required,
        metavar="ID|FILE",
        help="a bank by name (section_11), by name and version (section_11@1.0), or its file"
        + also,
    )


def read_bank(name: str) -> Bank | None:
    """The bank of that name, or None once its faults have been told. WrongCommand: no such bank."""
    try:
        return load_bank(name)
    except UnknownBank as error:
        known = ", ".join(error.known)
        raise WrongCommand(f"{error} There are: {known}. A file ends in .yaml.") from error
    except InvalidBank as error:
        complain(str(error))
        return None


def read_round(files: RoundFiles) -> RoundRead | None:
    """A round from its files, or None once everything wrong with them has been told."""
    if files.is_tally:
        return _kept_round(files)
    if files.bank is None:
        raise WrongCommand(f"say with --bank which questions {files.answers} answers")
    bank = read_bank(files.bank)
    if bank is None:
        return None
    tally = _counted(files, bank)
    settings = read_settings(files.settings)
    if tally is None or settings is None:
        return None
    return RoundRead(tally=tally, bank=bank, settings=settings, source=files.answers.name)


def _counted(files: RoundFiles, bank: Bank) -> Tally | None:
    """The tally of a file of responses; what is odd but no fault is told too."""
    # Imported here, since pandas takes longer to load than a wrong command to refuse.
    from analysis.invited import read_invited
    from analysis.tally_file import tally_file

    invited = None
    if files.invited is not None:
        invited = told(files.invited, partial(read_invited, files.invited))
    with progress_bar(files.answers) as progress:
        counted = told(
            files.answers,
            partial(tally_file, files.answers, bank, invited=invited, progress=progress),
        )
    if counted is None or (files.invited is not None and invited is None):
        return None
    for note in counted.notes:
        complain(f"{files.answers}: {note}")
    return counted.tally


def _kept_round(files: RoundFiles) -> RoundRead | None:
    from analysis.errors import InvalidTally
    from analysis.tally import from_json

    if files.invited is not None:
        raise WrongCommand(f"{files.answers} holds its invited numbers: --invited is for responses")

    def read() -> Tally:
        text = _text(files.answers, most=LARGEST_TALLY)
        try:
            return from_json(text)
        except InvalidTally as error:
            raise InvalidTally(f"{files.answers}: This is not a kept tally: {error}") from error

    tally = told(files.answers, read)
    settings = read_settings(files.settings)
    if tally is None or settings is None:
        return None
    bank = read_bank(tally.bank_id if files.bank is None else files.bank)
    if bank is None:
        return None
    from analysis.kept_tally import check_fits

    try:
        check_fits(tally, bank)
    except InvalidTally as error:
        complain(f"{files.answers}: {error}")
        return None
    return RoundRead(tally=tally, bank=bank, settings=settings, source=files.answers.name)


def read_settings(file: Path | None) -> AnalysisSettings | None:
    """Settings from a file, the usual ones without, or None once their faults have been told."""
    from analysis.settings import AnalysisSettings, load

    return AnalysisSettings() if file is None else told(file, partial(load, file))


def read_summary(file: Path) -> Summary | None:
    """A result that was released as JSON, or None once it has been told that it is none."""
    from pydantic import ValidationError

    from analysis.errors import AnalysisError
    from analysis.result import FORMAT, Summary

    def read() -> Summary:
        text = _text(file, most=LARGEST_RESULT)
        try:
            return Summary.model_validate_json(text)
        except ValidationError as error:
            raise AnalysisError(
                f"{file}: This is not a result of summarise in JSON ({FORMAT})."
            ) from error

    return told(file, read)


def read_names(file: Path | None) -> tuple[str, ...] | None:
    """Names from a file, one on a line; none without a file."""
    if file is None:
        return ()
    text = told(file, partial(_text, file, most=LARGEST_NAMES))
    return None if text is None else tuple(filter(None, map(str.strip, text.splitlines())))


def _text(file: Path, *, most: int) -> str:
    """A file's text. Raises AnalysisError where it is not text in UTF-8 or has too many bytes."""
    from analysis.errors import AnalysisError

    try:
        with file.open("rb") as opened:
            content = opened.read(most + 1)
    except OSError as error:
        why = error.strerror or str(error)
        raise AnalysisError(f"{file}: The file cannot be read: {why}.") from error
    if len(content) > most:
        raise AnalysisError(f"{file}: The file has more than {most:,} bytes.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AnalysisError(f"{file}: The file is not in UTF-8.") from error
