"""An outsider's attack on one result: what is published is solved for what is not.

The attacker knows more than any reader does: how many people of each agency and level answered
each question on the scale. Every published count of an option is an equation, every word a range,
also the words for a group over a signpost's questions; and the equal-per-voice share and the
difference between levels are what they were rounded from. Integer programming then looks for the
least and the greatest number of people of each kind that a hidden group, agency or cell could
have. It reads the published JSON alone, and no code of the gate.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil, floor
from typing import Any

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.settings import AnalysisSettings
from analysis.summary import summarise
from analysis.weighting import Part, voices
from question_banks.bank import Sector
from tests.factories_tally import make_bank, make_tally, scale_question

SETTINGS = AnalysisSettings()
K = 10
OPTIONS = ("sa", "ag", "ne", "di", "sd")
KINDS = ((0, 1), (2,), (3, 4))
"""The options of favourable, neutral and unfavourable answers."""
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
ROUNDS = 16
TELLING = (81, 132)
"""Rounds of which the figures told an agency before all kinds of answer were taken together."""
SIGNPOSTS = (3, 7, 19)
"""Rounds of three questions in which small groups are told in words."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Cell:
    """The people of one agency and level: for each question, how many chose each option."""

    agency: str
    level: str
    said: tuple[tuple[int, ...], ...]

    def people(self, question: int) -> int:
        return sum(self.said[question])


@dataclass
class Facts:
    """What is published, as ranges of weighted sums over questions, cells and options."""

    cells: Sequence[Cell]
    questions: int
    rows: list[np.ndarray] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    ways: list[np.ndarray] = field(default_factory=list)
    """Ways in which all may have answered; the true one first."""

    def weights(
        self, question: int, chosen: Sequence[float] | np.ndarray, options: Sequence[int]
    ) -> np.ndarray:
        placed = np.zeros((self.questions, len(self.cells), len(OPTIONS)))
        placed[question][:, list(options)] = np.array(chosen, dtype=float)[:, None]
        return placed.ravel()

    def add(self, weights: np.ndarray, low: float, high: float) -> None:
        self.rows.append(weights)
        self.low.append(low)
        self.high.append(high)

    def is_left(self, goal: np.ndarray, apart: int) -> int:
        """How far apart the numbers are that the goal could have: enough, or else exactly."""
        for sign in (1, -1):
            numbers = [float(goal @ way) for way in self.ways]
            if max(numbers) - min(numbers) >= apart:
                break
            solved = milp(
                sign * goal,
                integrality=np.ones_like(goal),
                bounds=Bounds(
                    0,
                    [
                        cell.people(question)
                        for question in range(self.questions)
                        for cell in self.cells
                        for _ in OPTIONS
                    ],
                ),
                constraints=LinearConstraint(np.array(self.rows), self.low, self.high),
            )
            assert solved.success, "the true answers are a solution, so there is one"
            self.ways.append(np.rint(solved.x))
        numbers = [float(goal @ way) for way in self.ways]
        return round(max(numbers) - min(numbers))


def draw_round(seed: int, *, questions: int = 1) -> list[Cell]:
    """A small round, at times with agencies or levels that are all of one mind."""
    draw = random.Random(seed)
    agencies = draw.sample(SECTORS, draw.randint(4, len(SECTORS)))
    leans = {key: draw.choice([0.0, 0.1, 0.5, 0.5, 0.9, 1.0]) for key in (*agencies, *LEVELS)}
    largest = draw.choice([4, 8, 12])
    cells = []
    for agency in agencies:
        for level in LEVELS:
            people = draw.choice([0, draw.randint(1, 3), draw.randint(1, largest)])
            said = [[0] * len(OPTIONS) for _ in range(questions)]
            for question in range(questions):
                for _ in range(people):
                    likely = draw.choice([leans[agency], leans[level]])
                    yes = draw.random() < likely
                    said[question][draw.choice([0, 1, 1] if yes else [2, 3, 3, 4])] += 1
            if people:
                cells.append(Cell(agency, level, tuple(tuple(each) for each in said)))
    return cells


