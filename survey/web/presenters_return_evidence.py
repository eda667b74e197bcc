"""How evidence of a return is shown, to its agency and to a council."""

from __future__ import annotations

from dataclasses import dataclass

from survey.actions.return_file_checks import TITLES, FileKind
from survey.data.return_evidence import EvidenceKind, ReturnEvidence
from survey.web.presenting import date_time

KILOBYTE, MEGABYTE = 1024, 1024 * 1024


@dataclass(frozen=True)
class EvidenceRow:
    """A piece of evidence. `removed` says who removed it, "" while it stands."""

    id: str
    kind: str
    title: str
    text: str
    link: str
    size: str
    by: str
    removed: str

    @property
    def is_file(self) -> bool:
        """Whether there is a file to download."""
        return self.kind == EvidenceKind.FILE


def evidence_row(row: ReturnEvidence) -> EvidenceRow:
    """A piece of evidence as it is shown."""
    titles = {
        EvidenceKind.TEXT: "",
        EvidenceKind.REFERENCE: f"{row.document}, {row.page}" if row.page else row.document,
        EvidenceKind.LINK: row.link,
        EvidenceKind.FILE: row.file_name,
    }
    removed = ""
    if row.removed_at_utc is not None:
        removed = f"Removed by {row.removed_by}, {date_time(row.removed_at_utc)}"
    return EvidenceRow(
        id=row.id,
        kind=row.kind,
        title=titles[EvidenceKind(row.kind)],
        text=row.text,
        link=row.link,
        size=_size(row),
        by=f"{row.name}, {date_time(row.at_utc)}",
        removed=removed,
    )


def _size(row: ReturnEvidence) -> str:
    if row.kind != EvidenceKind.FILE:
        return ""
    kind = TITLES[FileKind(row.file_kind)].partition(" ")[2]
    return f"{kind}, {size_words(row.file_bytes)}"


def size_words(size: int) -> str:
    """A size as people say it.

    >>> size_words(100), size_words(51_200), size_words(3_500_000), size_words(10 * 1024 * 1024)
    ('1 KB', '50 KB', '3.3 MB', '10 MB')
    """
    if size < MEGABYTE:
        return f"{max(1, round(size / KILOBYTE))} KB"
    return f"{size / MEGABYTE:.1f}".removesuffix(".0") + " MB"
