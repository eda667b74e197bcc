"""A file of invited numbers, and whether the responses can have come from those invited.

The file is a CSV: `agency, sector, invited` and, where numbers are known by level, `level`. A row
without a level is for all levels of the agency together; a row without a number says that the
agency was invited and that how many is not known.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pandas as pd

from analysis.cells import agency_name, level_code, other_spelling, sector_code
from analysis.delimited import FaultList, nearest, read_chunks, shown
from analysis.tally_tables import ALL_LEVELS
from question_banks.bank import Level
from question_banks.text import clean_line

REQUIRED: Final = ("agency", "sector", "invited")
LEVEL: Final = "level"
MOST_INVITED: Final = 100_000

_NUMBER: Final = re.compile(r"(?:\d{1,6}|\d{1,3},\d{3})(?:\.0+)?", re.ASCII)


def read_invited(path: Path | str) -> pd.DataFrame:
    """Read and check a file of invited numbers.

    Returns:
        Columns agency, sector, level (`ALL_LEVELS` for all together) and invited (missing where it
        is not known); the index, named `row`, is the row of the file.

    Raises:
        FaultyFile: anything is wrong; all of it is listed.
    """
    faults = FaultList()
    reader = _Reader(faults)
    for chunk in read_chunks(path, faults=faults, required=REQUIRED, allowed=_allowed):
        levels = chunk.cells.get(LEVEL, [""] * len(chunk.rows))
        columns = (chunk.cells[name] for name in REQUIRED)
        for row, agency, sector, number, level in zip(chunk.rows, *columns, levels, strict=True):
            reader.take(row, agency=agency, sector=sector, number=number, level=level)
    faults.raise_if_any()
    return reader.frame()


def _allowed(heading: str) -> str | None:
    if heading == LEVEL:
        return None
    return f"A file of invited numbers has no such column.{nearest(heading, [*REQUIRED, LEVEL])}"


class _Reader:
    """Takes the rows of one file and collects faults."""

    def __init__(self, faults: FaultList) -> None:
        self._faults = faults
        self._rows: dict[tuple[str, str], tuple[int, str, int | None]] = {}
        self._sectors: dict[str, tuple[str, int]] = {}
        self._spellings: dict[str, tuple[str, int]] = {}

    def take(self, row: int, *, agency: str, sector: str, number: str, level: str) -> None:
        """Check one row and keep it."""
        name, name_fault = agency_name(agency)
        code, code_fault = sector_code(sector)
        people, people_fault = _number(number)
        place, place_fault = level_code(level) if clean_line(level) else (ALL_LEVELS, "")
        faults = (name_fault, code_fault, people_fault, place_fault)
        for column, message in zip((*REQUIRED, LEVEL), faults, strict=True):
            if message:
                self._faults.add(message, row=row, column=column)
        if name is None or code is None or place is None or people_fault:
            return
        if message := other_spelling(self._spellings, name, row):
            self._faults.add(message, row=row, column="agency")
        known, first = self._sectors.setdefault(name, (code, row))
        if known != code:
            self._faults.add(
                f"{shown(name)} is in “{code}” here and in “{known}” in row {first}. "
                "An agency has one sector.",
                row=row,
                column="sector",
            )
        self._keep(row, name, place, code, people)

    def _keep(self, row: int, agency: str, level: str, sector: str, people: int | None) -> None:
        if (agency, level) in self._rows:
            said = f"{shown(agency)} has a number" + (f" for “{level}”" if level else "")
            self._faults.add(
                f"{said} in row {self._rows[agency, level][0]} already.", row=row, column="agency"
            )
            return
        others = (ALL_LEVELS,) if level else tuple(Level)
        for other in others:
            if (agency, other) in self._rows:
                self._faults.add(
                    f"{shown(agency)} has a number for all levels together and numbers by level "
                    f"(row {self._rows[agency, other][0]}). Give the one or the other.",
                    row=row,
                    column=LEVEL,
                )
                break
        self._rows[agency, level] = (row, sector, people)

    def frame(self) -> pd.DataFrame:
        """The rows kept, in the order of the file."""
        kept = self._rows.items()
        return pd.DataFrame(
            {
                "agency": pd.Series([agency for (agency, _), _ in kept], dtype="str"),
                "sector": pd.Series([sector for _, (_, sector, _) in kept], dtype="str"),
                "level": pd.Series([level for (_, level), _ in kept], dtype="str"),
                "invited": pd.Series([people for _, (_, _, people) in kept], dtype="Int64"),
            }
        ).set_axis(pd.Index([row for _, (row, _, _) in kept], name="row"))


def _number(text: str) -> tuple[int | None, str]:
    line = clean_line(text)
    if not line:
        return None, ""
    if _NUMBER.fullmatch(line):
        people = int(line.partition(".")[0].replace(",", ""))
        if people <= MOST_INVITED:
            return people, ""
    return None, (
        f"{shown(line)} is not a number of people: write a whole number from 0 to "
        f"{MOST_INVITED:,}, or leave the cell empty where it is not known."
    )


def check_responses(frame: pd.DataFrame, invited: pd.DataFrame) -> None:
    """Raise FaultyFile unless everybody in `frame` can be one of those in `invited`.

    Faults, with rows of the file of responses: an agency that was not invited, one with another
    sector than in the file of invited numbers, and more answers than people invited.
    """
    faults = FaultList()
    known = dict(zip(invited["agency"], invited["sector"], strict=True))
    numbers: dict[tuple[str, str], int | None] = {
        (agency, level): None if pd.isna(number) else int(number)
        for agency, level, number in zip(
            invited["agency"], invited["level"], invited["invited"], strict=True
        )
    }
    for agency, sector, row in _first_rows(frame):
        if agency not in known:
            faults.add(
                f"{shown(agency)} is not in the file of invited numbers."
                + nearest_name(agency, list(known)),
                row=row,
                column="agency",
            )
        elif known[agency] != sector:
            faults.add(
                f"{shown(agency)} is in “{sector}” here and in “{known[agency]}” in the file of "
                "invited numbers.",
                row=row,
                column="sector",
            )
    for (agency, level), rows in _rows_by_place(frame, numbers):
        allowed = numbers.get((agency, level), 0)
        if allowed is not None and len(rows) > allowed:
            where = f" at the level “{level}”" if level else ""
            answers = "response" if len(rows) == 1 else "responses"
            people = "person was" if allowed == 1 else "people were"
            faults.add(
                f"{shown(agency)} has {len(rows):,} {answers}{where} and {allowed:,} {people} "
                "invited there. Correct the file of invited numbers, or leave the number empty.",
                row=rows[allowed],
                column="agency",
            )
    faults.raise_if_any()


def nearest_name(name: str, known: list[str]) -> str:
    """The agency that was probably meant, as the end of a message."""
    spelt = {other.casefold().replace(" ", "_"): other for other in known}
    hint = nearest(name, list(spelt))
    for folded, other in spelt.items():
        hint = hint.replace(f"“{folded}”", f"“{other}”")
    return hint


def _first_rows(frame: pd.DataFrame) -> list[tuple[str, str, int]]:
    first = frame.drop_duplicates("agency")
    return [
        (str(agency), str(sector), int(row))
        for agency, sector, row in zip(first["agency"], first["sector"], first.index, strict=True)
    ]


def _rows_by_place(
    frame: pd.DataFrame, numbers: dict[tuple[str, str], int | None]
) -> list[tuple[tuple[str, str], list[int]]]:
    """Rows of the responses for each number they are set against, agencies not invited left out."""
    by_level = {agency for agency, level in numbers if level}
    together = {agency for agency, level in numbers if not level}
    places: dict[tuple[str, str], list[int]] = {}
    for row, agency, level in zip(frame.index, frame["agency"], frame["level"], strict=True):
        if agency in by_level:
            places.setdefault((agency, level), []).append(int(row))
        elif agency in together:
            places.setdefault((agency, ALL_LEVELS), []).append(int(row))
    return list(places.items())
