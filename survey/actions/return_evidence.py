"""Giving evidence for an agency return, and removing it again.

A file is written to disk before its row, and deleted after the row's removal is committed: what
can go wrong in between leaves a file without a row, which `clean_up` finds, and never a row
without a file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from question_banks.text import clean_line, clean_text
from survey.actions.return_file_checks import RefusedFile, check_file
from survey.actions.returns import Answered, find_question
from survey.actions.returns_rules import Writer
from survey.data import audit, return_evidence, return_evidence_files, returns
from survey.data.audit import AuditAction
from survey.data.return_evidence import EvidenceKind, NewEvidence, ReturnEvidence
from survey.data.returns import ReturnItem
from survey.errors import NotAllowedNow, NotFound, SurveyError

LONGEST_TEXT = 4000
LONGEST_DOCUMENT = 300
LONGEST_PAGE = 60
LONGEST_LINK = 2000
MOST_PIECES = 500
"""Pieces of evidence of one return."""
YOUNG_SECONDS = 3600
"""A file this young may belong to somebody who is sending it just now."""
MEGABYTE = 1024 * 1024


class InvalidEvidence(SurveyError):
    """Evidence that cannot be kept; `field` says which entry is wrong."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Limits:
    """How large one file, and all files of a return together, may be, in bytes."""

    file_bytes: int
    return_bytes: int


@dataclass(frozen=True)
class Place:
    """What evidence is given for: a question of a section, or the section as a whole ("")."""

    section: str
    question: str = ""


@dataclass(frozen=True, kw_only=True)
class Given:
    """Evidence as somebody gave it, before anything was checked."""

    kind: EvidenceKind
    text: str = ""
    document: str = ""
    page: str = ""
    link: str = ""
    file_name: str = ""
    data: bytes = b""


def round_of(answered: Answered, place: Place) -> str | None:
    """The round whose own questions a place belongs to; None in the core. Raises NotFound."""
    found = answered.section(place.section)
    if place.question:
        find_question(answered, section=place.section, code=place.question)
    return found.round_id


def checked(given: Given, *, limits: Limits) -> NewEvidence:
    """Evidence that may be kept, with no place yet. Raises InvalidEvidence."""
    text = clean_text(given.text)
    document, page = clean_line(given.document), clean_line(given.page)
    for field, value, longest in (
        ("text", text, LONGEST_TEXT),
        ("document", document, LONGEST_DOCUMENT),
        ("page", page, LONGEST_PAGE),
    ):
        if len(value) > longest:
            raise InvalidEvidence(
                field,
                f"Shorten this to {longest:,} characters or fewer; it has {len(value):,} now",
            )
    new = NewEvidence(section="", question="", kind=given.kind, text=text)
    match given.kind:
        case EvidenceKind.TEXT:
            if not text:
                raise InvalidEvidence("text", "Enter the evidence")
            return new
        case EvidenceKind.REFERENCE:
            if not document:
                raise InvalidEvidence("document", "Enter the name of the document")
            return replace(new, document=document, page=page)
        case EvidenceKind.LINK:
            return replace(new, link=checked_link(given.link))
        case EvidenceKind.FILE:
            return _checked_file(new, given, limits=limits)


def checked_link(text: str) -> str:
    """A web address that may be kept. Raises InvalidEvidence.

    >>> checked_link(" https://example.org/policy ")
    'https://example.org/policy'
    """
    link = clean_line(text)
    if not link:
        raise InvalidEvidence("link", "Enter the web address")
    if len(link) > LONGEST_LINK:
        raise InvalidEvidence("link", f"Shorten this to {LONGEST_LINK:,} characters or fewer")
    try:
        parts = urlsplit(link)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username
        _ = parts.port
    except ValueError:
        is_web = False
    if not is_web or any(character in link for character in ' <>"\\'):
        raise InvalidEvidence(
            "link", "Enter a web address that begins with https:// or http://, without spaces"
        )
    return link


def _checked_file(new: NewEvidence, given: Given, *, limits: Limits) -> NewEvidence:
    if not given.file_name:
        raise InvalidEvidence("file", "Choose a file")
    if len(given.data) > limits.file_bytes:
        raise InvalidEvidence("file", too_large(limits))
    try:
        found = check_file(given.data, name=given.file_name)
    except RefusedFile as error:
        raise InvalidEvidence("file", str(error).removesuffix(".")) from error
    return replace(
        new,
        file_name=found.name,
        file_kind=found.kind.value,
        file_bytes=len(given.data),
        file_digest=hashlib.sha256(given.data).hexdigest(),
    )


def too_large(limits: Limits) -> str:
    """What is said of a file over the limit."""
    return f"Choose a file of {limits.file_bytes // MEGABYTE} MB or less"


