"""Councils, and the agencies that work with them."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from survey.data.base import Base, new_id


class Council(Base):
    """A council that invites peer reviews. `slug` names it in commands and addresses."""

    __tablename__ = "council"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)


class Agency(Base):
    """A partner agency. It may serve several councils, so it belongs to none."""

    __tablename__ = "agency"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    sector: Mapped[str] = mapped_column(String(40))
