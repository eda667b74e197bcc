"""The councils that one is set beside: which rounds count, and which questions are the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from analysis.result import Figures, QuestionResult, Summary
from question_banks.crosswalk import load_crosswalk


@dataclass(frozen=True, kw_only=True)
class CouncilRound:
    """A council's released round. `council` tells councils apart and is shown of the own one only.

    `closed` is the day on which the round closed.
    """

    council: str
    title: str
    closed: date
    summary: Summary

    @cached_property
    def questions(self) -> Mapping[str, QuestionResult]:
        """What is shown, by code."""
        return self.summary.questions()


def group_of(
    own: CouncilRound, others: Iterable[CouncilRound], *, months: int
) -> list[CouncilRound]:
    """One round of each other council, the nearest in time, in an order that tells nothing."""
    nearest: dict[str, CouncilRound] = {}
    for other in sorted(
        others, key=lambda each: (abs((each.closed - own.closed).days), each.title)
    ):
        if other.council != own.council and within(own.closed, other.closed, months=months):
            nearest.setdefault(other.council, other)
    return sorted(nearest.values(), key=lambda each: each.summary.provenance.tally_digest)


def within(one: date, other: date, *, months: int) -> bool:
    """True when two days are at most so many months apart.

    >>> within(date(2030, 3, 31), date(2031, 9, 30), months=18)
    True
    >>> within(date(2030, 3, 1), date(2031, 9, 2), months=18)
    False
    """
    early, late = sorted((one, other))
    apart = (late.year - early.year) * 12 + late.month - early.month
    return apart < months or (apart == months and late.day <= early.day)


class Matched:
    """Another council's figures by the codes of the own round, for questions that are the same."""

    def __init__(self, own: CouncilRound, other: CouncilRound) -> None:
        here, there = own.summary.bank.bank, other.summary.bank.bank
        links = {} if here == there else load_crosswalk().links_between(here, there)
        self.figures: dict[str, Figures] = {}
        for code, question in own.questions.items():
            theirs = other.questions.get(links.get(code, code))
            figures = figures_of(theirs)
            if theirs is not None and figures is not None and _asks_the_same(question, theirs):
                self.figures[code] = figures


def figures_of(question: QuestionResult | None) -> Figures | None:
    return question.all.figures if question is not None and question.all is not None else None


def _asks_the_same(one: QuestionResult, other: QuestionResult) -> bool:
    """True for the same words; and for the same answers to choose from, where both are shown."""
    first, second = figures_of(one), figures_of(other)
    if one.text != other.text or one.type != other.type:
        return False
    if first is None or second is None:
        return True
    return [(each.label, each.kind) for each in first.options] == [
        (each.label, each.kind) for each in second.options
    ]
