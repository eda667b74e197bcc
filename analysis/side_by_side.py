"""The last rule of the gate: what is shown of a question, side by side, may tell nothing hidden.

Each table of groups may be safe alone and not beside the others. A level shown less the council's
part of it can be two people of one charity; "nearly all" of one level and "most" of another, taken
from a total that is known, can be two exact counts; a hidden group beside another can be left with
two numbers out of ten. So a decision is tried, and groups are taken back, as few as will do, until
every count that must stay open does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, product
from operator import attrgetter
from typing import Final

import numpy as np

from analysis.counts import ScaleCounts
from analysis.decisions import (
    FEWEST_AGENCIES_OF_GROUP,
    Decision,
    GroupCounts,
    Showing,
    is_extreme,
    range_of_word,
)
from analysis.groups import GroupOf
from analysis.result import GroupKind
from analysis.settings import COUNCIL, AnalysisSettings
from analysis.whole_people import Hidden, Known, Numbers, Sum, leaves_open
from question_banks.bank import ALL_LEVELS, OptionKind

KINDS: Final = (OptionKind.FAVOURABLE, OptionKind.NEUTRAL, OptionKind.UNFAVOURABLE)
_TABLES: Final = (GroupKind.SIDE, GroupKind.LEVEL, GroupKind.SECTOR_GROUP)
_WORDS: Final = frozenset({Showing.WORDS})
_EVERYTHING: Final = frozenset({Showing.WORDS, Showing.FIGURES})

_WHERE: Final = {
    GroupKind.SIDE: attrgetter("side"),
    GroupKind.LEVEL: attrgetter("level"),
    GroupKind.SECTOR_GROUP: attrgetter("group"),
}

Key = tuple[GroupKind, str]


@dataclass(frozen=True)
class Cell:
    """The people of one agency and level who answered on the scale.

    `options` are the counts of the single options, for each of the three kinds in turn; empty
    where there is only one option of each.
    """

    agency: str
    level: str
    group: str
    side: str
    favourable: int
    neutral: int
    unfavourable: int
    options: tuple[tuple[int, ...], ...] = ()

    @property
    def base(self) -> int:
        """People of it who answered on the scale."""
        return self.favourable + self.neutral + self.unfavourable

    @property
    def by_kind(self) -> tuple[tuple[int, ...], ...]:
        """The counts of the options of each kind."""
        return self.options or ((self.favourable,), (self.neutral,), (self.unfavourable,))


def cells_of(
    scale: ScaleCounts, *, agencies: Sequence[str], groups: Sequence[GroupOf]
) -> tuple[Cell, ...]:
    """Every agency and level with an answer on the scale."""
    held = {
        place: group
        for group in groups
        if group.kind is GroupKind.SECTOR_GROUP
        for place in np.flatnonzero(group.group.agencies).tolist()
    }
    by_kind = [scale.options_of(kind) for kind in KINDS]
    answered = np.sum([counts.sum(axis=2) for counts in by_kind], axis=0)
    cells = []
    for level, place in np.argwhere(answered.T).tolist():
        options = tuple(tuple(counts[place, level].tolist()) for counts in by_kind)
        favourable, neutral, unfavourable = map(sum, options)
        cells.append(
            Cell(
                agency=agencies[place],
                level=ALL_LEVELS[level].value,
                group=held[place].name,
                side=held[place].side,
                favourable=favourable,
                neutral=neutral,
                unfavourable=unfavourable,
                options=options,
            )
        )
    return tuple(cells)


def without_telling(
    decision: Decision, cells: Sequence[Cell], *, settings: AnalysisSettings
) -> Decision:
    """The decision with as few groups taken back as leave every count open that must be."""
    if not decision.everybody.is_shown:
        return decision
    together = _together(cells)
    tried = _less_and_less(decision)
    return next(
        (
            found
            for found in (_hiding(decision, keys) for keys in tried)
            if may_stand_beside([], found, together, settings=settings)
        ),
        _hiding(decision, tried[-1]),
    )


def _less_and_less(decision: Decision) -> list[frozenset[Key]]:
    """What to take back: nothing, then the fewest groups first, of those the smallest, then all.

    One group, two or three of a table, or what is in words, or all, of some tables.
    """
    shown = [member for member in decision.groups if member.is_shown]
    units: dict[GroupKind, list[frozenset[Key]]] = {kind: [] for kind in _TABLES}
    sides = frozenset(_key(member) for member in shown if _table(member) is GroupKind.SIDE)
    if sides:
        # Either side is everybody less the other.
        units[GroupKind.SIDE].append(sides)
    for member in shown:
        if _table(member) is not GroupKind.SIDE:
            units[_table(member)].append(frozenset({_key(member)}))
    taken = {
        frozenset[Key]().union(*chosen)
        for table in units.values()
        for number in (1, 2, 3)
        for chosen in combinations(table, number)
    }
    for less in product((frozenset[Showing](), _WORDS, _EVERYTHING), repeat=len(_TABLES)):
        of_table = dict(zip(_TABLES, less, strict=True))
        taken.add(frozenset(_key(m) for m in shown if m.showing in of_table[_table(m)]))
    people = {_key(member): member.counts.base for member in shown}
    return sorted(taken, key=lambda keys: _loss(keys, people))


def _loss(keys: frozenset[Key], people: dict[Key, int]) -> tuple[int, int, list[Key]]:
    return len(keys), sum(people[key] for key in keys), sorted(keys)


def _key(member: GroupCounts) -> Key:
    return member.of.kind, member.of.name


def _table(member: GroupCounts) -> GroupKind:
    """A sector group that repeats a side is the side."""
    return GroupKind.SIDE if member.repeated else member.of.kind


def _hiding(decision: Decision, keys: AbstractSet[Key]) -> Decision:
    return replace(
        decision,
        groups=tuple(
            replace(member, showing=Showing.HIDDEN) if _key(member) in keys else member
            for member in decision.groups
        ),
    )


def _together(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The cells with those of one level and group as one; several agencies have no name.

    What is shown of groups and levels treats them alike.
    """
    parts: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        parts.setdefault((cell.level, cell.group), []).append(cell)
    return tuple(
        replace(
            held[0],
            agency=held[0].agency if len(held) == 1 else "",
            favourable=sum(cell.favourable for cell in held),
            neutral=sum(cell.neutral for cell in held),
            unfavourable=sum(cell.unfavourable for cell in held),
            options=tuple(
                tuple(map(sum, zip(*kinds, strict=True)))
                for kinds in zip(*(cell.by_kind for cell in held), strict=True)
            ),
        )
        for held in parts.values()
    )


