"""Who signs in, what they may see, what they did, and failed attempts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.data.base import Base, new_id


class Role(StrEnum):
    """What an account may do, and for whom: a council, a review, a programme, an agency."""

    ADMINISTRATOR = "administrator"
    """Runs the installation: councils, people, the record of events. Sees no answers."""
    REVIEW_MANAGER = "review_manager"
    """Sets up and runs a council's rounds."""
    TEAM_MEMBER = "team_member"
    """A peer on the team of one review: reads its findings and words them."""
    COUNCIL_OFFICER = "council_officer"
    """Reads a council's own findings and decides what it shares."""
    REGIONAL_LEAD = "regional_lead"
    """Reads what councils share with each other."""
    AGENCY_LEAD = "agency_lead"
    """Answers for an agency, whichever councils it serves."""


class Account(Base):
    """Somebody who signs in with a password. `session_generation` ends older sessions."""

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    session_generation: Mapped[int] = mapped_column(default=1)
    created_at_utc: Mapped[datetime]


class Membership(Base):
    """An account's role for one council."""

    __tablename__ = "membership"
    __table_args__ = (CheckConstraint("role in ('review_manager')", name="role"),)

    account_id: Mapped[str] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    council_id: Mapped[str] = mapped_column(
        ForeignKey("council.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(String(30))


class AuditEvent(Base):
    """Who did what, when. Never holds an answer, a comment or a respondent."""

    __tablename__ = "audit_event"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    at_utc: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    council_id: Mapped[str | None] = mapped_column(ForeignKey("council.id", ondelete="CASCADE"))
    action: Mapped[str] = mapped_column(String(60))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class FailedAttempt(Base):
    """One failed sign-in or code. `key` is a keyed hash, so no address or name is stored."""

    __tablename__ = "failed_attempt"
    __table_args__ = (Index("ix_failed_attempt_key_at_utc", "key", "at_utc"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(64))
    at_utc: Mapped[datetime]
