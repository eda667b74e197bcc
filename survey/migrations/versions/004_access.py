"""Roles beside review manager, teams, programmes, second factors, sessions, other sign-in.

Old code cannot run against it: a membership has another key. Going back drops every membership
but a review manager's, and an account that never had a password keeps one that nothing opens.
"""

import secrets

import sqlalchemy as sa
from alembic import op

import survey.data.base

revision = "004"
down_revision = "003"
branch_labels = None
depends_on = None

MEMBERSHIP = sa.table(
    "membership",
    sa.column("id", sa.String()),
    sa.column("account_id", sa.String()),
    sa.column("council_id", sa.String()),
    sa.column("role", sa.String()),
)


def upgrade() -> None:
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.alter_column("password_hash", existing_type=sa.String(length=200), nullable=True)
        batch_op.add_column(
            sa.Column(
                "deactivated_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=True
            )
        )
        batch_op.add_column(sa.Column("totp_secret", sa.String(length=300), nullable=True))
        batch_op.add_column(
            sa.Column(
                "totp_confirmed_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=True
            )
        )
        batch_op.add_column(sa.Column("totp_last_step", sa.Integer(), nullable=True))

    op.create_table(
        "programme",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("name", name=op.f("uq_programme_name")),
    )
    op.create_table(
        "programme_council",
        sa.Column("programme_id", sa.String(length=32), nullable=False),
        sa.Column("council_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["council_id"],
            ["council.id"],
            name=op.f("fk_programme_council_council_id_council"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_programme_council_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("programme_id", "council_id", name=op.f("pk_programme_council")),
    )
    with op.batch_alter_table("programme_council", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_programme_council_council_id"), ["council_id"], unique=False
        )

    _replace_membership()

    op.create_table(
        "team_member",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("review_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("team_role", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("shadow", sa.Boolean(), nullable=False),
        sa.Column("conflicts", sa.Text(), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_team_member_has_name")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_team_member_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["review.id"],
            name=op.f("fk_team_member_review_id_review"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
    )
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_member_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_team_member_review_id"), ["review_id"], unique=False)

    op.create_table(
        "recovery_code",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_recovery_code_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint(
            "account_id", "code_hash", name=op.f("uq_recovery_code_account_id_code_hash")
        ),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("started_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("device", sa.String(length=100), nullable=False),
        sa.Column("passed_second_factor", sa.Boolean(), nullable=False),
        sa.Column("ended_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_sign_in_session_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sign_in_session_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_sign_in_session_started_at_utc"), ["started_at_utc"], unique=False
        )

    op.create_table(
        "external_identity",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("linked_at_utc", survey.data.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_external_identity_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_external_identity_issuer_subject")),
    )
    with op.batch_alter_table("external_identity", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_external_identity_account_id"), ["account_id"], unique=False
        )


def _replace_membership() -> None:
    """A new table under the old name, since a primary key cannot be exchanged everywhere."""
    connection = op.get_bind()
    columns = (MEMBERSHIP.c.account_id, MEMBERSHIP.c.council_id, MEMBERSHIP.c.role)
    held = connection.execute(sa.select(*columns)).mappings().all()
    op.drop_table("membership")
    op.create_table(
        "membership",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("council_id", sa.String(length=32), nullable=True),
        sa.Column("programme_id", sa.String(length=32), nullable=True),
        sa.Column("agency_id", sa.String(length=32), nullable=True),
        sa.Column("review_id", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "role in ('administrator', 'review_manager', 'team_member', 'council_officer', "
            "'regional_lead', 'agency_lead')",
            name=op.f("ck_membership_role"),
        ),
        sa.CheckConstraint(
            "(role = 'administrator' and council_id is null and programme_id is null"
            " and agency_id is null and review_id is null)"
            " or (role in ('review_manager', 'council_officer') and council_id is not null"
            " and programme_id is null and agency_id is null and review_id is null)"
            " or (role = 'team_member' and review_id is not null"
            " and council_id is null and programme_id is null and agency_id is null)"
            " or (role = 'regional_lead' and (council_id is null) <> (programme_id is null)"
            " and agency_id is null and review_id is null)"
            " or (role = 'agency_lead' and agency_id is not null"
            " and council_id is null and programme_id is null and review_id is null)",
            name=op.f("ck_membership_scope"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{name}_id"],
                [f"{name}.id"],
                name=op.f(f"fk_membership_{name}_id_{name}"),
                ondelete="CASCADE",
            )
            for name in ("account", "agency", "council", "programme", "review")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        *(
            sa.UniqueConstraint(
                "account_id", "role", scope, name=op.f(f"uq_membership_account_id_role_{scope}")
            )
            for scope in ("council_id", "programme_id", "agency_id", "review_id")
        ),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        for scope in ("council_id", "programme_id", "agency_id", "review_id"):
            batch_op.create_index(batch_op.f(f"ix_membership_{scope}"), [scope], unique=False)
    if held:
        rows = [{"id": secrets.token_hex(16), **row} for row in held]
        op.bulk_insert(MEMBERSHIP, rows)


def downgrade() -> None:
    op.drop_table("external_identity")
    op.drop_table("sign_in_session")
    op.drop_table("recovery_code")
    op.drop_table("team_member")
    connection = op.get_bind()
    columns = (MEMBERSHIP.c.account_id, MEMBERSHIP.c.council_id, MEMBERSHIP.c.role)
    managing = sa.select(*columns).where(MEMBERSHIP.c.role == "review_manager")
    held = connection.execute(managing).mappings().all()
    op.drop_table("membership")
    op.create_table(
        "membership",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("council_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.CheckConstraint("role in ('review_manager')", name=op.f("ck_membership_role")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_membership_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["council_id"],
            ["council.id"],
            name=op.f("fk_membership_council_id_council"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "council_id", name=op.f("pk_membership")),
    )
    if held:
        op.bulk_insert(MEMBERSHIP, [dict(row) for row in held])
    op.drop_table("programme_council")
    op.drop_table("programme")
    op.execute("UPDATE account SET password_hash = '' WHERE password_hash IS NULL")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_column("totp_last_step")
        batch_op.drop_column("totp_confirmed_at_utc")
        batch_op.drop_column("totp_secret")
        batch_op.drop_column("deactivated_at_utc")
        batch_op.alter_column("password_hash", existing_type=sa.String(length=200), nullable=False)
