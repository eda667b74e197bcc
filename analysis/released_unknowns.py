"""What several published results leave open about one question, with nothing known but them.

A reader of results knows how many people of each agency and of each level had answered, and what
is shown of the question. Everything else is an unknown whole number: how many people of a level
and a set of sectors, who came with one release, were favourable, neutral, unfavourable, or not on
the scale. The smallest and the largest sums that agree with all of it are found by integer
programming (HiGHS).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from analysis.decisions import Word
from analysis.released_facts import KINDS, GroupName, groups_of
from analysis.released_ranges import Fact, Numbers, Possible, some_way
from analysis.result import Figures, Mark, QuestionResult
from analysis.settings import AnalysisSettings
from question_banks.bank import Level, Sector

_OFF_SCALE = len(KINDS)
_ON_SCALE = range(_OFF_SCALE)
_FAVOURABLE = 0


@dataclass(frozen=True)
class Shown:
    """One release as its readers have it: who had answered, and what it shows of a question.

    `by_level` and `by_sector` count people, `agencies` the agencies of each sector that answered.

    `result` is None where the question is held, since then nothing is said of those who came since.
    """

    result: QuestionResult | None
    settings: AnalysisSettings
    by_level: Mapping[str, int]
    by_sector: Mapping[Sector, int]
    agencies: Mapping[Sector, int]

    def agencies_of(self, name: GroupName) -> int:
        """How many agencies of a group's sectors had answered."""
        return sum(
            n
            for sector, n in self.agencies.items()
            if any(name.holds(sector, level, self.settings) for level in Level)
        )


class Unknowns:
    """The answers to one question that the releases leave open. They hold ever more people."""

    def __init__(self, shown: Sequence[Shown]) -> None:
        self._shown = shown
        self.sets = _sets_of_sectors(shown)
        levels = [level for level in Level if shown[-1].by_level.get(level, 0)]
        self._cells = [(sectors, level) for sectors in self.sets for level in levels]
        self._shape = (len(shown), len(KINDS) + 1, len(self._cells))

    @cached_property
    def possible(self) -> Possible | None:
        """The ways to fill the unknown counts; None where the results contradict each other."""
        most = np.full(self._shape, float(sum(self._shown[-1].by_level.values()))).ravel()
        facts = [*self._margins(), *(f for at in range(len(self._shown)) for f in self._told(at))]
        found = some_way(most=most, facts=facts)
        return None if found is None else Possible(found, most=most, facts=facts)

    def favourable(self, steps: Sequence[int], cells: Numbers) -> Numbers:
        """The favourable answers of some cells that came with some releases, as a sum."""
        return self._sum(steps, [_FAVOURABLE], cells)

    def people(self, steps: Sequence[int], cells: Numbers) -> Numbers:
        """The people of some cells on the scale, as a sum."""
        return self._sum(steps, _ON_SCALE, cells)

    def cells_of(self, name: GroupName, settings: AnalysisSettings) -> Numbers:
        """The cells that make up a group."""
        return np.array(
            [
                all(name.holds(sector, level, settings) for sector in sectors)
                for sectors, level in self._cells
            ],
            dtype=float,
        )

    def cells_of_set(self, chosen: frozenset[Sector]) -> Numbers:
        """The cells of a set of sectors that all settings keep together."""
        return np.array([sectors == chosen for sectors, _ in self._cells], dtype=float)

    def _sum(self, steps: Sequence[int], kinds: Sequence[int], cells: Numbers) -> Numbers:
        sums = np.zeros(self._shape)
        for step in steps:
            for kind in kinds:
                sums[step, kind] = cells
        return np.asarray(sums.ravel())

    def _margins(self) -> Iterator[Fact]:
        """How many people of each level and each set of sectors had answered."""
        everything = range(len(KINDS) + 1)
        for release, shown in enumerate(self._shown):
            steps = range(release + 1)
            for chosen in {level for _, level in self._cells}:
                cells = np.array([float(level == chosen) for _, level in self._cells])
                people = shown.by_level.get(chosen, 0)
                yield Fact(self._sum(steps, everything, cells), people, people)
            for sectors in self.sets:
                cells = self.cells_of_set(sectors)
                people = sum(shown.by_sector.get(sector, 0) for sector in sectors)
                yield Fact(self._sum(steps, everything, cells), people, people)

    def _told(self, release: int) -> Iterator[Fact]:
        """What one release shows of the question."""
        shown = self._shown[release]
        if shown.result is None:
            return
        steps = range(release + 1)
        for name, group in groups_of(shown.result).items():
            cells = self.cells_of(name, shown.settings)
            if group.figures is not None:
                yield from self._figures(steps, cells, group.figures)
            elif group.words is not None:
                line = shown.settings.fraction("strength_line")
                yield from self._words(steps, cells, Word(group.words), line=line)
            elif group.mark is Mark.NOT_APPLICABLE:
                yield Fact(self.people(steps, cells), 0, 0)

    def _figures(self, steps: Sequence[int], cells: Numbers, figures: Figures) -> Iterator[Fact]:
        for kind, counted in enumerate(KINDS):
            n = getattr(figures, counted.value)
            yield Fact(self._sum(steps, [kind], cells), n, n)

    def _words(
        self, steps: Sequence[int], cells: Numbers, word: Word, *, line: Fraction
    ) -> Iterator[Fact]:
        """A word as what it says of favourable answers beside people on the scale.

        In whole numbers, times the lower part of the line, so that nothing is lost in fractions.
        """
        favourable, people = self.favourable(steps, cells), self.people(steps, cells)
        over, under = float(line.numerator), float(line.denominator)
        others = people - favourable
        if word is Word.NEARLY_NONE:
            yield Fact(favourable, 0, 1)
            return
        if word is Word.NEARLY_ALL:
            yield Fact(others, 0, 1)
            return
        yield Fact(favourable, 2, np.inf)
        yield Fact(others, 2, np.inf)
        above = under * favourable - over * people
        below = under * others - over * people
        if word is Word.MOST:
            yield Fact(above, 0, np.inf)
        elif word is Word.FEWER_THAN_HALF:
            yield Fact(below, 0, np.inf)
        else:
            yield Fact(above, -np.inf, -1)
            yield Fact(below, -np.inf, -1)


def _sets_of_sectors(shown: Sequence[Shown]) -> list[frozenset[Sector]]:
    """The sectors from which anybody answered, those together that no release tells apart."""
    sets: dict[tuple[str | bool, ...], set[Sector]] = {}
    for sector, people in shown[-1].by_sector.items():
        if people:
            alike = [
                part
                for each in shown
                for part in (
                    each.settings.group_of(sector),
                    sector in each.settings.council_sectors,
                )
            ]
            sets.setdefault(tuple(alike), set()).add(sector)
    return [frozenset(held) for _, held in sorted(sets.items())]
