"""What an audit of released results found, how it is said, and how much it takes to be found."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Final

from analysis.errors import AnalysisError
from analysis.result import Model

FORMAT: Final = "signpost-audit/1"


class InvalidReleases(AnalysisError):
    """Results that cannot be audited together; the message says which and why."""


class Revealed(Model):
    """Something that the releases together tell of a few people.

    `releases` are the places of the results in the order given, from 1: one for people whom it
    hides, two for the people who came between them. `people` and `favourable` are the least and
    the greatest number that agree with everything published. `words` says it in a sentence.
    """

    releases: tuple[int, ...]
    question: str
    group: str
    people: tuple[int, int]
    favourable: tuple[int, int]
    words: str


class Audit(Model):
    """What several released results reveal together: nothing where `revealed` is empty."""

    format: str = FORMAT
    releases: int
    questions: int
    revealed: tuple[Revealed, ...]

    @property
    def is_safe(self) -> bool:
        """True when nothing is revealed."""
        return not self.revealed

    def lines(self) -> tuple[str, ...]:
        """The audit in sentences, the outcome first."""
        files = "1 result" if self.releases == 1 else f"{self.releases} results together"
        asked = "1 question" if self.questions == 1 else f"{self.questions} questions"
        if self.is_safe:
            return (f"{files}, {asked}: nothing was found that tells how a few people answered.",)
        return (
            f"{files}, {asked}: how a few people answered can be worked out.",
            *(each.words for each in self.revealed),
        )


class Rule(Enum):
    """How much must stay open of the favourable answers of some people."""

    NEWCOMERS = "newcomers"
    HIDDEN = "hidden"
    """Of fewer than k people half of nought to all, or of a hidden group what a whole that is shown
    leaves open if that is less. Of k or more a number may be known, as of any group that is shown,
    unless it is nearly all or nearly none of them."""
    ONE_AGENCY = "hidden, of one agency"
    """As hidden, however many they are."""
    ONE_AGENCY_IN_WORDS = "in words, of one agency"
    """More than one number."""

    def allows_figures(self, people: tuple[int, int], *, k: int) -> bool:
        """True where the number of favourable people may be known: they may be k or more."""
        return self in (Rule.NEWCOMERS, Rule.HIDDEN) and people[1] >= k

    def width(self, people: tuple[int, int], *, k: int, wholes: Sequence[tuple[int, int]]) -> int:
        """How far apart the least and the greatest number must be, of so many people."""
        if self is Rule.ONE_AGENCY_IN_WORDS or self.allows_figures(people, k=k):
            return 1
        fewest = people[0]
        left = [
            min(fewest, favourable) - max(0, fewest - (base - favourable))
            for base, favourable in wholes
        ]
        return max(1, min([-(-fewest // 2), *left]))


def words_of(
    code: str,
    title: str,
    *,
    releases: tuple[int, ...],
    people: tuple[int, int],
    said: tuple[int, int],
) -> str:
    """What can be worked out, as a sentence."""
    number = str(said[0]) if said[0] == said[1] else f"{said[0]} to {said[1]}"
    were = "was" if said == (1, 1) else "were"
    if len(releases) == 1:
        return (
            f"{code}, {title}, in result {releases[0]}: of {people_text(people)} "
            f"whose answers it does not show, {number} {were} favourable."
        )
    return (
        f"{code}, {title}, between results {releases[0]} and {releases[1]}: of "
        f"{people_text(people)} who came, {number} {were} favourable."
    )


def people_text(people: tuple[int, int]) -> str:
    """So many people, in words."""
    least, most = people
    if most == 1:
        return "1 person"
    return f"{least} people" if least == most else f"{least} to {most} people"
