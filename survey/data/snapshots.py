"""Snapshots: the only way results leave a round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.result import Summary
from survey.data import ledger
from survey.data.models import Release, Snapshot

MOST_KEPT = 16
_summaries: dict[str, Summary] = {}


@dataclass(frozen=True)
class SnapshotRef:
    """What a page says of a snapshot, without the result itself.

    `updated` questions had new figures when it was made, `held` ones kept those of the snapshot
    before; both are 0 in a first snapshot.
    """

    id: str
    number: int
    made_at: datetime
    answered: int
    code_version: str
    tally_digest: str
    updated: int = 0
    held: int = 0


def find_latest(session: Session, *, round_id: str) -> SnapshotRef | None:
    """The snapshot in force, or None where none has been made."""
    row = session.execute(
        select(
            Snapshot.id,
            Snapshot.number,
            Snapshot.made_at_utc,
            Snapshot.answered,
            Snapshot.code_version,
            Snapshot.tally_digest,
            Release.updated,
            Release.held,
        )
        .outerjoin(Release, Release.snapshot_id == Snapshot.id)
        .where(Snapshot.round_id == round_id)
        .order_by(Snapshot.number.desc())
        .limit(1)  # of several audiences any: it is one snapshot
    ).one_or_none()
    if row is None:
        return None
    id_, number, made_at, answered, code_version, tally_digest, updated, held = row
    return SnapshotRef(
        id=id_,
        number=number,
        made_at=made_at,
        answered=answered,
        code_version=code_version,
        tally_digest=tally_digest,
        updated=updated or 0,
        held=held or 0,
    )


def get_summary(session: Session, *, snapshot_id: str) -> Summary:
    """The gated result of a snapshot. A snapshot never changes, so it is kept once it is read."""
    summary = _summaries.get(snapshot_id)
    if summary is None:
        text = session.execute(
            select(Snapshot.summary_json).where(Snapshot.id == snapshot_id)
        ).scalar_one()
        if len(_summaries) >= MOST_KEPT:
            _summaries.clear()
        summary = _summaries[snapshot_id] = Summary.model_validate_json(text)
    return summary


def add_snapshot(
    session: Session,
    *,
    round_id: str,
    number: int,
    made_at: datetime,
    answered: int,
    bank_digest: str,
    code_version: str,
    analysis_settings: dict[str, Any],
    tally_digest: str,
    tally_json: str,
    summary_json: str,
    audience: str,
    updated: int = 0,
    held: int = 0,
) -> Snapshot:
    """Stores a snapshot, and enters in the ledger that `audience` is shown it.

    `updated` and `held` are how many questions had new figures and kept earlier ones; 0 for a
    first snapshot.
    """
    snapshot = Snapshot(
        round_id=round_id,
        number=number,
        made_at_utc=made_at,
        answered=answered,
        bank_digest=bank_digest,
        code_version=code_version,
        analysis_settings=analysis_settings,
        tally_digest=tally_digest,
        tally_json=tally_json,
        summary_json=summary_json,
    )
    session.add(snapshot)
    session.flush()
    ledger.add_release(
        session,
        snapshot_id=snapshot.id,
        audience=audience,
        shown_from=made_at,
        updated=updated,
        held=held,
    )
    return snapshot
