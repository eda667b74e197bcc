"""Files of people to invite between being checked and being brought in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Select, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from survey.data.models import PendingImport, PreparedInvitation
from survey.errors import NotFound


@dataclass(frozen=True)
class ImportState:
    """Where a file stands, without what is in it."""

    id: str
    round_id: str
    account_id: str | None
    file_name: str
    total: int
    done: int
    read_at: datetime
    started_at: datetime | None
    beat_at: datetime | None
    finished_at: datetime | None
    stopped_because: str
    invited: int


@dataclass(frozen=True)
class Prepared:
    """An invitation that is ready to be made."""

    public_id: str
    agency: str
    label: str
    email: str


_STATE: Select[*tuple[Any, ...]] = select(
    PendingImport.id,
    PendingImport.round_id,
    PendingImport.account_id,
    PendingImport.file_name,
    PendingImport.total,
    PendingImport.done,
    PendingImport.read_at_utc,
    PendingImport.started_at_utc,
    PendingImport.beat_at_utc,
    PendingImport.finished_at_utc,
    PendingImport.stopped_because,
    PendingImport.invited,
)


def add_import(
    session: Session,
    *,
    round_id: str,
    account_id: str | None,
    file_name: str,
    content: list[dict[str, Any]],
    plan_digest: str,
    total: int,
    now: datetime,
) -> str:
    """Keeps a checked file; returns its id."""
    kept = PendingImport(
        round_id=round_id,
        account_id=account_id,
        file_name=file_name,
        content=content,
        plan_digest=plan_digest,
        total=total,
        read_at_utc=now,
    )
    session.add(kept)
    session.flush()
    return kept.id


def get_state(session: Session, *, round_id: str, import_id: str) -> ImportState:
    """Where a file of a round stands. Raises NotFound."""
    row = session.execute(
        _STATE.where(PendingImport.id == import_id, PendingImport.round_id == round_id)
    ).one_or_none()
    if row is None:
        raise NotFound("That file is not kept any more, or is not of this round.")
    return ImportState(*row)


def list_waiting(session: Session, *, round_id: str) -> list[ImportState]:
    """The files of a round that are not brought in, the newest first."""
    rows = session.execute(
        _STATE.where(
            PendingImport.round_id == round_id, PendingImport.finished_at_utc.is_(None)
        ).order_by(PendingImport.read_at_utc.desc(), PendingImport.id)
    )
    return [ImportState(*row) for row in rows]


def get_import(session: Session, *, import_id: str) -> PendingImport:
    """A file with what is in it, as it is now. Raises NotFound."""
    kept = session.get(PendingImport, import_id, populate_existing=True)
    if kept is None:
        raise NotFound("That file is not kept any more.")
    return kept


def lock_import(session: Session, *, import_id: str) -> PendingImport:
    """As `get_import`, held until the commit."""
    kept = session.get(PendingImport, import_id, populate_existing=True, with_for_update=True)
    if kept is None:
        raise NotFound("That file is not kept any more.")
    return kept


def claim(
    session: Session, *, import_id: str, runner: str, now: datetime, silent_since: datetime
) -> bool:
    """Takes a started file over, unless somebody shows signs of life; whether that was done."""
    taken = cast(
        "CursorResult[Any]",
        session.execute(
            update(PendingImport)
            .where(
                PendingImport.id == import_id,
                PendingImport.started_at_utc.is_not(None),
                PendingImport.finished_at_utc.is_(None),
                or_(
                    PendingImport.beat_at_utc.is_(None),
                    PendingImport.beat_at_utc < silent_since,
                ),
            )
            .values(runner=runner, beat_at_utc=now, done=0)
            .execution_options(synchronize_session=False)
        ),
    )
    return taken.rowcount == 1


def keep_progress(
    session: Session, *, import_id: str, runner: str, done: int, now: datetime
) -> bool:
    """Says how many people are prepared; False when another runner has taken the file over."""
    kept = cast(
        "CursorResult[Any]",
        session.execute(
            update(PendingImport)
            .where(PendingImport.id == import_id, PendingImport.runner == runner)
            .values(done=done, beat_at_utc=now)
            .execution_options(synchronize_session=False)
        ),
    )
    return kept.rowcount == 1


def add_prepared(
    session: Session, *, import_id: str, start: int, prepared: Sequence[Prepared]
) -> None:
    """Keeps invitations that are ready, from a position on."""
    session.execute(
        insert(PreparedInvitation),
        [
            {
                "import_id": import_id,
                "position": position,
                "public_id": one.public_id,
                "agency": one.agency,
                "label": one.label,
                "email": one.email,
            }
            for position, one in enumerate(prepared, start=start)
        ],
    )


def list_prepared(session: Session, *, import_id: str) -> list[Prepared]:
    """The invitations that are ready, in order."""
    rows = session.execute(
        select(
            PreparedInvitation.public_id,
            PreparedInvitation.agency,
            PreparedInvitation.label,
            PreparedInvitation.email,
        )
        .where(PreparedInvitation.import_id == import_id)
        .order_by(PreparedInvitation.position)
    )
    return [Prepared(*row) for row in rows]


def drop_prepared(session: Session, *, import_id: str) -> None:
    """Forgets the invitations that were ready."""
    session.execute(delete(PreparedInvitation).where(PreparedInvitation.import_id == import_id))


def drop_import(session: Session, *, import_id: str) -> None:
    """Forgets a file, with everything kept of it."""
    session.execute(delete(PendingImport).where(PendingImport.id == import_id))


def drop_older(session: Session, *, read_before: datetime) -> int:
    """Forgets the files read before a time; returns how many."""
    dropped = cast(
        "CursorResult[Any]",
        session.execute(delete(PendingImport).where(PendingImport.read_at_utc < read_before)),
    )
    return dropped.rowcount


def list_silent(session: Session, *, silent_since: datetime) -> list[str]:
    """The ids of files that were started and show no sign of life, the oldest first."""
    return list(
        session.scalars(
            select(PendingImport.id)
            .where(
                PendingImport.started_at_utc.is_not(None),
                PendingImport.finished_at_utc.is_(None),
                or_(
                    PendingImport.beat_at_utc < silent_since,
                    PendingImport.beat_at_utc.is_(None)
                    & (PendingImport.started_at_utc < silent_since),
                ),
            )
            .order_by(PendingImport.started_at_utc, PendingImport.id)
        )
    )