def published(cells: Sequence[Cell]) -> Json:
    """The one signpost of a round as it leaves the gate."""
    questions = len(cells[0].said)
    bank = make_bank({"t_one": [scale_question(f"q_{place}") for place in range(questions)]})
    rows: list[Any] = [
        (
            cell.agency,
            cell.agency,
            cell.level,
            {
                f"q_{place}": {code: n for code, n in zip(OPTIONS, said, strict=True) if n}
                for place, said in enumerate(cell.said)
            },
        )
        for cell in cells
    ]
    summary = summarise(make_tally(bank, rows), bank, settings=SETTINGS, source="x")
    found: Json = json.loads(summary.canonical_json())["signposts"][0]
    return found


def side_of(group: str) -> str:
    return "council" if group == "council" else "partners"


def members(group: Json, cells: Sequence[Cell]) -> list[bool]:
    """Which cells a group is made of."""
    council = set(SETTINGS.council_sectors)
    name = group["group"]
    match group["kind"]:
        case "all":
            return [True for _ in cells]
        case "level":
            return [cell.level == name for cell in cells]
        case "side":
            return [(Sector(cell.agency) in council) == (name == "council") for cell in cells]
    return [Sector(cell.agency) in SETTINGS.sector_groups[name] for cell in cells]


def range_of_words(words: str, base: int) -> tuple[int, int]:
    """What the published rules say that a word means of so many people."""
    few, many = floor(0.4 * base + 1e-9), ceil(0.6 * base - 1e-9)
    return {
        "Nearly none": (0, 1),
        "Fewer than half": (2, few),
        "About half": (few + 1, many - 1),
        "Most": (many, base - 2),
        "Nearly all": (base - 1, base),
        "Mostly positive": (many, base),
        "Divided": (few + 1, many - 1),
        "Mostly not positive": (0, few),
    }[words]


def facts_of(signpost: Json, cells: Sequence[Cell], questions: Sequence[int]) -> Facts:
    """Everything that is published of some questions, and of the signpost if of them all."""
    facts = Facts(cells, len(cells[0].said))
    facts.ways.append(
        np.array([[c.said[q] for c in cells] for q in range(facts.questions)]).ravel()
    )
    for question in range(facts.questions):
        for place, cell in enumerate(cells):
            own = np.eye(len(cells))[place]
            total = cell.people(question)
            facts.add(facts.weights(question, own, range(len(OPTIONS))), total, total)
    shown = signpost["topics"][0]["questions"]
    for place in questions:
        add_question(facts, place, shown[place])
    if len(questions) == len(shown):
        for group in signpost["groups"]:
            add_signpost_words(facts, group, shown)
    return facts


def add_question(facts: Facts, place: int, question: Json) -> None:
    cells = facts.cells
    for group in (question["all"], *question["groups"]):
        chosen = members(group, cells)
        base = sum(c.people(place) for c, held in zip(cells, chosen, strict=True) if held)
        if group["figures"] is not None:
            for at, option in enumerate(OPTIONS):
                (count,) = (
                    each["count"]
                    for each in group["figures"]["options"]
                    if each["option"] == option
                )
                facts.add(facts.weights(place, chosen, [at]), count, count)
        elif group["words"] is not None:
            favourable = facts.weights(place, chosen, KINDS[0])
            facts.add(favourable, *range_of_words(group["words"], base))
    if question["voices"] is not None:
        share = question["voices"]["share"]
        weights = facts.weights(place, voice_weights(cells, place), KINDS[0])
        facts.add(weights, share - 0.005 - 1e-9, share + 0.005 + 1e-9)
    for gap in question["gaps"]:
        if gap["kind"] == "levels":
            weights = facts.weights(place, level_weights(cells, place), KINDS[0])
            facts.add(weights, gap["difference"] - 0.005 - 1e-9, gap["difference"] + 0.005 + 1e-9)


