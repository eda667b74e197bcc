"""The last rule of the gate: what is shown of a question, side by side, may tell nothing hidden.

Each table of groups may be safe alone and not beside the others. A level shown less the council's
part of it can be two people of one charity; "nearly all" of one level and "most" of another, taken
from a total that is known, can be two exact counts. So a decision is tried, and what it shows is
taken back, the least first, until no count that must not be told can be worked out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

import numpy as np

from analysis.counts import Counts, ScaleCounts
from analysis.decisions import Decision, GroupCounts, Showing, is_extreme, range_of_word
from analysis.groups import GroupOf
from analysis.linked import Link, is_fixed
from analysis.result import GroupKind
from analysis.settings import AnalysisSettings
from analysis.whole_people import Sum, leaves_open
from question_banks.bank import ALL_LEVELS, OptionKind

_TABLES: Final = (GroupKind.SIDE, GroupKind.LEVEL, GroupKind.SECTOR_GROUP)
KINDS: Final = (OptionKind.FAVOURABLE, OptionKind.NEUTRAL, OptionKind.UNFAVOURABLE)
_NOTHING: Final = frozenset[Showing]()
_WORDS: Final = frozenset({Showing.WORDS})
_EVERYTHING: Final = frozenset({Showing.WORDS, Showing.FIGURES})

Path = tuple[str, str]
"""Where a link of the network begins and ends."""
_START, _END = "everybody by level", "everybody by side"


@dataclass(frozen=True)
class Cell:
    """The people of one agency and level who answered on the scale."""

    agency: str
    level: str
    group: str
    side: str
    favourable: int
    neutral: int
    unfavourable: int

    @property
    def base(self) -> int:
        """People of it who answered on the scale."""
        return self.favourable + self.neutral + self.unfavourable


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
    cells = []
    for at, level in enumerate(ALL_LEVELS):
        only = np.arange(len(ALL_LEVELS)) == at
        said = np.array([scale.of_kind(kind, only) for kind in KINDS])
        cells += [
            Cell(
                agencies[place],
                level.value,
                held[place].name,
                held[place].side,
                *said[:, place].tolist(),
            )
            for place in np.flatnonzero(said.sum(axis=0)).tolist()
        ]
    return tuple(cells)


def without_telling(
    decision: Decision, cells: Sequence[Cell], *, settings: AnalysisSettings
) -> Decision:
    """The decision with as few groups taken back as leave every count open that must be."""
    if not decision.everybody.is_shown:
        return decision
    tried = sorted(
        (_with_less(decision, less) for less in product((_NOTHING, _WORDS, _EVERYTHING), repeat=3)),
        key=Decision.hidden_groups,
    )
    return next(
        (
            found
            for found in tried
            if not _tells(found, cells, settings)
            and may_stand_beside([], found, _together(cells), settings=settings)
        ),
        tried[-1],
    )


def _together(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The cells with those of one level and group as one; several agencies have no name.

    What is shown of groups and levels treats them alike.
    """
    parts: dict[Path, list[Cell]] = {}
    for cell in cells:
        parts.setdefault(_part(cell), []).append(cell)
    return tuple(
        replace(
            held[0],
            agency=held[0].agency if len(held) == 1 else "",
            favourable=sum(cell.favourable for cell in held),
            neutral=sum(cell.neutral for cell in held),
            unfavourable=sum(cell.unfavourable for cell in held),
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

    Those are the groups not shown in figures, agencies and cells of fewer than k people, and cells
    of which nearly all or nearly none were favourable. All counts of answers that are shown are
    taken as known.
    """
    links, _ = _network(decision, cells, settings)
    masks = {(link.start, link.end): np.zeros(len(cells)) for link in links}
    for place, cell in enumerate(cells):
        for path in _path(cell):
            masks[path][place] = 1
    nothing = np.zeros(len(cells))
    shown = [
        Sum(np.concatenate((masks[link.start, link.end], nothing, nothing)), link.low, link.high)
        for link in links
    ]
    # Neutral and unfavourable answers of what is in figures are told as well.
    for link, counts in _in_figures(decision).items():
        if link in masks:
            shown += [
                Sum(np.concatenate((nothing, masks[link], nothing)), *[counts.neutral] * 2),
                Sum(np.concatenate((nothing, nothing, masks[link])), *[counts.unfavourable] * 2),
            ]
    more = [
        Sum(np.concatenate((each.weights, nothing, nothing)), each.low, each.high)
        for each in weighted
    ]
    hidden = [masks[link] for link in _hidden_links(decision) if link in masks]
    names = np.array([cell.agency for cell in cells])
    agencies = [(names == name).astype(float) for name in sorted({*names} - {""})]
    said = np.array([(c.favourable, c.neutral, c.unfavourable) for c in cells], dtype=float).T
    bases = said.sum(axis=0)
    hidden += [
        mask
        for mask in (*agencies, *np.eye(len(cells)))
        if mask @ bases < settings.k
        or (mask.sum() == 1 and is_extreme(mask @ said[0], mask @ bases))
    ]
    return leaves_open(
        said,
        shown=[*shown, *more],
        hidden=hidden,
    )


def _in_figures(decision: Decision) -> dict[Path, Counts]:
    return {
        link: member.counts
        for link, member in _shown(decision).items()
        if member.showing is Showing.FIGURES
    }


def _shown(decision: Decision) -> dict[Path, GroupCounts]:
    """The links of the network of which a reader may be told something."""
    links = {_link_of(member): member for member in decision.groups}
    links[_END, _START] = decision.everybody
    return links


def _with_less(decision: Decision, less: Sequence[frozenset[Showing]]) -> Decision:
    """The decision without what is shown so in the sides, the levels and the sector groups."""
    taken = dict(zip(_TABLES, less, strict=True))

    def lessened(member: GroupCounts) -> GroupCounts:
        # A sector group that repeats a side is the side.
        kind = GroupKind.SIDE if member.repeated else member.of.kind
        hide = member.showing in taken[kind]
        return replace(member, showing=Showing.HIDDEN) if hide else member

    return replace(decision, groups=tuple(map(lessened, decision.groups)))


def _tells(decision: Decision, cells: Sequence[Cell], settings: AnalysisSettings) -> bool:
    """True when a count that must stay open can be worked out from what is shown."""
    links, parts = _network(decision, cells, settings)
    place = {(link.start, link.end): at for at, link in enumerate(links)}

    def fixed(told: Iterable[Path]) -> bool:
        return is_fixed(links, {place[each] for each in told})

    if any(fixed([link]) for link in _hidden_links(decision)):
        return True
    if any(
        is_extreme(links[place[part]].favourable, people) and fixed([part])
        for part, people in parts.items()
    ):
        return True
    return any(map(fixed, _small(cells, parts, k=settings.k)))


def _hidden_links(decision: Decision) -> list[Path]:
    """The links of the groups that are not shown in figures.

    Where nobody else answered on the scale, a group is everybody, and large enough.
    """
    everybody = decision.everybody.counts.base
    return [
        _link_of(member)
        for member in decision.groups
        if member.showing in (Showing.WORDS, Showing.HIDDEN) and 0 < member.counts.base < everybody
    ]


def _small(cells: Sequence[Cell], parts: dict[Path, int], *, k: int) -> Iterator[frozenset[Path]]:
    """Sets of parts that hold fewer than k people together: a part, a level of a side, an agency.

    An agency that shares a part with another is not told by sums of parts, unless the part is
    extreme.
    """
    agencies: dict[Path, set[str]] = {}
    together: dict[tuple[str, ...], set[Path]] = {}
    for cell in cells:
        part = _part(cell)
        agencies.setdefault(part, set()).add(cell.agency)
        for key in (("part", *part), ("side", cell.level, cell.side), ("agency", cell.agency)):
            together.setdefault(key, set()).add(part)
    found = {
        frozenset(held)
        for key, held in together.items()
        if sum(parts[part] for part in held) < k
        and (key[0] != "agency" or all(len(agencies[part]) == 1 for part in held))
    }
    yield from sorted(found, key=sorted)


def _part(cell: Cell) -> Path:
    return f"level {cell.level}", f"group {cell.group}"


def _path(cell: Cell) -> tuple[Path, ...]:
    """The ring of links that a favourable answer of the cell goes round."""
    return (
        _part(cell),
        (_START, f"level {cell.level}"),
        (f"group {cell.group}", f"side {cell.side}"),
        (f"side {cell.side}", _END),
        (_END, _START),
    )


def _link_of(member: GroupCounts) -> Path:
    name = member.of.name
    match member.of.kind:
        case GroupKind.LEVEL:
            return _START, f"level {name}"
        case GroupKind.SECTOR_GROUP:
            return f"group {name}", f"side {member.of.side}"
    return f"side {name}", _END


def _network(
    decision: Decision, cells: Sequence[Cell], settings: AnalysisSettings
) -> tuple[list[Link], dict[Path, int]]:
    """The links of the network, and how many people each part of a level and group holds."""
    flows: dict[Path, list[int]] = {}
    parts: dict[Path, int] = {}
    for cell in cells:
        for link in _path(cell):
            flow = flows.setdefault(link, [0, 0])
            flow[0] += cell.favourable
            flow[1] += cell.base
        parts[_part(cell)] = parts.get(_part(cell), 0) + cell.base
    shown = _shown(decision)
    line = settings.fraction("strength_line")
    links = []
    for (start, end), (favourable, base) in flows.items():
        low, high = 0, base
        member = shown.get((start, end))
        if member is not None and member.showing is Showing.FIGURES:
            low = high = favourable
        elif member is not None and member.showing is Showing.WORDS:
            low, high = range_of_word(favourable, base, line=line)
        links.append(Link(start, end, favourable, low, high))
    return links, parts
