"""What the audit takes as known, and what it asks to stay open."""

from __future__ import annotations

from analysis.decisions import Decision
from analysis.settings import AnalysisSettings
from analysis.side_by_side import Cell, hidden_of, known_of
from analysis.whole_people import NEUTRAL, UNFAVOURABLE
from tests.unit.analysis.test_gate_loss import decided

SETTINGS = AnalysisSettings()
PLAIN = Cell("police", "frontline", "police_and_justice", "partners", 3, 1, 2)
BY_OPTION = Cell(
    "police", "frontline", "police_and_justice", "partners", 3, 1, 2, ((1, 2), (1,), (0, 2))
)


def first_shown() -> tuple[Decision, tuple[Cell, ...]]:
    """The first drawn round of which everybody's answers are shown, and some group's are not."""
    return next(
        (decision, cells)
        for decision, cells in map(decided, range(20))
        if decision.everybody.is_shown and decision.hidden()
    )


def test_cell_without_options_has_one_of_each_kind() -> None:
    assert PLAIN.by_kind == ((3,), (1,), (2,))


def test_cell_with_options_keeps_them_apart() -> None:
    assert BY_OPTION.by_kind == ((1, 2), (1,), (0, 2))
    assert BY_OPTION.base == PLAIN.base == 6


def test_every_option_of_every_part_is_taken_as_known() -> None:
    decision, cells = first_shown()

    known = known_of(decision, cells, settings=SETTINGS)

    assert known.options.sum() == decision.everybody.counts.base
    assert known.options.sum(axis=0).tolist() == list(decision.everybody.counts.on_scale)
    assert known.totals


def test_a_hidden_group_must_stay_open_in_every_kind_of_answer() -> None:
    decision, cells = first_shown()

    kinds = {each.kind for each in hidden_of(decision, cells, settings=SETTINGS)}

    assert {NEUTRAL, UNFAVOURABLE} <= kinds


def test_what_must_stay_open_is_neither_nobody_nor_everybody() -> None:
    decision, cells = first_shown()
    some = hidden_of(decision, cells, settings=SETTINGS)

    assert all(each.apart >= 1 for each in some)
    assert all(0 < each.cells.sum() < len(cells) for each in some)
