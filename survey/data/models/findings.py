"""Snapshots of a closed round, and what people decided about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.data.base import Base, new_id


class Snapshot(Base):
    """A numbered, frozen tally and the gated summary made from it. Results leave only as these."""

    __tablename__ = "snapshot"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    number: Mapped[int]
    made_at_utc: Mapped[datetime]
    answered: Mapped[int]
    bank_digest: Mapped[str] = mapped_column(String(64))
    code_version: Mapped[str] = mapped_column(String(40))
    analysis_settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    tally_digest: Mapped[str] = mapped_column(String(64))
    tally_json: Mapped[str] = mapped_column(Text)
    summary_json: Mapped[str] = mapped_column(Text)


class ReadingDecision(Base):
    """A review manager's word on a topic's or question's reading; the rule's stays beside it.

    Rows are added, never changed: the newest of a subject is in force. `verdict` None means the
    rule's reading stands and only a note is added.
    """

    __tablename__ = "reading_decision"
    __table_args__ = (
        CheckConstraint("verdict is null or length(reason) > 0", name="overruling_has_reason"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    snapshot_id: Mapped[str] = mapped_column(ForeignKey("snapshot.id", ondelete="CASCADE"))
    subject: Mapped[str] = mapped_column(String(60))
    rule_verdict: Mapped[str] = mapped_column(String(20))
    verdict: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    at_utc: Mapped[datetime]
