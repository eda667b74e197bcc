"""The reader of files with a row for each answer.

The columns are response_id, agency, sector, level, question and answer. The first four are repeated
in every row of a response, and its rows may stand anywhere. An empty answer is a skipped question,
and so is a question that others have a row for and this response has none. A row with neither
question nor answer says only that somebody responded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from analysis.cells import Cell
from analysis.delimited import FaultList, nearest, shown
from analysis.tally_columns import Block, Column, Lot, Texts
from analysis.tally_readers import IDENTIFIER, REQUIRED, Agencies, Cells
from question_banks.bank import Bank
from question_banks.text import clean_line

QUESTION: Final = "question"
ANSWER: Final = "answer"
RESPONSES_AT_A_TIME: Final = 100_000

_NO_ROW: Final = -1
_SKIPPED: Final = 0

Ints = np.ndarray[tuple[int, ...], np.dtype[Any]]


def is_long(headings: Sequence[str], bank: Bank) -> bool:
    """Whether a file with these headings has a row for each answer."""
    has_both = QUESTION in headings and ANSWER in headings
    return has_both and not (QUESTION in bank.by_code and ANSWER in bank.by_code)


class LongReader:
    """Keeps a small number for each answer, until the file has been read."""

    required = (*REQUIRED, QUESTION, ANSWER)
    lacking = "answer to"

    def __init__(self, bank: Bank, faults: FaultList, *, with_texts: bool = False) -> None:
        self._bank = bank
        self._faults = faults
        self._cells = Cells(bank, with_texts=with_texts)
        self._agencies = Agencies(faults)
        self._people: dict[str, int] = {}
        self._names = list(self._people)
        self._rows: Ints = np.zeros(0, dtype=np.int64)
        self._facts = {name: _Answers() for name in ("agency", "level")}
        self._answers: dict[str, _Answers] = {}

    def allowed(self, heading: str) -> str | None:
        """What is wrong with a heading that is not a required one."""
        return "A file with a row for each answer has no such column." + nearest(
            heading, list(self.required)
        )

    def is_text(self, heading: str) -> bool:
        """True for a column in which hardly two cells are the same: none is like that."""
        return False

    def take(self, block: Block) -> Iterator[Lot]:
        """Keep some rows; adds what is wrong with them to the faults."""
        columns = {
            name: self._cells.column(
                name, block.columns[name], rows=block.rows, faults=self._faults
            )
            for name in REQUIRED
        }
        self._agencies.take(block.rows, columns["agency"], columns["sector"])
        person = self._persons(columns[IDENTIFIER], block.rows)
        for name, said in (("agency", "of"), ("level", "at")):
            self._keep_fact(name, columns[name], person=person, rows=block.rows, said=said)
        self._keep_answers(block, person)
        yield from ()

    def _persons(self, identifiers: Column, rows: Sequence[int]) -> Ints:
        """The place of each row's response, or -1 where its identifier is faulty."""
        before = len(self._people)
        places = [
            _NO_ROW if name is None else self._people.setdefault(str(name), len(self._people))
            for name in identifiers.values
        ]
        person = np.array(places, dtype=np.int64)[identifiers.codes]
        found, firsts = np.unique(person, return_index=True)
        self._rows = _with_room(self._rows, len(self._people))
        is_new = found >= before
        self._rows[found[is_new]] = np.asarray(rows)[firsts[is_new]]
        return person

    def _keep_fact(
        self, name: str, column: Column, *, person: Ints, rows: Sequence[int], said: str
    ) -> None:
        """Keep the agency or the level of responses, which is the same in all rows of each."""
        held = self._facts[name]
        held.make_room(len(self._people))
        codes = held.codes_of(column.values)[column.codes]
        usable = np.flatnonzero((person >= 0) & (codes != _SKIPPED))
        first, where = np.unique(person[usable], return_index=True)
        new = held.codes[first] == _NO_ROW
        held.codes[first[new]] = codes[usable[where[new]]]
        for place in usable[held.codes[person[usable]] != codes[usable]].tolist():
            here, there = (
                shown(str(held.values[code])) for code in (codes[place], held.codes[person[place]])
            )
            self._faults.add(
                f"{shown(self._name(person[place]))} is {said} {here} here and {said} {there} in "
                f"row {self._rows[person[place]]}. A response has one {name}.",
                row=rows[place],
                column=name,
            )

    def _name(self, person: int) -> str:
        if len(self._names) < len(self._people):
            self._names = list(self._people)
        return self._names[person]

    def _keep_answers(self, block: Block, person: Ints) -> None:
        questions, answers = block.columns[QUESTION], block.columns[ANSWER]
        codes = self._questions(questions, answers, block.rows)
        for code in sorted({code for code in codes if code is not None}):
            is_asked = np.array([each == code for each in codes], dtype=bool)[questions.codes]
            places = np.flatnonzero(is_asked)
            rows = [block.rows[place] for place in places.tolist()]
            held = self._answers.setdefault(code, _Answers())
            held.make_room(len(self._people))
            chosen, texts = np.unique(answers.codes[places], return_inverse=True)
            column = self._cells.column(
                code,
                Texts(texts, [answers.distinct[place] for place in chosen.tolist()]),
                rows=rows,
                faults=self._faults,
                heading=ANSWER,
            )
            values = held.codes_of(column.values)[column.codes]
            usable = np.flatnonzero(person[places] >= 0)
            found, firsts = np.unique(person[places[usable]], return_index=True)
            is_first = np.zeros(len(usable), dtype=bool)
            is_first[firsts[held.codes[found] == _NO_ROW]] = True
            held.codes[person[places[usable[is_first]]]] = values[usable[is_first]]
            for at in usable[~is_first].tolist():
                name = self._name(person[places[at]])
                self._faults.add(
                    f"{shown(name)} has an answer to “{code}” in a row above already.",
                    row=rows[at],
                    column=QUESTION,
                )

    def _questions(self, questions: Texts, answers: Texts, rows: Sequence[int]) -> list[str | None]:
        """The code of each distinct text of a question, None where it is blank or unknown."""
        codes: list[str | None] = []
        for at, text in enumerate(questions.distinct):
            code = clean_line(text)
            codes.append(code if code in self._bank.by_code else None)
            if codes[-1] is not None:
                continue
            said = "The code of the question is missing."
            if code:
                said = f"{self._bank.id} has no question {shown(code)}." + nearest(
                    code, list(self._bank.by_code)
                )
            for place in np.flatnonzero(questions.codes == at).tolist():
                if code or answers.distinct[answers.codes[place]].strip():
                    self._faults.add(said, row=rows[place], column=QUESTION)
        return codes

    def finish(self) -> Iterator[Lot]:
        """All responses, some at a time, in the order in which they begin."""
        agencies = self._facts["agency"]
        sectors = [
            None if name is None else self._agencies.sector_of(str(name))
            for name in agencies.values
        ]
        names = list(self._people)
        for start in range(0, len(names), RESPONSES_AT_A_TIME):
            part = slice(start, min(start + RESPONSES_AT_A_TIME, len(names)))
            columns = {
                IDENTIFIER: Column(np.arange(part.stop - part.start), names[part]),
                "agency": agencies.column(part),
                "sector": Column(agencies.column(part).codes, sectors),
                "level": self._facts["level"].column(part),
            }
            for code in self._bank.by_code:
                if code in self._answers:
                    held = self._answers[code]
                    held.make_room(len(names))
                    columns[code] = held.column(part)
            yield Lot(self._rows[part].tolist(), columns)


class _Answers:
    """One column of all responses: a small number for each, and what it stands for."""

    def __init__(self) -> None:
        self.codes: Ints = np.zeros(0, dtype=np.int32)
        self.values: list[Cell] = [None]
        self._places: dict[Cell, int] = {None: _SKIPPED}

    def make_room(self, size: int) -> None:
        """See to it that there is a number for each response; new ones have no row yet."""
        self.codes = _with_room(self.codes, size)

    def codes_of(self, values: Sequence[Cell]) -> Ints:
        """The number of each value; a value not seen before gets the next one."""
        codes = []
        for value in values:
            if value not in self._places:
                self._places[value] = len(self.values)
                self.values.append(value)
            codes.append(self._places[value])
        return np.array(codes, dtype=np.int32)

    def column(self, part: slice) -> Column:
        """Some responses; those without a row have skipped the question."""
        return Column(np.maximum(self.codes[part], _SKIPPED), self.values)


def _with_room(held: Ints, size: int) -> Ints:
    """`held`, or a longer copy with `_NO_ROW` at the end."""
    if len(held) >= size:
        return held
    room = np.full(max(size, 2 * len(held)), _NO_ROW, dtype=held.dtype)
    room[: len(held)] = held
    return room
