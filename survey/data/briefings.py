"""What each sector was told of a round, and which sectors a round means to hear."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey.data.models import Account, ExpectedSector, SectorBriefing
from survey.errors import NotFound


@dataclass(frozen=True)
class BriefingOfRound:
    """What a sector was told, with the name of who put it on record ("" when not known)."""

    id: str
    sector: str
    told_on: date
    told_by: str
    what: str
    was_clear: bool
    recorded_at: datetime
    recorded_by: str


def list_briefings(session: Session, *, round_id: str) -> list[BriefingOfRound]:
    """The briefings of a round: by sector, the oldest first."""
    rows = session.execute(
        select(
            SectorBriefing.id,
            SectorBriefing.sector,
            SectorBriefing.told_on,
            SectorBriefing.told_by,
            SectorBriefing.what,
            SectorBriefing.was_clear,
            SectorBriefing.recorded_at_utc,
            Account.name,
        )
        .outerjoin(Account, Account.id == SectorBriefing.account_id)
        .where(SectorBriefing.round_id == round_id)
        .order_by(SectorBriefing.sector, SectorBriefing.told_on, SectorBriefing.recorded_at_utc)
    )
    return [BriefingOfRound(*row[:-1], recorded_by=row[-1] or "") for row in rows]


def add_briefing(
    session: Session,
    *,
    round_id: str,
    sector: str,
    told_on: date,
    told_by: str,
    what: str,
    was_clear: bool,
    account_id: str | None,
    now: datetime,
) -> SectorBriefing:
    """Puts a briefing on record."""
    briefing = SectorBriefing(
        round_id=round_id,
        sector=sector,
        told_on=told_on,
        told_by=told_by,
        what=what,
        was_clear=was_clear,
        account_id=account_id,
        recorded_at_utc=now,
    )
    session.add(briefing)
    session.flush()
    return briefing


def get_briefing(session: Session, *, round_id: str, briefing_id: str) -> SectorBriefing:
    """A briefing of a round. Raises NotFound."""
    briefing = session.scalars(
        select(SectorBriefing).where(
            SectorBriefing.id == briefing_id, SectorBriefing.round_id == round_id
        )
    ).one_or_none()
    if briefing is None:
        raise NotFound("There is no such briefing of this round.")
    return briefing


def remove_briefing(session: Session, briefing: SectorBriefing) -> None:
    """Takes a briefing off the record."""
    session.delete(briefing)
    session.flush()


def list_expected(session: Session, *, round_id: str) -> list[str]:
    """The sectors a round means to hear, in the order of their codes."""
    return list(
        session.scalars(
            select(ExpectedSector.sector)
            .where(ExpectedSector.round_id == round_id)
            .order_by(ExpectedSector.sector)
        )
    )


def set_expected(session: Session, *, round_id: str, sectors: Collection[str]) -> None:
    """Replaces the sectors a round means to hear."""
    session.execute(delete(ExpectedSector).where(ExpectedSector.round_id == round_id))
    session.add_all(ExpectedSector(round_id=round_id, sector=one) for one in sorted(set(sectors)))
    session.flush()
