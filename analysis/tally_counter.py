"""Counting rows of responses, some at a time, into one tally.

What is kept between two lots of rows is counts: an array for each question, by group (an agency and
a level) and option. It grows with groups and not with responses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import InvalidTally
from analysis.tally_answers import canonical_value, is_counted, options_of
from analysis.tally_columns import Column, Columns
from analysis.tally_patterns import (
    OFF_SCALE,
    Key,
    PairCount,
    PatternSums,
    add_leans,
    add_pairs,
    digits_by_option,
    scale_questions,
)
from analysis.tally_tables import Tally, build
from analysis.tally_words import NOT_SHOWN, SKIPPED
from question_banks.bank import (
    Bank,
    DateQuestion,
    NumberQuestion,
    Question,
    ScaleQuestion,
    SingleChoiceQuestion,
)

Ints = np.ndarray[tuple[int, ...], np.dtype[Any]]


class Counting:
    """The counts of the rows that were added so far."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._places: dict[tuple[str, str], int] = {}
        self._agencies: set[tuple[str, str]] = set()
        self._people: Ints = np.zeros(0, dtype=np.int64)
        self._options = {
            question.code: [*_codes_of(question, bank), SKIPPED, NOT_SHOWN]
            for question in bank.questions()
            if isinstance(question, ScaleQuestion | SingleChoiceQuestion)
        }
        self._dense: dict[str, Ints] = {}
        self._sparse: dict[str, Counter[tuple[int, Any]]] = {}
        self._patterns: dict[str, PatternSums] = {}

    def add(self, columns: Columns) -> None:
        """Count more rows.

        `columns` has agency, sector and level, and a column for each question that the file has, in
        every call the same ones. An answer is as in a frame of responses, None for skipped.

        Raises InvalidTally for an answer that is no answer of its question.
        """
        group = self._groups(columns["agency"], columns["level"])
        self._agencies |= _pairs(columns["agency"], columns["sector"])
        self._people = _added(self._people, np.bincount(group), len(self._places))
        for question in filter(is_counted, self._bank.questions()):
            column = columns.get(question.code)
            if column is None:
                continue
            if question.code in self._options:
                self._add_options(question, column, group)
            else:
                self._add_values(question, column, group)
        for signpost in self._bank.signposts:
            questions = scale_questions(signpost)
            digits = np.zeros((len(questions), len(group)), dtype=np.uint8)
            for place, question in enumerate(questions):
                column = columns.get(question.code)
                if column is not None:
                    by_option = digits_by_option(self._bank, question)
                    table = [by_option.get(str(value), OFF_SCALE) for value in column.values]
                    digits[place] = np.array(table, dtype=np.uint8)[column.codes]
            sums = self._patterns.setdefault(signpost.code, PatternSums(len(questions)))
            sums.add(digits, group=group, groups=len(self._places))

    def _groups(self, agencies: Column, levels: Column) -> Ints:
        """The place of each row's agency and level."""
        wide = len(levels.values)
        local, pairs = pd.factorize(agencies.codes.astype(np.int64) * wide + levels.codes)
        places = [
            self._places.setdefault(
                (str(agencies.values[pair // wide]), str(levels.values[pair % wide])),
                len(self._places),
            )
            for pair in pairs.tolist()
        ]
        return np.asarray(np.array(places, dtype=np.int64)[local])

    def _add_options(self, question: Question, column: Column, group: Ints) -> None:
        options = self._options[question.code]
        places = {option: place for place, option in enumerate(options)}
        try:
            table = [places[SKIPPED if value is None else str(value)] for value in column.values]
        except KeyError as error:
            raise InvalidTally(
                f"{error.args[0]!r} is not an option of {question.code!r}."
            ) from error
        wide = len(options)
        groups = len(self._places)
        chosen = np.array(table, dtype=np.int64)[column.codes]
        counts = np.bincount(group * wide + chosen, minlength=groups * wide)
        held = self._dense.get(question.code, np.zeros((0, wide), dtype=np.int64))
        self._dense[question.code] = _added(held, counts.reshape(groups, wide), groups)

    def _add_values(self, question: Question, column: Column, group: Ints) -> None:
        held = self._sparse.setdefault(question.code, Counter())
        wide = len(column.values)
        pairs, counts = np.unique(group * wide + column.codes, return_counts=True)
        for pair, n in zip(pairs.tolist(), counts.tolist(), strict=True):
            held[pair // wide, column.values[pair % wide]] += n

    def tally(self, invited: pd.DataFrame | None = None) -> Tally:
        """The tally of all rows added; `invited` is as for `analysis.tally.from_frame`."""
        keys = list(self._places)
        people = self._people[: len(keys)].tolist()
        cells: Counter[Key] = Counter()
        values: Counter[Key] = Counter()
        for question in filter(is_counted, self._bank.questions()):
            code = question.code
            if code in self._dense:
                self._tally_options(code, cells, keys)
            elif code in self._sparse:
                self._tally_values(question, cells=cells, values=values, keys=keys)
            else:
                cells |= Counter(
                    {(code, *key, NOT_SHOWN): n for key, n in zip(keys, people, strict=True)}
                )
        leans: Counter[Key] = Counter()
        pairs: dict[Key, PairCount] = {}
        for signpost in self._bank.signposts:
            sums = self._patterns.get(signpost.code)
            if sums is not None:
                add_leans(leans, sums.leans, signpost=signpost.code, keys=keys)
                add_pairs(pairs, sums.pairs(), questions=scale_questions(signpost), keys=keys)
        agencies = list(self._agencies)
        numbers: Counter[Key] = Counter()
        if invited is not None:
            agencies += list(invited[["agency", "sector"]].itertuples(index=False, name=None))
            known = invited.dropna(subset=["invited"])
            for agency, level, number in zip(
                known["agency"], known["level"], known["invited"], strict=True
            ):
                numbers[str(agency), str(level)] += int(number)
        return build(
            self._bank.id,
            cells=cells,
            values=values,
            respondents=dict(zip(keys, people, strict=True)),
            agencies=[(str(agency), str(sector)) for agency, sector in agencies],
            invited=numbers,
            leans=leans,
            pairs=pairs,
        )

    def _tally_options(self, code: str, cells: Counter[Key], keys: Sequence[Key]) -> None:
        counts, options = self._dense[code], self._options[code]
        places, chosen = np.nonzero(counts)
        for place, option, n in zip(
            places.tolist(), chosen.tolist(), counts[places, chosen].tolist(), strict=True
        ):
            cells[(code, *keys[place], options[option])] = n

    def _tally_values(
        self,
        question: Question,
        *,
        cells: Counter[Key],
        values: Counter[Key],
        keys: Sequence[Key],
    ) -> None:
        for (place, value), n in self._sparse[question.code].items():
            if isinstance(value, str) and value == NOT_SHOWN:
                cells[(question.code, *keys[place], NOT_SHOWN)] += n
                continue
            for option in options_of(question, self._bank, value):
                cells[(question.code, *keys[place], option)] += n
            if value is not None and isinstance(question, NumberQuestion | DateQuestion):
                values[(question.code, *keys[place], canonical_value(value))] += n


def _codes_of(question: ScaleQuestion | SingleChoiceQuestion, bank: Bank) -> list[str]:
    if isinstance(question, ScaleQuestion):
        return [option.code for option in bank.scale_of(question).options]
    return [choice.code for choice in question.choices]


def _pairs(agencies: Column, sectors: Column) -> set[tuple[str, str]]:
    wide = len(sectors.values)
    found = pd.unique(agencies.codes.astype(np.int64) * wide + sectors.codes)
    return {
        (str(agencies.values[pair // wide]), str(sectors.values[pair % wide]))
        for pair in found.tolist()
    }


def _added(held: Ints, more: Ints, groups: int) -> Ints:
    """`held` + `more`, where either may have fewer groups; there is room for further groups."""
    if len(held) < groups:
        room = np.zeros((max(groups, 2 * len(held)), *held.shape[1:]), dtype=np.int64)
        room[: len(held)] = held
        held = room
    held[: len(more)] += more
    return held
