"""What may be decided of a group's answers: figures, words or nothing, and what words give away.

The decisions are made in `analysis.showing`; `analysis.disclosure` makes results of them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from analysis.counts import Asked, Counts
from analysis.groups import GroupOf
from analysis.result import GroupKind

FEWEST_AGENCIES_OF_GROUP: Final = 2
"""A group within the round is shown only when it mixes the answers of this many agencies."""

FEWEST_IN_WORDS: Final = 5
"""A group of fewer people is told in words neither: it counts among all."""


class Showing(StrEnum):
    """How a group may be shown."""

    FIGURES = "figures"
    WORDS = "words"
    HIDDEN = "hidden"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class GroupCounts:
    """A group's ungated counts on one question, and how they may be shown.

    `reached` is how many of its people the question was meant for. A group that is `repeated` is
    the same people as a side, and is not listed again.
    """

    of: GroupOf
    counts: Counts
    reached: int
    asked: Asked | None
    showing: Showing = Showing.HIDDEN
    repeated: bool = False

    @property
    def is_shown(self) -> bool:
        """In figures or in words."""
        return self.showing in (Showing.FIGURES, Showing.WORDS)


@dataclass(frozen=True)
class Decision:
    """How everybody and each group of one question may be shown."""

    everybody: GroupCounts
    groups: tuple[GroupCounts, ...]

    def find(self, kind: GroupKind, name: str) -> GroupCounts | None:
        """The group of that kind and name, or None where nobody of it was reached."""
        return next((g for g in self.groups if g.of.kind is kind and g.of.name == name), None)

    def hidden(self) -> int:
        """How many figures a reader might look for and is not given."""
        listed = (self.everybody, *(group for group in self.groups if not group.repeated))
        return sum(group.showing in (Showing.WORDS, Showing.HIDDEN) for group in listed)


def is_extreme(favourable: float, base: float) -> bool:
    """True when the count tells, or all but tells, how each person answered."""
    return favourable <= 1 or favourable >= base - 1


class Word(StrEnum):
    """How many were favourable, where a figure would tell too much; from the least to the most."""

    NEARLY_NONE = "Nearly none"
    FEWER_THAN_HALF = "Fewer than half"
    ABOUT_HALF = "About half"
    MOST = "Most"
    NEARLY_ALL = "Nearly all"


_RANK = {word: rank for rank, word in enumerate(Word)}


def word_for(favourable: int, base: int, *, line: Fraction) -> Word:
    """The word for a count; `line` is the share from which they are most.

    >>> word_for(12, 20, line=Fraction(3, 5)).value
    'Most'
    """
    if favourable <= 1:
        return Word.NEARLY_NONE
    if favourable >= base - 1:
        return Word.NEARLY_ALL
    if favourable >= line * base:
        return Word.MOST
    return Word.FEWER_THAN_HALF if favourable <= (1 - line) * base else Word.ABOUT_HALF


def range_of_word(favourable: int, base: int, *, line: Fraction) -> tuple[int, int]:
    """The least and the greatest count that has the same word.

    >>> range_of_word(12, 20, line=Fraction(3, 5)), range_of_word(0, 20, line=Fraction(3, 5))
    ((12, 18), (0, 1))
    """

    def rank(count: int) -> int:
        return _RANK[word_for(count, base, line=line)]

    counts = range(base + 1)
    own = rank(favourable)
    return bisect_left(counts, own, key=rank), bisect_right(counts, own, key=rank) - 1
