"""What may be shown of a signpost as a whole: its score, small groups in words, agencies' leaning.

Each is made of the questions' answers and could tell some of them. The score is made of figures
that are shown. The words for a group without figures are a fact about its answers to several
questions at once, so they are set beside all that is shown of each of those. How many agencies lean
one way is told only where it would be the same word whichever way any one of them leant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.decisions import FEWEST_IN_WORDS, GroupCounts, Showing
from analysis.disclosure import whole_points
from analysis.questions import QuestionRead
from analysis.result import GroupKind, GroupResult, Interval, ThemeScore
from analysis.settings import AnalysisSettings
from analysis.side_by_side import hidden_of, known_of, mask_of
from analysis.themes import Answers, Pairs, score_of
from analysis.whole_people import (
    Hidden,
    Known,
    Numbers,
    Sum,
    goal_of,
    leaves_open,
    other_answers,
)
from question_banks.local import is_local

FEWEST_QUESTIONS: Final = 2
"""Words for a group are of so many questions at least."""
FEWEST_AGENCIES: Final = 6
"""Agencies are counted, unnamed, from so many on."""
_THIRD: Final = Fraction(1, 3)

Key = tuple[GroupKind, str]


class Mostly(StrEnum):
    """How a group answered the questions of a signpost, where it has no figures."""

    POSITIVE = "Mostly positive"
    DIVIDED = "Divided"
    NOT_POSITIVE = "Mostly not positive"


def theme_score(
    reads: Sequence[QuestionRead], pairs: Pairs, *, settings: AnalysisSettings
) -> ThemeScore | None:
    """The mean of the favourable shares that are shown, or None for fewer than two of them.

    Local questions do not count, so that a score means the same in every round of a bank.

    The shares are all shown, so their mean tells nothing new; its limits are in whole points.
    """
    answers = {
        read.question.code: Answers(
            read.decision.everybody.counts.favourable, read.decision.everybody.counts.base
        )
        for read in reads
        if read.decision.everybody.showing is Showing.FIGURES and not is_local(read.question.code)
    }
    found = score_of(answers, pairs, questions=list(answers), confidence=settings.fraction("clear"))
    if found is None:
        return None
    return ThemeScore(
        questions=found.questions,
        people=max(each.base for each in answers.values()),
        score=whole_points(found.score),
        interval=Interval(low=whole_points(found.limits.low), high=whole_points(found.limits.high)),
    )


@dataclass(frozen=True)
class _Told:
    """A word and the sums of favourable answers, least and greatest, that have it."""

    member: GroupCounts
    word: Mostly
    low: int
    high: int


def groups_in_words(
    reads: Sequence[QuestionRead], *, settings: AnalysisSettings
) -> tuple[GroupResult, ...]:
    """Groups without figures that may be told in words, for the review team only.

    Those are of five people or more on two questions of the signpost or more, and shown on none of
    them. Each hidden count of each question must stay as open, beside all the words of the
    signpost, as it must be beside the figures; where it would not, the smallest group goes without
    its word.
    """
    read = [each for each in reads if each.decision.everybody.is_shown and each.cells]
    told = _words(read, settings)
    tables = [_Table.of(each, settings) for each in read] if told else []
    while told and not _all_open(told, tables):
        smallest = min(told, key=lambda key: (told[key].member.counts.base, key))
        told = {key: each for key, each in told.items() if key != smallest}
    return tuple(
        GroupResult(
            group=each.member.of.name,
            title=each.member.of.title,
            kind=each.member.of.kind,
            words=each.word.value,
        )
        for each in told.values()
    )


def _words(reads: Sequence[QuestionRead], settings: AnalysisSettings) -> dict[Key, _Told]:
    held: dict[Key, list[GroupCounts]] = {}
    shown: set[Key] = set()
    for read in reads:
        for member in read.decision.groups:
            key = (member.of.kind, member.of.name)
            if member.is_shown or member.repeated:
                shown.add(key)
            elif _counts_towards(member):
                held.setdefault(key, []).append(member)
    line = settings.fraction("strength_line")
    found = {}
    for key, members in held.items():
        if key in shown or len(members) < FEWEST_QUESTIONS:
            continue
        favourable = sum(member.counts.favourable for member in members)
        base = sum(member.counts.base for member in members)
        positive, not_positive = ceil(line * base), floor((1 - line) * base)
        if favourable >= positive:
            told = Mostly.POSITIVE, positive, base
        elif favourable <= not_positive:
            told = Mostly.NOT_POSITIVE, 0, not_positive
        else:
            told = Mostly.DIVIDED, not_positive + 1, positive - 1
        found[key] = _Told(members[0], *told)
    return found


def _counts_towards(member: GroupCounts) -> bool:
    """True where the group's answers to a question are part of its words."""
    return member.showing is Showing.HIDDEN and member.counts.base >= FEWEST_IN_WORDS


