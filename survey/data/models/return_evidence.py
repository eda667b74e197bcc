"""What stands around an agency return: evidence, the council's own scores, more time asked for.

Returns are the agency's own word and carry its name, so names and times stand here as they are.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from survey.data.base import Base, new_id


class EvidenceKind(StrEnum):
    """How evidence is given."""

    TEXT = "text"
    REFERENCE = "reference"
    LINK = "link"
    FILE = "file"


class ReturnEvidence(Base):
    """One piece of evidence for a question of a return, or for a section as a whole.

    `question` is "" for a section as a whole. `round_id` is set where it belongs to what the
    agency tells one council only. `text` says what it shows. A file's bytes stand under
    `stored_name` (`survey.data.return_evidence_files`). What was removed stays on record.
    """

    __tablename__ = "return_evidence"
    __table_args__ = (
        CheckConstraint("kind in ('text', 'reference', 'link', 'file')", name="kind"),
        CheckConstraint("kind <> 'text' or length(text) > 0", name="text_has_text"),
        CheckConstraint(
            "kind <> 'reference' or length(document) > 0", name="reference_has_document"
        ),
        CheckConstraint("kind <> 'link' or length(link) > 0", name="link_has_link"),
        CheckConstraint(
            "(kind = 'file') = (stored_name is not null) and (kind = 'file') = (file_bytes > 0)",
            name="file_has_file",
        ),
        CheckConstraint("(removed_at_utc is null) = (removed_by = '')", name="removed_by_somebody"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    return_id: Mapped[str] = mapped_column(
        ForeignKey("agency_return.id", ondelete="CASCADE"), index=True
    )
    round_id: Mapped[str | None] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    section: Mapped[str] = mapped_column(String(60))
    question: Mapped[str] = mapped_column(String(60), default="")
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text, default="")
    document: Mapped[str] = mapped_column(String(300), default="")
    page: Mapped[str] = mapped_column(String(60), default="")
    link: Mapped[str] = mapped_column(Text, default="")
    stored_name: Mapped[str | None] = mapped_column(String(32), unique=True)
    file_name: Mapped[str] = mapped_column(String(120), default="")
    file_kind: Mapped[str] = mapped_column(String(10), default="")
    file_bytes: Mapped[int] = mapped_column(default=0)
    file_digest: Mapped[str] = mapped_column(String(64), default="")
    at_utc: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(200))
    """Who gave it, as they were called then."""
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    contributor_id: Mapped[str | None] = mapped_column(
        ForeignKey("return_contributor.id", ondelete="SET NULL")
    )
    removed_at_utc: Mapped[datetime | None]
    removed_by: Mapped[str] = mapped_column(String(200), default="")


class ModeratedScore(Base):
    """What a council's review team makes of an agency's answer, beside the agency's own.

    Rows are added, never changed: the highest `number` of a question is in force; "" as its option
    takes the score back. The agency's own answer is never touched.
    """

    __tablename__ = "moderated_score"
    __table_args__ = (
        UniqueConstraint("round_id", "return_id", "question", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("length(reason) > 0", name="has_reason"),
        Index("ix_moderated_score_return_id", "return_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    return_id: Mapped[str] = mapped_column(ForeignKey("agency_return.id", ondelete="CASCADE"))
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    option: Mapped[str] = mapped_column(String(60), default="")
    own_option: Mapped[str] = mapped_column(String(60), default="")
    """The agency's own answer at the time, so that a later change of it shows."""
    reason: Mapped[str] = mapped_column(Text)
    at_utc: Mapped[datetime]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(200))
    """Who said so, as they were called then."""


class ReturnExtension(Base):
    """More time that an agency asked a council for, and what the council said.

    `until` is the last day asked for; `granted_until` the one given, which may be
    earlier. A council has one request of a return before it at a time.
    """

    __tablename__ = "return_extension"
    __table_args__ = (
        CheckConstraint("length(reason) > 0", name="has_reason"),
        CheckConstraint(
            "decided_at_utc is not null or granted_until is null", name="granted_when_decided"
        ),
        Index("ix_return_extension_return_id_round_id", "return_id", "round_id"),
        Index(
            "uq_return_extension_waiting",
            "return_id",
            "round_id",
            unique=True,
            sqlite_where=text("decided_at_utc is null"),
            postgresql_where=text("decided_at_utc is null"),
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    return_id: Mapped[str] = mapped_column(ForeignKey("agency_return.id", ondelete="CASCADE"))
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    until: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    asked_at_utc: Mapped[datetime]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(200))
    """Who asked, as they were called then."""
    decided_at_utc: Mapped[datetime | None]
    granted_until: Mapped[date | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    decided_account_id: Mapped[str | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL")
    )