def may_stand_beside(
    weighted: Sequence[Sum],
    decision: Decision,
    cells: Sequence[Cell],
    *,
    settings: AnalysisSettings,
) -> bool:
    """True when weighted sums over the cells leave every count open that must stay so.

    A hidden group must stay open over half of nought to its base, or as far as the figures of
    everybody, or of its side, leave it by themselves, in favourable, neutral and unfavourable
    answers. Never one number may be: the favourable count of a group in words or hidden for
    another's sake, of an agency or a cell of fewer than k people, and of an agency or a cell of
    which nearly all or nearly none were favourable. All counts of options that are shown are taken
    as known.
    """
    return leaves_open(
        known_of(decision, cells, weighted=weighted, settings=settings),
        hidden_of(decision, cells, settings=settings),
    )


def known_of(
    decision: Decision,
    cells: Sequence[Cell],
    *,
    settings: AnalysisSettings,
    weighted: Sequence[Sum] = (),
) -> Known:
    """What a reader knows of a question when it is shown as decided, with weighted sums beside."""
    in_figures = {_key(m) for m in decision.groups if m.showing is Showing.FIGURES}
    names = sorted({(cell.level, cell.group) for cell in cells})
    part_at = {name: place for place, name in enumerate(names)}
    part = np.array([part_at[cell.level, cell.group] for cell in cells])
    said = np.array([[n for kind in cell.by_kind for n in kind] for cell in cells])
    options = np.zeros((len(names), said.shape[1]), dtype=np.int64)
    np.add.at(options, part, said)
    rows, columns = [""] * len(names), [""] * len(names)
    for cell, place in zip(cells, part.tolist(), strict=True):
        if (GroupKind.LEVEL, cell.level) in in_figures:
            rows[place] = cell.level
        if (GroupKind.SECTOR_GROUP, cell.group) in in_figures:
            columns[place] = f"group {cell.group}"
        elif (GroupKind.SIDE, cell.side) in in_figures:
            columns[place] = f"side {cell.side}"
    return Known(
        people=np.array([cell.base for cell in cells]),
        favourable=np.array([cell.favourable for cell in cells]),
        part=part,
        options=options,
        kinds=np.repeat(np.arange(len(KINDS)), [len(kind) for kind in cells[0].by_kind]),
        rows=np.unique(rows, return_inverse=True)[1],
        columns=np.unique(columns, return_inverse=True)[1],
        totals=decision.everybody.showing is Showing.FIGURES,
        ranges=(*_words(decision, cells, settings), *weighted),
    )


def _words(decision: Decision, cells: Sequence[Cell], settings: AnalysisSettings) -> Iterator[Sum]:
    line = settings.fraction("strength_line")
    for member in (decision.everybody, *decision.groups):
        if member.showing is Showing.WORDS and not member.repeated:
            counts = member.counts
            yield Sum(
                mask_of(member, cells), *range_of_word(counts.favourable, counts.base, line=line)
            )


def mask_of(member: GroupCounts, cells: Sequence[Cell]) -> Numbers:
    """Which cells a group is made of."""
    if member.of.kind is GroupKind.ALL:
        return np.ones(len(cells))
    where = _WHERE[member.of.kind]
    return np.array([float(where(cell) == member.of.name) for cell in cells])


