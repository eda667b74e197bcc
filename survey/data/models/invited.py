"""Who is invited to answer in a round: agencies, how many of each, and people's ways in."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.data.base import Base, new_id


class AnswersBy(StrEnum):
    """How an invited agency answers: person by person, or as one in an agency return."""

    PEOPLE = "people"
    RETURN = "return"


class InvitedAgency(Base):
    """An agency asked to take part in a round. `expected` means its silence would matter.

    The contact is whom to turn to at the agency about this round. `return_because` says why it
    was agreed that the agency answers as one. An open link is one address for all of an agency's
    people: its public id and generation stay when it is taken back, so that the next one is new.
    """

    __tablename__ = "invited_agency"
    __table_args__ = (
        UniqueConstraint("round_id", "agency_id"),
        CheckConstraint("answers_by in ('people', 'return')", name="answers_by"),
        CheckConstraint(
            "open_link_made_at_utc is null or (open_link_id is not null"
            " and open_link_generation > 0)",
            name="open_link",
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"), index=True)
    expected: Mapped[bool] = mapped_column(default=True)
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    answers_by: Mapped[str] = mapped_column(String(10), default=AnswersBy.PEOPLE)
    return_because: Mapped[str] = mapped_column(String(300), default="")
    open_link_id: Mapped[str | None] = mapped_column(String(6), unique=True)
    open_link_generation: Mapped[int] = mapped_column(default=0)
    open_link_made_at_utc: Mapped[datetime | None]
    """Since when there is an open link that works; None while there is none."""


class InvitedNumber(Base):
    """How many people of an agency were asked, where known; `level` is "" for all together."""

    __tablename__ = "invited_number"
    __table_args__ = (CheckConstraint("invited >= 0", name="invited_not_negative"),)

    invited_agency_id: Mapped[str] = mapped_column(
        ForeignKey("invited_agency.id", ondelete="CASCADE"), primary_key=True
    )
    level: Mapped[str] = mapped_column(String(20), primary_key=True, default="")
    invited: Mapped[int]


class ExpectedSector(Base):
    """A sector that a round means to hear: with no agency of it invited, that is a gap."""

    __tablename__ = "expected_sector"

    round_id: Mapped[str] = mapped_column(
        ForeignKey("round.id", ondelete="CASCADE"), primary_key=True
    )
    sector: Mapped[str] = mapped_column(String(40), primary_key=True)


class SectorBriefing(Base):
    """What a sector was told of a round beforehand: when, by whom, and whether it was clear."""

    __tablename__ = "sector_briefing"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    sector: Mapped[str] = mapped_column(String(40))
    told_on: Mapped[date]
    told_by: Mapped[str] = mapped_column(String(200))
    what: Mapped[str] = mapped_column(Text)
    was_clear: Mapped[bool] = mapped_column(default=True)
    recorded_at_utc: Mapped[datetime]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class PendingImport(Base):
    """A file of people to invite, checked and waiting for the word, or being brought in.

    `content` is what the file says, one entry for each agency, and is emptied once it is brought
    in; the counts stay for a day, for the page that shows them. `done` of `total` people have been
    prepared. `beat_at_utc` is the last sign of life of whoever brings it in, `runner` who that is.
    """

    __tablename__ = "pending_import"
    __table_args__ = (
        CheckConstraint("done >= 0 and done <= total", name="done_of_total"),
        CheckConstraint("finished_at_utc is null or started_at_utc is not null", name="started"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[list[Any]] = mapped_column(JSON)
    plan_digest: Mapped[str] = mapped_column(String(64))
    """A digest of the changes the manager was last shown."""
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    read_at_utc: Mapped[datetime]
    started_at_utc: Mapped[datetime | None]
    beat_at_utc: Mapped[datetime | None]
    runner: Mapped[str] = mapped_column(String(32), default="")
    finished_at_utc: Mapped[datetime | None]
    stopped_because: Mapped[str] = mapped_column(String(300), default="")
    invited: Mapped[int] = mapped_column(default=0)
    """How many invitations were made."""


class PreparedInvitation(Base):
    """An invitation of a file that is being brought in: not one yet, and nobody can use it."""

    __tablename__ = "prepared_invitation"

    import_id: Mapped[str] = mapped_column(
        ForeignKey("pending_import.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public_id: Mapped[str] = mapped_column(String(6))
    agency: Mapped[str] = mapped_column(String(200))
    label: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))


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
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    reminders_stopped_at_utc: Mapped[datetime | None]
    """Since when this person gets no more reminders, because somebody asked for that."""
    minted: Mapped[bool] = mapped_column(default=False)
    """Whether somebody took it by an agency's open link, or it was made for a sheet of paper."""
