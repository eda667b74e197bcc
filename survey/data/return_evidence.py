"""Evidence of agency returns: what was given for a question or a section, and what was removed.

Every function takes the return's id, which the caller has loaded for somebody who may see it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from survey.data.models import EvidenceKind, ReturnEvidence
from survey.errors import NotFound

__all__ = [
    "EvidenceKind",
    "NewEvidence",
    "ReturnEvidence",
    "add_evidence",
    "count_by_place",
    "get_evidence",
    "list_evidence",
    "list_stored",
    "used_bytes",
]


@dataclass(frozen=True, kw_only=True)
class NewEvidence:
    """Evidence about to be kept; the fields are those of `ReturnEvidence`."""

    section: str
    question: str
    kind: EvidenceKind
    round_id: str | None = None
    text: str = ""
    document: str = ""
    page: str = ""
    link: str = ""
    stored_name: str | None = None
    file_name: str = ""
    file_kind: str = ""
    file_bytes: int = 0
    file_digest: str = ""


def add_evidence(
    session: Session,
    *,
    return_id: str,
    new: NewEvidence,
    name: str,
    account_id: str | None,
    contributor_id: str | None,
    now: datetime,
) -> ReturnEvidence:
    """Keeps a piece of evidence and who gave it."""
    row = ReturnEvidence(
        return_id=return_id,
        section=new.section,
        question=new.question,
        kind=new.kind,
        round_id=new.round_id,
        text=new.text,
        document=new.document,
        page=new.page,
        link=new.link,
        stored_name=new.stored_name,
        file_name=new.file_name,
        file_kind=new.file_kind,
        file_bytes=new.file_bytes,
        file_digest=new.file_digest,
        name=name,
        account_id=account_id,
        contributor_id=contributor_id,
        at_utc=now,
    )
    session.add(row)
    session.flush()
    return row


def _of_rounds(round_ids: Collection[str] | None) -> list[ColumnElement[bool]]:
    """The core's evidence, and that of some rounds; None for all rounds."""
    if round_ids is None:
        return []
    own = ReturnEvidence.round_id.in_(sorted(round_ids))
    return [or_(ReturnEvidence.round_id.is_(None), own)]


def list_evidence(
    session: Session,
    *,
    return_id: str,
    round_ids: Collection[str] | None = None,
    sections: Collection[str] | None = None,
    with_removed: bool = False,
) -> list[ReturnEvidence]:
    """A return's evidence in the order given: the core's, and of `round_ids` (None for all).

    `sections` leaves out those of other sections; `with_removed` puts in what was removed.
    """
    found = select(ReturnEvidence).where(
        ReturnEvidence.return_id == return_id, *_of_rounds(round_ids)
    )
    if sections is not None:
        found = found.where(ReturnEvidence.section.in_(sorted(sections)))
    if not with_removed:
        found = found.where(ReturnEvidence.removed_at_utc.is_(None))
    return list(session.scalars(found.order_by(ReturnEvidence.at_utc, ReturnEvidence.id)))


def get_evidence(
    session: Session,
    *,
    return_id: str,
    evidence_id: str,
    round_ids: Collection[str] | None = None,
    sections: Collection[str] | None = None,
) -> ReturnEvidence:
    """One piece of evidence that has not been removed. Raises NotFound for any other.

    `round_ids` and `sections` narrow it as in `list_evidence`.
    """
    found = select(ReturnEvidence).where(
        ReturnEvidence.id == evidence_id,
        ReturnEvidence.return_id == return_id,
        ReturnEvidence.removed_at_utc.is_(None),
        *_of_rounds(round_ids),
    )
    if sections is not None:
        found = found.where(ReturnEvidence.section.in_(sorted(sections)))
    row = session.scalars(found).one_or_none()
    if row is None:
        raise NotFound("There is no such evidence, or it is not yours to see.")
    return row


def used_bytes(session: Session, *, return_id: str) -> int:
    """How many bytes the files of a return take."""
    found = session.scalar(
        select(func.sum(ReturnEvidence.file_bytes)).where(
            ReturnEvidence.return_id == return_id, ReturnEvidence.removed_at_utc.is_(None)
        )
    )
    return int(found or 0)


def count_by_place(session: Session, *, return_id: str) -> dict[tuple[str, str], int]:
    """How many pieces of evidence there are for each section and question ("" for a section)."""
    rows = session.execute(
        select(ReturnEvidence.section, ReturnEvidence.question, func.count())
        .where(ReturnEvidence.return_id == return_id, ReturnEvidence.removed_at_utc.is_(None))
        .group_by(ReturnEvidence.section, ReturnEvidence.question)
        .order_by(ReturnEvidence.section, ReturnEvidence.question)
    )
    return {(section, question): count for section, question, count in rows}


def list_stored(session: Session) -> dict[str, str]:
    """Stored name to digest of every file that is evidence now, of all returns."""
    rows = session.execute(
        select(ReturnEvidence.stored_name, ReturnEvidence.file_digest)
        .where(ReturnEvidence.stored_name.is_not(None), ReturnEvidence.removed_at_utc.is_(None))
        .order_by(ReturnEvidence.stored_name)
    )
    return {str(name): digest for name, digest in rows}
