"""An outsider's attack on one result: what is shown is solved for what is not.

The attacker knows more than any reader does: how many people of each agency and level answered
each question on the scale. Every published count of an option is an equation, every word a range,
and the equal-per-agency share and the difference between levels are what they were rounded from.
Integer programming then gives the smallest and the largest number of favourable answers that a
hidden group, agency or cell could have. It reads the result alone, and no code of the gate.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil, floor
from typing import Any

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.result import GroupKind, GroupResult, QuestionResult
from analysis.settings import AnalysisSettings
from analysis.summary import summarise
from analysis.weighting import Part, voices
from question_banks.bank import ON_SCALE, OptionKind, Sector
from tests.factories_tally import make_bank, make_tally, people

SETTINGS = AnalysisSettings()
KINDS = (OptionKind.FAVOURABLE, OptionKind.NEUTRAL, OptionKind.UNFAVOURABLE)
SECTORS = (
    "childrens_social_care",
    "early_help",
    "nhs_acute",
    "nhs_community",
    "police",
    "probation",
    "voluntary",
)
LEVELS = ("strategic", "operational", "frontline")
ROUNDS = 30
TELLING = (81, 132)
"""Rounds of which the figures told an agency before all kinds of answer were taken together."""


@dataclass(frozen=True)
class Cell:
    """The people of one agency and level: what they said, and what the attacker knows of them."""

    agency: str
    level: str
    said: tuple[int, int, int]

    @property
    def people(self) -> int:
        return sum(self.said)


@dataclass
class Facts:
    """What is published, as ranges of weighted sums over cells and kinds of answer."""

    cells: Sequence[Cell]
    rows: list[np.ndarray] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def add(self, weights: np.ndarray, low: float, high: float) -> None:
        self.rows.append(weights)
        self.low.append(low)
        self.high.append(high)

    def weights(self, chosen: Sequence[bool] | np.ndarray, kind: int) -> np.ndarray:
        placed = np.zeros((len(self.cells), len(KINDS)))
        placed[:, kind] = chosen
        return placed.ravel()

    def range_of(self, chosen: Sequence[bool]) -> tuple[int, int]:
        """The least and the greatest number of favourable people in the chosen cells."""
        goal = self.weights(chosen, 0)
        ends = []
        for sign in (1, -1):
            solved = milp(
                sign * goal,
                integrality=np.ones_like(goal),
                bounds=Bounds(0, np.repeat([cell.people for cell in self.cells], len(KINDS))),
                constraints=LinearConstraint(np.array(self.rows), self.low, self.high),
            )
            assert solved.success, "the true answers are a solution, so there is one"
            ends.append(round(sign * solved.fun))
        return ends[0], ends[1]


def draw_round(seed: int) -> list[Cell]:
    """A small round, at times with agencies or levels that are all of one mind."""
    draw = random.Random(seed)
    agencies = draw.sample(SECTORS, draw.randint(4, len(SECTORS)))
    leans = {key: draw.choice([0.0, 0.1, 0.5, 0.5, 0.9, 1.0]) for key in (*agencies, *LEVELS)}
    largest = draw.choice([4, 8, 12])
    cells = []
    for agency in agencies:
        for level in LEVELS:
            said = [0, 0, 0]
            for _ in range(draw.choice([0, draw.randint(1, 3), draw.randint(1, largest)])):
                likely = draw.choice([leans[agency], leans[level]])
                said[0 if draw.random() < likely else draw.choice([1, 2, 2])] += 1
            if sum(said):
                cells.append(Cell(agency, level, (said[0], said[1], said[2])))
    return cells


def published(cells: Sequence[Cell]) -> QuestionResult:
    """The question of a round as it is shown."""
    bank = make_bank()
    rows: list[Any] = [
        (cell.agency, cell.agency, cell.level, {"q_one": people(*cell.said)}) for cell in cells
    ]
    summary = summarise(make_tally(bank, rows), bank, settings=SETTINGS, source="x")
    return summary.questions()["q_one"]


def people_of(group: GroupResult, cells: Sequence[Cell]) -> list[bool]:
    """Which cells a group is made of."""
    council = set(SETTINGS.council_sectors)
    match group.kind:
        case GroupKind.ALL:
            return [True for _ in cells]
        case GroupKind.LEVEL:
            return [cell.level == group.group for cell in cells]
        case GroupKind.SIDE:
            return [
                (Sector(cell.agency) in council) == (group.group == "council") for cell in cells
            ]
    sectors = SETTINGS.sector_groups[group.group]
    return [Sector(cell.agency) in sectors for cell in cells]


def range_of_words(words: str, base: int) -> tuple[int, int]:
    """What the published rules say that a word means of so many people."""
    return {
        "Nearly none": (0, 1),
        "Fewer than half": (2, floor(0.4 * base + 1e-9)),
        "About half": (floor(0.4 * base + 1e-9) + 1, ceil(0.6 * base - 1e-9) - 1),
        "Most": (ceil(0.6 * base - 1e-9), base - 2),
        "Nearly all": (base - 1, base),
    }[words]


def facts_of(question: QuestionResult, cells: Sequence[Cell]) -> Facts:
    """Everything that is published of a question."""
    facts = Facts(cells)
    for place, cell in enumerate(cells):
        own = np.zeros((len(cells), len(KINDS)))
        own[place] = 1
        facts.add(own.ravel(), cell.people, cell.people)
    assert question.all is not None
    for group in (question.all, *question.groups):
        chosen = people_of(group, cells)
        base = sum(cell.people for cell, held in zip(cells, chosen, strict=True) if held)
        if group.figures is not None:
            for kind, name in enumerate(KINDS):
                assert name in ON_SCALE
                shown = sum(o.count for o in group.figures.options if o.kind is name)
                facts.add(facts.weights(chosen, kind), shown, shown)
        elif group.words is not None:
            facts.add(facts.weights(chosen, 0), *range_of_words(group.words, base))
    add_weighted(facts, question)
    return facts


def add_weighted(facts: Facts, question: QuestionResult) -> None:
    """The equal-per-agency share and the difference between levels, as they were rounded."""
    cells = facts.cells
    if question.voices is not None:
        bases: dict[str, int] = {}
        for cell in cells:
            bases[cell.agency] = bases.get(cell.agency, 0) + cell.people
        spoken = voices(
            [Part(agency, SETTINGS.group_of(Sector(agency)), 0, n) for agency, n in bases.items()]
        )
        weight = {agency: 1 / (v.base * len(spoken)) for v in spoken for agency in v.agencies}
        share = question.voices.share
        weights = facts.weights(np.array([weight.get(cell.agency, 0) for cell in cells]), 0)
        facts.add(weights, share - 0.005 - 1e-9, share + 0.005 + 1e-9)
    for gap in question.gaps:
        if gap.kind == "levels":
            weights = facts.weights(level_weights(cells), 0)
            facts.add(weights, gap.difference - 0.005 - 1e-9, gap.difference + 0.005 + 1e-9)


def level_weights(cells: Sequence[Cell]) -> np.ndarray:
    """What a favourable answer of each cell weighs in the difference between levels."""
    held = {(cell.agency, cell.level): cell.people for cell in cells}
    both = {
        agency: (held[agency, "strategic"], held[agency, "frontline"])
        for agency, _ in held
        if (agency, "strategic") in held and (agency, "frontline") in held
    }
    total = sum(a * b / (a + b) for a, b in both.values())
    weights = np.zeros(len(cells))
    for place, cell in enumerate(cells):
        if cell.agency in both and cell.level in ("strategic", "frontline"):
            a, b = both[cell.agency]
            weights[place] = (b if cell.level == "strategic" else -a) / (a + b) / total
    return weights


def targets(question: QuestionResult, cells: Sequence[Cell]) -> Iterator[tuple[str, list[bool]]]:
    """What must not be told: its name and its cells."""
    for group in question.groups:
        if group.figures is None:
            yield group.title, people_of(group, cells)
    for agency in dict.fromkeys(cell.agency for cell in cells):
        chosen = [cell.agency == agency for cell in cells]
        if sum(cell.people for cell in cells if cell.agency == agency) < SETTINGS.k:
            yield agency, chosen
    for one in cells:
        if one.people < SETTINGS.k:
            yield f"{one.agency} {one.level}", [cell is one for cell in cells]


@pytest.mark.parametrize("seed", [*range(ROUNDS), *TELLING])
def test_no_hidden_count_can_be_worked_out(seed: int) -> None:
    cells = draw_round(seed)
    question = published(cells)
    assert question.all is not None
    if question.all.figures is None and question.all.words is None:
        return
    facts = facts_of(question, cells)

    told = {}
    for name, chosen in targets(question, cells):
        held = sum(cell.people for cell, held in zip(cells, chosen, strict=True) if held)
        low, high = facts.range_of(chosen)
        if held and low == high:
            told[name] = low

    assert told == {}


def test_what_is_shown_of_a_full_round_is_not_nothing() -> None:
    """The attack would also fail where the gate let nothing through."""
    questions = [published(draw_round(seed)) for seed in range(ROUNDS)]

    shown = [g for question in questions for g in question.groups if g.figures or g.words]
    assert len(shown) > ROUNDS
