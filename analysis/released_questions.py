"""One question over several releases: whether a new one, beside those before, isolates anybody.

The people who answered between two releases are a group like any other. Where a group is shown in
both, their answers are the difference of two figures. Where it is not, what they could have said is
looked for in everything that was ever told of the question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations

import numpy as np

from analysis.decisions import FEWEST_AGENCIES_OF_GROUP, is_extreme, word_for
from analysis.gaps import GapKind
from analysis.questions import PAIRS
from analysis.released_facts import KINDS, GroupName, every_group, groups_of
from analysis.released_ranges import Fact, Numbers, Possible
from analysis.result import GroupResult, QuestionResult
from analysis.settings import COUNCIL, AnalysisSettings
from analysis.weighting import Part, voices
from question_banks.bank import ALL_LEVELS, Sector

HALF_A_POINT = 0.005


@dataclass(frozen=True)
class Place:
    """The people of one agency and level."""

    agency: str
    sector: Sector
    level: str


@dataclass(frozen=True, eq=False)
class Told:
    """One release of one question: what is shown of it, and the answers behind that.

    `said` holds the answers by kind (favourable, neutral, unfavourable) and place, `shown` the
    people by place to whom the question was shown.
    """

    result: QuestionResult
    settings: AnalysisSettings
    said: Numbers
    shown: Numbers

    @cached_property
    def groups(self) -> dict[GroupName, GroupResult]:
        """Every group listed, everybody first."""
        return groups_of(self.result)

    def is_told(self, name: GroupName) -> bool:
        """True when something is shown of the group, in figures or in words."""
        group = self.groups.get(name)
        return group is not None and (group.figures is not None or group.words is not None)

    def in_figures(self, name: GroupName) -> bool:
        """True when the group is shown in figures."""
        group = self.groups.get(name)
        return group is not None and group.figures is not None

    @property
    def base(self) -> Numbers:
        """People on the scale by place."""
        return np.asarray(self.said.sum(axis=0))


def isolates(told: Sequence[Told], places: Sequence[Place]) -> bool:
    """True when the last of the releases, beside the others, tells how a few people answered.

    `told` are in order; each must hold everybody of the one before.
    """
    *earlier, new = told
    if any(_differs_by_few(before, new, places) for before in earlier):
        return True
    return _History(told, places).tells()


def _mask(name: GroupName, places: Sequence[Place], settings: AnalysisSettings) -> Numbers:
    return np.array([name.holds(each.sector, each.level, settings) for each in places], dtype=float)


def _differs_by_few(before: Told, after: Told, places: Sequence[Place]) -> bool:
    """True when a group that both show differs by some people, and by fewer than k.

    True too where the new people are enough, and nearly all or nearly none were favourable.
    """
    k = max(before.settings.k, after.settings.k)
    for name in before.groups:
        if not (before.is_told(name) and after.is_told(name)):
            continue
        first = _mask(name, places, before.settings)
        second = _mask(name, places, after.settings)
        shown = abs(float(second @ after.shown - first @ before.shown))
        base = float(second @ after.base - first @ before.base)
        if 0 < shown < k or 0 < abs(base) < k:
            return True
        if base and before.in_figures(name) and after.in_figures(name):
            favourable = float(second @ after.said[0] - first @ before.said[0])
            if is_extreme(favourable, base):
                return True
    return False


class _History:
    """The answers of one question release after release, as counts unknown to a reader.

    There is a count for each kind of answer, each part (people whom everything shown treats alike)
    and each step (those who came with one release). A reader is taken to know how many people of
    each part came at each step.
    """

    def __init__(self, told: Sequence[Told], places: Sequence[Place]) -> None:
        self._places, self._told = places, list(told)
        self._steps: list[Numbers] = []
        self._step_of: list[int] = []
        last = np.zeros_like(told[0].said)
        for each in told:
            if not self._steps or (each.said != last).any():
                self._steps.append(each.said - last)
                last = each.said
            self._step_of.append(len(self._steps) - 1)
        self._parts = self._apart()
        self._said = np.array([step @ self._parts.T for step in self._steps])
        self._bases = self._said.sum(axis=1)
        self._alone: dict[int, Possible] = {}

    def _apart(self) -> Numbers:
        """Which places each part holds."""
        weighted = any(
            each.result.voices is not None or _gap(each.result) is not None for each in self._told
        )
        settings = list({each.settings.digest(): each.settings for each in self._told}.values())

        def alike(place: Place) -> tuple[str, ...]:
            groups = tuple(each.group_of(place.sector) for each in settings)
            sides = tuple(str(place.sector in each.council_sectors) for each in settings)
            return (place.level, *groups, *sides, place.agency if weighted else "")

        keys = [alike(place) for place in self._places]
        answered = sum(step.sum(axis=0) for step in self._steps)
        named = sorted({key for key, n in zip(keys, answered, strict=True) if n})
        return np.array([[float(key == name) for key in keys] for name in named])

    # Sums of the unknown counts

    def _sum(self, steps: Sequence[int], parts: Numbers, kind: int = 0) -> Numbers:
        """The answers of a kind that people of some parts gave at some steps, as a sum."""
        sums = np.zeros_like(self._said)
        for step in steps:
            sums[step, kind] = parts
        return np.asarray(sums.ravel())

    def _parts_of(self, places: Numbers) -> Numbers:
        """The parts that are made of some places."""
        return ((self._parts @ places) > 0).astype(float)

    def _group(self, name: GroupName, settings: AnalysisSettings) -> Numbers:
        return self._parts_of(_mask(name, self._places, settings))

    def _up_to(self, release: int) -> range:
        return range(self._step_of[release] + 1)

    def _people(self, steps: Sequence[int], parts: Numbers) -> int:
        return round(sum(float(parts @ self._bases[step]) for step in steps))

    # What is told

    def _facts(self, release: int) -> Iterator[Fact]:
        """What one release tells."""
        told, steps = self._told[release], self._up_to(release)
        line = told.settings.fraction("strength_line")
        for name, group in told.groups.items():
            parts = self._group(name, told.settings)
            if group.figures is not None:
                for kind, counted in enumerate(KINDS):
                    n = getattr(group.figures, counted.value)
                    yield Fact(self._sum(steps, parts, kind), n, n)
            elif group.words is not None:
                people = self._people(steps, parts)
                yield Fact(self._sum(steps, parts), *_range_of(group.words, people, line=line))
        yield from self._weighted(release)

    def _weighted(self, release: int) -> Iterator[Fact]:
        """The weighted figures that one release tells, as they were rounded."""
        told, steps = self._told[release], self._up_to(release)
        result = told.result
        shown = []
        if result.voices is not None:
            shown.append((result.voices.share, _voice_weights(told, self._places)))
        difference = _gap(result)
        if difference is not None:
            shown.append((difference, _level_weights(told, self._places)))
        for value, weights in shown:
            # With a weighted figure, every part is of one agency and level.
            own = self._parts @ weights / self._parts.sum(axis=1)
            slack = HALF_A_POINT + 1e-9
            yield Fact(self._sum(steps, own), value - slack, value + slack)

    def _possible(self, releases: Sequence[int], steps: Sequence[int]) -> Possible:
        """What agrees with some releases, over some steps."""
        facts = [fact for release in releases for fact in self._facts(release)]
        for step in steps:
            for own in np.eye(len(self._parts)):
                people = float(own @ self._bases[step])
                kinds = [self._sum([step], own, kind) for kind in range(len(KINDS))]
                facts.append(Fact(np.sum(kinds, axis=0), people, people))
        most = np.repeat(self._bases[:, None, :], len(KINDS), axis=1)
        return Possible(self._said.ravel(), most=most.ravel(), facts=facts)

    # What must stay open

    def tells(self) -> bool:
        """True when everything told together narrows a hidden count too far."""
        together = self._possible(range(len(self._told)), range(len(self._steps)))
        checks = sorted(
            (*self._newcomers(), *self._hidden()), key=lambda check: (check.people, check.width)
        )
        return not all(self._is_open(check, together) for check in checks)

    def _is_open(self, check: _Check, together: Possible) -> bool:
        """True when the sum is as open as it must be, or as it was when its release was alone."""
        if together.spans(check.counted, check.width):
            return True
        if check.release is None:
            return False
        if check.release not in self._alone:
            steps = self._up_to(check.release)
            self._alone[check.release] = self._possible([check.release], steps)
        width = self._alone[check.release].width(check.counted)
        return together.spans(check.counted, width)

    def _newcomers(self) -> Iterator[_Check]:
        """Those who came between two releases, of every set of people."""
        k = max(each.settings.k for each in self._told)
        for first, last in combinations(range(len(self._steps)), 2):
            steps = range(first + 1, last + 1)
            for parts in self._named:
                people = self._people(steps, parts)
                counted = self._sum(steps, parts)
                favourable = float(counted @ self._said.ravel())
                if 0 < people < k:
                    yield _Check(counted, people, width=_half(people))
                elif people and is_extreme(favourable, people):
                    yield _Check(counted, people, width=1)
            for parts in self._inner:
                people = self._people(steps, parts)
                if 0 < people < k:
                    yield _Check(self._sum(steps, parts), people, width=1)

    def _hidden(self) -> Iterator[_Check]:
        """Groups that a release does not show in figures, and its small sets of people."""
        for release, told in enumerate(self._told):
            steps = self._up_to(release)
            everybody = self._people(steps, np.ones(len(self._parts)))
            for name in every_group(told.settings):
                parts = self._group(name, told.settings)
                people = self._people(steps, parts)
                if not 0 < people < everybody or self._was_shown(name, release):
                    continue
                if not self._could_be_shown(name, release):
                    width = 1 if told.is_told(name) else _half(people)
                    yield _Check(self._sum(steps, parts), people, width=width, release=release)
            for parts in self._inner:
                people = self._people(steps, parts)
                if 0 < people < told.settings.k:
                    yield _Check(self._sum(steps, parts), people, width=1, release=release)

    def _could_be_shown(self, name: GroupName, release: int) -> bool:
        """True for a group that is without figures for another's sake: its own tell of nobody."""
        told = self._told[release]
        mask = _mask(name, self._places, told.settings)
        people, favourable = float(mask @ told.base), float(mask @ told.said[0])
        agencies = {
            place.agency
            for place, held, n in zip(self._places, mask, told.base, strict=True)
            if held and n
        }
        enough = len(agencies) >= FEWEST_AGENCIES_OF_GROUP or name.name == COUNCIL
        return people >= told.settings.k and enough and not is_extreme(favourable, people)

    def _was_shown(self, name: GroupName, release: int) -> bool:
        """True when a release of no more people shows the group in figures."""
        return any(
            each.in_figures(name) and self._step_of[at] <= self._step_of[release]
            for at, each in enumerate(self._told)
        )

    @cached_property
    def _named(self) -> list[Numbers]:
        """Everybody and every group that has a name in some release."""
        return _different(
            self._group(name, told.settings)
            for told in self._told
            for name in every_group(told.settings)
        )

    @cached_property
    def _inner(self) -> list[Numbers]:
        """Smaller sets: a level of a group, a part, an agency."""
        levels = [
            self._parts_of(np.array([place.level == level for place in self._places], dtype=float))
            for level in ALL_LEVELS
        ]
        agencies = []
        for agency in sorted({place.agency for place in self._places}):
            own = np.array([place.agency == agency for place in self._places], dtype=float)
            parts = self._parts_of(own)
            # Where a part mixes agencies, no sum of parts is the agency.
            if not (parts @ self._parts @ (1 - own)):
                agencies.append(parts)
        within = (group * level for group in self._named for level in levels)
        named = {parts.tobytes() for parts in self._named}
        found = _different((*within, *np.eye(len(self._parts)), *agencies))
        return [parts for parts in found if parts.tobytes() not in named]


