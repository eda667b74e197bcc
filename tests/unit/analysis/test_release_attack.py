"""An outsider's attack on release after release: what is published is solved for what is not.

A round is drawn and grows: by single people, by a whole sector, by a few people everywhere. After
each step a release is made as the product makes it. The attacker has every result that was
published, and knows more than any reader does: how many people of each agency and level had
answered each question on the scale at each release. Integer programming gives the smallest and the
largest number of favourable answers among those who came between two releases, and in every group
that a release does not show. It reads the results alone, and no code of the gate or of the audit.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor
from typing import Any

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from analysis.releases import Release, next_release
from analysis.result import GroupKind, GroupResult, QuestionResult, Summary
from analysis.settings import AnalysisSettings
from analysis.weighting import Part, voices
from question_banks.bank import OptionKind, Sector
from tests.factories_tally import make_bank, make_tally, people, scale_question

SETTINGS = AnalysisSettings()
CODES = ("q_one", "q_two")
BANK = make_bank({"t_one": [scale_question(code) for code in CODES]})
KINDS = (OptionKind.FAVOURABLE, OptionKind.NEUTRAL, OptionKind.UNFAVOURABLE)
AGENCIES: dict[str, str] = {
    "care": "childrens_social_care",
    "help": "early_help",
    "ward": "nhs_acute",
    "clinic": "nhs_community",
    "police": "police",
    "probation": "probation",
    "school": "schools",
    "college": "colleges",
    "charity": "voluntary",
    "housing": "housing",
}
GROUPS: dict[str, list[str]] = {
    "council": ["care", "help"],
    "health": ["ward", "clinic"],
    "justice": ["police", "probation"],
    "education": ["school", "college"],
    "voluntary": ["charity", "housing"],
}
LEVELS = ("strategic", "operational", "frontline")
HISTORIES = 4

Place = tuple[str, str]
"""Agency and level."""
Said = tuple[int, int, int]
"""Favourable, neutral and unfavourable answers."""
State = dict[str, dict[Place, Said]]
"""Everything answered so far: question, place, answers."""


@dataclass
class Drawn:
    """A round as it grows, with the releases that were made of it."""

    states: list[State] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)


def draw_history(seed: int) -> Drawn:
    """A round and two to four tries at a release of it."""
    draw = random.Random(seed)
    drawn = Drawn()
    leans = {key: draw.choice([0.1, 0.4, 0.5, 0.5, 0.6, 0.9]) for key in (*AGENCIES, *LEVELS)}
    state: State = {code: {} for code in CODES}
    late = draw.sample(list(GROUPS), draw.randint(1, 2))
    most = draw.choice([5, 9, 12])
    for group, agencies in GROUPS.items():
        for agency in agencies if group not in late else ():
            for level in LEVELS:
                number = draw.choice([0, draw.randint(1, most), draw.randint(2, most)])
                add(state, draw, agency, level, number, leans)
    release(drawn, state)
    for _ in range(draw.randint(1, 3)):
        grow(state, draw, leans, late)
        release(drawn, state)
    return drawn


def grow(
    state: State, draw: random.Random, leans: Mapping[str, float], late: Sequence[str]
) -> None:
    """More people answer: one, some, some everywhere, or a whole sector."""
    agencies = list(AGENCIES)
    match draw.choice(["one", "some", "everywhere", "side", *["sector"] * 4]):
        case "one":
            add(state, draw, draw.choice(agencies), draw.choice(LEVELS), 1, leans)
        case "some":
            for _ in range(draw.randint(2, 15)):
                add(state, draw, draw.choice(agencies), draw.choice(LEVELS), 1, leans)
        case "everywhere":
            for agency in agencies:
                for level in LEVELS:
                    add(state, draw, agency, level, draw.randint(1, 4), leans)
        case "side":
            for agency in draw.choice([GROUPS["council"], GROUPS["health"] + GROUPS["justice"]]):
                add(state, draw, agency, draw.choice(LEVELS), draw.randint(6, 12), leans)
        case _:
            for agency in GROUPS[draw.choice([*late, draw.choice(list(GROUPS))])]:
                for level in draw.sample(LEVELS, draw.randint(1, 2)):
                    add(state, draw, agency, level, draw.randint(4, 11), leans)


def add(
    state: State,
    draw: random.Random,
    agency: str,
    level: str,
    number: int,
    leans: Mapping[str, float],
) -> None:
    """That many more people of a place answer; some of them leave a question out."""
    for code in CODES:
        said = list(state[code].get((agency, level), (0, 0, 0)))
        for _ in range(number):
            if code == "q_two" and draw.random() < 0.15:
                continue
            likely = draw.choice([leans[agency], leans[level]])
            said[0 if draw.random() < likely else draw.choice([1, 2, 2])] += 1
        if sum(said):
            state[code][agency, level] = (said[0], said[1], said[2])


def release(drawn: Drawn, state: State) -> None:
    """A release of the round as it stands, if one may be made."""
    places = sorted({place for answers in state.values() for place in answers})
    rows: list[Any] = [
        (
            agency,
            AGENCIES[agency],
            level,
            {code: people(*state[code].get((agency, level), (0, 0, 0))) for code in CODES},
        )
        for agency, level in places
    ]
    made = next_release(
        make_tally(BANK, rows), drawn.releases, bank=BANK, settings=SETTINGS, source="x"
    )
    if made is not None:
        # What is attacked has been written and read, as a reader would have it.
        text = made.summary.model_dump_json()
        drawn.releases.append(Release(made.tally, Summary.model_validate_json(text)))
        drawn.states.append({code: dict(answers) for code, answers in state.items()})


class Attack:
    """What all releases together say about one question."""

    def __init__(self, code: str, drawn: Drawn, *, only: int | None = None) -> None:
        results = [release.summary.questions()[code] for release in drawn.releases]
        # A held question speaks of the people of the release it is held from.
        self.at: list[int] = []
        for place, result in enumerate(results):
            self.at.append(self.at[-1] if result.held else place)
        kept = sorted(set(self.at))
        states = [drawn.states[place][code] for place in kept]
        self.results = [results[place] for place in kept]
        self.places = sorted(states[-1])
        self.steps = []
        before: dict[Place, Said] = {}
        for state in states:
            self.steps.append(
                [sum(state.get(p, (0,))) - sum(before.get(p, (0,))) for p in self.places]
            )
            before = state
        self.said = states
        self.shape = (len(states), len(self.places), len(KINDS))
        self.rows: list[np.ndarray] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self.ways: list[np.ndarray] = []
        for step, numbers in enumerate(self.steps):
            for place, number in enumerate(numbers):
                own = np.zeros(self.shape)
                own[step, place] = 1
                self.fact(own, number, number)
        for step, result in enumerate(self.results):
            if only is None or step == only:
                self.read(step, result)

    def fact(self, weights: np.ndarray, low: float, high: float) -> None:
        self.rows.append(weights.ravel())
        self.low.append(low)
        self.high.append(high)

    def weights(self, steps: Sequence[int], chosen: Any, kind: int = 0) -> np.ndarray:
        placed = np.zeros(self.shape)
        for step in steps:
            placed[step, :, kind] = chosen
        return placed

    def number(self, steps: Sequence[int], chosen: Sequence[bool]) -> int:
        """People of some places who came at some steps."""
        return sum(
            number
            for step in steps
            for number, held in zip(self.steps[step], chosen, strict=True)
            if held
        )

    def chosen(self, kind: GroupKind, name: str) -> list[bool]:
        """Which places a group is made of."""
        council = set(SETTINGS.council_sectors)
        sectors = SETTINGS.sector_groups.get(name, ())
        return [
            {
                GroupKind.ALL: True,
                GroupKind.LEVEL: level == name,
                GroupKind.SIDE: (Sector(AGENCIES[agency]) in council) == (name == "council"),
                GroupKind.SECTOR_GROUP: Sector(AGENCIES[agency]) in sectors,
            }[kind]
            for agency, level in self.places
        ]

    def read(self, step: int, result: QuestionResult) -> None:
        """Everything that one release publishes."""
        assert result.all is not None
        steps = range(step + 1)
        for group in (result.all, *result.groups):
            chosen = self.chosen(group.kind, group.group)
            if group.figures is not None:
                for kind, name in enumerate(KINDS):
                    shown = sum(o.count for o in group.figures.options if o.kind is name)
                    self.fact(self.weights(steps, chosen, kind), shown, shown)
            elif group.words is not None:
                base = self.number(steps, chosen)
                self.fact(self.weights(steps, chosen), *range_of_words(group.words, base))
        bases = {
            place: sum(self.steps[step][at] for step in steps)
            for at, place in enumerate(self.places)
        }
        weighted = []
        if result.voices is not None:
            weighted.append((result.voices.share, voice_weights(bases)))
        weighted += [
            (gap.difference, level_weights(bases)) for gap in result.gaps if gap.kind == "levels"
        ]
        for value, weights in weighted:
            self.fact(self.weights(steps, weights), value - 0.005001, value + 0.005001)

    def favourable(self, steps: Sequence[int], chosen: Sequence[bool]) -> int:
        """The true number, which the attacker does not have: it says what would be extreme."""
        last = self.said[steps[-1]]
        before = self.said[steps[0] - 1] if steps[0] else {}
        return sum(
            last.get(place, (0,))[0] - before.get(place, (0,))[0]
            for place, held in zip(self.places, chosen, strict=True)
            if held
        )

    def range_of(self, steps: Sequence[int], chosen: Sequence[bool]) -> tuple[int, int]:
        """The least and the greatest number of favourable people in some places."""
        goal = self.weights(steps, chosen).ravel()
        low, high = self.solve(goal), self.solve(-goal)
        return round(low), -round(high)

    def is_open(self, steps: Sequence[int], chosen: Sequence[bool], width: int) -> bool:
        """True when two numbers of favourable people so far apart agree with everything."""
        goal = self.weights(steps, chosen).ravel()
        found = [round(goal @ way) for way in self.ways]
        if found and max(found) - min(found) >= width:
            return True
        low, high = self.range_of(steps, chosen)
        return high - low >= width

    def solve(self, goal: np.ndarray) -> float:
        """The smallest value of the goal; the way that gives it is kept."""
        solved = milp(
            goal,
            integrality=np.ones_like(goal),
            bounds=Bounds(
                0, np.repeat(np.array(self.steps)[:, :, None], len(KINDS), axis=2).ravel()
            ),
            constraints=LinearConstraint(csr_array(np.array(self.rows)), self.low, self.high),
        )
        assert solved.status == 0, solved.message
        self.ways.append(np.rint(solved.x))
        return float(solved.fun)

    def named(self) -> Iterator[tuple[str, list[bool]]]:
        """Every group that has a name."""
        yield "everybody", self.chosen(GroupKind.ALL, "all")
        for name in ("council", "partners"):
            yield name, self.chosen(GroupKind.SIDE, name)
        for level in LEVELS:
            yield level, self.chosen(GroupKind.LEVEL, level)
        for name in SETTINGS.sector_groups:
            yield name, self.chosen(GroupKind.SECTOR_GROUP, name)

    def inner(self) -> Iterator[tuple[str, list[bool]]]:
        """Agencies, and the people of one agency and level."""
        for agency in sorted({agency for agency, _ in self.places}):
            yield agency, [place[0] == agency for place in self.places]
        for one in self.places:
            yield " ".join(one), [place == one for place in self.places]


def range_of_words(words: str, base: int) -> tuple[int, int]:
    """What the published rules say that a word means of so many people."""
    return {
        "Nearly none": (0, 1),
        "Fewer than half": (2, floor(0.4 * base + 1e-9)),
        "About half": (floor(0.4 * base + 1e-9) + 1, ceil(0.6 * base - 1e-9) - 1),
        "Most": (ceil(0.6 * base - 1e-9), base - 2),
        "Nearly all": (base - 1, base),
    }[words]


def voice_weights(bases: Mapping[Place, int]) -> np.ndarray:
    """What a favourable answer of each place weighs in the equal-per-agency share."""
    by_agency: dict[str, int] = {}
    for (agency, _), n in bases.items():
        by_agency[agency] = by_agency.get(agency, 0) + n
    spoken = voices(
        [
            Part(agency, SETTINGS.group_of(Sector(AGENCIES[agency])), 0, n)
            for agency, n in by_agency.items()
        ]
    )
    weight = {agency: 1 / (v.base * len(spoken)) for v in spoken for agency in v.agencies}
    return np.array([weight.get(agency, 0.0) for agency, _ in bases])


def level_weights(bases: Mapping[Place, int]) -> np.ndarray:
    """What a favourable answer of each place weighs in the difference between levels."""
    both = {
        agency: (bases[agency, "strategic"], bases[agency, "frontline"])
        for agency, _ in bases
        if bases.get((agency, "strategic")) and bases.get((agency, "frontline"))
    }
    total = sum(a * b / (a + b) for a, b in both.values())
    weights = []
    for agency, level in bases:
        a, b = both.get(agency, (0, 0))
        weight = {"strategic": b, "frontline": -a}.get(level, 0)
        weights.append(weight / (a + b) / total if a + b else 0.0)
    return np.array(weights)


def told_of(drawn: Drawn, code: str) -> dict[str, str]:
    """Everything that the releases tell of a question and should not."""
    attack = Attack(code, drawn)
    told: dict[str, str] = {}
    for last in range(1, len(attack.steps)):
        for first in range(last):
            told |= told_of_newcomers(attack, range(first + 1, last + 1))
    for place, result in enumerate(attack.results):
        steps = range(place + 1)
        for group in result.groups:
            if group.figures is None:
                told |= told_of_hidden(drawn, code, attack, steps, group)
        for name, chosen in attack.inner():
            number = attack.number(steps, chosen)
            if not 0 < number < SETTINGS.k or attack.is_open(steps, chosen, 1):
                continue
            # What one release tells alone is attacked in test_attack.py.
            if Attack(code, drawn, only=place).is_open(steps, chosen, 1):
                told[f"{name} in {place}"] = f"one number of {number}"
    return told


def told_of_newcomers(attack: Attack, steps: range) -> dict[str, str]:
    """Those who came between two releases: fewer than k, or nearly all or none favourable."""
    told: dict[str, str] = {}
    for name, chosen in attack.named():
        number = attack.number(steps, chosen)
        extreme = attack.favourable(steps, chosen) in {0, 1, number - 1, number}
        width = ceil(number / 2) if number < SETTINGS.k else int(extreme)
        if number and not attack.is_open(steps, chosen, width):
            told[f"{name} of {steps}"] = f"{attack.range_of(steps, chosen)} of {number}"
    for name, chosen in attack.inner():
        number = attack.number(steps, chosen)
        if 0 < number < SETTINGS.k and not attack.is_open(steps, chosen, 1):
            told[f"{name} of {steps}"] = f"one number of {number}"
    return told


def told_of_hidden(
    drawn: Drawn, code: str, attack: Attack, steps: range, group: GroupResult
) -> dict[str, str]:
    """A group without figures, where it is narrower than the rule and than its release alone.

    Not one that an earlier release showed: that is left to those who came since. And not one that
    is hidden for another's sake and could be shown itself.
    """
    place = steps[-1]
    for earlier in attack.results[:place]:
        if any(
            g.figures and (g.kind, g.group) == (group.kind, group.group) for g in earlier.groups
        ):
            return {}
    chosen = attack.chosen(group.kind, group.group)
    number = attack.number(steps, chosen)
    if not number or number == attack.number(steps, [True for _ in chosen]):
        return {}
    favourable = attack.favourable(steps, chosen)
    agencies = {
        agency
        for at, (agency, _) in enumerate(attack.places)
        if chosen[at] and any(attack.steps[step][at] for step in steps)
    }
    enough = len(agencies) >= 2 or group.group == "council"
    if number >= SETTINGS.k and enough and 1 < favourable < number - 1:
        return {}
    if attack.is_open(steps, chosen, 1 if group.words is not None else ceil(number / 2)):
        return {}
    low, high = attack.range_of(steps, chosen)
    alone = Attack(code, drawn, only=place).range_of(steps, chosen)
    if alone == (low, high):
        return {}
    return {f"{group.title} in {place}": f"{low} to {high} of {number}, alone {alone}"}


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_release_after_release_tells_of_nobody(seed: int) -> None:
    drawn = draw_history(seed)

    assert {code: told_of(drawn, code) for code in CODES} == {code: {} for code in CODES}
