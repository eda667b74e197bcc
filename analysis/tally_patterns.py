"""How people answered a signpost's questions together: leans, and co-counts of pairs.

One person's answers to the scale questions of a signpost are a *pattern*: a row of digits, one for
each question in the order of the bank. A file and a database both end in patterns, so that leans
and co-counts have one source.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

import numpy as np

from analysis.errors import InvalidTally
from question_banks.bank import ON_SCALE, Bank, OptionKind, ScaleQuestion, Signpost

PatternRow = tuple[str, str, str, int, int]
"""Signpost, agency, level, pattern (see `pattern_of`), people who answered in this pattern."""
Key = tuple[str, ...]
PairCount = tuple[int, int, int, int]
"""People with both answers on the scale; of them favourable on the first question, on the other,
and on both."""

Matrix = np.ndarray[tuple[int, ...], np.dtype[Any]]

OFF_SCALE: Final = 0
"""The digit for no answer on the scale: don't know, not applicable, skipped or not shown."""
DIGITS: Final[Mapping[OptionKind, int]] = {
    OptionKind.FAVOURABLE: 1,
    OptionKind.NEUTRAL: 2,
    OptionKind.UNFAVOURABLE: 3,
}
"""The digit of an answer by its kind; every other kind is `OFF_SCALE`."""
DIGITS_IN_A_WORD: Final = 31
"""Digits that fit a signed integer of 64 bits."""


class Lean(StrEnum):
    """Which way most of a person's answers to one signpost went."""

    FAVOURABLE = "favourable"
    UNFAVOURABLE = "unfavourable"
    NEITHER = "neither"


LEANS: Final = tuple(Lean)


def lean_of(*, favourable: int, unfavourable: int, on_scale: int, asked: int) -> Lean | None:
    """Which way a person leans on a signpost, or None when they answered too little to say.

    `asked` is the number of the signpost's questions on a scale: two answers are needed, or one
    where it has only one. More than half decides.

    >>> lean_of(favourable=2, unfavourable=1, on_scale=3, asked=5)
    <Lean.FAVOURABLE: 'favourable'>
    >>> lean_of(favourable=1, unfavourable=1, on_scale=2, asked=5)
    <Lean.NEITHER: 'neither'>
    >>> lean_of(favourable=1, unfavourable=0, on_scale=1, asked=5) is None
    True
    """
    if on_scale < min(2, asked) or on_scale == 0:
        return None
    if 2 * favourable > on_scale:
        return Lean.FAVOURABLE
    if 2 * unfavourable > on_scale:
        return Lean.UNFAVOURABLE
    return Lean.NEITHER


def scale_questions(signpost: Signpost) -> tuple[ScaleQuestion, ...]:
    """The questions of a signpost that are answered on a scale, in the order asked."""
    return tuple(
        question
        for topic in signpost.topics
        for question in topic.questions
        if isinstance(question, ScaleQuestion)
    )


def pattern_of(kinds: Iterable[OptionKind | None]) -> int:
    """One person's answers to a signpost's scale questions, in the order asked, as one number.

    Each question has a digit of base four, the first question the lowest: 1 favourable, 2 neutral,
    3 unfavourable, 0 for anything else or None. Nobody who is not on the scale at all needs one.

    >>> pattern_of([OptionKind.FAVOURABLE, None, OptionKind.UNFAVOURABLE])
    49
    """
    return sum(
        DIGITS.get(kind, OFF_SCALE) << 2 * place
        for place, kind in enumerate(kinds)
        if kind is not None
    )


def pairs_of(questions: Sequence[ScaleQuestion]) -> list[tuple[str, str]]:
    """The pairs of a signpost's scale questions, the one asked first first.

    They are in the order of rows and columns of a triangle: all with the first question, then all
    others with the second, and so on.
    """
    codes = [question.code for question in questions]
    return [(first, other) for i, first in enumerate(codes) for other in codes[i + 1 :]]


class PatternSums:
    """Leans and co-counts of one signpost by group, of the patterns that were added so far.

    A group is known by its place from 0. `leans` has a row for each and a column for each of
    `LEANS`.
    """

    def __init__(self, asked: int) -> None:
        self._asked = asked
        self._both = np.zeros((0, 2 * asked, 2 * asked), dtype=np.float64)
        self.leans: Matrix = np.zeros((0, len(LEANS)), dtype=np.int64)

    def add(
        self, digits: Matrix, *, group: Matrix, groups: int, people: Matrix | None = None
    ) -> None:
        """Add patterns that are given as digits.

        Args:
            digits: a row for each scale question of the signpost, a column for each pattern.
            group: for each pattern the place of its group.
            groups: how many groups there are by now.
            people: for each pattern how many people answered in it; one each when left out.
        """
        if groups > len(self.leans):
            more = max(groups, 2 * len(self.leans)) - len(self.leans)
            self.leans = np.pad(self.leans, ((0, more), (0, 0)))
            self._both = np.pad(self._both, ((0, more), (0, 0), (0, 0)))
        yes = digits == DIGITS[OptionKind.FAVOURABLE]
        on_scale = digits != OFF_SCALE
        unfavourable = digits == DIGITS[OptionKind.UNFAVOURABLE]
        lean, leaning = _leans(
            *(marks.sum(axis=0, dtype=np.int32) for marks in (yes, unfavourable, on_scale)),
            asked=self._asked,
        )
        counts = np.bincount(
            group[leaning] * len(LEANS) + lean[leaning],
            weights=None if people is None else people[leaning],
            minlength=groups * len(LEANS),
        )
        self.leans[:groups] += counts.reshape(groups, len(LEANS)).astype(np.int64)
        if self._asked > 1:
            self._add_pairs(np.vstack([on_scale, yes]), group, people)

    def _add_pairs(self, marks: Matrix, group: Matrix, people: Matrix | None) -> None:
        """Add up products of marks (on the scale, then favourable, for each question).

        The product of a matrix of marks with itself counts people with both. The numbers are whole
        and exact: below 2**24 patterns in one word of 32 bits, below 2**53 people in one of 64.
        """
        # Numbers of 16 bits are sorted by counting, which is quicker.
        small = group.astype(np.uint16) if len(self.leans) < 2**16 else group
        order = np.argsort(small, kind="stable")
        exact = np.float32 if people is None and len(group) < 2**24 else np.float64
        held = marks[:, order].astype(exact)
        weighted = held if people is None else held * people[order]
        sizes = np.bincount(group)
        ends = np.cumsum(sizes)
        for place in np.flatnonzero(sizes):
            start, end = ends[place] - sizes[place], ends[place]
            self._both[place] += np.matmul(weighted[:, start:end], held[:, start:end].T)

    def pairs(self) -> Matrix:
        """Group by pair by the four counts of `PairCount`; pairs in the order of `pairs_of`."""
        first, other = np.triu_indices(self._asked, k=1)
        asked = self._asked
        return np.stack(
            [
                self._both[:, first, other],
                self._both[:, first + asked, other],
                self._both[:, first, other + asked],
                self._both[:, first + asked, other + asked],
            ],
            axis=2,
        ).astype(np.int64)


