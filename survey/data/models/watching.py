"""What a review manager watches while a round is open, and what was done about comments.

docs/decisions/0017-days-and-what-they-could-tell.md says what the days kept here could tell.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.data.base import Base, new_id


class SentInDay(Base):
    """How many sent in their answers on a day in London. Of the whole round, never of an agency."""

    __tablename__ = "sent_in_day"
    __table_args__ = (CheckConstraint("sent_in > 0", name="some"),)

    round_id: Mapped[str] = mapped_column(
        ForeignKey("round.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    sent_in: Mapped[int]


class WhatWasDone(StrEnum):
    """What somebody did about a comment that was flagged."""

    TOLD_DUTY_TEAM = "told_duty_team"
    CONTACTED = "contacted"
    NOTHING_NEEDED = "nothing_needed"
    OTHER = "other"


class CommentCheck(Base):
    """That somebody read a flagged comment, and what they did about it.

    Those of one comment are counted by `number`, so that their order needs no time. `on_day` is
    emptied when the round is closed, except where somebody was told or contacted: of those acts a
    record is owed. `note` says where more is kept, never what the comment says.
    """

    __tablename__ = "comment_check"
    __table_args__ = (
        UniqueConstraint("comment_id", "number"),
        CheckConstraint(
            "what in ('told_duty_team', 'contacted', 'nothing_needed', 'other')", name="what"
        ),
        CheckConstraint("what <> 'other' or length(note) > 0", name="other_has_note"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    comment_id: Mapped[str] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"))
    number: Mapped[int]
    what: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    on_day: Mapped[date | None]