@dataclass(frozen=True)
class _Table:
    """One question: what is known and hidden of it, and ways in which it may have been answered.

    `ways` has a row for each (`whole_people.other_answers`), the true one first. `groups` are the
    cells of the groups of which this question counts towards the words.
    """

    known: Known
    hidden: tuple[Hidden, ...]
    ways: Numbers
    groups: Mapping[Key, Numbers]

    @staticmethod
    def of(read: QuestionRead, settings: AnalysisSettings) -> _Table:
        """The question with ways that bring each hidden count to its least and its greatest."""
        known = known_of(read.decision, read.cells, weighted=read.weighted, settings=settings)
        hidden = hidden_of(read.decision, read.cells, settings=settings)
        groups = {
            (member.of.kind, member.of.name): mask_of(member, read.cells)
            for member in read.decision.groups
            if _counts_towards(member)
        }
        sought = [
            *(Hidden(mask) for mask in groups.values()),
            *(each for each in hidden if not each.is_of_cells),
        ]
        return _Table(known, tuple(hidden), other_answers(known, sought), groups)

    def favourable(self, key: Key) -> Numbers:
        """How many of a group are favourable in each way; nobody where it does not count here."""
        cells = self.groups.get(key, np.zeros(len(self.known.people)))
        return np.asarray(self.ways[:, self.known.options.size :] @ cells)

    def is_open(self, may_be: NDArray[np.bool_], words: Mapping[Key, tuple[float, float]]) -> bool:
        """True when each hidden count stays open in the ways that may be.

        Or else in others that keep to the words by themselves: `words` says how far the favourable
        answers of a group may fall and rise.
        """
        ways = self.ways[may_be]
        waiting = [
            each for each in self.hidden if np.ptp(ways @ goal_of(self.known, each)) < each.apart
        ]
        ranges = list(self.known.ranges)
        for key, (least, most) in words.items():
            if key in self.groups:
                true = float(self.favourable(key)[0])
                ranges.append(Sum(self.groups[key], true + least, true + most))
        return leaves_open(replace(self.known, ranges=tuple(ranges)), waiting)


def _all_open(told: Mapping[Key, _Told], tables: Sequence[_Table]) -> bool:
    """True when each hidden count of each question stays open beside all the words."""
    sums = [np.array([table.favourable(key) for key in told]).T for table in tables]
    changes = [of_table - of_table[0] for of_table in sums]
    true = np.sum([of_table[0] for of_table in sums], axis=0)
    least = np.array([each.low for each in told.values()]) - true
    most = np.array([each.high for each in told.values()]) - true
    room = {
        key: (float(low), float(high)) for key, low, high in zip(told, least, most, strict=True)
    }
    for place, table in enumerate(tables):
        others = [change for at, change in enumerate(changes) if at != place]
        may_be = [_fits(change, others, least=least, most=most) for change in changes[place]]
        if not table.is_open(np.array(may_be), room):
            return False
    return True


def _fits(change: Numbers, others: Sequence[Numbers], *, least: Numbers, most: Numbers) -> bool:
    """True when the words hold after a change, at need with changes of other questions beside.

    Of each other question the way is taken that brings the sums nearest to their words.
    """

    def off(sums: Numbers) -> Numbers:
        return np.asarray((np.maximum(least - sums, 0) + np.maximum(sums - most, 0)).sum(axis=-1))

    sums = change
    for ways in others:
        if off(sums) == 0:
            return True
        sums = sums + ways[int(off(sums + ways).argmin())]
    return bool(off(sums) == 0)


def agencies_lean(reads: Sequence[QuestionRead]) -> str | None:
    """How many agencies gave more than half favourable answers to a signpost, in words.

    Of the questions of which everybody's answers are shown. None under six agencies, and where the
    word would be another if one agency leant the other way: it may tell of none how it leans, even
    to somebody who knows how all the others do.
    """
    favourable: dict[str, int] = {}
    base: dict[str, int] = {}
    for read in reads:
        if read.decision.everybody.is_shown:
            for part in read.parts:
                favourable[part.agency] = favourable.get(part.agency, 0) + part.favourable
                base[part.agency] = base.get(part.agency, 0) + part.base
    leaning = [2 * favourable[agency] > people for agency, people in base.items() if people]
    agencies, lean = len(leaning), sum(leaning)
    if agencies < FEWEST_AGENCIES:
        return None
    words = {
        _how_many(lean + change, agencies)
        for change in (-1, 0, 1)
        if 0 <= lean + change <= agencies
    }
    return words.pop() if len(words) == 1 else None


def _how_many(lean: int, agencies: int) -> str:
    if lean >= (1 - _THIRD) * agencies:
        return "Most agencies lean towards the positive answers."
    if lean <= _THIRD * agencies:
        return "Few agencies lean towards the positive answers."
    return "About half of the agencies lean towards the positive answers."
