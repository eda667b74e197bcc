"""What respondents entered and sent in.

A draft belongs to an invitation. On submission the link is cut: a response, its answers and its
comments have no column that could lead to a person, no date, and random ids; participation says
that an invitation was used and has no column that could lead to a response. The four tables have
no hidden row number on SQLite, and closing a round rewrites them shuffled (see
`survey.actions.anonymity`). docs/decisions/0004-anonymity.md gives the reasons.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from survey.data.base import Base, new_id


class Draft(Base):
    """Answers not yet sent in: question code to value, None where left blank on purpose."""

    __tablename__ = "draft"

    invitation_id: Mapped[str] = mapped_column(
        ForeignKey("invitation.id", ondelete="CASCADE"), primary_key=True
    )
    level: Mapped[str] = mapped_column(String(20))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    started_at_utc: Mapped[datetime]
    saved_at_utc: Mapped[datetime]


class Participation(Base):
    """That an invitation has been used. Not when, and not with which answers."""

    __tablename__ = "participation"
    __table_args__ = ({"sqlite_with_rowid": False},)

    invitation_id: Mapped[str] = mapped_column(
        ForeignKey("invitation.id", ondelete="CASCADE"), primary_key=True
    )


class EnteredBy(StrEnum):
    """How a response came in. Not by whose hand, and not when."""

    SELF = "self"
    PAPER = "paper"
    TELEPHONE = "telephone"


class Response(Base):
    """One person's submitted answers, known only by agency and level, and by how they came in."""

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint("entered in ('self', 'paper', 'telephone')", name="entered"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    level: Mapped[str] = mapped_column(String(20))
    entered: Mapped[str] = mapped_column(String(10), default=EnteredBy.SELF)


class Answer(Base):
    """A response's answer to one question asked of it; `value` is None where it was skipped.

    A value is an option code, codes joined by `|`, a number or an ISO date. Never free text.
    """

    __tablename__ = "answer"
    __table_args__ = ({"sqlite_with_rowid": False},)

    response_id: Mapped[str] = mapped_column(
        ForeignKey("response.id", ondelete="CASCADE"), primary_key=True
    )
    question: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str | None] = mapped_column(String(1000))


class CommentState(StrEnum):
    """Whether anybody but the review manager may read a comment."""

    WAITING = "waiting"
    RELEASED = "released"
    WITHHELD = "withheld"


class Comment(Base):
    """Something written in a text box. It knows its agency but no response.

    `text` is as written; `released_text` is what others may read, after redaction.
    `flags` are kinds of personal data found by rule, joined by `,`; "" when none was found.
    """

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'released', 'withheld')", name="state"),
        CheckConstraint(
            "state <> 'released' or released_text is not null", name="released_has_text"
        ),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))
    question: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    quotable: Mapped[bool] = mapped_column(default=False)
    flags: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(20), default=CommentState.WAITING)
    released_text: Mapped[str | None] = mapped_column(Text)