def add(
    session: Session,
    item: ReturnItem,
    *,
    place: Place,
    round_id: str | None,
    given: Given,
    limits: Limits,
    folder: Path,
    writer: Writer,
    now: datetime,
) -> ReturnEvidence:
    """Keeps a piece of evidence and, where it is a file, its bytes.

    The same file given twice for one place is kept once. Raises InvalidEvidence, NotAllowedNow
    where the return takes nothing now, and NoRoom where the disk takes no more. Where the caller
    cannot commit, the file of the row stays behind for `clean_up`.
    """
    new = checked(given, limits=limits)
    held = returns.lock_return(session, return_id=item.id)
    if not held.may_be_written(now):
        raise NotAllowedNow(
            "This return has been sent for sign-off, or its time is over, so nothing was added"
        )
    already = return_evidence.list_evidence(session, return_id=item.id)
    if len(already) >= MOST_PIECES:
        raise InvalidEvidence(
            "kind", f"A return holds {MOST_PIECES} pieces of evidence: remove one first"
        )
    same = next((row for row in already if _is_same(row, new, place)), None)
    if same is not None:
        return same
    stored_name = None
    if new.kind is EvidenceKind.FILE:
        used = sum(row.file_bytes for row in already)
        if used + new.file_bytes > limits.return_bytes:
            raise InvalidEvidence(
                "file",
                f"The files of a return take {limits.return_bytes // MEGABYTE} MB at most, and "
                f"{used // MEGABYTE} MB are used: remove a file first, or give a reference",
            )
        stored_name = return_evidence_files.store(folder, given.data)
    _record(session, held, AuditAction.EVIDENCE_ADDED, new.kind, writer=writer, now=now)
    return return_evidence.add_evidence(
        session,
        return_id=item.id,
        new=replace(
            new,
            section=place.section,
            question=place.question,
            round_id=round_id,
            stored_name=stored_name,
        ),
        name=writer.name,
        account_id=writer.account_id,
        contributor_id=writer.contributor_id,
        now=now,
    )


def _is_same(row: ReturnEvidence, new: NewEvidence, place: Place) -> bool:
    """Whether a form was sent twice: same place, same content."""
    return (
        row.section,
        row.question,
        row.kind,
        row.text,
        row.document,
        row.page,
        row.link,
        row.file_name,
        row.file_digest,
    ) == (
        place.section,
        place.question,
        new.kind,
        new.text,
        new.document,
        new.page,
        new.link,
        new.file_name,
        new.file_digest,
    )


def remove(
    session: Session, item: ReturnItem, row: ReturnEvidence, *, writer: Writer, now: datetime
) -> str | None:
    """Removes a piece of evidence; that it was there, and who removed it, stays on record.

    Gives the stored name of the file to delete once this is committed. Raises NotAllowedNow.
    """
    held = returns.lock_return(session, return_id=item.id)
    if not held.may_be_written(now):
        raise NotAllowedNow("This return has been sent for sign-off, so its evidence stays.")
    session.refresh(row)
    if row.removed_at_utc is None:
        row.removed_at_utc = now
        row.removed_by = writer.name
        session.flush()
        kind = EvidenceKind(row.kind)
        _record(session, held, AuditAction.EVIDENCE_REMOVED, kind, writer=writer, now=now)
    return row.stored_name


def _record(
    session: Session,
    item: ReturnItem,
    action: AuditAction,
    kind: EvidenceKind,
    *,
    writer: Writer,
    now: datetime,
) -> None:
    audit.record(
        session,
        action=action,
        at=now,
        account_id=writer.account_id,
        detail={"agency": item.agency, "kind": kind.value},
    )


def record_opened(
    session: Session,
    row: ReturnEvidence,
    *,
    agency: str,
    round_slug: str,
    account_id: str,
    council_id: str,
    now: datetime,
) -> None:
    """Puts on record that somebody of a council's review team opened an agency's file."""
    audit.record(
        session,
        action=AuditAction.EVIDENCE_OPENED,
        at=now,
        account_id=account_id,
        council_id=council_id,
        detail={"round": round_slug, "agency": agency, "evidence": row.id},
    )


def file_path(folder: Path, row: ReturnEvidence) -> Path:
    """Where the file of a row is. Raises NotFound for evidence that is no file, and MissingFile."""
    if row.stored_name is None:
        raise NotFound("This evidence is no file.")
    return return_evidence_files.path_of(folder, row.stored_name)


@dataclass(frozen=True)
class CleanUp:
    """Files that no evidence belongs to (any more), and evidence whose file is not there."""

    left_over: Sequence[str]
    missing: Sequence[str]


def clean_up(session: Session, *, folder: Path, now: datetime, dry_run: bool) -> CleanUp:
    """Deletes files that belong to no evidence, and says which evidence lost its file.

    A file of the last hour is left alone: its row may be about to be committed.
    """
    stored = return_evidence.list_stored(session)
    old = return_evidence_files.list_names(folder, before=now.timestamp() - YOUNG_SECONDS)
    left_over = [name for name in old if name not in stored]
    there = set(return_evidence_files.list_names(folder))
    missing = [name for name in stored if name not in there]
    if not dry_run:
        for name in left_over:
            return_evidence_files.delete(folder, name)
    return CleanUp(left_over=left_over, missing=missing)
