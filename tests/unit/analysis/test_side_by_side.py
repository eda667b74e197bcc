"""What the audit takes as known, and what it asks to stay open."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from analysis.counts import RoundCounts
from analysis.decisions import Decision, Showing
from analysis.groups import groups_of
from analysis.settings import AnalysisSettings
from analysis.showing import decide
from analysis.side_by_side import Cell, cells_of, hidden_of, known_of
from analysis.whole_people import FAVOURABLE, NEUTRAL, UNFAVOURABLE
from question_banks.bank import ScaleQuestion
from tests.factories_tally import make_bank, make_tally, people
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


def asked_of(
    *rows: tuple[str, str, int, int], hiding: tuple[str, ...]
) -> dict[tuple[str, ...], set[tuple[int, int]]]:
    """For the agencies of each hidden count: its kinds of answer and how far apart it must be.

    Rows are agency, sector, favourable and base; some groups are hidden whatever the rules say.
    """
    bank = make_bank()
    question = bank.by_code["q_one"]
    assert isinstance(question, ScaleQuestion)
    tally_rows: list[Any] = [
        (agency, sector, "frontline", {"q_one": people(yes, 0, base - yes)})
        for agency, sector, yes, base in rows
    ]
    counts = RoundCounts(make_tally(bank, tally_rows), bank)
    groups = groups_of(counts, SETTINGS)
    scale = counts.scale(question)
    decision = decide(question, scale, counts=counts, groups=groups, settings=SETTINGS)
    decision = replace(
        decision,
        groups=tuple(
            replace(
                member,
                showing=Showing.HIDDEN if member.of.name in hiding else Showing.FIGURES,
            )
            for member in decision.groups
        ),
    )
    cells = cells_of(scale, agencies=counts.agencies, groups=groups)
    found: dict[tuple[str, ...], set[tuple[int, int]]] = {}
    for each in hidden_of(decision, cells, settings=SETTINGS):
        names = tuple(c.agency for c, held in zip(cells, each.cells, strict=True) if held)
        found.setdefault(names, set()).add((each.kind, each.apart))
    return found


COUNCIL_ROWS = (("social", "childrens_social_care", 20, 40), ("youth", "early_help", 15, 30))


class TestWhatIsAsked:
    def test_six_people_stay_open_over_three(self) -> None:
        rows = (("police", "police", 3, 6), ("hospital", "nhs_acute", 9, 20))

        found = asked_of(*COUNCIL_ROWS, *rows, hiding=("police_and_justice",))

        assert {(FAVOURABLE, 3), (UNFAVOURABLE, 3)} <= found["police",]

    def test_hidden_groups_of_a_side_are_one_while_under_k(self) -> None:
        rows = (("police", "police", 3, 5), ("charity", "voluntary", 2, 4))
        hiding = ("police_and_justice", "voluntary_and_other", "council", "partners")

        found = asked_of(*COUNCIL_ROWS, *rows, ("hospital", "nhs_acute", 9, 20), hiding=hiding)

        assert (FAVOURABLE, 5) in found["charity", "police"]

    def test_groups_in_figures_are_no_part_of_what_is_hidden(self) -> None:
        rows = (("police", "police", 3, 5), ("charity", "voluntary", 2, 4))

        found = asked_of(*COUNCIL_ROWS, *rows, hiding=("police_and_justice",))

        assert found["charity", "police"] == {(FAVOURABLE, 1)}

    def test_group_hidden_for_another_must_only_not_be_one_number(self) -> None:
        rows = (("hospital", "nhs_acute", 3, 5), ("clinic", "nhs_community", 3, 5))

        found = asked_of(*COUNCIL_ROWS, *rows, ("police", "police", 3, 6), hiding=("health",))

        assert found["clinic", "hospital"] == {(FAVOURABLE, 1)}

    def test_agency_of_one_mind_is_never_told_however_large(self) -> None:
        found = asked_of(
            *COUNCIL_ROWS,
            ("hospital", "nhs_acute", 12, 12),
            ("clinic", "nhs_community", 5, 12),
            hiding=(),
        )

        assert found == {("hospital",): {(FAVOURABLE, 1)}}