def add_signpost_words(facts: Facts, group: Json, questions: Sequence[Json]) -> None:
    """Words for a group are of the questions on which it has five people and is not shown."""
    chosen = members(group, facts.cells)
    weights = np.zeros(len(facts.ways[0]))
    base = 0
    for place, question in enumerate(questions):
        (own,) = (
            each
            for each in question["groups"]
            if (each["kind"], each["group"]) == (group["kind"], group["group"])
        )
        people = sum(c.people(place) for c, held in zip(facts.cells, chosen, strict=True) if held)
        everybody = question["all"]
        if own["mark"] == "c" and people >= 5 and (everybody["figures"] or everybody["words"]):
            weights += facts.weights(place, chosen, KINDS[0])
            base += people
    facts.add(weights, *range_of_words(group["words"], base))


def voice_weights(cells: Sequence[Cell], place: int) -> list[float]:
    """What a favourable answer of each cell weighs in the equal-per-voice share."""
    bases: dict[str, int] = {}
    for cell in cells:
        bases[cell.agency] = bases.get(cell.agency, 0) + cell.people(place)
    spoken = voices(
        [Part(agency, SETTINGS.group_of(Sector(agency)), 0, n) for agency, n in bases.items()]
    )
    weight = {agency: 1 / (v.base * len(spoken)) for v in spoken for agency in v.agencies}
    return [weight.get(cell.agency, 0) for cell in cells]


def level_weights(cells: Sequence[Cell], place: int) -> list[float]:
    """What a favourable answer of each cell weighs in the difference between levels."""
    held = {(cell.agency, cell.level): cell.people(place) for cell in cells}
    both = {
        agency: (held[agency, "strategic"], held[agency, "frontline"])
        for agency, _ in held
        if (agency, "strategic") in held and (agency, "frontline") in held
    }
    total = sum(a * b / (a + b) for a, b in both.values())
    weights = []
    for cell in cells:
        weight = 0.0
        if cell.agency in both and cell.level in ("strategic", "frontline"):
            a, b = both[cell.agency]
            weight = (b if cell.level == "strategic" else -a) / (a + b) / total
        weights.append(weight)
    return weights


@dataclass(frozen=True)
class Target:
    """What must not be told: cells, a kind of answer, and how far apart its numbers must be."""

    name: str
    cells: Sequence[bool]
    kind: int
    apart: int


def count(cells: Sequence[Cell], chosen: Sequence[bool], place: int, kind: int) -> int:
    """People of the chosen cells who gave an answer of a kind."""
    return sum(
        cell.said[place][option]
        for cell, held in zip(cells, chosen, strict=True)
        if held
        for option in KINDS[kind]
    )


def is_small(cells: Sequence[Cell], chosen: Sequence[bool], place: int) -> bool:
    """Under k people, or of one mind but for one."""
    people = sum(count(cells, chosen, place, kind) for kind in range(3))
    return people < K or not 1 < count(cells, chosen, place, 0) < people - 1


def targets(question: Json, cells: Sequence[Cell], place: int) -> Iterator[Target]:
    """What must not be told of a question, by the published rules."""

    def base(chosen: Sequence[bool]) -> int:
        return sum(count(cells, chosen, place, kind) for kind in range(3))

    everybody = base([True for _ in cells])
    hidden: dict[str, list[list[bool]]] = {}
    for group in question["groups"]:
        chosen = members(group, cells)
        people = base(chosen)
        if group["mark"] == "z" or group["figures"] is not None or not 0 < people < everybody:
            continue
        if group["words"] is not None:
            yield Target(group["title"], chosen, 0, 1)
            continue
        agencies = {c.agency for c, held in zip(cells, chosen, strict=True) if held}
        together = group["kind"] + side_of(group["group"])
        if group["kind"] != "side":
            hidden.setdefault(together if group["kind"] != "level" else "level", []).append(chosen)
        of_several = len(agencies) > 1 or group["group"] == "council"
        if of_several and not is_small(cells, chosen, place):
            yield Target(group["title"], chosen, 0, 1)
        else:
            yield from wide(group["title"], question, cells, place, chosen)
    for name, groups in hidden.items():
        union = [any(held) for held in zip(*groups, strict=True)]
        if len(groups) > 1 and base(union) < K:
            yield from wide(name, question, cells, place, union)
    yield from small_targets(cells, place)


