"""The state of a round, worked out from its times."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class RoundState(StrEnum):
    """Where a round is in its life."""

    SETTING_UP = "setting up"
    NOT_YET_OPEN = "not yet open"
    OPEN = "open"
    WINDOW_OVER = "window over"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


def round_state(
    *,
    opens_at: datetime,
    closes_at: datetime,
    launched_at: datetime | None,
    closed_at: datetime | None,
    withdrawn_at: datetime | None,
    now: datetime,
) -> RoundState:
    """The state at `now`. A round whose window is over takes no answers but is not yet closed.

    One that was never launched is being set up, whatever its window says.
    """
    if withdrawn_at is not None:
        return RoundState.WITHDRAWN
    if launched_at is None:
        return RoundState.SETTING_UP
    if closed_at is not None:
        return RoundState.CLOSED
    if now < opens_at:
        return RoundState.NOT_YET_OPEN
    return RoundState.OPEN if now < closes_at else RoundState.WINDOW_OVER
