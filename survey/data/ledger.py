"""The release ledger: what of a round was shown to whom, and when first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.data.models import Account, HandedOutFile, Release, Snapshot


@dataclass(frozen=True)
class Released:
    """A release of a round: its snapshot's number, its audience, and how much of it was new."""

    number: int
    audience: str
    shown_from: datetime
    updated: int
    held: int


@dataclass(frozen=True)
class HandedOut:
    """A file that was taken away; `who` is "" for somebody whose account is gone."""

    number: int
    file_format: str
    who: str
    at: datetime


def add_release(
    session: Session,
    *,
    snapshot_id: str,
    audience: str,
    shown_from: datetime,
    updated: int,
    held: int,
) -> None:
    """Enters that a snapshot is shown to an audience."""
    session.add(
        Release(
            snapshot_id=snapshot_id,
            audience=audience,
            shown_from_utc=shown_from,
            updated=updated,
            held=held,
        )
    )
    session.flush()


def add_file(
    session: Session,
    *,
    snapshot_id: str,
    audience: str,
    file_format: str,
    account_id: str | None,
    at: datetime,
) -> None:
    """Enters that a file of a release was handed out."""
    release_id = session.execute(
        select(Release.id).where(Release.snapshot_id == snapshot_id, Release.audience == audience)
    ).scalar_one()
    session.add(
        HandedOutFile(
            release_id=release_id, file_format=file_format, account_id=account_id, at_utc=at
        )
    )
    session.flush()


def list_releases(session: Session, *, round_id: str) -> list[Released]:
    """Everything of a round that was shown to anybody, the oldest first."""
    rows = session.execute(
        select(
            Snapshot.number,
            Release.audience,
            Release.shown_from_utc,
            Release.updated,
            Release.held,
        )
        .join(Release, Release.snapshot_id == Snapshot.id)
        .where(Snapshot.round_id == round_id)
        .order_by(Snapshot.number, Release.audience)
    )
    return [Released(*row) for row in rows]


def list_files(session: Session, *, round_id: str) -> list[HandedOut]:
    """Every file of a round's findings that was handed out, the oldest first."""
    rows = session.execute(
        select(Snapshot.number, HandedOutFile.file_format, Account.name, HandedOutFile.at_utc)
        .join(Release, Release.id == HandedOutFile.release_id)
        .join(Snapshot, Snapshot.id == Release.snapshot_id)
        .outerjoin(Account, Account.id == HandedOutFile.account_id)
        .where(Snapshot.round_id == round_id)
        .order_by(HandedOutFile.at_utc, HandedOutFile.id)
    )
    return [HandedOut(number, file_format, who or "", at) for number, file_format, who, at in rows]


def shown_to(session: Session, *, round_id: str, audience: str) -> Iterator[tuple[str, str]]:
    """The tally and the result of each release to an audience, as text, the oldest first."""
    rows = session.execute(
        select(Snapshot.tally_json, Snapshot.summary_json)
        .join(Release, Release.snapshot_id == Snapshot.id)
        .where(Snapshot.round_id == round_id, Release.audience == audience)
        .order_by(Snapshot.number)
    )
    return ((tally, summary) for tally, summary in rows)