@dataclass(frozen=True, eq=False)
class _Check:
    """A sum that must stay open by `width`, or by as much as where its release stood alone."""

    counted: Numbers
    people: int
    width: int
    release: int | None = None


def _half(people: int) -> int:
    """How open a hidden count of so many people must stay: half of them, and never one value."""
    return max(1, -(-people // 2))


def _different(sets: Iterable[Numbers]) -> list[Numbers]:
    return list({each.tobytes(): each for each in sets if each.any()}.values())


def _range_of(words: str, people: int, *, line: Fraction) -> tuple[int, int]:
    """The least and the greatest number of favourable people that has these words."""
    numbers = [n for n in range(people + 1) if word_for(n, people, line=line).value == words]
    return numbers[0], numbers[-1]


def _gap(result: QuestionResult) -> float | None:
    """The difference between levels, if it is shown."""
    return next((gap.difference for gap in result.gaps if gap.kind == GapKind.LEVELS.value), None)


def _voice_weights(told: Told, places: Sequence[Place]) -> Numbers:
    """What a favourable answer of each place weighs in the equal-per-voice share."""
    people: dict[str, int] = {}
    groups = {place.agency: told.settings.group_of(place.sector) for place in places}
    for place, n in zip(places, told.base, strict=True):
        people[place.agency] = people.get(place.agency, 0) + round(n)
    spoken = voices(Part(agency, groups[agency], 0, n) for agency, n in people.items())
    weights = {agency: 1 / (each.base * len(spoken)) for each in spoken for agency in each.agencies}
    return np.array([weights.get(place.agency, 0.0) for place in places])


def _level_weights(told: Told, places: Sequence[Place]) -> Numbers:
    """What a favourable answer of each place weighs in the difference between levels."""
    _, first, second = PAIRS[GapKind.LEVELS]
    people = {
        (place.agency, place.level): n for place, n in zip(places, told.base, strict=True) if n
    }
    both = {
        agency: (people[agency, first], people[agency, second])
        for agency, level in people
        if level == first and (agency, second) in people
    }
    total = sum(a * b / (a + b) for a, b in both.values())
    weights = np.zeros(len(places))
    for at, place in enumerate(places):
        if place.agency in both and place.level in (first, second):
            a, b = both[place.agency]
            weights[at] = (b if place.level == first else -a) / (a + b) / total
    return weights
