"""An agency's earlier returns, as they were signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.data.models import AgencyReturn, ReturnEvent, ReturnEventKind, ReturnVersion
from survey.data.returns_versions import StoredVersion

SIGNED = (ReturnEventKind.SIGNED, ReturnEventKind.SIGNED_ELSEWHERE)


@dataclass(frozen=True)
class EarlierReturn:
    """An earlier return of the same agency, and when it was signed."""

    id: str
    bank_id: str
    bank_digest: str
    as_at: date | None
    signed_at: datetime
    signed_on: date


def find_earlier(
    session: Session, *, return_id: str, agency_id: str, bank: str, before: datetime
) -> EarlierReturn | None:
    """The agency's return from the same bank, of any version, that was signed last before a time.

    `return_id` is the new return, which is never its own earlier one.
    """
    row = session.execute(
        select(
            AgencyReturn.id,
            AgencyReturn.bank_id,
            AgencyReturn.bank_digest,
            AgencyReturn.as_at,
            ReturnEvent.at_utc,
            ReturnEvent.signed_on,
        )
        .join(ReturnEvent, ReturnEvent.return_id == AgencyReturn.id)
        .where(
            AgencyReturn.agency_id == agency_id,
            AgencyReturn.id != return_id,
            AgencyReturn.bank_id.startswith(f"{bank}@", autoescape=True),
            AgencyReturn.started_at_utc < before,
            ReturnEvent.kind.in_(SIGNED),
        )
        .order_by(ReturnEvent.at_utc.desc(), AgencyReturn.id)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    id_, bank_id, bank_digest, as_at, signed_at, signed_on = row
    assert signed_on is not None  # the database holds a signing to that
    return EarlierReturn(id_, bank_id, bank_digest, as_at, signed_at, signed_on)


def list_signed_versions(session: Session, *, return_id: str) -> list[StoredVersion]:
    """The answers of a return as it was last signed, by question."""
    signed_at = session.scalar(
        select(func.max(ReturnEvent.at_utc)).where(
            ReturnEvent.return_id == return_id, ReturnEvent.kind.in_(SIGNED)
        )
    )
    rows = session.scalars(
        select(ReturnVersion)
        .where(ReturnVersion.return_id == return_id, ReturnVersion.at_utc <= signed_at)
        .order_by(ReturnVersion.question, ReturnVersion.number)
    )
    newest = {(row.round_id, row.question): row for row in rows}
    return [
        StoredVersion(
            id=row.id,
            round_id=row.round_id,
            question=row.question,
            number=row.number,
            value=row.value,
            not_applicable=row.not_applicable,
            carried_from=row.carried_from,
            contributor_id=row.contributor_id,
            account_id=row.account_id,
            name=row.name,
            at=row.at_utc,
        )
        for row in newest.values()
    ]
