"""Answers being entered for somebody, from paper or by telephone.

An entry is like a draft: it is deleted in the transaction that makes a response of it, and nothing
leads from the response back to it or to whoever typed it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.data.base import Base, new_id


class Entry(Base):
    """One sheet of paper, or one call. `reference` is what stands on the sheet, to find it again.

    Without an invitation one is made for it when it is sent. With `twice`, a second person enters
    the same sheet without seeing what the first did, and the two are compared.
    """

    __tablename__ = "entry"
    __table_args__ = (CheckConstraint("way in ('paper', 'telephone')", name="way"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    invited_agency_id: Mapped[str] = mapped_column(
        ForeignKey("invited_agency.id", ondelete="CASCADE")
    )
    invitation_id: Mapped[str | None] = mapped_column(
        ForeignKey("invitation.id", ondelete="CASCADE"), unique=True
    )
    way: Mapped[str] = mapped_column(String(10))
    reference: Mapped[str] = mapped_column(String(60), default="")
    twice: Mapped[bool] = mapped_column(default=False)
    started_at_utc: Mapped[datetime]


class Typing(Base):
    """What one person typed of an entry: `turn` 1 is the first, 2 the one that checks it."""

    __tablename__ = "entry_typing"
    __table_args__ = (CheckConstraint("turn in (1, 2)", name="turn"),)

    entry_id: Mapped[str] = mapped_column(
        ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True
    )
    turn: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    level: Mapped[str] = mapped_column(String(20))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    quotable: Mapped[bool] = mapped_column(default=False)
    done: Mapped[bool] = mapped_column(default=False)
    saved_at_utc: Mapped[datetime]
