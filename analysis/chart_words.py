"""Short words for places in a chart that have room for a few letters only."""

from __future__ import annotations

from typing import Final

from analysis import tables
from analysis.result import Mark

_MARKED: Final[dict[Mark, str]] = {
    Mark.CONFIDENTIAL: "too few to show",
    Mark.NOT_APPLICABLE: "not asked",
    Mark.NOT_AVAILABLE: "no figure of its own",
    Mark.LOW_RELIABILITY: "too few to rely on",
}


def short_share(share: float) -> str:
    """A share from 0 to 1 as a whole percent without its sign, never a false 0 or a false 100.

    >>> short_share(0.6), short_share(0.001), short_share(0.999)
    ('60', '<1', '>99')
    """
    whole = tables.percent_of(share)
    if whole == 0 and share > 0:
        return "<1"
    return ">99" if whole == 100 and share < 1 else str(whole)


def mark_text(mark: Mark) -> str:
    """A mark with its meaning.

    >>> mark_text(Mark.CONFIDENTIAL)
    '[c] too few to show'
    """
    return f"{tables.mark_code(mark)} {_MARKED[mark]}"
