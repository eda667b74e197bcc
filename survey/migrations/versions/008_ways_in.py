"""Open agency links, and answers entered for somebody from paper or by telephone.

Old code can run against it: every new column has a value of its own.
"""

import sqlalchemy as sa
from alembic import op

import survey.data.base

revision = "008"
down_revision = "007"
branch_labels = None
depends_on = None

OPEN_LINK = (
    "open_link_made_at_utc is null or (open_link_id is not null and open_link_generation > 0)"
)


def upgrade() -> None:
    with op.batch_alter_table("invited_agency", schema=None) as batch_op:
        batch_op.add_column(sa.Column("open_link_id", sa.String(length=6), nullable=True))
        batch_op.add_column(
            sa.Column("open_link_generation", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column(
                "open_link_made_at_utc",
                survey.data.base.UtcDateTime(timezone=True),
                nullable=True,
            )
        )
        batch_op.create_unique_constraint(op.f("uq_invited_agency_open_link_id"), ["open_link_id"])
        batch_op.create_check_constraint(op.f("ck_invited_agency_open_link"), OPEN_LINK)
    op.add_column(
        "invitation",
        sa.Column("minted", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    with op.batch_alter_table(
        "response", schema=None, table_kwargs={"sqlite_with_rowid": False}
    ) as batch_op:
        batch_op.add_column(
            sa.Column("entered", sa.String(length=10), nullable=False, server_default="self")
        )
        batch_op.create_check_constraint(
            op.f("ck_response_entered"), "entered in ('self', 'paper', 'telephone')"
        )
    op.create_table(
        "entry",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("invited_agency_id", sa.String(length=32), nullable=False),
        sa.Column("invitation_id", sa.String(length=32), nullable=True),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("twice", sa.Boolean(), nullable=False),
        sa.Column("started_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("way in ('paper', 'telephone')", name=op.f("ck_entry_way")),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
            name=op.f("fk_entry_invitation_id_invitation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["invited_agency_id"],
            ["invited_agency.id"],
            name=op.f("fk_entry_invited_agency_id_invited_agency"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_entry_round_id_round"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("invitation_id", name=op.f("uq_entry_invitation_id")),
    )
    op.create_index(op.f("ix_entry_round_id"), "entry", ["round_id"])
    op.create_table(
        "entry_typing",
        sa.Column("entry_id", sa.String(length=32), nullable=False),
        sa.Column("turn", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("quotable", sa.Boolean(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("saved_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("turn in (1, 2)", name=op.f("ck_entry_typing_turn")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_entry_typing_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["entry.id"],
            name=op.f("fk_entry_typing_entry_id_entry"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("entry_id", "turn", name=op.f("pk_entry_typing")),
    )


def downgrade() -> None:
    op.drop_table("entry_typing")
    op.drop_table("entry")
    with op.batch_alter_table(
        "response", schema=None, table_kwargs={"sqlite_with_rowid": False}
    ) as batch_op:
        batch_op.drop_constraint(op.f("ck_response_entered"), type_="check")
        batch_op.drop_column("entered")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_column("minted")
    with op.batch_alter_table("invited_agency", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_invited_agency_open_link"), type_="check")
        batch_op.drop_constraint(op.f("uq_invited_agency_open_link_id"), type_="unique")
        batch_op.drop_column("open_link_made_at_utc")
        batch_op.drop_column("open_link_generation")
        batch_op.drop_column("open_link_id")
