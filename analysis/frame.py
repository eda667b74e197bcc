"""A file of responses, with a question bank, to a frame with one row per response.

A wide file has the columns `response_id, agency, sector, level`, then one for each question code.
A long file has a row for each answer, with the columns `question` and `answer` after those four.
Cells hold option codes, several of them joined by `|`; numbers; dates as 2026-03-31; or text. An
empty cell is a skipped question. An answer to a question that the bank's rules route its respondent
past is left out, and a note says so: it counts as not shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.delimited import FaultList, Progress, find_heading, read_chunks
from analysis.tally_columns import Block, Lot, Objects, distinct, routed, watched_questions
from analysis.tally_long import LongReader, is_long
from analysis.tally_readers import REQUIRED, ExactIdentities, WideReader
from analysis.tally_words import NOT_SHOWN
from question_banks.bank import Bank, Level, Sector
from question_banks.conditions import Value


@dataclass(frozen=True)
class Record:
    """One response as it is stored. `answers` has every question on the path that the file has."""

    response_id: str
    agency: str
    sector: Sector
    level: Level
    answers: dict[str, Value]


@dataclass(frozen=True, eq=False)
class Responses:
    """The responses of a file.

    `frame` has one row per response, its index (named `row`) the row of the file, and the columns
    response_id, agency, sector, level and then, in the order of the bank, every question that the
    file has a column for: a `Cell`, None for skipped, or `analysis.tally.NOT_SHOWN`. `notes` says
    in whole sentences what was left out or looks odd without being a fault.
    """

    frame: pd.DataFrame
    notes: tuple[str, ...]

    def records(self) -> Iterator[Record]:
        """The responses one by one, in the order of the file."""
        questions = [column for column in self.frame.columns if column not in REQUIRED]
        columns = [self.frame[column].tolist() for column in (*REQUIRED, *questions)]
        for identifier, agency, sector, level, *cells in zip(*columns, strict=True):
            answers: dict[str, Value] = {
                code: list(cell) if isinstance(cell, tuple) else cell
                for code, cell in zip(questions, cells, strict=True)
                if cell != NOT_SHOWN
            }
            yield Record(identifier, agency, Sector(sector), Level(level), answers)


def read_responses(path: Path | str, bank: Bank, *, progress: Progress | None = None) -> Responses:
    """Read and check a file of responses.

    Args:
        path: a CSV file in UTF-8, wide or long, with or without a byte order mark.
        bank: the question bank its columns are of.
        progress: called after each chunk with bytes read and bytes in all.

    Raises:
        FaultyFile: anything is wrong; all of it is listed. Nothing is taken from such a file.
    """
    faults = FaultList()
    reader = reader_of(path, bank, faults, with_texts=True)
    watched = watched_questions(bank)
    rows: list[int] = []
    parts: dict[str, list[Objects]] = {}
    left_out: Counter[str] = Counter()
    for lot in careful_lots(path, reader, faults=faults, progress=progress):
        columns, dropped = routed(bank, lot.columns, watched=watched)
        left_out += dropped
        rows += lot.rows
        for name, column in columns.items():
            parts.setdefault(name, []).append(column.objects())
    notes = notes_of(bank, set(parts), left_out, lacking=reader.lacking)
    return Responses(_frame(bank, parts, rows), notes)


def reader_of(
    path: Path | str, bank: Bank, faults: FaultList, *, with_texts: bool = False
) -> WideReader | LongReader:
    """The careful reader for the form that a file has by its heading."""
    if is_long(find_heading(path), bank):
        return LongReader(bank, faults, with_texts=with_texts)
    return WideReader(bank, faults, ExactIdentities(faults), with_texts=with_texts)


def careful_lots(
    path: Path | str,
    reader: WideReader | LongReader,
    *,
    faults: FaultList,
    progress: Progress | None,
) -> Iterator[Lot]:
    """The responses of a file without a fault, some at a time.

    Raises FaultyFile once the file has been read, where it has a fault; then what was given before
    does not count.
    """
    for chunk in read_chunks(
        path,
        faults=faults,
        required=reader.required,
        allowed=reader.allowed,
        progress=progress,
    ):
        texts = {name: cells for name, cells in chunk.cells.items() if reader.is_text(name)}
        columns = {
            name: distinct(cells) for name, cells in chunk.cells.items() if name not in texts
        }
        for lot in reader.take(Block(chunk.rows, columns, texts)):
            if not faults.found:
                yield lot
    faults.raise_if_any()
    yield from reader.finish()


def _frame(bank: Bank, parts: Mapping[str, list[Objects]], rows: list[int]) -> pd.DataFrame:
    columns = {name: np.concatenate(held) for name, held in parts.items()}
    frame = pd.DataFrame(
        {name: pd.Series(columns[name], dtype="str") for name in REQUIRED}
        | {code: pd.Series(columns[code], dtype=object) for code in bank.by_code if code in columns}
    )
    frame.index = pd.Index(rows, name="row")
    return frame


def notes_of(
    bank: Bank, present: set[str], left_out: Mapping[str, int], *, lacking: str
) -> tuple[str, ...]:
    """What is to be said of a file without a fault: questions it lacks, answers off the path.

    `lacking` is what the file has none of for a question that nobody was shown.
    """
    notes: list[str] = []
    absent = [code for code in bank.by_code if code not in present]
    if absent:
        notes.append(
            f"The file has no {lacking} {', '.join(absent)}: counted as not shown to anybody."
        )
    for code in bank.by_code:
        given = left_out.get(code, 0)
        if given:
            people = "1 answer was" if given == 1 else f"{given:,} answers were"
            notes.append(
                f"{people} left out of {code}: by the rules of {bank.id} "
                "it is not a question for those respondents."
            )
    return tuple(notes)
