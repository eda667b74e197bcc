"""What rounds are compared with: published totals, notes, decisions, consent to share, results."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.data.base import Base, new_id


class PublishedRound(Base):
    """A round run elsewhere, of which only published totals are known.

    `source` says in words where the totals come from; it is shown wherever they are. `held_on` is
    the first day of the month in which people answered. `bank_json` is the questionnaire whose
    question codes the totals use.
    """

    __tablename__ = "published_round"
    __table_args__ = (
        UniqueConstraint("review_id", "title"),
        CheckConstraint("length(title) > 0", name="has_title"),
        CheckConstraint("length(source) > 0", name="has_source"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    review_id: Mapped[str] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(Text)
    held_on: Mapped[date]
    bank_id: Mapped[str] = mapped_column(String(80))
    bank_digest: Mapped[str] = mapped_column(String(64))
    bank_json: Mapped[str] = mapped_column(Text)
    imported_at_utc: Mapped[datetime]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class PublishedTotal(Base):
    """One question's published total: a count of favourable answers, or only a percentage.

    `percent` is decimal text as it was published ("46.5"); `base` None was not published.
    """

    __tablename__ = "published_total"
    __table_args__ = (
        CheckConstraint("favourable is not null or percent is not null", name="says_something"),
        CheckConstraint("base is null or base > 0", name="base_positive"),
        CheckConstraint(
            "favourable is null or (base is not null and favourable >= 0 and favourable <= base)",
            name="favourable_within_base",
        ),
    )

    published_round_id: Mapped[str] = mapped_column(
        ForeignKey("published_round.id", ondelete="CASCADE"), primary_key=True
    )
    question: Mapped[str] = mapped_column(String(60), primary_key=True)
    base: Mapped[int | None]
    favourable: Mapped[int | None]
    percent: Mapped[str | None] = mapped_column(String(12))


class WordingDecision(Base):
    """Whether a question may be compared although its wording changed; who says so and why.

    Rows are added, never changed: the newest of a pair of questions is in force for the council.
    """

    __tablename__ = "wording_decision"
    __table_args__ = (CheckConstraint("length(reason) > 0", name="has_reason"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    council_id: Mapped[str] = mapped_column(
        ForeignKey("council.id", ondelete="CASCADE"), index=True
    )
    before_bank: Mapped[str] = mapped_column(String(80))
    before_question: Mapped[str] = mapped_column(String(60))
    after_bank: Mapped[str] = mapped_column(String(80))
    after_question: Mapped[str] = mapped_column(String(60))
    comparable: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    at_utc: Mapped[datetime]


class CircumstanceNote(Base):
    """That something around a question changed between two rounds of a council.

    Each end is a round or a published round, never both. A note taken back stays on record.
    """

    __tablename__ = "circumstance_note"
    __table_args__ = (
        CheckConstraint(
            "kind in ('reorganisation', 'new_process', 'new_definition', 'other')", name="kind"
        ),
        CheckConstraint("length(note) > 0", name="has_note"),
        CheckConstraint(
            "(before_round_id is null) <> (before_published_id is null)", name="one_before"
        ),
        CheckConstraint(
            "(after_round_id is null) <> (after_published_id is null)", name="one_after"
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    council_id: Mapped[str] = mapped_column(
        ForeignKey("council.id", ondelete="CASCADE"), index=True
    )
    before_round_id: Mapped[str | None] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    before_published_id: Mapped[str | None] = mapped_column(
        ForeignKey("published_round.id", ondelete="CASCADE")
    )
    after_round_id: Mapped[str | None] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    after_published_id: Mapped[str | None] = mapped_column(
        ForeignKey("published_round.id", ondelete="CASCADE")
    )
    question: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    at_utc: Mapped[datetime]
    taken_back_at_utc: Mapped[datetime | None]


class StoredComparison(Base):
    """A gated comparison that was worked out; pages render it and nothing else.

    `key` is a digest of all it was made from: the snapshots, published totals, decisions, notes.
    """

    __tablename__ = "comparison"
    __table_args__ = (UniqueConstraint("council_id", "key"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    council_id: Mapped[str] = mapped_column(ForeignKey("council.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64))
    made_at_utc: Mapped[datetime]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    comparison_json: Mapped[str] = mapped_column(Text)


class ComparedRound(Base):
    """One round of a stored comparison, in its place: a snapshot, or a published round."""

    __tablename__ = "compared_round"
    __table_args__ = (
        CheckConstraint("(snapshot_id is null) <> (published_round_id is null)", name="one_kind"),
    )

    comparison_id: Mapped[str] = mapped_column(
        ForeignKey("comparison.id", ondelete="CASCADE"), primary_key=True
    )
    place: Mapped[int] = mapped_column(primary_key=True)
    snapshot_id: Mapped[str | None] = mapped_column(ForeignKey("snapshot.id", ondelete="CASCADE"))
    published_round_id: Mapped[str | None] = mapped_column(
        ForeignKey("published_round.id", ondelete="CASCADE")
    )


class ComparedPair(Base):
    """Two snapshots that were shown side by side, and when first.

    What a later comparison may tell depends on it, so it outlives the comparison.
    """

    __tablename__ = "compared_pair"

    before_snapshot_id: Mapped[str] = mapped_column(
        ForeignKey("snapshot.id", ondelete="CASCADE"), primary_key=True
    )
    after_snapshot_id: Mapped[str] = mapped_column(
        ForeignKey("snapshot.id", ondelete="CASCADE"), primary_key=True
    )
    shown_from_utc: Mapped[datetime]


class SharingConsent(Base):
    """A council's agreement that a round's figures stand, unnamed, in other councils' benchmarks.

    Withdrawn, it stays on record; agreeing again adds a row.
    """

    __tablename__ = "sharing_consent"
    __table_args__ = (
        CheckConstraint(
            "withdrawn_at_utc is null or withdrawn_at_utc >= agreed_at_utc", name="in_order"
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    agreed_at_utc: Mapped[datetime]
    agreed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    withdrawn_at_utc: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class StoredBenchmark(Base):
    """A round's gated benchmark, replaced when it is worked out anew.

    `key` is a digest of the snapshots it was made from: the own one and those of the group.
    """

    __tablename__ = "benchmark"

    round_id: Mapped[str] = mapped_column(
        ForeignKey("round.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(64))
    made_at_utc: Mapped[datetime]
    benchmark_json: Mapped[str] = mapped_column(Text)
