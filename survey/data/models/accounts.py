"""Who signs in, what they may see, what they did, and failed attempts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
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
    """Somebody who signs in. `session_generation` ends older sessions and links to set a password.

    Without a password the account is only invited, or signs in elsewhere. `totp_secret` is
    encrypted; it counts from `totp_confirmed_at_utc`, and `totp_last_step` is the newest 30
    seconds of which a code was taken, so that none is taken twice.
    """

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    session_generation: Mapped[int] = mapped_column(default=1)
    created_at_utc: Mapped[datetime]
    deactivated_at_utc: Mapped[datetime | None]
    totp_secret: Mapped[str | None] = mapped_column(String(300))
    totp_confirmed_at_utc: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]


class Membership(Base):
    """An account's role, and for whom: exactly the one thing that the role is held for."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(
            "role in ('administrator', 'review_manager', 'team_member', 'council_officer', "
            "'regional_lead', 'agency_lead')",
            name="role",
        ),
        CheckConstraint(
            "(role = 'administrator' and council_id is null and programme_id is null"
            " and agency_id is null and review_id is null)"
            " or (role in ('review_manager', 'council_officer') and council_id is not null"
            " and programme_id is null and agency_id is null and review_id is null)"
            " or (role = 'team_member' and review_id is not null"
            " and council_id is null and programme_id is null and agency_id is null)"
            " or (role = 'regional_lead' and (council_id is null) <> (programme_id is null)"
            " and agency_id is null and review_id is null)"
            " or (role = 'agency_lead' and agency_id is not null"
            " and council_id is null and programme_id is null and review_id is null)",
            name="scope",
        ),
        UniqueConstraint("account_id", "role", "council_id"),
        UniqueConstraint("account_id", "role", "programme_id"),
        UniqueConstraint("account_id", "role", "agency_id"),
        UniqueConstraint("account_id", "role", "review_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(30))
    council_id: Mapped[str | None] = mapped_column(
        ForeignKey("council.id", ondelete="CASCADE"), index=True
    )
    programme_id: Mapped[str | None] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    agency_id: Mapped[str | None] = mapped_column(
        ForeignKey("agency.id", ondelete="CASCADE"), index=True
    )
    review_id: Mapped[str | None] = mapped_column(
        ForeignKey("review.id", ondelete="CASCADE"), index=True
    )


class Programme(Base):
    """Councils that work together under one name, so that somebody may lead them all."""

    __tablename__ = "programme"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200), unique=True)


class ProgrammeCouncil(Base):
    """That a council belongs to a programme."""

    __tablename__ = "programme_council"

    programme_id: Mapped[str] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), primary_key=True
    )
    council_id: Mapped[str] = mapped_column(
        ForeignKey("council.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class TeamMember(Base):
    """Somebody on the team of a review, before or after they have an account.

    What they may see stands in their membership, never here.
    """

    __tablename__ = "team_member"
    __table_args__ = (CheckConstraint("length(name) > 0", name="has_name"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    review_id: Mapped[str] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[str | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    name: Mapped[str] = mapped_column(String(200))
    team_role: Mapped[str] = mapped_column(String(200), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    shadow: Mapped[bool] = mapped_column(default=False)
    """Whether they come along to learn, and decide nothing."""
    conflicts: Mapped[str] = mapped_column(Text, default="")
    """What they have declared that might seem to sway them, in their own words."""


class RecoveryCode(Base):
    """A code that stands in for the second factor once. Only a keyed hash of it is kept."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("account_id", "code_hash"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at_utc: Mapped[datetime | None]


class SignInSession(Base):
    """One browser in which an account is signed in; its id stands in the signed cookie.

    `seen_at_utc` is written when something is sent, and at most every five minutes: looking at a
    page writes nothing. `passed_second_factor` says whether a second factor was given.
    """

    __tablename__ = "sign_in_session"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    generation: Mapped[int]
    started_at_utc: Mapped[datetime] = mapped_column(index=True)
    seen_at_utc: Mapped[datetime]
    device: Mapped[str] = mapped_column(String(100))
    passed_second_factor: Mapped[bool] = mapped_column(default=False)
    ended_at_utc: Mapped[datetime | None]


class ExternalIdentity(Base):
    """Who an account is at another provider that people sign in with (OpenID Connect)."""

    __tablename__ = "external_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(255))
    linked_at_utc: Mapped[datetime]


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
