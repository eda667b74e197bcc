"""E-mails: what is to be sent and what became of it; texts and reminders of a round.

A message names its reader and the ids its text is made from. The text itself, with the link that
lets somebody in, is made when it is sent and stored nowhere.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from survey.data.base import Base, new_id


class MailKind(StrEnum):
    """What a message is about; each kind has its text in templates/emails."""

    INVITATION = "invitation"
    REMINDER = "reminder"
    EXTENDED = "extended"
    WITHDRAWN = "withdrawn"
    AGENCY_LINK = "agency_link"
    RECEIPT_OF_CODE = "receipt_of_code"
    ACCOUNT_INVITATION = "account_invitation"
    PASSWORD_LINK = "password_link"  # noqa: S105  # the name of a kind, not a password
    FLAGGED_COMMENT = "flagged_comment"
    RETURN_CONTRIBUTOR = "return_contributor"
    RETURN_READY_TO_SIGN = "return_ready_to_sign"
    RETURN_SENT_BACK = "return_sent_back"
    RETURN_EXTENSION = "return_extension"
    TEST = "test"


_DUE = text(
    "claim is null and sent_at_utc is null and failed_at_utc is null and bounced_at_utc is null "
    "and dropped_at_utc is null"
)


class Message(Base):
    """One e-mail to one address. Its state is worked out from its times (`survey.data.outbox`).

    `key` says what it is, so that nothing is put twice. A claim is committed before anything is
    handed to a mail server: a claim without an outcome is a message that may have been sent.
    `last_error` is a class of error and a code, never an address or a server's words.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        CheckConstraint("(claim is null) = (claimed_at_utc is null)", name="claim_has_time"),
        Index("ix_message_round_id_kind", "round_id", "kind"),
        # What is due is a small part of what is kept, and is looked for every few seconds.
        Index("ix_message_due", "send_after_utc", sqlite_where=_DUE, postgresql_where=_DUE),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(30))
    to_address: Mapped[str] = mapped_column(String(254))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    council_id: Mapped[str | None] = mapped_column(ForeignKey("council.id", ondelete="CASCADE"))
    round_id: Mapped[str | None] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    invitation_id: Mapped[str | None] = mapped_column(
        ForeignKey("invitation.id", ondelete="CASCADE"), index=True
    )
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at_utc: Mapped[datetime]
    send_after_utc: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    claim: Mapped[str | None] = mapped_column(String(32))
    claimed_at_utc: Mapped[datetime | None]
    last_attempt_at_utc: Mapped[datetime | None]
    sent_at_utc: Mapped[datetime | None]
    delivered_at_utc: Mapped[datetime | None]
    """When the provider said that it arrived; only GOV.UK Notify says so."""
    failed_at_utc: Mapped[datetime | None]
    """When it was given up after several tries."""
    bounced_at_utc: Mapped[datetime | None]
    """When a mail server, the provider or a manager said that the address takes no mail."""
    dropped_at_utc: Mapped[datetime | None]
    """When it was found to be needed no longer, such as a reminder of a closed round."""
    replaced_at_utc: Mapped[datetime | None]
    """When somebody had the same sent again, as a message of its own."""
    provider_id: Mapped[str | None] = mapped_column(String(100))
    last_error: Mapped[str] = mapped_column(String(100), default="")


class LocalMail(Base):
    """A message as its reader would have it, kept instead of sent where MAIL is `local`."""

    __tablename__ = "local_mail"

    message_id: Mapped[str] = mapped_column(
        ForeignKey("message.id", ondelete="CASCADE"), primary_key=True
    )
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)


class MessageText(Base):
    """A round's own text for one kind of message, instead of the one Signpost brings."""

    __tablename__ = "message_text"

    round_id: Mapped[str] = mapped_column(
        ForeignKey("round.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(30), primary_key=True)
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    changed_at_utc: Mapped[datetime]


class Reminder(Base):
    """A reminder planned for so many working days before the last day for answers.

    `put_for_utc` is the end of the window for which it was put in the outbox: when the window is
    made longer, the reminder falls due again.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("round_id", "working_days"),
        CheckConstraint("working_days between 1 and 60", name="working_days"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    working_days: Mapped[int]
    created_at_utc: Mapped[datetime]
    put_for_utc: Mapped[datetime | None]
