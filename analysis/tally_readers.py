"""What is in the rows of a file of responses: values by column, and every fault with its place.

A reader takes rows by column, as either of two tokenisers gives them (`analysis.delimited`, which
knows the number of every row, and `analysis.tally_blocks`, which is quick), so that a file is the
same file by both. Here is the reader of files with a row for each response; the other, of files
with a row for each answer, is in `analysis.tally_long`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

import numpy as np

from analysis.cells import (
    Cell,
    agency_name,
    answer,
    level_code,
    other_spelling,
    response_id,
    sector_code,
)
from analysis.delimited import FaultList, nearest, shown
from analysis.tally_columns import Block, Column, Lot, Texts, distinct, watched_questions
from question_banks.bank import Bank, LongTextQuestion, Question, ShortTextQuestion

IDENTIFIER: Final = "response_id"
REQUIRED: Final = (IDENTIFIER, "agency", "sector", "level")
MOST_AGENCIES: Final = 2_000
"""Names of agencies after which the column is taken to hold something else."""
_MOST_REMEMBERED: Final = 50_000
GIVEN: Final = "given"
"""Stands for any text somebody wrote, where texts are only passed over."""

_SHORTENED: Final = re.compile(r"^\d(?:[.,]\d+)?[eE]\+?\d+$", re.MULTILINE | re.ASCII)

Parsed = tuple[Cell, str]


class Identities(Protocol):
    """Sees to it that every response has an identifier of its own."""

    def take(self, rows: Sequence[int], texts: Sequence[str]) -> Sequence[str | None]:
        """The identifiers of some rows, None where a fault was added."""

    def check(self, rows: Sequence[int], identifiers: Sequence[str | None]) -> None:
        """Add a fault for every identifier that was there before."""


class ExactIdentities:
    """Remembers every identifier with its row."""

    def __init__(self, faults: FaultList) -> None:
        self._faults = faults
        self._rows: dict[str, int] = {}

    def take(self, rows: Sequence[int], texts: Sequence[str]) -> Sequence[str | None]:
        """The identifiers of some rows, None where a fault was added."""
        parsed = [response_id(text) for text in texts]
        for row, (_, message) in zip(rows, parsed, strict=True):
            if message:
                self._faults.add(message, row=row, column="response_id")
        return [identifier for identifier, _ in parsed]

    def check(self, rows: Sequence[int], identifiers: Sequence[str | None]) -> None:
        """Add a fault for every identifier that was there before."""
        for row, identifier in zip(rows, identifiers, strict=True):
            if identifier is None:
                continue
            first = self._rows.setdefault(identifier, row)
            if first != row:
                self._faults.add(
                    f"{shown(identifier)} is already the response in row {first}.",
                    row=row,
                    column="response_id",
                )


class HashedIdentities:
    """Remembers eight bytes of every identifier, enough to suspect that one is there twice."""

    def __init__(self, faults: FaultList) -> None:
        self._faults = faults
        self._exact = ExactIdentities(faults)
        self._hashes: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []

    def take(self, rows: Sequence[int], texts: Sequence[str]) -> Sequence[str | None]:
        """The identifiers of some rows; plain ones are found to be so all at once."""
        lines = "\n".join(texts)
        together = "".join(texts)
        if (
            together.isascii()
            and together.isprintable()
            and " " not in together
            and all(texts)
            and max(map(len, texts)) <= 30
            and not _SHORTENED.search(lines)
        ):
            return texts
        return self._exact.take(rows, texts)

    def check(self, rows: Sequence[int], identifiers: Sequence[str | None]) -> None:
        """Keep the hashes; what is there twice is found by `finish`."""
        self._hashes.append(
            np.fromiter(map(hash, identifiers), dtype=np.int64, count=len(identifiers))
        )

    def finish(self) -> None:
        """Add a fault where two identifiers have one hash, as equal ones have."""
        if self._hashes:
            hashes = np.sort(np.concatenate(self._hashes))
            if (hashes[1:] == hashes[:-1]).any():
                self._faults.add("An identifier is there twice.")


class Cells:
    """The parsers of one bank's columns, which remember what they have parsed."""

    def __init__(self, bank: Bank, *, with_texts: bool) -> None:
        self._bank = bank
        self._watched = watched_questions(bank)
        self._with_texts = with_texts
        self._memory: dict[str, dict[str, Parsed]] = {}

    def parse(self, column: str, text: str) -> Parsed:
        """The value of a cell, or None and what is wrong with it."""
        memory = self._memory.setdefault(column, {})
        found = memory.get(text)
        if found is None:
            if len(memory) >= _MOST_REMEMBERED:
                memory.clear()
            found = memory[text] = self._parse(column, text)
        return found

    def _parse(self, column: str, text: str) -> Parsed:
        match column:
            case "agency":
                return agency_name(text)
            case "sector":
                return sector_code(text)
            case "level":
                return level_code(text)
            case "response_id":
                return response_id(text)
        question = self._bank.by_code[column]
        if self.is_passed_over(question):
            return _text_given(self._bank, question, text)
        return answer(self._bank, question, text)

    def is_passed_over(self, question: Question) -> bool:
        """True for a text of which only that it was given is of use."""
        return (
            not self._with_texts
            and isinstance(question, ShortTextQuestion | LongTextQuestion)
            and question.code not in self._watched
        )

    def column(
        self,
        name: str,
        texts: Texts,
        *,
        rows: Sequence[int],
        faults: FaultList,
        heading: str = "",
    ) -> Column:
        """A whole column; adds a fault for every row whose cell is wrong.

        `heading` is that of the file where it is not `name`.
        """
        parsed = [self.parse(name, text) for text in texts.distinct]
        if any(message for _, message in parsed):
            is_faulty = np.array([bool(message) for _, message in parsed])
            for place in np.flatnonzero(is_faulty[texts.codes]).tolist():
                faults.add(parsed[texts.codes[place]][1], row=rows[place], column=heading or name)
        return Column(texts.codes, [value for value, _ in parsed])


