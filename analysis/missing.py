"""The sectors that questions lean on and from which nothing came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from analysis.coverage import SECTOR_NOUNS
from analysis.listing import listed
from analysis.result import CoverageState
from analysis.sentences import Missing, quoted
from question_banks.bank import BaseQuestion, Sector, in_language

States = Mapping[Sector, CoverageState]


def missing_of(questions: Iterable[BaseQuestion], states: States) -> Missing:
    """The sectors that some of the questions lean on or require from which nothing came."""
    asked = list(questions)
    leant = {sector for question in asked for sector in question.leans_on}
    required = {sector for question in asked for sector in question.requires}
    return Missing(
        silent=_nouns(leant, states, CoverageState.SILENT),
        not_invited=_nouns(leant, states, CoverageState.NOT_INVITED),
        required=tuple(
            SECTOR_NOUNS[sector]
            for sector in Sector
            if sector in required and states[sector] is not CoverageState.ANSWERED
        ),
    )


def _nouns(sectors: Iterable[Sector], states: States, state: CoverageState) -> tuple[str, ...]:
    held = set(sectors)
    return tuple(SECTOR_NOUNS[s] for s in Sector if s in held and states[s] is state)


def sector_caveats(questions: Sequence[BaseQuestion], states: States) -> tuple[str, ...]:
    """For each missing sector, the questions that lean on it or cannot be read without it."""
    caveats = []
    for sector in Sector:
        if states[sector] is CoverageState.ANSWERED:
            continue
        labels = [
            quoted(in_language(question.short or question.text))
            for question in questions
            if sector in question.leans_on + question.requires
        ]
        if labels:
            silent = states[sector] is CoverageState.SILENT
            why = "no answer came from them" if silent else "nobody there was invited"
            verb = "leans" if len(labels) == 1 else "lean"
            caveats.append(
                f"{listed(labels)} {verb} on what {SECTOR_NOUNS[sector]} would say, and {why}."
            )
    return tuple(caveats)
