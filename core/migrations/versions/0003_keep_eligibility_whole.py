"""Programs in versions, rosters that are replaced, kept rules, crossings, the ledger."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.db import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "column_mappings",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "columns",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_column_mappings_municipalities"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_column_mappings")),
        sa.UniqueConstraint(
            "municipality", "name", name=op.f("uq_column_mappings_municipality_name")
        ),
    )
    op.create_table(
        "match_rules",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("difference", sa.LargeBinary(), nullable=False),
        sa.Column("difference_index", sa.LargeBinary(), nullable=False),
        sa.Column("match_class", sa.String(32), nullable=False),
        sa.Column("decision", sa.String(32), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("create_time", Instant(), nullable=False),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.Column("end_reason", sa.LargeBinary(), nullable=True),
        sa.Column("end_time", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_match_rules_municipalities"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_match_rules")),
    )
    with op.batch_alter_table("match_rules", schema=None) as batch_op:
        batch_op.create_index(
            "uq_match_rules_difference",
            ["municipality", "difference_index"],
            unique=True,
            sqlite_where=sa.text("end_time IS NULL"),
            postgresql_where=sa.text("end_time IS NULL"),
        )

    op.create_table(
        "sealing_keys",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("set_time", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_sealing_keys_municipalities"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_sealing_keys")),
    )
    op.create_table(
        "changed_residents",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("resident_id", sa.String(), nullable=False),
        sa.Column("change_time", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "resident_id"],
            ["residents.municipality", "residents.id"],
            name=op.f("fk_changed_residents_residents"),
        ),
        sa.PrimaryKeyConstraint("municipality", "resident_id", name=op.f("pk_changed_residents")),
    )
    op.create_table(
        "crossings",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("direction", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("proposer", sa.String(), nullable=False),
        sa.Column("propose_time", Instant(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("key_fingerprint", sa.String(), nullable=False),
        sa.Column("answer_secret", sa.LargeBinary(), nullable=True),
        sa.Column("approver", sa.String(), nullable=False),
        sa.Column("approve_time", Instant(), nullable=True),
        sa.Column("done_time", Instant(), nullable=True),
        sa.Column("export_id", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "program_id"],
            ["programs.municipality", "programs.id"],
            name=op.f("fk_crossings_programs"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_crossings")),
    )
    with op.batch_alter_table("crossings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_crossings_municipality_program_id_id"),
            ["municipality", "program_id", "id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_crossings_content",
            ["municipality", "export_id", "content_hash"],
            unique=True,
            sqlite_where=sa.text("direction = 'import' AND state != 'cancelled'"),
            postgresql_where=sa.text("direction = 'import' AND state != 'cancelled'"),
        )

    op.create_table(
        "program_versions",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("effective_date", sa.Date(), nullable=False),
        sa.Column(
            "terms",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("create_time", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "program_id"],
            ["programs.municipality", "programs.id"],
            name=op.f("fk_program_versions_programs"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "program_id", "version", name=op.f("pk_program_versions")
        ),
    )
    op.create_table(
        "crossing_links",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("crossing_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "crossing_id"],
            ["crossings.municipality", "crossings.id"],
            name=op.f("fk_crossing_links_crossings"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "crossing_id", "number", name=op.f("pk_crossing_links")
        ),
    )
    op.create_table(
        "crossing_parts",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("crossing_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "crossing_id"],
            ["crossings.municipality", "crossings.id"],
            name=op.f("fk_crossing_parts_crossings"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "crossing_id", "number", name=op.f("pk_crossing_parts")
        ),
    )
    op.create_table(
        "approvals",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("staff_name", sa.String(), nullable=False),
        sa.Column("approve_time", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "application_id"],
            ["applications.municipality", "applications.id"],
            name=op.f("fk_approvals_applications"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "application_id", "number", name=op.f("pk_approvals")
        ),
        sa.UniqueConstraint(
            "municipality",
            "application_id",
            "staff_id",
            name=op.f("uq_approvals_municipality_application_id_staff_id"),
        ),
    )
    op.create_table(
        "contact_records",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("entitlement_id", sa.String(), nullable=False),
        sa.Column("way", sa.String(32), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("contact_time", Instant(), nullable=False),
        sa.Column("create_time", Instant(), nullable=False),
        sa.Column("print_id", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality", "entitlement_id"],
            ["entitlements.municipality", "entitlements.id"],
            name=op.f("fk_contact_records_entitlements"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_contact_records")),
    )
    with op.batch_alter_table("contact_records", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contact_records_municipality_entitlement_id_contact_time"),
            ["municipality", "entitlement_id", "contact_time"],
            unique=False,
        )
        batch_op.create_index(
            "ix_contact_records_print", ["municipality", "print_id", "position"], unique=False
        )

    # Names are read otherwise from now on; the job that gives missing keys gives them anew.
    op.execute("DELETE FROM search_keys")
    op.create_index(
        op.f("ix_contacts_municipality_external_index"),
        "contacts",
        ["municipality", "external_index"],
    )
    with op.batch_alter_table("entitlements", schema=None) as batch_op:
        batch_op.add_column(sa.Column("birth_index", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("content_digest", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("household_size", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("masked_text", sa.LargeBinary(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_entitlements_municipality_roster_id_birth_index_id"),
            ["municipality", "roster_id", "birth_index", "id"],
            unique=False,
        )

    with op.batch_alter_table("matches", schema=None) as batch_op:
        batch_op.add_column(sa.Column("decide_time", Instant(), nullable=True))
        batch_op.add_column(sa.Column("proposed", sa.String(32), nullable=True))
        batch_op.add_column(
            sa.Column("confirmed_by", sa.String(), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("rule_id", sa.String(), nullable=True))

    with op.batch_alter_table("rosters", schema=None) as batch_op:
        batch_op.add_column(sa.Column("freeze_time", Instant(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("match_time", Instant(), nullable=True))
    # Until now a roster was frozen as soon as it was there.
    op.execute("UPDATE rosters SET freeze_time = import_time")
    op.drop_index("uq_rosters_live", "rosters")
    _index_live_rosters("freeze_time IS NOT NULL AND replace_time IS NULL")


def _index_live_rosters(where: str) -> None:
    op.create_index(
        "uq_rosters_live",
        "rosters",
        ["municipality", "program_id"],
        unique=True,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_contacts_municipality_external_index"), "contacts")
    op.drop_index("uq_rosters_live", "rosters")
    op.execute("UPDATE rosters SET replace_time = import_time WHERE freeze_time IS NULL")
    _index_live_rosters("replace_time IS NULL")
    with op.batch_alter_table("rosters", schema=None) as batch_op:
        batch_op.drop_column("match_time")
        batch_op.drop_column("version")
        batch_op.drop_column("freeze_time")

    with op.batch_alter_table("matches", schema=None) as batch_op:
        batch_op.drop_column("rule_id")
        batch_op.drop_column("confirmed_by")
        batch_op.drop_column("proposed")
        batch_op.drop_column("decide_time")

    with op.batch_alter_table("entitlements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entitlements_municipality_roster_id_birth_index_id"))
        batch_op.drop_column("masked_text")
        batch_op.drop_column("household_size")
        batch_op.drop_column("content_digest")
        batch_op.drop_column("birth_index")

    with op.batch_alter_table("contact_records", schema=None) as batch_op:
        batch_op.drop_index("ix_contact_records_print")
        batch_op.drop_index(
            batch_op.f("ix_contact_records_municipality_entitlement_id_contact_time")
        )

    op.drop_table("contact_records")
    op.drop_table("approvals")
    op.drop_table("crossing_parts")
    op.drop_table("crossing_links")
    op.drop_table("program_versions")
    with op.batch_alter_table("crossings", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_crossings_content",
            sqlite_where=sa.text("direction = 'import' AND state != 'cancelled'"),
            postgresql_where=sa.text("direction = 'import' AND state != 'cancelled'"),
        )
        batch_op.drop_index(batch_op.f("ix_crossings_municipality_program_id_id"))

    op.drop_table("crossings")
    op.drop_table("changed_residents")
    op.drop_table("sealing_keys")
    with op.batch_alter_table("match_rules", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_match_rules_difference",
            sqlite_where=sa.text("end_time IS NULL"),
            postgresql_where=sa.text("end_time IS NULL"),
        )

    op.drop_table("match_rules")
    op.drop_table("column_mappings")
