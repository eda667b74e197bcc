"""Rounds that are set up in the browser: launched, following another one, with a timetable.

Every round there is counts as launched when it was made. Old code cannot tell a round that is
being set up from one that is open, and lets people answer it.
"""

import sqlalchemy as sa
from alembic import op

import survey.data.base

revision = "005"
down_revision = "004"
branch_labels = None
depends_on = None

KINDS_BEFORE = "kind in ('created', 'closed', 'reopened')"
KINDS = "kind in ('created', 'launched', 'closed', 'reopened')"
MILESTONES = (
    "kind in ('scoping', 'questionnaire', 'case_mapping', 'initial_thoughts', 'on_site', "
    "'conference', 'draft_letter', 'factual_check', 'final_letter')"
)
EVERYONE = "everyone_invited in ('yes', 'no', 'unknown')"


def upgrade() -> None:
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("launched_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(
            sa.Column(
                "everyone_invited",
                sa.String(length=10),
                nullable=False,
                server_default="unknown",
            )
        )
        batch_op.add_column(sa.Column("previous_round_id", sa.String(length=32), nullable=True))
        batch_op.add_column(
            sa.Column("set_up", sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
        )
        batch_op.create_check_constraint(op.f("ck_round_everyone_invited"), EVERYONE)
        batch_op.create_foreign_key(
            op.f("fk_round_previous_round_id_round"),
            "round",
            ["previous_round_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_index(op.f("ix_round_previous_round_id"), ["previous_round_id"])
    op.execute(
        "UPDATE round SET launched_at_utc = coalesce((SELECT min(round_event.at_utc) "
        "FROM round_event WHERE round_event.round_id = round.id), opens_at_utc)"
    )
    with op.batch_alter_table("round_event", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_round_event_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_round_event_kind"), KINDS)
    op.create_table(
        "milestone",
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("until_date", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.CheckConstraint(MILESTONES, name=op.f("ck_milestone_kind")),
        sa.CheckConstraint(
            "until_date is null or until_date >= on_date", name=op.f("ck_milestone_until_date")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["round.id"],
            name=op.f("fk_milestone_round_id_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("round_id", "kind", name=op.f("pk_milestone")),
    )


def downgrade() -> None:
    op.drop_table("milestone")
    op.execute("DELETE FROM round_event WHERE kind = 'launched'")
    with op.batch_alter_table("round_event", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_round_event_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_round_event_kind"), KINDS_BEFORE)
    op.execute("DELETE FROM round WHERE launched_at_utc IS NULL")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_round_previous_round_id"))
        batch_op.drop_constraint(op.f("fk_round_previous_round_id_round"), type_="foreignkey")
        batch_op.drop_constraint(op.f("ck_round_everyone_invited"), type_="check")
        batch_op.drop_column("set_up")
        batch_op.drop_column("previous_round_id")
        batch_op.drop_column("everyone_invited")
        batch_op.drop_column("launched_at_utc")