def small_targets(cells: Sequence[Cell], place: int) -> Iterator[Target]:
    """Agencies and cells that are small or of one mind: never one number."""
    for agency in dict.fromkeys(cell.agency for cell in cells):
        chosen = [cell.agency == agency for cell in cells]
        if is_small(cells, chosen, place):
            yield Target(agency, chosen, 0, 1)
    for one in cells:
        chosen = [cell is one for cell in cells]
        if is_small(cells, chosen, place):
            yield Target(f"{one.agency} {one.level}", chosen, 0, 1)


def wide(
    name: str, question: Json, cells: Sequence[Cell], place: int, chosen: Sequence[bool]
) -> Iterator[Target]:
    """Half of nought to the base, or what everybody or the side alone leave where that is less.

    What they leave is solved for as well, each by itself.
    """
    people = sum(c.people(place) for c, held in zip(cells, chosen, strict=True) if held)
    for kind in range(3):
        apart = (people + 1) // 2
        known = [[question["all"]]]
        for side in question["groups"]:
            inside = members(side, cells)
            if side["kind"] == "side" and all(
                own for own, held in zip(inside, chosen, strict=True) if held
            ):
                known.append([question["all"], side])
        for groups in known[-1:]:
            facts = Facts(cells, len(cells[0].said))
            facts.ways.append(
                np.array([[c.said[q] for c in cells] for q in range(facts.questions)]).ravel()
            )
            for at, cell in enumerate(cells):
                own = np.eye(len(cells))[at]
                total = cell.people(place)
                facts.add(facts.weights(place, own, range(len(OPTIONS))), total, total)
            add_question(
                facts, place, {"all": groups[0], "groups": groups[1:], "voices": None, "gaps": []}
            )
            apart = min(apart, facts.is_left(facts.weights(place, chosen, KINDS[kind]), apart))
        if apart:
            yield Target(name, chosen, kind, apart)


def told(cells: Sequence[Cell], *, together: bool) -> dict[str, int]:
    """What can be worked out beyond the rule, by question: the numbers left, less one."""
    signpost = published(cells)
    shown = signpost["topics"][0]["questions"]
    found = {}
    joint = facts_of(signpost, cells, range(len(shown))) if together else None
    for place, question in enumerate(shown):
        if question["all"]["mark"] is not None:
            continue
        facts = joint or facts_of(signpost, cells, [place])
        for target in targets(question, cells, place):
            goal = facts.weights(place, target.cells, KINDS[target.kind])
            left = facts.is_left(goal, target.apart)
            if left < target.apart:
                found[f"{place} {target.name} {target.kind}"] = left
    return found


@pytest.mark.parametrize("seed", [*range(ROUNDS), *TELLING])
def test_no_hidden_count_can_be_worked_out(seed: int) -> None:
    assert told(draw_round(seed), together=False) == {}


@pytest.mark.parametrize("seed", SIGNPOSTS)
def test_nor_from_the_words_over_a_signpost(seed: int) -> None:
    cells = draw_round(seed, questions=3)

    assert published(cells)["groups"], "a round without such words tests nothing"
    assert told(cells, together=True) == {}


def test_what_is_shown_of_a_full_round_is_not_nothing() -> None:
    """The attack would also fail where the gate let nothing through."""
    questions = [published(draw_round(seed))["topics"][0]["questions"][0] for seed in range(ROUNDS)]

    shown = [g for q in questions for g in q["groups"] if g["figures"] or g["words"]]
    assert len(shown) > ROUNDS