def _leans(yes: Matrix, no: Matrix, base: Matrix, *, asked: int) -> tuple[Matrix, Matrix]:
    """`lean_of` for many people: the place of each one's lean, and whether they have one."""
    lean = np.where(
        2 * yes > base,
        LEANS.index(Lean.FAVOURABLE),
        np.where(2 * no > base, LEANS.index(Lean.UNFAVOURABLE), LEANS.index(Lean.NEITHER)),
    )
    return lean, base >= max(1, min(2, asked))


def count_patterns(
    bank: Bank, rows: Iterable[PatternRow]
) -> tuple[Counter[Key], dict[Key, PairCount]]:
    """Leans by (signpost, agency, level, lean) and co-counts by (question, other, agency, level).

    Raises InvalidTally for a signpost the bank does not have, a pattern with more digits than the
    signpost has questions on a scale, and a count below nothing.
    """
    by_code: dict[str, list[PatternRow]] = defaultdict(list)
    for row in rows:
        by_code[row[0]].append(row)
    asked = {signpost.code: scale_questions(signpost) for signpost in bank.signposts}
    leans: Counter[Key] = Counter()
    pairs: dict[Key, PairCount] = {}
    for signpost, held in by_code.items():
        if signpost not in asked:
            raise InvalidTally(f"{bank.id} has no {bank.signpost_word} {signpost!r}.")
        questions = asked[signpost]
        places: dict[tuple[str, str], int] = {}
        group = np.array([places.setdefault((row[1], row[2]), len(places)) for row in held])
        people = np.array([row[4] for row in held], dtype=np.int64)
        if (people < 0).any():
            raise InvalidTally(f"A count of a pattern of {signpost!r} is {people.min()}.")
        sums = PatternSums(len(questions))
        sums.add(
            _digits([row[3] for row in held], signpost, asked=len(questions)),
            group=group,
            groups=len(places),
            people=people,
        )
        keys = list(places)
        add_leans(leans, sums.leans, signpost=signpost, keys=keys)
        add_pairs(pairs, sums.pairs(), questions=questions, keys=keys)
    return leans, pairs


def _digits(patterns: Sequence[int], signpost: str, *, asked: int) -> Matrix:
    if any(pattern < 0 or pattern >> 2 * asked for pattern in patterns):
        raise InvalidTally(
            f"A pattern of {signpost!r} is not one of {asked} answers to questions on a scale."
        )
    words = np.array(patterns, dtype=np.int64 if asked <= DIGITS_IN_A_WORD else object)
    digits = np.empty((asked, len(patterns)), dtype=np.uint8)
    for place in range(asked):
        digits[place] = words >> 2 * place & 3
    return digits


def add_leans(
    leans: Counter[Key], counts: Matrix, *, signpost: str, keys: Sequence[tuple[str, str]]
) -> None:
    """Add what is in `PatternSums.leans` to a counter, in which no row is a zero."""
    for place, lean in zip(*np.nonzero(counts), strict=True):
        leans[(signpost, *keys[place], LEANS[lean].value)] += int(counts[place, lean])


def add_pairs(
    pairs: dict[Key, PairCount],
    counts: Matrix,
    *,
    questions: Sequence[ScaleQuestion],
    keys: Sequence[tuple[str, str]],
) -> None:
    """Put what is in `PatternSums.pairs` into a table, in which nobody's pair has no row."""
    named = pairs_of(questions)
    places, pair = np.nonzero(counts[:, :, 0])
    for at, which, row in zip(
        places.tolist(), pair.tolist(), counts[places, pair].tolist(), strict=True
    ):
        pairs[(*named[which], *keys[at])] = (row[0], row[1], row[2], row[3])


def digits_by_option(bank: Bank, question: ScaleQuestion) -> dict[str, int]:
    """The digit of each option that is on a question's scale, by code."""
    return {
        option.code: DIGITS[option.kind]
        for option in bank.scale_of(question).options
        if option.kind in ON_SCALE
    }
