"""What a benchmark says to a reader."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.benchmarked import FEWEST_COUNCILS, Position
from analysis.listing import listed
from analysis.rounding import counted


def refusal(councils: int, *, months: int) -> str:
    """Why there is no benchmark."""
    have = (
        "No other council has"
        if not councils
        else (f"Only {counted(councils, 'other council')} {'has' if councils == 1 else 'have'}")
    )
    return (
        f"{have} agreed to share a round within {months} months of this one. At least "
        f"{FEWEST_COUNCILS} are needed, so that no council can be told from the figures."
    )


def hidden_here() -> str:
    """That the own figure is not shown."""
    return "There is no figure of your own to set beside other councils’."


def few_councils(councils: int) -> str:
    """That too few councils have a figure."""
    if not councils:
        return "No other council that shares has a figure for this."
    have = "council has" if councils == 1 else "councils have"
    return f"Only {councils} other {have} a figure for this, too few to set beside yours."


def place(
    own: int,
    low: int,
    high: int,
    *,
    position: Position,
    councils: int,
    unsure: bool,
    is_score: bool = False,
) -> str:
    """Where the own council stands; `is_score` for a signpost, whose figure is a mean."""
    middle = f"it is {low}%" if low == high else f"it is between {low}% and {high}%"
    mean = "On average over its questions " if is_score else ""
    start = (
        f"{mean}{own}% were positive here; in the middle half of {councils} other councils "
        f"{middle}."
    )
    if position is Position.MIDDLE_HALF:
        return f"{start} So the answers here are much like those elsewhere."
    word = "above" if position is Position.ABOVE else "below"
    if unsure:
        return (
            f"{start} That is {word} the middle half, but so few people answered here that it may "
            "be by chance."
        )
    return f"{start} That is {word} the middle half."


def summed(positions: Sequence[Position | None], *, councils: int) -> str:
    """The whole in one sentence."""
    placed = [position for position in positions if position is not None]
    if not placed:
        return (
            f"{counted(councils, 'other council')} share their figures, but no question can be set "
            "beside theirs."
        )
    ends = (
        (Position.MIDDLE_HALF, "among their middle half"),
        (Position.ABOVE, "above it"),
        (Position.BELOW, "below it"),
    )
    parts = [
        f"{number} {'is' if number == 1 else 'are'} {where}"
        for position, where in ends
        if (number := placed.count(position))
    ]
    parts[0] = parts[0].replace(" it", " their middle half")
    of = f"Of {counted(len(placed), 'question')} set beside {councils} other councils"
    return f"{of}, {listed(parts)}."
