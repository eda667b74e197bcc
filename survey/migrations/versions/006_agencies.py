"""The register of agencies, files of people to invite, and a council’s own look.

Old code can run against it but for one thing: an agency it adds is on no council's register until
it is invited again. Every agency invited so far goes on the register of the council that did.
"""

import sqlalchemy as sa
from alembic import op

import survey.data.base

revision = "006"
down_revision = "005"
branch_labels = None
depends_on = None

COUNCIL_TEXTS = {
    "colour": 7,
    "contact_name": 200,
    "contact_email": 254,
    "contact_telephone": 40,
    "privacy_contact": 300,
    "website": 300,
}
INVITED_TEXTS = {"contact_name": 200, "contact_email": 254, "return_because": 300}


def upgrade() -> None:
    with op.batch_alter_table("council", schema=None) as batch_op:
        for name, length in COUNCIL_TEXTS.items():
            batch_op.add_column(
                sa.Column(name, sa.String(length=length), nullable=False, server_default="")
            )
        batch_op.create_check_constraint(op.f("ck_council_colour"), "length(colour) in (0, 7)")
    with op.batch_alter_table("invited_agency", schema=None) as batch_op:
        for name, length in INVITED_TEXTS.items():
            batch_op.add_column(
                sa.Column(name, sa.String(length=length), nullable=False, server_default="")
            )
        batch_op.add_column(
            sa.Column("answers_by", sa.String(length=10), nullable=False, server_default="people")
        )
        batch_op.create_check_constraint(
            op.f("ck_invited_agency_answers_by"), "answers_by in ('people', 'return')"
        )
    _create_register()
    _create_round_tables()
    _create_imports()


def _create_register() -> None:
    op.create_table(
        "agency_council",
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.Column("council_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["agency.id"],
            name=op.f("fk_agency_council_agency_id_agency"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["council_id"],
            ["council.id"],
            name=op.f("fk_agency_council_council_id_council"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("agency_id", "council_id", name=op.f("pk_agency_council")),
    )
    op.create_index(op.f("ix_agency_council_council_id"), "agency_council", ["council_id"])
    op.execute(
        "INSERT INTO agency_council (agency_id, council_id) "
        "SELECT DISTINCT invited_agency.agency_id, review.council_id FROM invited_agency "
        "JOIN round ON round.id = invited_agency.round_id "
        "JOIN review ON review.id = round.review_id"
    )
    op.create_table(
        "former_name",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("agency_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"],
            ["agency.id"],
            name=op.f("fk_former_name_agency_id_agency"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_former_name")),
    )
    op.create_index(op.f("ix_former_name_agency_id"), "former_name", ["agency_id"])


def _create_round_tables() -> None:
    op.create_table(
        "expected_sector",
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("sector", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["round.id"],
            name=op.f("fk_expected_sector_round_id_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("round_id", "sector", name=op.f("pk_expected_sector")),
    )
    op.create_table(
        "sector_briefing",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("sector", sa.String(length=40), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("told_by", sa.String(length=200), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("was_clear", sa.Boolean(), nullable=False),
        sa.Column("recorded_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_sector_briefing_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["round.id"],
            name=op.f("fk_sector_briefing_round_id_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sector_briefing")),
    )
    op.create_index(op.f("ix_sector_briefing_round_id"), "sector_briefing", ["round_id"])


def _create_imports() -> None:
    op.create_table(
        "pending_import",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("plan_digest", sa.String(length=64), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("read_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("started_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("beat_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("runner", sa.String(length=32), nullable=False),
        sa.Column("finished_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("stopped_because", sa.String(length=300), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "done >= 0 and done <= total", name=op.f("ck_pending_import_done_of_total")
        ),
        sa.CheckConstraint(
            "finished_at_utc is null or started_at_utc is not null",
            name=op.f("ck_pending_import_started"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_pending_import_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["round.id"],
            name=op.f("fk_pending_import_round_id_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_import")),
    )
    op.create_index(op.f("ix_pending_import_round_id"), "pending_import", ["round_id"])
    op.create_table(
        "prepared_invitation",
        sa.Column("import_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("public_id", sa.String(length=6), nullable=False),
        sa.Column("agency", sa.String(length=200), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["pending_import.id"],
            name=op.f("fk_prepared_invitation_import_id_pending_import"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "position", name=op.f("pk_prepared_invitation")),
    )


def downgrade() -> None:
    for name in (
        "prepared_invitation",
        "pending_import",
        "sector_briefing",
        "expected_sector",
        "former_name",
        "agency_council",
    ):
        op.drop_table(name)
    with op.batch_alter_table("invited_agency", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_invited_agency_answers_by"), type_="check")
        for name in ("answers_by", *INVITED_TEXTS):
            batch_op.drop_column(name)
    with op.batch_alter_table("council", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_council_colour"), type_="check")
        for name in COUNCIL_TEXTS:
            batch_op.drop_column(name)
