"""Councils and their look, and the agencies that work with them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.data.base import Base, new_id


class Council(Base):
    """A council that invites peer reviews. `slug` names it in commands and addresses.

    `colour` is the ground of the header on its pages, as #rrggbb in small letters, or "" for
    Signpost's own. The contact stands at the foot of its pages; "" is left out.
    """

    __tablename__ = "council"
    __table_args__ = (CheckConstraint("length(colour) in (0, 7)", name="colour"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    colour: Mapped[str] = mapped_column(String(7), default="")
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    contact_telephone: Mapped[str] = mapped_column(String(40), default="")
    privacy_contact: Mapped[str] = mapped_column(String(300), default="")
    """Whom to ask about personal data: the data protection officer, with an address."""
    website: Mapped[str] = mapped_column(String(300), default="")


class Agency(Base):
    """A partner agency. It may serve several councils, so it belongs to none."""

    __tablename__ = "agency"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    sector: Mapped[str] = mapped_column(String(40))


class AgencyCouncil(Base):
    """That an agency serves a council: it is on that council's register."""

    __tablename__ = "agency_council"

    agency_id: Mapped[str] = mapped_column(
        ForeignKey("agency.id", ondelete="CASCADE"), primary_key=True
    )
    council_id: Mapped[str] = mapped_column(
        ForeignKey("council.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class FormerName(Base):
    """A name an agency had before, so that an older file still finds it."""

    __tablename__ = "former_name"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
