"""Evidence, moderated scores and extensions of agency returns.

Old code can run against it: it knows none of these tables.
"""

import sqlalchemy as sa
from alembic import op

import survey.data.base

revision = "011"
down_revision = "010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "moderated_score",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("return_id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("option", sa.String(length=60), nullable=False),
        sa.Column("own_option", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_moderated_score_has_reason")),
        sa.CheckConstraint("number > 0", name=op.f("ck_moderated_score_number_positive")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_moderated_score_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["agency_return.id"],
            name=op.f("fk_moderated_score_return_id_agency_return"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["round.id"],
            name=op.f("fk_moderated_score_round_id_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderated_score")),
        sa.UniqueConstraint(
            "round_id",
            "return_id",
            "question",
            "number",
            name=op.f("uq_moderated_score_round_id_return_id_question_number"),
        ),
    )
    with op.batch_alter_table("moderated_score", schema=None) as batch_op:
        batch_op.create_index("ix_moderated_score_return_id", ["return_id"], unique=False)
    op.create_table(
        "return_evidence",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("return_id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=True),
        sa.Column("section", sa.String(length=60), nullable=False),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("document", sa.String(length=300), nullable=False),
        sa.Column("page", sa.String(length=60), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("stored_name", sa.String(length=32), nullable=True),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("file_kind", sa.String(length=10), nullable=False),
        sa.Column("file_bytes", sa.Integer(), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=False),
        sa.Column("at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column("contributor_id", sa.String(length=32), nullable=True),
        sa.Column("removed_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(kind = 'file') = (stored_name is not null) and (kind = 'file') = (file_bytes > 0)",
            name=op.f("ck_return_evidence_file_has_file"),
        ),
        sa.CheckConstraint(
            "(removed_at_utc is null) = (removed_by = '')",
            name=op.f("ck_return_evidence_removed_by_somebody"),
        ),
        sa.CheckConstraint(
            "kind <> 'link' or length(link) > 0", name=op.f("ck_return_evidence_link_has_link")
        ),
        sa.CheckConstraint(
            "kind <> 'reference' or length(document) > 0",
            name=op.f("ck_return_evidence_reference_has_document"),
        ),
        sa.CheckConstraint(
            "kind <> 'text' or length(text) > 0", name=op.f("ck_return_evidence_text_has_text")
        ),
        sa.CheckConstraint(
            "kind in ('text', 'reference', 'link', 'file')", name=op.f("ck_return_evidence_kind")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_return_evidence_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["contributor_id"],
            ["return_contributor.id"],
            name=op.f("fk_return_evidence_contributor_id_return_contributor"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["agency_return.id"],
            name=op.f("fk_return_evidence_return_id_agency_return"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["round.id"],
            name=op.f("fk_return_evidence_round_id_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_evidence")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_return_evidence_stored_name")),
    )
    with op.batch_alter_table("return_evidence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_return_evidence_return_id"), ["return_id"], unique=False
        )
    op.create_table(
        "return_extension",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("return_id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("decided_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("granted_until", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("decided_account_id", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "decided_at_utc is not null or granted_until is null",
            name=op.f("ck_return_extension_granted_when_decided"),
        ),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_return_extension_has_reason")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_return_extension_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["decided_account_id"],
            ["account.id"],
            name=op.f("fk_return_extension_decided_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["agency_return.id"],
            name=op.f("fk_return_extension_return_id_agency_return"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["round.id"],
            name=op.f("fk_return_extension_round_id_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_extension")),
    )
    with op.batch_alter_table("return_extension", schema=None) as batch_op:
        batch_op.create_index(
            "ix_return_extension_return_id_round_id", ["return_id", "round_id"], unique=False
        )
        batch_op.create_index(
            "uq_return_extension_waiting",
            ["return_id", "round_id"],
            unique=True,
            sqlite_where=sa.text("decided_at_utc is null"),
            postgresql_where=sa.text("decided_at_utc is null"),
        )


def downgrade() -> None:
    with op.batch_alter_table("return_extension", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_return_extension_waiting",
            sqlite_where=sa.text("decided_at_utc is null"),
            postgresql_where=sa.text("decided_at_utc is null"),
        )
        batch_op.drop_index("ix_return_extension_return_id_round_id")
    op.drop_table("return_extension")
    with op.batch_alter_table("return_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_return_evidence_return_id"))
    op.drop_table("return_evidence")
    with op.batch_alter_table("moderated_score", schema=None) as batch_op:
        batch_op.drop_index("ix_moderated_score_return_id")
    op.drop_table("moderated_score")
