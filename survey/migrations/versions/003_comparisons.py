"""Published rounds, notes and decisions on changes, consent to share, comparisons, benchmarks.

Old code can run against it: it knows none of these tables.
"""

import sqlalchemy as sa
from alembic import op

import survey.data.base

revision = "003"
down_revision = "002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comparison",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("council_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("made_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column("comparison_json", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_comparison_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["council_id"],
            ["council.id"],
            name=op.f("fk_comparison_council_id_council"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparison")),
        sa.UniqueConstraint("council_id", "key", name=op.f("uq_comparison_council_id_key")),
    )
    op.create_table(
        "wording_decision",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("council_id", sa.String(length=32), nullable=False),
        sa.Column("before_bank", sa.String(length=80), nullable=False),
        sa.Column("before_question", sa.String(length=60), nullable=False),
        sa.Column("after_bank", sa.String(length=80), nullable=False),
        sa.Column("after_question", sa.String(length=60), nullable=False),
        sa.Column("comparable", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column("at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_wording_decision_has_reason")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_wording_decision_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["council_id"],
            ["council.id"],
            name=op.f("fk_wording_decision_council_id_council"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_decision")),
    )
    with op.batch_alter_table("wording_decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_wording_decision_council_id"), ["council_id"], unique=False
        )

    op.create_table(
        "published_round",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("review_id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("bank_id", sa.String(length=80), nullable=False),
        sa.Column("bank_digest", sa.String(length=64), nullable=False),
        sa.Column("bank_json", sa.Text(), nullable=False),
        sa.Column("imported_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.CheckConstraint("length(source) > 0", name=op.f("ck_published_round_has_source")),
        sa.CheckConstraint("length(title) > 0", name=op.f("ck_published_round_has_title")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_published_round_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["review.id"],
            name=op.f("fk_published_round_review_id_review"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_round")),
        sa.UniqueConstraint("review_id", "title", name=op.f("uq_published_round_review_id_title")),
    )
    op.create_table(
        "benchmark",
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("made_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("benchmark_json", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_benchmark_round_id_round"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_benchmark")),
    )
    op.create_table(
        "circumstance_note",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("council_id", sa.String(length=32), nullable=False),
        sa.Column("before_round_id", sa.String(length=32), nullable=True),
        sa.Column("before_published_id", sa.String(length=32), nullable=True),
        sa.Column("after_round_id", sa.String(length=32), nullable=True),
        sa.Column("after_published_id", sa.String(length=32), nullable=True),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column("at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind in ('reorganisation', 'new_process', 'new_definition', 'other')",
            name=op.f("ck_circumstance_note_kind"),
        ),
        sa.CheckConstraint(
            "(after_round_id is null) <> (after_published_id is null)",
            name=op.f("ck_circumstance_note_one_after"),
        ),
        sa.CheckConstraint(
            "(before_round_id is null) <> (before_published_id is null)",
            name=op.f("ck_circumstance_note_one_before"),
        ),
        sa.CheckConstraint("length(note) > 0", name=op.f("ck_circumstance_note_has_note")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_circumstance_note_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["after_published_id"],
            ["published_round.id"],
            name=op.f("fk_circumstance_note_after_published_id_published_round"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["after_round_id"],
            ["round.id"],
            name=op.f("fk_circumstance_note_after_round_id_round"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["before_published_id"],
            ["published_round.id"],
            name=op.f("fk_circumstance_note_before_published_id_published_round"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["before_round_id"],
            ["round.id"],
            name=op.f("fk_circumstance_note_before_round_id_round"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["council_id"],
            ["council.id"],
            name=op.f("fk_circumstance_note_council_id_council"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circumstance_note")),
    )
    with op.batch_alter_table("circumstance_note", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_circumstance_note_council_id"), ["council_id"], unique=False
        )

    op.create_table(
        "published_total",
        sa.Column("published_round_id", sa.String(length=32), nullable=False),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("favourable", sa.Integer(), nullable=True),
        sa.Column("percent", sa.String(length=12), nullable=True),
        sa.CheckConstraint(
            "base is null or base > 0", name=op.f("ck_published_total_base_positive")
        ),
        sa.CheckConstraint(
            "favourable is not null or percent is not null",
            name=op.f("ck_published_total_says_something"),
        ),
        sa.CheckConstraint(
            "favourable is null or (base is not null and favourable >= 0 and favourable <= base)",
            name=op.f("ck_published_total_favourable_within_base"),
        ),
        sa.ForeignKeyConstraint(
            ["published_round_id"],
            ["published_round.id"],
            name=op.f("fk_published_total_published_round_id_published_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("published_round_id", "question", name=op.f("pk_published_total")),
    )
    op.create_table(
        "sharing_consent",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("agreed_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("agreed_by", sa.String(length=32), nullable=True),
        sa.Column("withdrawn_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "withdrawn_at_utc is null or withdrawn_at_utc >= agreed_at_utc",
            name=op.f("ck_sharing_consent_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["agreed_by"],
            ["account.id"],
            name=op.f("fk_sharing_consent_agreed_by_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["round.id"],
            name=op.f("fk_sharing_consent_round_id_round"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"],
            ["account.id"],
            name=op.f("fk_sharing_consent_withdrawn_by_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing_consent")),
    )
    with op.batch_alter_table("sharing_consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sharing_consent_round_id"), ["round_id"], unique=False)

    op.create_table(
        "compared_pair",
        sa.Column("before_snapshot_id", sa.String(length=32), nullable=False),
        sa.Column("after_snapshot_id", sa.String(length=32), nullable=False),
        sa.Column("shown_from_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["after_snapshot_id"],
            ["snapshot.id"],
            name=op.f("fk_compared_pair_after_snapshot_id_snapshot"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["before_snapshot_id"],
            ["snapshot.id"],
            name=op.f("fk_compared_pair_before_snapshot_id_snapshot"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "before_snapshot_id", "after_snapshot_id", name=op.f("pk_compared_pair")
        ),
    )
    op.create_table(
        "compared_round",
        sa.Column("comparison_id", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.String(length=32), nullable=True),
        sa.Column("published_round_id", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "(snapshot_id is null) <> (published_round_id is null)",
            name=op.f("ck_compared_round_one_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["comparison_id"],
            ["comparison.id"],
            name=op.f("fk_compared_round_comparison_id_comparison"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["published_round_id"],
            ["published_round.id"],
            name=op.f("fk_compared_round_published_round_id_published_round"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["snapshot.id"],
            name=op.f("fk_compared_round_snapshot_id_snapshot"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("comparison_id", "place", name=op.f("pk_compared_round")),
    )


def downgrade() -> None:
    op.drop_table("compared_round")
    op.drop_table("compared_pair")
    with op.batch_alter_table("sharing_consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sharing_consent_round_id"))

    op.drop_table("sharing_consent")
    op.drop_table("published_total")
    with op.batch_alter_table("circumstance_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_circumstance_note_council_id"))

    op.drop_table("circumstance_note")
    op.drop_table("benchmark")
    op.drop_table("published_round")
    with op.batch_alter_table("wording_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wording_decision_council_id"))

    op.drop_table("wording_decision")
    op.drop_table("comparison")
