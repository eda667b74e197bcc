"""The outbox and its log, texts and reminders of a round."""

import sqlalchemy as sa
from alembic import op

import survey.data.base

revision = "007"
down_revision = "006"
branch_labels = None
depends_on = None

_DUE = sa.text(
    "claim is null and sent_at_utc is null and failed_at_utc is null and bounced_at_utc is null "
    "and dropped_at_utc is null"
)


def _time(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, survey.data.base.UtcDateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("council_id", sa.String(length=32), nullable=True),
        sa.Column("round_id", sa.String(length=32), nullable=True),
        sa.Column("invitation_id", sa.String(length=32), nullable=True),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        _time("created_at_utc", nullable=False),
        _time("send_after_utc", nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claim", sa.String(length=32), nullable=True),
        _time("claimed_at_utc"),
        _time("last_attempt_at_utc"),
        _time("sent_at_utc"),
        _time("delivered_at_utc"),
        _time("failed_at_utc"),
        _time("bounced_at_utc"),
        _time("dropped_at_utc"),
        _time("replaced_at_utc"),
        sa.Column("provider_id", sa.String(length=100), nullable=True),
        sa.Column("last_error", sa.String(length=100), nullable=False),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_message_attempts_not_negative")),
        sa.CheckConstraint(
            "(claim is null) = (claimed_at_utc is null)", name=op.f("ck_message_claim_has_time")
        ),
        sa.ForeignKeyConstraint(
            ["council_id"],
            ["council.id"],
            name=op.f("fk_message_council_id_council"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_message_round_id_round"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
            name=op.f("fk_message_invitation_id_invitation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_message_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("key", name=op.f("uq_message_key")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_round_id_kind", ["round_id", "kind"], unique=False)
        batch_op.create_index(
            "ix_message_due",
            ["send_after_utc"],
            unique=False,
            sqlite_where=_DUE,
            postgresql_where=_DUE,
        )
        batch_op.create_index(
            batch_op.f("ix_message_invitation_id"), ["invitation_id"], unique=False
        )
    op.create_table(
        "local_mail",
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
            name=op.f("fk_local_mail_message_id_message"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_local_mail")),
    )
    op.create_table(
        "message_text",
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        _time("changed_at_utc", nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["round.id"],
            name=op.f("fk_message_text_round_id_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("round_id", "kind", name=op.f("pk_message_text")),
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        _time("created_at_utc", nullable=False),
        _time("put_for_utc"),
        sa.CheckConstraint("working_days between 1 and 60", name=op.f("ck_reminder_working_days")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_reminder_round_id_round"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "round_id", "working_days", name=op.f("uq_reminder_round_id_working_days")
        ),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.add_column(_time("reminders_stopped_at_utc"))
        batch_op.create_index(batch_op.f("ix_invitation_email"), ["email"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_email"))
        batch_op.drop_column("reminders_stopped_at_utc")
    op.drop_table("reminder")
    op.drop_table("message_text")
    op.drop_table("local_mail")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_invitation_id"))
        batch_op.drop_index("ix_message_due")
        batch_op.drop_index("ix_message_round_id_kind")
    op.drop_table("message")
