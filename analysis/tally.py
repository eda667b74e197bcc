"""The tally of a round: counts of people, and the one input of everything after it.

A tally holds no respondent. It comes from a frame of responses (`from_frame`) or from counts made
by a database (`from_counts`); equal answers give an equal tally by either way. Text that people
wrote never enters a tally.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

import numpy as np
import pandas as pd

from analysis.errors import InvalidTally
from analysis.tally_patterns import (
    OFF_SCALE,
    Lean,
    PairCount,
    PatternRow,
    add_leans,
    add_pairs,
    count_digits,
    count_patterns,
    digits_by_option,
    lean_of,
    pattern_of,
    scale_questions,
)
from analysis.tally_tables import (
    ALL_LEVELS,
    Key,
    Tally,
    build,
    canonical_json,
    counts_of,
    digest,
    from_json,
    pairs_of,
)
from question_banks.bank import (
    Bank,
    DateQuestion,
    LongTextQuestion,
    NumberQuestion,
    Question,
    RankingQuestion,
    ScaleQuestion,
    SeveralChoicesQuestion,
    ShortTextQuestion,
    SingleChoiceQuestion,
)

__all__ = [
    "ALL_LEVELS",
    "ANSWERED",
    "NOT_SHOWN",
    "SKIPPED",
    "AnswerRow",
    "Lean",
    "PatternRow",
    "Tally",
    "Value",
    "add",
    "canonical_json",
    "canonical_value",
    "digest",
    "from_counts",
    "from_frame",
    "from_json",
    "is_counted",
    "lean_of",
    "pairs_of",
    "pattern_of",
    "scale_questions",
]

SKIPPED: Final = "_skipped"
"""People who were shown the question and left it."""
NOT_SHOWN: Final = "_not_shown"
"""People who were routed past the question, or whose level is not asked it."""
ANSWERED: Final = "_answered"
"""People who answered a question that has no single option: choices, a ranking, number or date."""

Value = str | int | float | Decimal | dt.date | Sequence[str] | None
"""One answer: a code, a number, a date, several codes in order, or None for skipped."""

AnswerRow = tuple[str, str, str, Value, int]
"""Question, agency, level, answer, people who gave it."""


def canonical_value(value: Value) -> str:
    """A number or a date as the one text that stands for it in `Tally.values`.

    >>> canonical_value(12.0), canonical_value("0012.50"), canonical_value(dt.date(2024, 5, 1))
    ('12', '12.5', '2024-05-01')
    """
    if isinstance(value, dt.date):
        return dt.date(value.year, value.month, value.day).isoformat()
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if not number.is_finite():
        raise InvalidTally(f"{value!r} is not a number that can be counted.")
    return format(number.normalize(), "f") if number else "0"


def is_counted(question: Question) -> bool:
    """True for every type of question but text, which never enters a tally."""
    return not isinstance(question, ShortTextQuestion | LongTextQuestion)


def from_frame(frame: pd.DataFrame, bank: Bank, *, invited: pd.DataFrame | None = None) -> Tally:
    """Count a frame of responses.

    `frame` is as `analysis.frame.read_responses` gives it: one row per response with `agency`,
    `sector`, `level` and a column per question holding an answer, None for skipped or `NOT_SHOWN`.
    A question without a column counts as not shown to anybody. `invited` has the columns agency,
    sector, level and invited, with a missing number where it is not known.

    Raises InvalidTally where an agency has two sectors or an answer is no answer of its question.
    """
    group, places = pd.MultiIndex.from_arrays([frame["agency"], frame["level"]]).factorize()
    keys = [(str(agency), str(level)) for agency, level in places]
    codes: dict[str, np.ndarray] = {}
    uniques: dict[str, list[Value]] = {}
    answers: list[AnswerRow] = []
    for question in bank.questions():
        if not is_counted(question) or question.code not in frame.columns:
            continue
        column = frame[question.code].astype(object)
        codes[question.code], found = pd.factorize(column.to_numpy())
        uniques[question.code] = list(found)
        wide = len(found) + 1
        counts = np.bincount(
            group * wide + codes[question.code] + 1, minlength=len(keys) * wide
        ).reshape(len(keys), wide)
        for at, answer in zip(*np.nonzero(counts), strict=True):
            value = None if answer == 0 else found[answer - 1]
            if not (isinstance(value, str) and value == NOT_SHOWN):
                answers.append((question.code, *keys[at], value, int(counts[at, answer])))
    leans: Counter[Key] = Counter()
    pairs: dict[Key, PairCount] = {}
    for signpost in bank.signposts:
        questions = scale_questions(signpost)
        digits = np.zeros((len(group), len(questions)), dtype=np.uint8)
        for place, scaled in enumerate(questions):
            if scaled.code in codes:
                by_option = digits_by_option(bank, scaled)
                # The last place is read by code -1, which is skipped.
                table = [by_option.get(str(value), OFF_SCALE) for value in uniques[scaled.code]]
                digits[:, place] = np.array([*table, OFF_SCALE])[codes[scaled.code]]
        counted = count_digits(digits, group=group, groups=len(keys))
        add_leans(leans, counted.leans, signpost=signpost.code, keys=keys)
        add_pairs(pairs, counted.pairs, questions=questions, keys=keys)
    agencies = list(
        frame[["agency", "sector"]].drop_duplicates().itertuples(index=False, name=None)
    )
    numbers: list[tuple[str, str, int]] = []
    if invited is not None:
        agencies += list(invited[["agency", "sector"]].itertuples(index=False, name=None))
        known = invited.dropna(subset=["invited"])
        numbers = [
            (str(agency), str(level), int(number))
            for agency, level, number in zip(
                known["agency"], known["level"], known["invited"], strict=True
            )
        ]
    people = np.bincount(group, minlength=len(keys))
    return _tally(
        bank,
        answers=answers,
        respondents=[(*key, int(n)) for key, n in zip(keys, people, strict=True)],
        leans=leans,
        pairs=pairs,
        agencies=[(str(agency), str(sector)) for agency, sector in agencies],
        invited=numbers,
    )


def from_counts(
    bank: Bank,
    *,
    answers: Iterable[AnswerRow],
    respondents: Iterable[tuple[str, str, int]],
    patterns: Iterable[PatternRow] | None,
    agencies: Iterable[tuple[str, str]],
    invited: Iterable[tuple[str, str, int]] = (),
) -> Tally:
    """Make a tally of rows that were counted elsewhere, such as by GROUP BY in a database.

    `answers`: (question, agency, level, answer, people), one row or more per distinct answer of
    the people to whom the question was shown. The answer is None for skipped, a code for a scale
    or a choice, a number or a date or its text, and the codes in order for several choices and for
    a ranking (a sequence, or the same as a JSON list). Rows of text questions are passed over.
    `respondents`: (agency, level, people who responded). Those without an answer row for a
    question were not shown it.
    `patterns`: (signpost, agency, level, pattern as `pattern_of` makes it, people): how many people
    answered the signpost's scale questions in that way. People with no answer on the scale may be
    left out. None where it was not counted: then leans and co-counts are not known.
    `agencies`: (agency, sector), everybody invited and everybody who answered.
    `invited`: (agency, level or `ALL_LEVELS`, number), without a row where it is not known.

    Rows with the same key are added, in any order. Raises InvalidTally where a row does not fit
    the bank or the other rows.
    """
    leans, pairs = (Counter(), None) if patterns is None else count_patterns(bank, patterns)
    return _tally(
        bank,
        answers=answers,
        respondents=respondents,
        leans=leans,
        pairs=pairs,
        agencies=agencies,
        invited=invited,
    )


def _tally(
    bank: Bank,
    *,
    answers: Iterable[AnswerRow],
    respondents: Iterable[tuple[str, str, int]],
    leans: Counter[Key],
    pairs: Mapping[Key, PairCount] | None,
    agencies: Iterable[tuple[str, str]],
    invited: Iterable[tuple[str, str, int]],
) -> Tally:
    """Count rows of answers cell by cell, and put everything together."""
    people: Counter[Key] = Counter()
    for agency, level, n in respondents:
        people[(agency, level)] += n
    cells: Counter[Key] = Counter()
    values: Counter[Key] = Counter()
    shown: Counter[Key] = Counter()
    for code, agency, level, value, n in answers:
        question = bank.by_code.get(code)
        if question is None:
            raise InvalidTally(f"{bank.id} has no question {code!r}.")
        if not is_counted(question):
            continue
        shown[(code, agency, level)] += n
        for option in _options(question, bank, value):
            cells[(code, agency, level, option)] += n
        if value is not None and isinstance(question, NumberQuestion | DateQuestion):
            values[(code, agency, level, canonical_value(value))] += n
    for (code, agency, level), n in shown.items():
        if n > people[(agency, level)]:
            raise InvalidTally(
                f"{code!r} has {n} answers from {agency!r} ({level}), which has "
                f"{people[(agency, level)]} respondents."
            )
    for question in filter(is_counted, bank.questions()):
        for (agency, level), n in people.items():
            cells[(question.code, agency, level, NOT_SHOWN)] = (
                n - shown[(question.code, agency, level)]
            )
    return build(
        bank.id,
        cells=cells,
        values=values,
        respondents=people,
        agencies=agencies,
        invited=_summed(invited),
        leans=leans,
        pairs=pairs,
    )


def _options(question: Question, bank: Bank, value: Value) -> list[str]:
    """The options of `Tally.cells` in which one person with this answer is counted."""
    if value is None:
        return [SKIPPED]
    if isinstance(question, NumberQuestion | DateQuestion):
        return [ANSWERED]
    if isinstance(question, ScaleQuestion | SingleChoiceQuestion):
        return _known(question, bank, [str(value)])
    if isinstance(value, str):
        value = json.loads(value) if value.startswith("[") else [value]
    if not isinstance(value, Sequence) or not value:
        raise InvalidTally(f"{value!r} is not an answer to {question.code!r}.")
    chosen = _known(question, bank, [str(code) for code in value])
    if isinstance(question, RankingQuestion):
        chosen = [f"{code}@{place}" for place, code in enumerate(chosen, start=1)]
    return [ANSWERED, *chosen]


def _known(question: Question, bank: Bank, chosen: list[str]) -> list[str]:
    """`chosen`, when every code is one of the question's and none is given twice."""
    if isinstance(question, ScaleQuestion):
        known = {option.code for option in bank.scale_of(question).options}
    elif isinstance(question, SingleChoiceQuestion | SeveralChoicesQuestion | RankingQuestion):
        known = {choice.code for choice in question.choices}
    else:
        raise AssertionError(question.type)
    for code in chosen:
        if code not in known:
            raise InvalidTally(f"{code!r} is not an option of {question.code!r}.")
    if len(set(chosen)) < len(chosen):
        raise InvalidTally(f"{chosen!r} names an option of {question.code!r} twice.")
    return chosen


