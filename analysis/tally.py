"""The tally of a round: counts of people, and the one input of everything after it.

A tally holds no respondent. It comes from a frame of responses (`from_frame`) or from counts made
by a database (`from_counts`); equal answers give an equal tally by either way. Text that people
wrote never enters a tally.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from analysis.errors import InvalidTally
from analysis.tally_answers import Value, canonical_value, is_counted, options_of
from analysis.tally_columns import Column
from analysis.tally_counter import Counting
from analysis.tally_patterns import (
    Lean,
    PairCount,
    PatternRow,
    count_patterns,
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
from analysis.tally_words import ANSWERED, NOT_SHOWN, SKIPPED
from question_banks.bank import Bank, DateQuestion, NumberQuestion

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

AnswerRow = tuple[str, str, str, Value, int]
"""Question, agency, level, answer, people who gave it."""


def from_frame(frame: pd.DataFrame, bank: Bank, *, invited: pd.DataFrame | None = None) -> Tally:
    """Count a frame of responses.

    `frame` is as `analysis.frame.read_responses` gives it: one row per response with `agency`,
    `sector`, `level` and a column per question holding an answer, None for skipped or `NOT_SHOWN`.
    A question without a column counts as not shown to anybody. `invited` has the columns agency,
    sector, level and invited, with a missing number where it is not known.

    Raises InvalidTally where an agency has two sectors or an answer is no answer of its question.
    """
    counting = Counting(bank)
    names = ("agency", "sector", "level", *filter(frame.columns.__contains__, bank.by_code))
    counting.add({name: _column(frame[name]) for name in names})
    return counting.tally(invited)


def _column(series: pd.Series) -> Column:
    codes, found = pd.factorize(series.astype(object).to_numpy())
    # What is missing has code -1, which reads the last place.
    return Column(codes % (len(found) + 1), [*found, None])


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
        for option in options_of(question, bank, value):
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
