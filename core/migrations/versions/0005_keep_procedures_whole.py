"""Procedures in versions, typed answers, attachments, notices, bulk decisions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.db import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

DEAD = "state NOT IN ('expired', 'rejected', 'withdrawn')"
ONE_LIVE = f"({DEAD}) AND once_key != ''"
OF_ENTITLEMENT = f"({DEAD}) AND entitlement_id != ''"


def _live(where: str) -> None:
    """Let one application of an entitlement be live, as far as `where` tells which are."""
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.drop_index("uq_applications_live")
        batch_op.create_index(
            "uq_applications_live",
            ["municipality", "entitlement_id"],
            unique=True,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("file_name", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("create_time", Instant(), nullable=False),
        sa.Column("scanned", sa.Boolean(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("procedure_key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_attachments_municipalities"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_attachments")),
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_attachments_municipality_application_id"),
            ["municipality", "application_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_attachments_municipality_named_create_time"),
            ["municipality", "named", "create_time"],
            unique=False,
        )

    op.create_table(
        "bulk_decisions",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("author_id", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("create_time", Instant(), nullable=False),
        sa.Column("decided", sa.Integer(), nullable=False),
        sa.Column(
            "refused",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("cursor", sa.String(), nullable=False),
        sa.Column("finish_time", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_bulk_decisions_municipalities"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_bulk_decisions")),
    )
    with op.batch_alter_table("bulk_decisions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_bulk_decisions_municipality_state"),
            ["municipality", "state"],
            unique=False,
        )

    op.create_table(
        "procedure_drafts",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("save_time", Instant(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("origin_source", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_procedure_drafts_municipalities"),
        ),
        sa.PrimaryKeyConstraint("municipality", "key", name=op.f("pk_procedure_drafts")),
    )
    op.create_table(
        "procedure_versions",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("origin_source", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("publish_time", Instant(), nullable=False),
        sa.Column("retire_time", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_procedure_versions_municipalities"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "key", "version", name=op.f("pk_procedure_versions")
        ),
    )
    op.create_table(
        "application_notes",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("create_time", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "application_id"],
            ["applications.municipality", "applications.id"],
            name=op.f("fk_application_notes_applications"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_application_notes")),
    )
    with op.batch_alter_table("application_notes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_application_notes_municipality_application_id"),
            ["municipality", "application_id"],
            unique=False,
        )

    op.create_table(
        "asked",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("ask_time", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "application_id"],
            ["applications.municipality", "applications.id"],
            name=op.f("fk_asked_applications"),
        ),
        sa.PrimaryKeyConstraint("municipality", "contact_id", name=op.f("pk_asked")),
    )
    op.create_table(
        "bulk_items",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("bulk_decision_id", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "bulk_decision_id"],
            ["bulk_decisions.municipality", "bulk_decisions.id"],
            name=op.f("fk_bulk_items_bulk_decisions"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "bulk_decision_id", "application_id", name=op.f("pk_bulk_items")
        ),
    )
    op.create_table(
        "decision_notices",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("notice_date", sa.Date(), nullable=False),
        sa.Column("facts_json", sa.LargeBinary(), nullable=False),
        sa.Column("is_replaced", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "application_id"],
            ["applications.municipality", "applications.id"],
            name=op.f("fk_decision_notices_applications"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "fiscal_year", "number", name=op.f("pk_decision_notices")
        ),
        sa.UniqueConstraint(
            "municipality", "code_index", name=op.f("uq_decision_notices_municipality_code_index")
        ),
    )
    with op.batch_alter_table("decision_notices", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_decision_notices_municipality_application_id"),
            ["municipality", "application_id"],
            unique=False,
        )

    op.create_table(
        "handovers",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("from_contact_id", sa.String(), nullable=False),
        sa.Column("expire_time", Instant(), nullable=False),
        sa.Column("taken_by", sa.String(), nullable=False),
        sa.Column("take_time", Instant(), nullable=True),
        sa.Column("session_expire_time", Instant(), nullable=True),
        sa.Column("told_time", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality", "application_id"],
            ["applications.municipality", "applications.id"],
            name=op.f("fk_handovers_applications"),
        ),
        sa.PrimaryKeyConstraint("municipality", "digest", name=op.f("pk_handovers")),
    )
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_handovers_municipality_taken_by"),
            ["municipality", "taken_by"],
            unique=False,
        )

    op.create_table(
        "slot_takings",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("procedure_key", sa.String(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "application_id"],
            ["applications.municipality", "applications.id"],
            name=op.f("fk_slot_takings_applications"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "application_id", "step", name=op.f("pk_slot_takings")
        ),
    )
    with op.batch_alter_table("slot_takings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_slot_takings_municipality_procedure_key_step_slot"),
            ["municipality", "procedure_key", "step", "slot"],
            unique=False,
        )

    op.create_table(
        "coupon_books",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "procedures",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("codes", sa.Integer(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("first_date", sa.Date(), nullable=True),
        sa.Column("last_date", sa.Date(), nullable=True),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("create_time", Instant(), nullable=False),
        sa.Column("void_time", Instant(), nullable=True),
        sa.CheckConstraint("uses >= 1", name=op.f("ck_coupon_books_uses")),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_coupon_books_municipalities"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_coupon_books")),
    )
    op.create_table(
        "coupon_codes",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("book_id", sa.String(), nullable=False),
        sa.Column("void_time", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality", "book_id"],
            ["coupon_books.municipality", "coupon_books.id"],
            name=op.f("fk_coupon_codes_coupon_books"),
        ),
        sa.PrimaryKeyConstraint("municipality", "code_index", name=op.f("pk_coupon_codes")),
    )
    with op.batch_alter_table("coupon_codes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_coupon_codes_municipality_book_id"),
            ["municipality", "book_id"],
            unique=False,
        )
    op.create_table(
        "coupon_uses",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND most", name=op.f("ck_coupon_uses_number")),
        sa.ForeignKeyConstraint(
            ["municipality", "application_id"],
            ["applications.municipality", "applications.id"],
            name=op.f("fk_coupon_uses_applications"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality", "code_index"],
            ["coupon_codes.municipality", "coupon_codes.code_index"],
            name=op.f("fk_coupon_uses_coupon_codes"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "code_index", "number", name=op.f("pk_coupon_uses")
        ),
        sa.UniqueConstraint(
            "municipality",
            "application_id",
            "step",
            name=op.f("uq_coupon_uses_municipality_application_id_step"),
        ),
    )

    with op.batch_alter_table("programs", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("open_to_all", sa.Boolean(), nullable=False, server_default=sa.false())
        )

    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contact_id", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("once_key", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("filed_json", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("values_json", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("before_json", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("payee_json", sa.LargeBinary(), nullable=True))
        batch_op.add_column(
            sa.Column("reopened_step", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column(
                "returned_steps",
                sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
                nullable=False,
                server_default="[]",
            )
        )
        batch_op.add_column(
            sa.Column(
                "mended_steps",
                sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
                nullable=False,
                server_default="[]",
            )
        )
        batch_op.add_column(
            sa.Column(
                "checked",
                sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
                nullable=False,
                server_default="[]",
            )
        )
        batch_op.add_column(
            sa.Column("assignee_id", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("source", sa.String(32), nullable=True))
        batch_op.add_column(sa.Column("receive_date", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("entered_by", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("expire_time", Instant(), nullable=True))
        batch_op.add_column(sa.Column("remind_time", Instant(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_applications_municipality_contact_id"),
            ["municipality", "contact_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_applications_municipality_procedure_key_state"),
            ["municipality", "procedure_key", "state"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_applications_municipality_state_expire_time"),
            ["municipality", "state", "expire_time"],
            unique=False,
        )
        batch_op.create_index(
            "uq_applications_once",
            ["municipality", "once_key"],
            unique=True,
            sqlite_where=sa.text(ONE_LIVE),
            postgresql_where=sa.text(ONE_LIVE),
        )

    _live(OF_ENTITLEMENT)


def downgrade() -> None:
    with op.batch_alter_table("programs", schema=None) as batch_op:
        batch_op.drop_column("open_to_all")

    _live(DEAD)
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_applications_once",
            sqlite_where=sa.text(ONE_LIVE),
            postgresql_where=sa.text(ONE_LIVE),
        )
        batch_op.drop_index(batch_op.f("ix_applications_municipality_state_expire_time"))
        batch_op.drop_index(batch_op.f("ix_applications_municipality_procedure_key_state"))
        batch_op.drop_index(batch_op.f("ix_applications_municipality_contact_id"))
        batch_op.drop_column("remind_time")
        batch_op.drop_column("expire_time")
        batch_op.drop_column("entered_by")
        batch_op.drop_column("receive_date")
        batch_op.drop_column("source")
        batch_op.drop_column("assignee_id")
        batch_op.drop_column("checked")
        batch_op.drop_column("mended_steps")
        batch_op.drop_column("returned_steps")
        batch_op.drop_column("reopened_step")
        batch_op.drop_column("payee_json")
        batch_op.drop_column("before_json")
        batch_op.drop_column("values_json")
        batch_op.drop_column("filed_json")
        batch_op.drop_column("once_key")
        batch_op.drop_column("contact_id")

    op.drop_table("coupon_uses")
    with op.batch_alter_table("coupon_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coupon_codes_municipality_book_id"))

    op.drop_table("coupon_codes")
    op.drop_table("coupon_books")
    with op.batch_alter_table("slot_takings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_slot_takings_municipality_procedure_key_step_slot"))

    op.drop_table("slot_takings")
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handovers_municipality_taken_by"))

    op.drop_table("handovers")
    with op.batch_alter_table("decision_notices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_notices_municipality_application_id"))

    op.drop_table("decision_notices")
    op.drop_table("bulk_items")
    op.drop_table("asked")
    with op.batch_alter_table("application_notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_notes_municipality_application_id"))

    op.drop_table("application_notes")
    op.drop_table("procedure_versions")
    op.drop_table("procedure_drafts")
    with op.batch_alter_table("bulk_decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bulk_decisions_municipality_state"))

    op.drop_table("bulk_decisions")
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachments_municipality_named_create_time"))
        batch_op.drop_index(batch_op.f("ix_attachments_municipality_application_id"))

    op.drop_table("attachments")