def hidden_of(
    decision: Decision, cells: Sequence[Cell], *, settings: AnalysisSettings
) -> list[Hidden]:
    """What must stay open, and how far."""
    found: list[Hidden] = []
    line = settings.fraction("strength_line")
    everybody = decision.everybody.counts.base
    for member in decision.groups:
        # Where nobody else answered on the scale, a group is everybody, and large enough.
        if not 0 < member.counts.base < everybody or member.repeated:
            continue
        if member.showing is Showing.HIDDEN and not _could_be_shown(member, k=settings.k):
            wholes = _wholes(decision, member.of.side)
            found += _as_far_as_its_whole(mask_of(member, cells), wholes, cells, line)
        elif member.showing in (Showing.WORDS, Showing.HIDDEN):
            found.append(Hidden(mask_of(member, cells)))
    for side, mask in _unions(decision, cells, k=settings.k):
        found += _as_far_as_its_whole(mask, _wholes(decision, side), cells, line)
    return found + [Hidden(mask) for mask in _small(cells, k=settings.k)]


def _wholes(decision: Decision, side: str) -> list[GroupCounts]:
    """Everybody, and the side of a sector group where it is shown."""
    whole = decision.find(GroupKind.SIDE, side)
    return [decision.everybody] + ([whole] if whole is not None and whole.is_shown else [])


def _could_be_shown(member: GroupCounts, *, k: int) -> bool:
    """True for a group that is hidden for another's sake, and would tell nobody's answers."""
    counts = member.counts
    return (
        counts.base >= k
        and (counts.agencies >= FEWEST_AGENCIES_OF_GROUP or member.of.name == COUNCIL)
        and not is_extreme(counts.favourable, counts.base)
    )


def _as_far_as_its_whole(
    mask: Numbers, wholes: Iterable[GroupCounts], cells: Sequence[Cell], line: Fraction
) -> Iterator[Hidden]:
    """Half of nought to the base, or what the figures of a whole leave open if that is less.

    `wholes` are shown and hold the cells of the mask: everybody, and a side.
    """
    people = int(sum(cell.base for cell, held in zip(cells, mask, strict=True) if held))
    apart = dict.fromkeys(range(len(KINDS)), (people + 1) // 2)
    most = (sum(cell.base for cell in cells),) * 2
    for whole in wholes:
        counts = whole.counts
        told = [(n, n) for n in (counts.favourable, counts.neutral, counts.unfavourable)]
        if whole.showing is Showing.WORDS:
            low, high = range_of_word(counts.favourable, counts.base, line=line)
            told = [(low, high), *_others(counts.base - high, counts.base - low, most=most)]
        most = told[1][1], told[2][1]
        for kind, (low, high) in enumerate(told):
            left = min(people, high) - max(0, low - (counts.base - people))
            apart[kind] = min(apart[kind], left)
    for kind, least in apart.items():
        if least:
            yield Hidden(mask, apart=least, kind=kind)


def _others(
    low: int, high: int, *, most: tuple[int, int]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """The ranges of neutral and of unfavourable people, of whom there are `low` to `high` together.

    `most` are the greatest numbers of both that are known already.
    """
    neutral, unfavourable = most
    return (
        (max(0, low - unfavourable), min(high, neutral)),
        (max(0, low - neutral), min(high, unfavourable)),
    )


def _unions(decision: Decision, cells: Sequence[Cell], *, k: int) -> Iterator[tuple[str, Numbers]]:
    """Hidden groups that a reader can name together, with their side: a side's, or all levels."""
    hidden: dict[tuple[GroupKind, str], list[GroupCounts]] = {}
    for member in decision.groups:
        if member.showing is Showing.HIDDEN and member.counts.base:
            hidden.setdefault((member.of.kind, member.of.side), []).append(member)
    for (kind, side), members in hidden.items():
        together = sum(member.counts.base for member in members)
        if kind is not GroupKind.SIDE and len(members) > 1 and together < k:
            yield side, np.sum([mask_of(member, cells) for member in members], axis=0)


def _small(cells: Sequence[Cell], *, k: int) -> Iterator[Numbers]:
    """Cells, parts, agencies and the levels of a side with fewer than k people, or of one mind."""
    names: dict[tuple[str, ...], list[int]] = {}
    for place, cell in enumerate(cells):
        names.setdefault(("cell", str(place)), []).append(place)
        names.setdefault(("part", cell.level, cell.group), []).append(place)
        names.setdefault(("side", cell.level, cell.side), []).append(place)
        if cell.agency:
            names.setdefault(("agency", cell.agency), []).append(place)
    for held in sorted({tuple(places) for places in names.values()}):
        people = sum(cells[place].base for place in held)
        favourable = sum(cells[place].favourable for place in held)
        if people < k or is_extreme(favourable, people):
            mask = np.zeros(len(cells))
            mask[list(held)] = 1
            yield mask
