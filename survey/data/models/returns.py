"""Agency returns: the one agreed answer of an agency, who wrote what in it, and who signed it.

A return is attributable: it is the agency's own statement, so names and times are kept here. What
is answered is only ever added to. A version is never changed or deleted while its return lives.
"""

from __future__ import annotations

from datetime import date, datetime
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


class Marking(StrEnum):
    """The protective marking a return carries, in the words printed on it."""

    OFFICIAL = "OFFICIAL"
    OFFICIAL_SENSITIVE = "OFFICIAL-SENSITIVE"


class AgencyReturn(Base):
    """One agency's return: a frozen bank, answered once for every round it is given to.

    `bank_json` holds no question of one round only: those are answered for their round
    (`ReturnVersion.round_id`).
    """

    __tablename__ = "agency_return"
    __table_args__ = (
        CheckConstraint("marking in ('OFFICIAL', 'OFFICIAL-SENSITIVE')", name="marking"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"), index=True)
    bank_id: Mapped[str] = mapped_column(String(80))
    bank_digest: Mapped[str] = mapped_column(String(64))
    bank_json: Mapped[str] = mapped_column(Text)
    as_at: Mapped[date | None]
    """The day that the answers describe, where the agency has said it."""
    marking: Mapped[str] = mapped_column(String(20), default=Marking.OFFICIAL)
    started_at_utc: Mapped[datetime]
    started_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class ReturnRound(Base):
    """A round that a return is given to. An agency has one return in a round."""

    __tablename__ = "return_round"
    __table_args__ = (UniqueConstraint("round_id", "agency_id"),)

    return_id: Mapped[str] = mapped_column(
        ForeignKey("agency_return.id", ondelete="CASCADE"), primary_key=True
    )
    round_id: Mapped[str] = mapped_column(
        ForeignKey("round.id", ondelete="CASCADE"), primary_key=True
    )
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"), index=True)
    """The return's own agency, here for the sake of the rule above."""
    joined_at_utc: Mapped[datetime]
    extended_to_utc: Mapped[datetime | None]
    """Until when this agency may answer, where that is later than the round says."""


class ReturnContributor(Base):
    """Somebody who helps with a return by a link, without an account.

    The secret of the link is never stored: it is derived, as an invitation's is. `may_sign` lets
    its holder read the whole return and sign it.
    """

    __tablename__ = "return_contributor"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    public_id: Mapped[str] = mapped_column(String(6), unique=True)
    return_id: Mapped[str] = mapped_column(
        ForeignKey("agency_return.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(200))
    post: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    may_sign: Mapped[bool] = mapped_column(default=False)
    generation: Mapped[int] = mapped_column(default=1)
    added_at_utc: Mapped[datetime]
    added_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    ended_at_utc: Mapped[datetime | None]


class ReturnShare(Base):
    """A section that a contributor may open: the code of a signpost, or `closing`."""

    __tablename__ = "return_share"

    contributor_id: Mapped[str] = mapped_column(
        ForeignKey("return_contributor.id", ondelete="CASCADE"), primary_key=True
    )
    section: Mapped[str] = mapped_column(String(60), primary_key=True)


class ReturnVersion(Base):
    """One saved answer to one question. The newest number is the answer.

    `round_id` is null for a question of the core, and set for one that only a round asks. A value
    of null says that somebody emptied the answer. `not_applicable` is the reason why the question
    does not apply to the agency, and stands in place of a value.
    """

    __tablename__ = "return_version"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        Index(
            "uq_return_version_core",
            "return_id",
            "question",
            "number",
            unique=True,
            sqlite_where=text("round_id is null"),
            postgresql_where=text("round_id is null"),
        ),
        Index(
            "uq_return_version_local",
            "return_id",
            "round_id",
            "question",
            "number",
            unique=True,
            sqlite_where=text("round_id is not null"),
            postgresql_where=text("round_id is not null"),
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    return_id: Mapped[str] = mapped_column(ForeignKey("agency_return.id", ondelete="CASCADE"))
    round_id: Mapped[str | None] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    value: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    not_applicable: Mapped[str] = mapped_column(Text, default="")
    carried_from: Mapped[str | None] = mapped_column(
        ForeignKey("return_version.id", ondelete="SET NULL"), index=True
    )
    """The version of an earlier return that this repeats, as long as nobody confirmed it: a
    confirmed answer is a new version without this mark."""
    contributor_id: Mapped[str | None] = mapped_column(
        ForeignKey("return_contributor.id", ondelete="SET NULL")
    )
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(200))
    """Who saved it, as they were called then."""
    at_utc: Mapped[datetime]


class HeldBecause(StrEnum):
    """Why an answer could not become the newest version."""

    CHANGED = "changed"
    """Somebody else had saved the same answer in between."""
    ENDED = "ended"
    """The contributor's part had just been ended."""
    UNSHARED = "unshared"
    """The section had just been taken away from the contributor."""
    NOT_OPEN = "not_open"
    """The return had just been sent for sign-off, or its time was over."""


class Chosen(StrEnum):
    """What was chosen when two answers stood against each other."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


class ReturnConflict(Base):
    """An answer that was sent while another came between: held until somebody chooses, and after.

    `base` is the number of the version its writer had before them, 0 for none.
    """

    __tablename__ = "return_conflict"
    __table_args__ = (
        CheckConstraint("because in ('changed', 'ended', 'unshared', 'not_open')", name="because"),
        CheckConstraint("chosen is null or chosen in ('mine', 'theirs', 'both')", name="chosen"),
        CheckConstraint("(chosen is null) = (resolved_at_utc is null)", name="resolved_is_chosen"),
        Index("ix_return_conflict_return_id_question", "return_id", "question"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    return_id: Mapped[str] = mapped_column(ForeignKey("agency_return.id", ondelete="CASCADE"))
    round_id: Mapped[str | None] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(String(60))
    because: Mapped[str] = mapped_column(String(20))
    base: Mapped[int]
    value: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    not_applicable: Mapped[str] = mapped_column(Text, default="")
    contributor_id: Mapped[str | None] = mapped_column(
        ForeignKey("return_contributor.id", ondelete="SET NULL")
    )
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(200))
    at_utc: Mapped[datetime]
    chosen: Mapped[str | None] = mapped_column(String(10))
    resolved_at_utc: Mapped[datetime | None]
    resolved_by: Mapped[str] = mapped_column(String(200), default="")


class ReturnNote(Base):
    """What contributors tell each other about a question. No part of the return itself."""

    __tablename__ = "return_note"
    __table_args__ = (
        CheckConstraint("length(text) > 0", name="has_text"),
        Index("ix_return_note_return_id_question", "return_id", "question"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    return_id: Mapped[str] = mapped_column(ForeignKey("agency_return.id", ondelete="CASCADE"))
    round_id: Mapped[str | None] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    contributor_id: Mapped[str | None] = mapped_column(
        ForeignKey("return_contributor.id", ondelete="SET NULL")
    )
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(200))
    at_utc: Mapped[datetime]
    settled_at_utc: Mapped[datetime | None]
    settled_by: Mapped[str] = mapped_column(String(200), default="")


class ReturnEventKind(StrEnum):
    """What may happen to a return on its way to being signed."""

    STARTED = "started"
    SUBMITTED = "submitted"
    """Sent for sign-off: nobody writes in it from then on."""
    SIGNED = "signed"
    """Signed here, by somebody who did not send it for sign-off."""
    SIGNED_ELSEWHERE = "signed_elsewhere"
    """Signed on paper or by e-mail, and recorded: the officer, the post, the day."""
    SENT_BACK = "sent_back"
    """Given back to be written on, with the reason, before it was signed or after."""


class ReturnEvent(Base):
    """Something that happened to a return, by whom. Its state is that of the newest event."""

    __tablename__ = "return_event"
    __table_args__ = (
        CheckConstraint(
            "kind in ('started', 'submitted', 'signed', 'signed_elsewhere', 'sent_back')",
            name="kind",
        ),
        CheckConstraint("kind <> 'sent_back' or length(reason) > 0", name="sent_back_has_reason"),
        CheckConstraint(
            "kind not in ('signed', 'signed_elsewhere')"
            " or (length(officer) > 0 and length(post) > 0 and signed_on is not null)",
            name="signed_names_officer",
        ),
        UniqueConstraint("return_id", "number"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    return_id: Mapped[str] = mapped_column(ForeignKey("agency_return.id", ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    at_utc: Mapped[datetime]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    contributor_id: Mapped[str | None] = mapped_column(
        ForeignKey("return_contributor.id", ondelete="SET NULL")
    )
    name: Mapped[str] = mapped_column(String(200))
    """Who did it, as they were called then."""
    officer: Mapped[str] = mapped_column(String(200), default="")
    """Who signed, where it was signed."""
    post: Mapped[str] = mapped_column(String(200), default="")
    signed_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")
