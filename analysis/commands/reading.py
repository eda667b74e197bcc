"""What commands read: question banks, settings, and the answers of a round as a tally."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.commands.ending import WrongCommand
from analysis.commands.telling import complain, progress_bar, told
from question_banks.bank import Bank
from question_banks.errors import InvalidBank, UnknownBank
from question_banks.loader import load_bank

if TYPE_CHECKING:
    from analysis.settings import AnalysisSettings
    from analysis.tally import Tally


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
    from analysis.frame import read_responses
    from analysis.invited import check_responses, read_invited
    from analysis.tally import from_frame

    with progress_bar(files.answers) as progress:
        responses = told(
            files.answers, partial(read_responses, files.answers, bank, progress=progress)
        )
    invited = None
    if files.invited is not None:
        invited = told(files.invited, partial(read_invited, files.invited))
        if invited is None:
            return None
    if responses is None:
        return None
    for note in responses.notes:
        complain(f"{files.answers}: {note}")
    frame = responses.frame

    def tally() -> Tally:
        if invited is not None:
            check_responses(frame, invited)
        return from_frame(frame, bank, invited=invited)

    return told(files.answers, tally)


def _kept_round(files: RoundFiles) -> RoundRead | None:
    from analysis.errors import InvalidTally
    from analysis.tally import from_json

    if files.invited is not None:
        raise WrongCommand(f"{files.answers} holds its invited numbers: --invited is for responses")

    def read() -> Tally:
        try:
            return from_json(files.answers.read_text(encoding="utf-8"))
        except OSError as error:
            why = error.strerror or str(error)
            raise InvalidTally(f"{files.answers}: The file cannot be read: {why}.") from error
        except (UnicodeDecodeError, InvalidTally) as error:
            raise InvalidTally(f"{files.answers}: This is not a kept tally.") from error

    tally = told(files.answers, read)
    settings = read_settings(files.settings)
    if tally is None or settings is None:
        return None
    bank = read_bank(tally.bank_id if files.bank is None else files.bank)
    if bank is None:
        return None
    if bank.id != tally.bank_id:
        complain(f"{files.answers}: The tally is of {tally.bank_id}, not of {bank.id}.")
        return None
    return RoundRead(tally=tally, bank=bank, settings=settings, source=files.answers.name)


def read_settings(file: Path | None) -> AnalysisSettings | None:
    """Settings from a file, the usual ones without, or None once their faults have been told."""
    from analysis.settings import AnalysisSettings, load

    return AnalysisSettings() if file is None else told(file, partial(load, file))