def _text_given(bank: Bank, question: Question, text: str) -> Parsed:
    """`GIVEN` for a text with something in it; cleaning never makes a text longer."""
    longest = question.longest if isinstance(question, ShortTextQuestion | LongTextQuestion) else 0
    if text.isprintable() and len(text) <= longest:
        return (None if text == "" or text.isspace() else GIVEN), ""
    value, message = answer(bank, question, text)
    return (None if value is None else GIVEN), message


class Agencies:
    """Sees to it that every agency has one name and one sector."""

    def __init__(self, faults: FaultList) -> None:
        self._faults = faults
        self._spellings: dict[str, tuple[str, int]] = {}
        self._sectors: dict[str, tuple[str, int]] = {}

    def take(self, rows: Sequence[int], agencies: Column, sectors: Column) -> None:
        """Check some rows."""
        wide = len(sectors.values)
        pairs = agencies.codes.astype(np.int64) * wide + sectors.codes
        found, firsts = np.unique(pairs, return_index=True)
        for place in np.argsort(firsts, kind="stable"):
            agency = agencies.values[found[place] // wide]
            sector = sectors.values[found[place] % wide]
            if agency is None:
                continue
            row = rows[firsts[place]]
            known, first = self._sectors.get(str(agency), (sector, row))
            if str(agency) not in self._sectors:
                self._take_new(str(agency), sector, row)
            elif sector is not None and sector != known:
                for at in np.flatnonzero(pairs == found[place]).tolist():
                    self._faults.add(
                        f"{shown(str(agency))} is in “{sector}” here and in “{known}” in row "
                        f"{first}. An agency has one sector.",
                        row=rows[at],
                        column="sector",
                    )

    def sector_of(self, agency: str) -> str | None:
        """The sector of an agency that was taken, or None where it was faulty."""
        found = self._sectors.get(agency)
        return found[0] if found is not None else None

    def _take_new(self, agency: str, sector: Cell, row: int) -> None:
        if message := other_spelling(self._spellings, agency, row):
            self._faults.add(message, row=row, column="agency")
        if len(self._spellings) > MOST_AGENCIES:
            self._faults.add(
                f"There are more than {MOST_AGENCIES:,} agencies by here. Is this the column of "
                "agencies?",
                row=row,
                column="agency",
            )
            self._faults.raise_if_any()
        if sector is not None:
            self._sectors[agency] = (str(sector), row)


class WideReader:
    """Reads files with one row for each response and a column for each question."""

    required = REQUIRED
    lacking = "column for"

    def __init__(
        self, bank: Bank, faults: FaultList, identities: Identities, *, with_texts: bool = False
    ) -> None:
        self._bank = bank
        self._faults = faults
        self._identities = identities
        self._agencies = Agencies(faults)
        self._cells = Cells(bank, with_texts=with_texts)
        self._has_begun = False

    def allowed(self, heading: str) -> str | None:
        """What is wrong with a heading that is not a required one."""
        if heading in self._bank.by_code:
            return None
        return f"{self._bank.id} has no question with this code." + nearest(
            heading, list(self._bank.by_code)
        )

    def is_text(self, heading: str) -> bool:
        """True for a column in which hardly two cells are the same."""
        question = self._bank.by_code.get(heading)
        return heading == IDENTIFIER or isinstance(question, ShortTextQuestion | LongTextQuestion)

    def take(self, block: Block) -> Iterator[Lot]:
        """The responses of some rows; adds what is wrong with them to the faults."""
        cells = dict(block.columns)
        cells |= {
            name: distinct(texts) for name, texts in block.texts.items() if name != IDENTIFIER
        }
        if not self._has_begun and not any(code in self._bank.by_code for code in cells):
            self._faults.add(
                f"There is no column with a question of {self._bank.id}. "
                "Is this the right question bank?",
                row=1,
            )
        self._has_begun = True
        identifiers = self._identities.take(block.rows, block.texts[IDENTIFIER])
        columns = {IDENTIFIER: Column(np.arange(len(identifiers)), identifiers)}
        for name in (*REQUIRED[1:], *self._bank.by_code):
            if name in cells:
                columns[name] = self._cells.column(
                    name, cells[name], rows=block.rows, faults=self._faults
                )
        self._identities.check(block.rows, identifiers)
        self._agencies.take(block.rows, columns["agency"], columns["sector"])
        yield Lot(block.rows, columns)

    def finish(self) -> Iterator[Lot]:
        """The responses that were not whole before the end of the file: none."""
        yield from ()
