"""Counts and medians of questions that are never judged, gated like any other count."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from decimal import Decimal
from itertools import accumulate
from typing import Final, TypeVar

import pandas as pd

from analysis.counts import RoundCounts
from analysis.result import ChoiceCounts, Mark, OptionCountPlain
from analysis.settings import AnalysisSettings
from analysis.tally import ANSWERED, NOT_SHOWN, SKIPPED
from question_banks.bank import (
    DateQuestion,
    NumberQuestion,
    RankingQuestion,
    SeveralChoicesQuestion,
    SingleChoiceQuestion,
    in_language,
)

Counted = (
    SingleChoiceQuestion | SeveralChoicesQuestion | RankingQuestion | NumberQuestion | DateQuestion
)
"""The types of question that are counted and never judged."""

Value = TypeVar("Value", int, str, Decimal)

_HIDDEN: Final = ChoiceCounts(mark=Mark.CONFIDENTIAL)


def choice_counts(
    question: Counted, *, counts: RoundCounts, settings: AnalysisSettings
) -> ChoiceCounts:
    """How often each choice was made, or the median, where enough people in enough agencies
    answered and they did not all, or all but one, choose alike."""
    rows = counts.cells_of(question)
    if rows is None:
        return _HIDDEN
    people = _people(question, rows)
    answered = int(people["n"].sum())
    if answered < settings.k or people["agency"].nunique() < settings.min_agencies:
        return _HIDDEN
    chosen = rows.groupby("option")["n"].sum()
    options = _options(question, chosen)
    if any(option.count is not None and option.count >= answered - 1 for option in options):
        return _HIDDEN
    return ChoiceCounts(
        answered=answered,
        skipped=int(chosen.get(SKIPPED, 0)),
        options=options,
        median=_median(question, counts),
    )


def _people(question: Counted, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that count each person who answered once."""
    if isinstance(question, SingleChoiceQuestion):
        return rows[~rows["option"].isin([SKIPPED, NOT_SHOWN])]
    return rows[rows["option"] == ANSWERED]


def _options(question: Counted, chosen: pd.Series) -> tuple[OptionCountPlain, ...]:
    if isinstance(question, SingleChoiceQuestion | SeveralChoicesQuestion):
        return tuple(
            OptionCountPlain(
                option=choice.code,
                label=in_language(choice.label),
                count=int(chosen.get(choice.code, 0)),
            )
            for choice in question.choices
        )
    if isinstance(question, RankingQuestion):
        return tuple(
            OptionCountPlain(
                option=choice.code,
                label=in_language(choice.label),
                median_place=_median_place(question, choice.code, chosen),
            )
            for choice in question.choices
        )
    return ()


def _median_place(question: RankingQuestion, code: str, chosen: pd.Series) -> float | None:
    places = {
        place: int(chosen.get(f"{code}@{place}", 0))
        for place in range(1, len(question.choices) + 1)
    }
    if not any(places.values()):
        return None
    low, high = middle(places)
    return (low + high) / 2


def _median(question: Counted, counts: RoundCounts) -> float | str | None:
    rows = counts.values_of(question)
    if rows is None:
        return None
    found = rows.groupby("value")["n"].sum()
    values = {str(value): int(n) for value, n in found.items()}
    if isinstance(question, DateQuestion):
        return middle(values)[0]
    low, high = middle({Decimal(value): n for value, n in values.items()})
    return float((low + high) / 2)


def middle(counts: Mapping[Value, int]) -> tuple[Value, Value]:
    """The two middle values of counted values: the same one twice for an odd number of people.

    >>> middle({1: 2, 3: 1}), middle({1: 2, 3: 2})
    ((1, 1), (1, 3))
    """
    total = sum(counts.values())
    ordered = sorted(counts)
    running = list(accumulate(counts[value] for value in ordered))
    low = ordered[bisect_right(running, (total - 1) // 2)]
    high = ordered[bisect_right(running, total // 2)]
    return low, high
