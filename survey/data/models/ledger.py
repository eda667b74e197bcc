"""The release ledger: which snapshot was shown to whom, and which files of it were handed out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.data.base import Base, new_id


class Release(Base):
    """A snapshot shown to one audience. A new snapshot is audited beside all that are here.

    `updated` is how many questions had new figures, `held` how many kept those of the release
    before; both are 0 in a round's first release, in which all is new.
    """

    __tablename__ = "snapshot_release"
    __table_args__ = (
        UniqueConstraint("snapshot_id", "audience"),
        CheckConstraint("updated >= 0 and held >= 0", name="counts"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    snapshot_id: Mapped[str] = mapped_column(ForeignKey("snapshot.id", ondelete="CASCADE"))
    audience: Mapped[str] = mapped_column(String(20))
    shown_from_utc: Mapped[datetime]
    updated: Mapped[int]
    held: Mapped[int]


class HandedOutFile(Base):
    """A file of a release that somebody took away. It holds what the release shows, no more."""

    __tablename__ = "handed_out_file"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    release_id: Mapped[str] = mapped_column(
        ForeignKey("snapshot_release.id", ondelete="CASCADE"), index=True
    )
    file_format: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    at_utc: Mapped[datetime]
