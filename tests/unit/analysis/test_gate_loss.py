"""How much more the gate hides than it must: held to trying every way to show a question.

The reference tries each group that may stand alone in figures, in words and hidden, and takes the
fewest that are not in figures among all ways that leave open what must stay so. It shares the audit
with the gate and not the search.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from analysis.counts import RoundCounts
from analysis.decisions import FEWEST_AGENCIES_OF_GROUP, Decision, GroupCounts, Showing, is_extreme
from analysis.groups import groups_of
from analysis.result import GroupKind
from analysis.settings import AnalysisSettings
from analysis.showing import decide
from analysis.side_by_side import Cell, cells_of, may_stand_beside
from question_banks.bank import ScaleQuestion
from tests.factories_tally import make_bank, make_tally
from tests.unit.analysis.test_attack import OPTIONS, draw_round

SETTINGS = AnalysisSettings()
WAYS = {
    Showing.FIGURES: (Showing.FIGURES, Showing.WORDS, Showing.HIDDEN),
    Showing.WORDS: (Showing.WORDS, Showing.HIDDEN),
    Showing.HIDDEN: (Showing.HIDDEN,),
}


def decided(seed: int) -> tuple[Decision, tuple[Cell, ...]]:
    """What the gate shows of the one question of a drawn round."""
    cells = draw_round(seed)
    bank = make_bank()
    rows: list[Any] = [
        (
            cell.agency,
            cell.agency,
            cell.level,
            {"q_one": {code: n for code, n in zip(OPTIONS, cell.said[0], strict=True) if n}},
        )
        for cell in cells
    ]
    counts = RoundCounts(make_tally(bank, rows), bank)
    question = bank.by_code["q_one"]
    assert isinstance(question, ScaleQuestion)
    groups = groups_of(counts, SETTINGS)
    scale = counts.scale(question)
    decision = decide(question, scale, counts=counts, groups=groups, settings=SETTINGS)
    return decision, cells_of(scale, agencies=counts.agencies, groups=groups)


def alone(member: GroupCounts, whole: GroupCounts) -> Showing:
    """The most that may be shown of a group without looking at the others."""
    counts = member.counts
    several = counts.agencies >= FEWEST_AGENCIES_OF_GROUP or member.of.name == "council"
    if counts.base < SETTINGS.k or whole.counts.base - counts.base < SETTINGS.k or not several:
        return Showing.HIDDEN
    return Showing.WORDS if is_extreme(counts.favourable, counts.base) else Showing.FIGURES


def every_way(decision: Decision) -> Iterator[Decision]:
    """Every way to show the groups; the sides, and what repeats one, alike."""
    whole = decision.everybody
    sides = [m for m in decision.groups if m.of.kind is GroupKind.SIDE]
    of_sides = [set(WAYS[alone(side, whole)]) for side in sides] or [{Showing.HIDDEN}]
    others = [m for m in decision.groups if m.of.kind is not GroupKind.SIDE and not m.repeated]
    choices = [
        sorted(set.intersection(*of_sides)),
        *(WAYS[alone(member, whole)] for member in others),
    ]
    for shown in product(*choices):
        by_name = {m.of.name: how for m, how in zip(others, shown[1:], strict=True)}
        yield replace(
            decision,
            groups=tuple(
                replace(m, showing=shown[0])
                if m.repeated or m.of.kind is GroupKind.SIDE
                else replace(m, showing=by_name[m.of.name])
                for m in decision.groups
            ),
        )


def losses(seed: int) -> tuple[int, int] | None:
    """Groups that the gate does not show in figures, and the fewest that need not be."""
    decision, cells = decided(seed)
    if not decision.everybody.is_shown:
        return None
    best = next(
        found
        for found in sorted(every_way(decision), key=Decision.hidden)
        if may_stand_beside([], found, cells, settings=SETTINGS)
    )
    return decision.hidden(), best.hidden()


@pytest.mark.parametrize("seed", range(8))
def test_gate_hides_no_more_than_two_groups_too_many(seed: int) -> None:
    found = losses(seed)

    if found is not None:
        gate, fewest = found
        assert fewest <= gate <= fewest + 2
