"""Reviews, their rounds, the dates of each, and what has happened to it."""

from __future__ import annotations

from datetime import date, datetime
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


class Invited(StrEnum):
    """Whether everybody in scope is invited. Only a plain yes changes what the intervals mean."""

    EVERYONE = "yes"
    SOME = "no"
    UNKNOWN = "unknown"


class Round(Base):
    """One fielding of one bank version, with its own copy of the bank.

    Until `launched_at_utc` the copy is made anew whenever what is asked changes; from then on it
    is frozen. The state is worked out from the window and the times; `round_event` keeps the
    history. `analysis_settings` are the lines and thresholds, as `analysis.settings` writes them.
    `set_up` holds what the copy of the bank was made from, as `survey.actions.setting_up` writes
    it; it is empty for a round that a command made.
    """

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint("opens_at_utc < closes_at_utc", name="window"),
        CheckConstraint("everyone_invited in ('yes', 'no', 'unknown')", name="everyone_invited"),
    )

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
    launched_at_utc: Mapped[datetime | None]
    """Since when what is asked is fixed. Before that nothing is sent and nobody can answer."""
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
    everyone_invited: Mapped[str] = mapped_column(String(10), default=Invited.UNKNOWN)
    previous_round_id: Mapped[str | None] = mapped_column(
        ForeignKey("round.id", ondelete="SET NULL"), index=True
    )
    """The round of the same council that this one follows."""
    set_up: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class MilestoneKind(StrEnum):
    """The dates of a review, in the order they usually come."""

    SCOPING = "scoping"
    QUESTIONNAIRE = "questionnaire"
    CASE_MAPPING = "case_mapping"
    INITIAL_THOUGHTS = "initial_thoughts"
    ON_SITE = "on_site"
    CONFERENCE = "conference"
    DRAFT_LETTER = "draft_letter"
    FACTUAL_CHECK = "factual_check"
    FINAL_LETTER = "final_letter"


class Milestone(Base):
    """A date of a round's timetable; `until_date` where it takes several days."""

    __tablename__ = "milestone"
    __table_args__ = (
        CheckConstraint(
            "kind in ('scoping', 'questionnaire', 'case_mapping', 'initial_thoughts', 'on_site', "
            "'conference', 'draft_letter', 'factual_check', 'final_letter')",
            name="kind",
        ),
        CheckConstraint("until_date is null or until_date >= on_date", name="until_date"),
    )

    round_id: Mapped[str] = mapped_column(
        ForeignKey("round.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    on_date: Mapped[date]
    until_date: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(300), default="")


class RoundEventKind(StrEnum):
    """What may happen to a round."""

    CREATED = "created"
    LAUNCHED = "launched"
    EXTENDED = "extended"
    CLOSED = "closed"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"


class RoundEvent(Base):
    """Something that happened to a round, by whom and why."""

    __tablename__ = "round_event"
    __table_args__ = (
        CheckConstraint(
            "kind in ('created', 'launched', 'extended', 'closed', 'reopened', 'withdrawn')",
            name="kind",
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
