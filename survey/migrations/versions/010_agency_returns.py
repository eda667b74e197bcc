"""Agency returns: rounds they are given to, contributors, versions, conflicts, notes, sign-off.

Old code can run against it: it knows none of these tables.
"""

import sqlalchemy as sa
from alembic import op

import survey.data.base

revision = "010"
down_revision = "009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agency_return",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("bank_id", sa.String(length=80), nullable=False),
        sa.Column("bank_digest", sa.String(length=64), nullable=False),
        sa.Column("bank_json", sa.Text(), nullable=False),
        sa.Column("as_at", sa.Date(), nullable=True),
        sa.Column("marking", sa.String(length=20), nullable=False),
        sa.Column("started_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "marking in ('OFFICIAL', 'OFFICIAL-SENSITIVE')", name=op.f("ck_agency_return_marking")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_agency_return_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["started_by"],
            ["account.id"],
            name=op.f("fk_agency_return_started_by_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_return")),
    )
    with op.batch_alter_table("agency_return", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agency_return_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "return_contributor",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("public_id", sa.String(length=6), nullable=False),
        sa.Column("return_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("post", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("may_sign", sa.Boolean(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("added_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=32), nullable=True),
        sa.Column("ended_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by"],
            ["account.id"],
            name=op.f("fk_return_contributor_added_by_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["agency_return.id"],
            name=op.f("fk_return_contributor_return_id_agency_return"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_contributor")),
        sa.UniqueConstraint("public_id", name=op.f("uq_return_contributor_public_id")),
    )
    with op.batch_alter_table("return_contributor", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_return_contributor_return_id"), ["return_id"], unique=False
        )

    op.create_table(
        "return_conflict",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("return_id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=True),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("because", sa.String(length=20), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("not_applicable", sa.Text(), nullable=False),
        sa.Column("contributor_id", sa.String(length=32), nullable=True),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("chosen", sa.String(length=10), nullable=True),
        sa.Column("resolved_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "because in ('changed', 'ended', 'unshared', 'not_open')",
            name=op.f("ck_return_conflict_because"),
        ),
        sa.CheckConstraint(
            "chosen is null or chosen in ('mine', 'theirs', 'both')",
            name=op.f("ck_return_conflict_chosen"),
        ),
        sa.CheckConstraint(
            "(chosen is null) = (resolved_at_utc is null)",
            name=op.f("ck_return_conflict_resolved_is_chosen"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_return_conflict_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["contributor_id"],
            ["return_contributor.id"],
            name=op.f("fk_return_conflict_contributor_id_return_contributor"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["agency_return.id"],
            name=op.f("fk_return_conflict_return_id_agency_return"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["round.id"],
            name=op.f("fk_return_conflict_round_id_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_conflict")),
    )
    with op.batch_alter_table("return_conflict", schema=None) as batch_op:
        batch_op.create_index(
            "ix_return_conflict_return_id_question", ["return_id", "question"], unique=False
        )

    op.create_table(
        "return_event",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("return_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column("contributor_id", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("officer", sa.String(length=200), nullable=False),
        sa.Column("post", sa.String(length=200), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind <> 'sent_back' or length(reason) > 0",
            name=op.f("ck_return_event_sent_back_has_reason"),
        ),
        sa.CheckConstraint(
            "kind in ('started', 'submitted', 'signed', 'signed_elsewhere', 'sent_back')",
            name=op.f("ck_return_event_kind"),
        ),
        sa.CheckConstraint(
            "kind not in ('signed', 'signed_elsewhere')"
            " or (length(officer) > 0 and length(post) > 0 and signed_on is not null)",
            name=op.f("ck_return_event_signed_names_officer"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_return_event_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["contributor_id"],
            ["return_contributor.id"],
            name=op.f("fk_return_event_contributor_id_return_contributor"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["agency_return.id"],
            name=op.f("fk_return_event_return_id_agency_return"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_event")),
        sa.UniqueConstraint("return_id", "number", name=op.f("uq_return_event_return_id_number")),
    )
    op.create_table(
        "return_note",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("return_id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=True),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("contributor_id", sa.String(length=32), nullable=True),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("settled_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_return_note_has_text")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_return_note_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["contributor_id"],
            ["return_contributor.id"],
            name=op.f("fk_return_note_contributor_id_return_contributor"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["agency_return.id"],
            name=op.f("fk_return_note_return_id_agency_return"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["round.id"],
            name=op.f("fk_return_note_round_id_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_note")),
    )
    with op.batch_alter_table("return_note", schema=None) as batch_op:
        batch_op.create_index(
            "ix_return_note_return_id_question", ["return_id", "question"], unique=False
        )

    op.create_table(
        "return_round",
        sa.Column("return_id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("joined_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("extended_to_utc", survey.data.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_return_round_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["agency_return.id"],
            name=op.f("fk_return_round_return_id_agency_return"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["round.id"],
            name=op.f("fk_return_round_round_id_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("return_id", "round_id", name=op.f("pk_return_round")),
        sa.UniqueConstraint(
            "round_id", "agency_id", name=op.f("uq_return_round_round_id_agency_id")
        ),
    )
    with op.batch_alter_table("return_round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_return_round_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "return_share",
        sa.Column("contributor_id", sa.String(length=32), nullable=False),
        sa.Column("section", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["contributor_id"],
            ["return_contributor.id"],
            name=op.f("fk_return_share_contributor_id_return_contributor"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contributor_id", "section", name=op.f("pk_return_share")),
    )
    op.create_table(
        "return_version",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("return_id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=True),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("not_applicable", sa.Text(), nullable=False),
        sa.Column("carried_from", sa.String(length=32), nullable=True),
        sa.Column("contributor_id", sa.String(length=32), nullable=True),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_return_version_number_positive")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_return_version_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["carried_from"],
            ["return_version.id"],
            name=op.f("fk_return_version_carried_from_return_version"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["contributor_id"],
            ["return_contributor.id"],
            name=op.f("fk_return_version_contributor_id_return_contributor"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["agency_return.id"],
            name=op.f("fk_return_version_return_id_agency_return"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["round.id"],
            name=op.f("fk_return_version_round_id_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_version")),
    )
    with op.batch_alter_table("return_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_return_version_carried_from"), ["carried_from"], unique=False
        )
        batch_op.create_index(
            "uq_return_version_core",
            ["return_id", "question", "number"],
            unique=True,
            sqlite_where=sa.text("round_id is null"),
            postgresql_where=sa.text("round_id is null"),
        )
        batch_op.create_index(
            "uq_return_version_local",
            ["return_id", "round_id", "question", "number"],
            unique=True,
            sqlite_where=sa.text("round_id is not null"),
            postgresql_where=sa.text("round_id is not null"),
        )


def downgrade() -> None:
    with op.batch_alter_table("return_version", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_return_version_local",
            sqlite_where=sa.text("round_id is not null"),
            postgresql_where=sa.text("round_id is not null"),
        )
        batch_op.drop_index(
            "uq_return_version_core",
            sqlite_where=sa.text("round_id is null"),
            postgresql_where=sa.text("round_id is null"),
        )
        batch_op.drop_index(batch_op.f("ix_return_version_carried_from"))

    op.drop_table("return_version")
    op.drop_table("return_share")
    with op.batch_alter_table("return_round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_return_round_agency_id"))

    op.drop_table("return_round")
    with op.batch_alter_table("return_note", schema=None) as batch_op:
        batch_op.drop_index("ix_return_note_return_id_question")

    op.drop_table("return_note")
    op.drop_table("return_event")
    with op.batch_alter_table("return_conflict", schema=None) as batch_op:
        batch_op.drop_index("ix_return_conflict_return_id_question")

    op.drop_table("return_conflict")
    with op.batch_alter_table("return_contributor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_return_contributor_return_id"))

    op.drop_table("return_contributor")
    with op.batch_alter_table("agency_return", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agency_return_agency_id"))

    op.drop_table("agency_return")
