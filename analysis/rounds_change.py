"""Whether a share changed from one round to the next, and the word for it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeVar

from analysis.compared import Change
from analysis.gaps import (
    FALSE_DISCOVERY_RATE,
    FLAG,
    Pair,
    Populations,
    benjamini_hochberg,
    plain_difference,
)
from analysis.rounds_gate import Seen

Key = TypeVar("Key", bound=Hashable)

LARGE: Final = float(FLAG)
"""A change from this on would be worth a reader's time; a study that could miss one either way
says nothing."""


class Moved(NamedTuple):
    """The change between two rounds (later less earlier), its 95% limits and its p-value.

    Where a share is only known in words, or from a rounded percentage, the limits reach as far as
    any of the counts it may be, and the p-value is that of the least difference.
    """

    difference: float | None
    low: float
    high: float
    p_value: float


@dataclass(frozen=True)
class Judged:
    """A tested change with its word."""

    tested: Moved
    change: Change


def change_of(earlier: Seen, later: Seen) -> Moved:
    """The change between two separate groups of people.

    Newcombe's hybrid score interval, and the score test or Fisher's exact test, as for any two
    groups. That some people answer both times is not known of anybody, and not used: where they do,
    the interval is rather too wide.

    >>> found = change_of(Seen(48, 48, 80), Seen(56, 56, 70))
    >>> round(found.difference, 2), round(found.low, 4), round(found.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    populations: Populations = (later.population, earlier.population)
    corners = [
        plain_difference(Pair(now, later.base, then, earlier.base), populations=populations)
        for now in {later.least, later.most}
        for then in {earlier.least, earlier.most}
    ]
    exact = earlier.is_exact and later.is_exact
    signs = {corner.difference > 0 for corner in corners}
    return Moved(
        corners[0].difference if exact else None,
        min(corner.low for corner in corners),
        max(corner.high for corner in corners),
        max(corner.p_value for corner in corners) if len(signs) == 1 else 1.0,
    )


def judged(family: Mapping[Key, Moved]) -> dict[Key, Judged]:
    """The word for each change among all that were tested together.

    Improved or declined: the p-value stands within the family (Benjamini and Hochberg, 5%) and the
    interval leaves out zero. Too few to say: it does not, and the interval reaches 20 points both
    ways, so that a large change could hide in it. Otherwise no clear change.
    """
    kept = benjamini_hochberg([each.p_value for each in family.values()], rate=FALSE_DISCOVERY_RATE)
    return {
        key: _word(each, kept=is_kept)
        for (key, each), is_kept in zip(family.items(), kept, strict=True)
    }


def _word(each: Moved, *, kept: bool) -> Judged:
    if kept and each.low > 0:
        return Judged(each, Change.IMPROVED)
    if kept and each.high < 0:
        return Judged(each, Change.DECLINED)
    if each.low <= -LARGE and each.high >= LARGE:
        return Judged(each, Change.TOO_FEW)
    return Judged(each, Change.NO_CLEAR_CHANGE)
