"""Who is invited to answer in a round: agencies, how many of each, and people's ways in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.data.base import Base, new_id


class InvitedAgency(Base):
    """An agency asked to take part in a round. `expected` means its silence would matter."""

    __tablename__ = "invited_agency"
    __table_args__ = (UniqueConstraint("round_id", "agency_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"), index=True)
    expected: Mapped[bool] = mapped_column(default=True)


class InvitedNumber(Base):
    """How many people of an agency were asked, where known; `level` is "" for all together."""

    __tablename__ = "invited_number"
    __table_args__ = (CheckConstraint("invited >= 0", name="invited_not_negative"),)

    invited_agency_id: Mapped[str] = mapped_column(
        ForeignKey("invited_agency.id", ondelete="CASCADE"), primary_key=True
    )
    level: Mapped[str] = mapped_column(String(20), primary_key=True, default="")
    invited: Mapped[int]


class Invitation(Base):
    """One person's way in. Its secret is never stored: it is derived (`survey.actions.tokens`).

    `public_id` stands in addresses and is the first half of the printed code. A new `generation`
    makes the old link and code useless. `label` is for the manager: a name, a post, or nothing.
    """

    __tablename__ = "invitation"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    public_id: Mapped[str] = mapped_column(String(6), unique=True)
    invited_agency_id: Mapped[str] = mapped_column(
        ForeignKey("invited_agency.id", ondelete="CASCADE"), index=True
    )
    generation: Mapped[int] = mapped_column(default=1)
    revoked_at_utc: Mapped[datetime | None]
    label: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    reminders_stopped_at_utc: Mapped[datetime | None]
    """Since when this person gets no more reminders, because somebody asked for that."""
