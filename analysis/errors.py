"""Errors raised by this package. They carry facts; the message is one plain sentence or more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class AnalysisError(Exception):
    """Answers cannot be turned into a result."""


class InvalidTally(AnalysisError):
    """Counts do not fit the bank, or do not fit each other."""


@dataclass(frozen=True, order=True)
class Fault:
    """One fault of a file of answers or of invited numbers, with its place.

    `row` is the row as a spreadsheet shows it: the heading is row 1, the first response row 2. It
    is 0 where the whole file is meant. `column` is the heading of the column, or "" where the
    whole row is meant.

    >>> str(Fault(row=3, column="level", message="“boss” is not a level."))
    'row 3, column level: “boss” is not a level.'
    >>> str(Fault(row=0, column="", message="The file is empty."))
    'The file is empty.'
    """

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = [f"row {self.row}"] if self.row else []
        if self.column:
            place.append(f"column {self.column}")
        return f"{', '.join(place)}: {self.message}" if place else self.message


class FaultyFile(AnalysisError):
    """A file cannot be used; its faults are listed in the order of its rows.

    `uncounted` says how many more were found than `faults` lists, so that a file of something else
    does not fill a screen.
    """

    def __init__(self, faults: Sequence[Fault], *, uncounted: int = 0) -> None:
        self.faults = tuple(faults)
        self.uncounted = uncounted
        lines = [str(fault) for fault in faults]
        if uncounted:
            lines.append(f"and {uncounted} more")
        super().__init__("\n".join(lines))
