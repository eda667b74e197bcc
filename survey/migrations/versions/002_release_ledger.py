"""The release ledger. Older snapshots were shown to the review team when they were made."""

import secrets

import sqlalchemy as sa
from alembic import op

import survey.data.base

revision = "002"
down_revision = "001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    release = op.create_table(
        "snapshot_release",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("snapshot_id", sa.String(length=32), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("shown_from_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.CheckConstraint("updated >= 0 and held >= 0", name=op.f("ck_snapshot_release_counts")),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["snapshot.id"],
            name=op.f("fk_snapshot_release_snapshot_id_snapshot"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot_release")),
        sa.UniqueConstraint(
            "snapshot_id", "audience", name=op.f("uq_snapshot_release_snapshot_id_audience")
        ),
    )
    op.create_table(
        "handed_out_file",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("release_id", sa.String(length=32), nullable=False),
        sa.Column("file_format", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column("at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_handed_out_file_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["snapshot_release.id"],
            name=op.f("fk_handed_out_file_release_id_snapshot_release"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handed_out_file")),
    )
    with op.batch_alter_table("handed_out_file", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_handed_out_file_release_id"), ["release_id"], unique=False
        )
    snapshot = sa.table(
        "snapshot",
        sa.column("id", sa.String),
        sa.column("made_at_utc", survey.data.base.UtcDateTime(timezone=True)),
    )
    made = op.get_bind().execute(sa.select(snapshot.c.id, snapshot.c.made_at_utc)).all()
    op.bulk_insert(
        release,
        [
            {
                "id": secrets.token_hex(16),
                "snapshot_id": snapshot_id,
                "audience": "review_team",
                "shown_from_utc": made_at,
                "updated": 0,
                "held": 0,
            }
            for snapshot_id, made_at in made
        ],
    )


def downgrade() -> None:
    with op.batch_alter_table("handed_out_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handed_out_file_release_id"))

    op.drop_table("handed_out_file")
    op.drop_table("snapshot_release")
