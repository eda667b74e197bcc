"""A file of responses, with a question bank, to a frame with one row per response.

The file is a wide CSV: `response_id, agency, sector, level`, then a column per question code. Cells
hold option codes, several of them joined by `|`; numbers; dates as 2026-03-31; or text. An empty
cell is a skipped question. An answer to a question that the bank's rules route its respondent past
is left out, and a note says so: it counts as not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from analysis.cells import (
    Cell,
    agency_name,
    answer,
    level_code,
    other_spelling,
    response_id,
    sector_code,
)
from analysis.delimited import Chunk, FaultList, Progress, nearest, read_chunks, shown
from analysis.tally import NOT_SHOWN
from question_banks.bank import Bank, Level, Sector
from question_banks.conditions import Value, list_tests
from question_banks.path import on_path

REQUIRED: Final = ("response_id", "agency", "sector", "level")

Objects = np.ndarray[tuple[int], np.dtype[np.object_]]
Codes = np.ndarray[tuple[int], np.dtype[np.intp]]


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
        path: a CSV file in UTF-8, with or without a byte order mark.
        bank: the question bank its columns are of.
        progress: called after each chunk with bytes read and bytes in all.

    Raises:
        FaultyFile: anything is wrong; all of it is listed. Nothing is taken from such a file.
    """
    faults = FaultList()
    reader = _Reader(bank, faults)
    for chunk in read_chunks(
        path, faults=faults, required=REQUIRED, allowed=reader.allowed, progress=progress
    ):
        reader.take(chunk)
    faults.raise_if_any()
    return reader.responses()


def _distinct(cells: Sequence[str]) -> tuple[Codes, list[str]]:
    """The place of each cell in the list of distinct ones, and that list."""
    codes, uniques = pd.factorize(np.array(cells, dtype=object))
    return codes, list(uniques)


def _spread(codes: Codes, values: Sequence[Cell]) -> Objects:
    """The value for each place. Filled one by one: numpy would make a table of tuples."""
    table = np.empty(len(values), dtype=object)
    for i, value in enumerate(values):
        table[i] = value
    return table[codes]


@dataclass
class _Reader:
    """Takes the chunks of one file: parses each distinct cell, and collects faults."""

    bank: Bank
    faults: FaultList
    columns: dict[str, list[Objects]] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    id_rows: dict[str, int] = field(default_factory=dict)
    spellings: dict[str, tuple[str, int]] = field(default_factory=dict)
    sectors: dict[str, tuple[str, int]] = field(default_factory=dict)

    def allowed(self, heading: str) -> str | None:
        """What is wrong with a heading that is not a required one."""
        if heading in self.bank.by_code:
            return None
        return f"{self.bank.id} has no question with this code." + nearest(
            heading, list(self.bank.by_code)
        )

    def take(self, chunk: Chunk) -> None:
        """Parse one chunk."""
        if not self.rows and not any(code in self.bank.by_code for code in chunk.cells):
            self.faults.add(
                f"There is no column with a question of {self.bank.id}. "
                "Is this the right question bank?",
                row=1,
            )
        self.rows += chunk.rows
        parsers: dict[str, Callable[[str], tuple[Cell, str]]] = {
            "response_id": response_id,
            "agency": agency_name,
            "sector": sector_code,
            "level": level_code,
        }
        for code, question in self.bank.by_code.items():
            if code in chunk.cells:
                parsers[code] = partial(answer, self.bank, question)
        for column, parse in parsers.items():
            codes, texts = _distinct(chunk.cells[column])
            parsed = [parse(text) for text in texts]
            is_faulty = np.array([bool(message) for _, message in parsed])
            for place in np.flatnonzero(is_faulty[codes]):
                self.faults.add(parsed[codes[place]][1], row=chunk.rows[place], column=column)
            values = _spread(codes, [value for value, _ in parsed])
            self.columns.setdefault(column, []).append(values)
        self._one_response_each(chunk.rows)
        self._one_sector_each(chunk.rows)

    def _one_response_each(self, rows: list[int]) -> None:
        for row, identifier in zip(rows, self.columns["response_id"][-1], strict=True):
            if identifier is None:
                continue
            first = self.id_rows.setdefault(identifier, row)
            if first != row:
                self.faults.add(
                    f"{shown(identifier)} is already the response in row {first}.",
                    row=row,
                    column="response_id",
                )

    def _one_sector_each(self, rows: list[int]) -> None:
        agencies, sectors = self.columns["agency"][-1], self.columns["sector"][-1]
        for row, agency, sector in zip(rows, agencies, sectors, strict=True):
            if agency is None:
                continue
            if agency not in self.sectors:
                if message := other_spelling(self.spellings, agency, row):
                    self.faults.add(message, row=row, column="agency")
                if sector is not None:
                    self.sectors[agency] = (sector, row)
            elif sector is not None and sector != self.sectors[agency][0]:
                known, first = self.sectors[agency]
                self.faults.add(
                    f"{shown(agency)} is in “{sector}” here and in “{known}” in row {first}. "
                    "An agency has one sector.",
                    row=row,
                    column="sector",
                )

    def responses(self) -> Responses:
        """Everything that was taken, with what is off the path marked and noted."""
        columns = {name: np.concatenate(parts) for name, parts in self.columns.items()}
        notes: list[str] = []
        questions = [code for code in columns if code in self.bank.by_code]
        absent = [code for code in self.bank.by_code if code not in columns]
        if absent:
            notes.append(
                f"The file has no column for {', '.join(absent)}: counted as not shown to anybody."
            )
        for code, off in self._off_path(columns).items():
            given = sum(value is not None for value in columns[code][off])
            if given:
                people = "1 answer was" if given == 1 else f"{given:,} answers were"
                notes.append(
                    f"{people} left out of {code}: by the rules of {self.bank.id} "
                    "it is not a question for those respondents."
                )
            columns[code][off] = NOT_SHOWN
        frame = pd.DataFrame(
            {name: pd.Series(columns[name], dtype="str") for name in REQUIRED}
            | {code: pd.Series(columns[code], dtype=object) for code in questions}
        )
        frame.index = pd.Index(self.rows, name="row")
        return Responses(frame, tuple(notes))

    def _off_path(self, columns: Mapping[str, Objects]) -> dict[str, np.ndarray]:
        """For each question of the file, which respondents the bank's rules route past it.

        The path is worked out once for all who are alike in what rules look at.
        """
        watched = {
            test.question
            for question in self.bank.questions()
            if question.show_if is not None
            for test in list_tests(question.show_if)
        }
        looked_at = [code for code in columns if code in watched]
        signs = [pd.factorize(columns[name])[0] for name in ("level", *looked_at)]
        _, first, kind = np.unique(
            np.column_stack(signs), axis=0, return_index=True, return_inverse=True
        )
        questions = [code for code in columns if code in self.bank.by_code]
        off = {code: np.ones(len(first), dtype=bool) for code in questions}
        for place, row in enumerate(first):
            answers: dict[str, Value] = {}
            for code in looked_at:
                cell = columns[code][row]
                answers[code] = list(cell) if isinstance(cell, tuple) else cell
            for code in on_path(self.bank, level=Level(columns["level"][row]), answers=answers):
                if code in off:
                    off[code][place] = False
        return {code: flags[kind.reshape(-1)] for code, flags in off.items()}