def add(tallies: Iterable[Tally]) -> Tally:
    """The tally of everybody in `tallies`, which must be of one bank and share no respondent.

    Counts of people are added. Invited numbers are facts of an agency, not counts of answers: an
    agency in several tallies keeps its one number. Co-counts are known where all know theirs.

    Raises InvalidTally for none, for two banks, and where two tallies give an agency another sector
    or another invited number.
    """
    parts = list(tallies)
    if len({part.bank_id for part in parts}) != 1:
        raise InvalidTally("Only tallies of one bank can be added.")
    sums: dict[str, Counter[Key]] = {}
    for table in ("cells", "values", "respondents", "leans"):
        sums[table] = Counter()
        for part in parts:
            sums[table] += counts_of(part, table)
    invited: Counter[Key] = Counter()
    for part in parts:
        for key, n in counts_of(part, "invited").items():
            if invited.setdefault(key, n) != n:
                raise InvalidTally(f"{key[0]!r} has two invited numbers, {invited[key]} and {n}.")
    return build(
        parts[0].bank_id,
        cells=sums["cells"],
        values=sums["values"],
        respondents=sums["respondents"],
        agencies=[
            (str(agency), str(sector))
            for part in parts
            for agency, sector in zip(part.agencies["agency"], part.agencies["sector"], strict=True)
        ],
        invited=invited,
        leans=sums["leans"],
        pairs=_pairs_of_all(parts),
    )


def _pairs_of_all(parts: Sequence[Tally]) -> dict[Key, PairCount] | None:
    """The co-counts of several tallies added, or None where those of one are not known."""
    sums: dict[Key, PairCount] = {}
    for part in parts:
        pairs = pairs_of(part)
        if pairs is None:
            return None
        for key, (both, first, other, favourable) in pairs.items():
            held = sums.get(key, (0, 0, 0, 0))
            sums[key] = (
                held[0] + both,
                held[1] + first,
                held[2] + other,
                held[3] + favourable,
            )
    return sums


def _summed(rows: Iterable[tuple[str, str, int]]) -> Counter[Key]:
    sums: Counter[Key] = Counter()
    for agency, level, n in rows:
        sums[(agency, level)] += n
    return sums
