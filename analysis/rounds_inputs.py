"""What a comparison is made of: rounds with their counts, published totals, and people's notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.compared import CircumstanceKind
from analysis.errors import AnalysisError
from analysis.published import PublishedTotals
from analysis.result import Summary
from analysis.settings import AnalysisSettings
from analysis.tally import Tally, digest
from question_banks.bank import Bank

FEWEST_ROUNDS = 2


class InvalidComparison(AnalysisError):
    """Rounds that cannot be set against each other; the message says why in a plain sentence."""


@dataclass(frozen=True, kw_only=True)
class RoundForComparison:
    """A round with its counts, its questionnaire, its settings and what was shown of it.

    `summary` is of the same tally. `released` are the tallies of earlier releases of the round, so
    that people who came between two releases are not told apart. `when` is as people would say it.
    """

    title: str
    tally: Tally
    bank: Bank
    settings: AnalysisSettings
    summary: Summary
    when: str = ""
    released: tuple[Tally, ...] = ()


AnyRound = RoundForComparison | PublishedTotals


@dataclass(frozen=True, kw_only=True)
class CircumstanceNote:
    """That something around a question changed before a round, the one at place `after`.

    `question` is the code in that round, or in the round before.
    """

    after: int
    question: str
    kind: CircumstanceKind
    note: str
    by: str = ""


def check(rounds: Sequence[AnyRound]) -> None:
    """Raises InvalidComparison where the rounds cannot be compared."""
    if len(rounds) < FEWEST_ROUNDS:
        raise InvalidComparison("Two rounds are needed for a comparison.")
    answered = [each for each in rounds if isinstance(each, RoundForComparison)]
    if not answered:
        raise InvalidComparison("One of the rounds at least must have been run here.")
    if len({each.summary.audience for each in answered}) > 1:
        raise InvalidComparison("The rounds were released to different audiences.")
    for each in answered:
        if each.tally.bank_id != each.bank.id:
            raise InvalidComparison(f"The counts of “{each.title}” are of another questionnaire.")
        if each.summary.provenance.tally_digest != digest(each.tally):
            raise InvalidComparison(f"What was shown of “{each.title}” is of other counts.")
