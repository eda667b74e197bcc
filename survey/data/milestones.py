"""The dates of a round's timetable. Those of the questionnaire are the window, and not here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey.data.models import Milestone, MilestoneKind

__all__ = ["MilestoneKind", "Stop", "list_stops", "replace_stops"]


@dataclass(frozen=True)
class Stop:
    """One step of a timetable: on which day, or from and until which, and a note."""

    kind: MilestoneKind
    on: date
    until: date | None = None
    note: str = ""

    @property
    def last(self) -> date:
        """The last day of it."""
        return self.until or self.on


def list_stops(session: Session, *, round_id: str) -> list[Stop]:
    """A round's dates in the order in which such steps usually come."""
    rows = session.scalars(select(Milestone).where(Milestone.round_id == round_id))
    order = list(MilestoneKind)
    stops = [Stop(MilestoneKind(row.kind), row.on_date, row.until_date, row.note) for row in rows]
    return sorted(stops, key=lambda stop: order.index(stop.kind))


def replace_stops(session: Session, *, round_id: str, stops: Collection[Stop]) -> None:
    """Keeps these dates for a round and no others."""
    session.execute(delete(Milestone).where(Milestone.round_id == round_id))
    session.add_all(
        Milestone(
            round_id=round_id,
            kind=stop.kind,
            on_date=stop.on,
            until_date=stop.until,
            note=stop.note,
        )
        for stop in stops
    )
    session.flush()
