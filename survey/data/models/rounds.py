"""Reviews, their rounds, and what has happened to each."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from survey.data.base import Base, new_id


class Review(Base):
    """One council's series of peer reviews, with its words for the two columns of findings."""

    __tablename__ = "review"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    council_id: Mapped[str] = mapped_column(ForeignKey("council.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    strengths_word: Mapped[str] = mapped_column(String(60), default="Strengths")
    considerations_word: Mapped[str] = mapped_column(String(60), default="Areas for consideration")


class Round(Base):
    """One fielding of one bank version, with a frozen copy of the bank.

    Its state is worked out from the window and `closed_at_utc`; `round_event` keeps the history.
    `analysis_settings` are the lines and thresholds, as `analysis.settings` writes them.
    """

    __tablename__ = "round"
    __table_args__ = (CheckConstraint("opens_at_utc < closes_at_utc", name="window"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    review_id: Mapped[str] = mapped_column(ForeignKey("review.id"), index=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    bank_id: Mapped[str] = mapped_column(String(80))
    bank_digest: Mapped[str] = mapped_column(String(64))
    bank_json: Mapped[str] = mapped_column(Text)
    analysis_settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    opens_at_utc: Mapped[datetime]
    closes_at_utc: Mapped[datetime]
    closed_at_utc: Mapped[datetime | None]
    withdrawn_at_utc: Mapped[datetime | None]
    """When the round was called off. It takes no answers then, and never has findings."""
    contact: Mapped[str] = mapped_column(String(300))
    """Who runs the questionnaire: name or role, e-mail, telephone; also for other formats."""
    urgent_contact: Mapped[str] = mapped_column(String(300))
    """Whom to contact about a child who may be at risk now."""
    comments_checked_by: Mapped[str] = mapped_column(String(200))
    """The named person or role who checks flagged comments daily."""
    comments_checked_email: Mapped[str] = mapped_column(String(254), default="")
    """Where that person is told that there is something to read; "" where nobody is told."""
    invited_how: Mapped[str] = mapped_column(Text, default="")
    """How the people invited were chosen."""


class RoundEventKind(StrEnum):
    """What may happen to a round."""

    CREATED = "created"
    EXTENDED = "extended"
    CLOSED = "closed"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"


class RoundEvent(Base):
    """Something that happened to a round, by whom and why."""

    __tablename__ = "round_event"
    __table_args__ = (
        CheckConstraint(
            "kind in ('created', 'extended', 'closed', 'reopened', 'withdrawn')", name="kind"
        ),
        CheckConstraint("kind <> 'reopened' or length(reason) > 0", name="reopened_has_reason"),
        CheckConstraint("kind <> 'withdrawn' or length(reason) > 0", name="withdrawn_has_reason"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    at_utc: Mapped[datetime]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(Text, default="")
