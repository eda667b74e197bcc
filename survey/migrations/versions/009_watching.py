"""Answers per day and what was done about flagged comments; rounds extended and withdrawn."""

import sqlalchemy as sa
from alembic import op

import survey.data.base

revision = "009"
down_revision = "008"
branch_labels = None
depends_on = None

KINDS_BEFORE = "kind in ('created', 'launched', 'closed', 'reopened')"
KINDS = "kind in ('created', 'launched', 'extended', 'closed', 'reopened', 'withdrawn')"


def upgrade() -> None:
    op.add_column(
        "round",
        sa.Column(
            "comments_checked_email", sa.String(length=254), nullable=False, server_default=""
        ),
    )
    op.add_column(
        "round",
        sa.Column("withdrawn_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=True),
    )
    with op.batch_alter_table("round_event", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_round_event_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_round_event_kind"), KINDS)
        batch_op.create_check_constraint(
            op.f("ck_round_event_withdrawn_has_reason"), "kind <> 'withdrawn' or length(reason) > 0"
        )
    op.create_table(
        "sent_in_day",
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sent_in", sa.Integer(), nullable=False),
        sa.CheckConstraint("sent_in > 0", name=op.f("ck_sent_in_day_some")),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["round.id"],
            name=op.f("fk_sent_in_day_round_id_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("round_id", "day", name=op.f("pk_sent_in_day")),
    )
    op.create_table(
        "comment_check",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("comment_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column("on_day", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "what in ('told_duty_team', 'contacted', 'nothing_needed', 'other')",
            name=op.f("ck_comment_check_what"),
        ),
        sa.CheckConstraint(
            "what <> 'other' or length(note) > 0", name=op.f("ck_comment_check_other_has_note")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_comment_check_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_comment_check_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_check")),
        sa.UniqueConstraint(
            "comment_id", "number", name=op.f("uq_comment_check_comment_id_number")
        ),
    )


def downgrade() -> None:
    op.drop_table("comment_check")
    op.drop_table("sent_in_day")
    op.execute("DELETE FROM round_event WHERE kind IN ('extended', 'withdrawn')")
    with op.batch_alter_table("round_event", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_round_event_withdrawn_has_reason"), type_="check")
        batch_op.drop_constraint(op.f("ck_round_event_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_round_event_kind"), KINDS_BEFORE)
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_column("withdrawn_at_utc")
        batch_op.drop_column("comments_checked_email")
