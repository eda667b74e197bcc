"""Whether a new release, set beside an earlier one, would tell how a few people answered.

Two releases of one round differ by the people who answered in between. Where those are fewer than
k in a group, the difference of two published figures is theirs alone. The rule here is cautious: it
looks at every question and every group, shown or not, because what is hidden can be a total less
what is shown. Source of the idea: differencing, in any handbook of statistical disclosure control.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from analysis.settings import AnalysisSettings
from analysis.tally import NOT_SHOWN, SKIPPED, Tally
from analysis.tally_tables import counts_of
from question_banks.bank import Bank, OptionKind, ScaleQuestion, Sector

Key = tuple[str, str, str]
"""Question, group, and whether all who were shown it are counted or those on its scale."""


def isolates(before: Tally, after: Tally, *, bank: Bank, settings: AnalysisSettings) -> bool:
    """True when some group's answers to some question changed by fewer than k people.

    No change at all isolates nobody. Both tallies must be of `bank`.
    """
    earlier, later = _counted(before, bank, settings), _counted(after, bank, settings)
    changes = (abs(later[key] - earlier[key]) for key in earlier.keys() | later.keys())
    return any(0 < change < settings.k for change in changes)


def _counted(tally: Tally, bank: Bank, settings: AnalysisSettings) -> Counter[Key]:
    """People by question and group: who were shown it, and who answered on its scale."""
    sectors = dict(zip(tally.agencies["agency"], tally.agencies["sector"], strict=True))
    off_scale = _off_scale(bank)
    people: Counter[Key] = Counter()
    for (question, agency, level, option), n in counts_of(tally, "cells").items():
        if option == NOT_SHOWN:
            continue
        for group in _groups(Sector(sectors[agency]), level, settings):
            people[question, group, "shown"] += n
            if option not in off_scale.get(question, {SKIPPED}):
                people[question, group, "on scale"] += n
    return people


def _off_scale(bank: Bank) -> dict[str, set[str]]:
    """For each question on a scale, the codes that are not an answer on it."""
    return {
        question.code: {SKIPPED}
        | {
            option.code
            for option in bank.scale_of(question).options
            if option.kind in (OptionKind.DONT_KNOW, OptionKind.NOT_APPLICABLE)
        }
        for question in bank.questions()
        if isinstance(question, ScaleQuestion)
    }


def _groups(sector: Sector, level: str, settings: AnalysisSettings) -> Iterator[str]:
    """The groups of `analysis.groups` that an answer counts in."""
    yield "everybody"
    yield "council" if sector in settings.council_sectors else "partners"
    yield f"level {level}"
    yield f"sector group {settings.group_of(sector)}"
