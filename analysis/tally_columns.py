"""Some rows of a file by column, each column as codes and what they stand for.

A column of answers has few distinct texts, so everything is done once for each of those.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cells import Cell
from analysis.tally_words import NOT_SHOWN
from question_banks.bank import Bank, Level
from question_banks.conditions import Value, list_tests
from question_banks.path import on_path

Codes = np.ndarray[tuple[int], np.dtype[np.integer]]
Objects = np.ndarray[tuple[int], np.dtype[np.object_]]


@dataclass(frozen=True, eq=False)
class Texts:
    """A column as it stands in a file: for each row the place of its text in `distinct`."""

    codes: Codes
    distinct: Sequence[str]


@dataclass(frozen=True, eq=False)
class Column:
    """A column of values: for each row the place of its value in `values`.

    Different texts may have been the same value, so a value may stand in several places.
    """

    codes: Codes
    values: Sequence[Cell]

    def objects(self) -> Objects:
        """The value of each row."""
        # Filled one by one: numpy would make a table of tuples.
        table = np.empty(len(self.values), dtype=object)
        for place, value in enumerate(self.values):
            table[place] = value
        return np.asarray(table[self.codes])


Columns = Mapping[str, Column]


@dataclass(frozen=True, eq=False)
class Block:
    """Some rows of a file as they stand there.

    `rows` has their numbers. `columns` has the columns by distinct texts, and `texts` those in
    which hardly two rows are the same.
    """

    rows: Sequence[int]
    columns: Mapping[str, Texts]
    texts: Mapping[str, Sequence[str]]


@dataclass(frozen=True, eq=False)
class Lot:
    """Some responses by column: response_id, agency, sector, level, and questions of the bank.

    `rows` has the row of the file in which each of them is, or begins.
    """

    rows: Sequence[int]
    columns: Columns


def distinct(cells: Sequence[str]) -> Texts:
    """The cells of a column by their distinct texts."""
    codes, uniques = pd.factorize(np.array(cells, dtype=object))
    return Texts(codes, list(uniques))


def watched_questions(bank: Bank) -> frozenset[str]:
    """The questions whose answers decide whether another is shown."""
    return frozenset(
        test.question
        for question in bank.questions()
        if question.show_if is not None
        for test in list_tests(question.show_if)
    )


def routed(bank: Bank, columns: Columns, *, watched: Iterable[str]) -> tuple[Columns, Counter[str]]:
    """The columns with what is off a respondent's path as not shown; and how much was left out.

    The path is worked out once for all who are alike in what rules look at. The counter has, by
    question, the answers that were given all the same.
    """
    looked_at = [code for code in watched if code in columns]
    signs = [columns[name] for name in ("level", *looked_at)]
    kind = np.zeros(len(signs[0].codes), dtype=np.int64)
    for sign in signs:
        # Renumbered each time, so that the product of many columns stays a small number.
        kind = pd.factorize(kind * len(sign.values) + sign.codes)[0]
    _, first = np.unique(kind, return_index=True)
    questions = [code for code in columns if code in bank.by_code]
    off = {code: np.ones(len(first), dtype=bool) for code in questions}
    for place, row in enumerate(first):
        level, *cells = (sign.values[sign.codes[row]] for sign in signs)
        answers: dict[str, Value] = {
            code: list(cell) if isinstance(cell, tuple) else cell
            for code, cell in zip(looked_at, cells, strict=True)
        }
        for code in on_path(bank, level=Level(str(level)), answers=answers):
            if code in off:
                off[code][place] = False
    found = dict(columns)
    left_out: Counter[str] = Counter()
    for code in questions:
        if not off[code].any():
            continue
        column, is_off = columns[code], off[code][kind]
        is_given = np.array([value is not None for value in column.values], dtype=bool)
        left_out[code] += int(np.count_nonzero(is_given[column.codes[is_off]]))
        codes = np.where(is_off, len(column.values), column.codes)
        found[code] = Column(codes, [*column.values, NOT_SHOWN])
    return found, left_out
