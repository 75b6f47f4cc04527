"""Segments, campaigns with recipients, inquiries, associations, circulars."""

import sqlalchemy as sa
from alembic import op

from core.db import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "areas",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("town", sa.String(), nullable=False),
        sa.Column("block", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipalities.municipality"], name=op.f("fk_areas_municipalities")
        ),
        sa.PrimaryKeyConstraint("municipality", "number", name=op.f("pk_areas")),
    )
    with op.batch_alter_table("areas", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_areas_municipality_town"), ["municipality", "town"], unique=False
        )

    op.create_table(
        "associations",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_associations_municipalities"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_associations")),
        sa.UniqueConstraint(
            "municipality", "number", name=op.f("uq_associations_municipality_number")
        ),
    )
    op.create_table(
        "circular_files",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("uploader_id", sa.String(), nullable=False),
        sa.Column("file_name", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("create_time", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_circular_files_municipalities"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_circular_files")),
    )
    with op.batch_alter_table("circular_files", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_circular_files_municipality_create_time"),
            ["municipality", "create_time"],
            unique=False,
        )

    op.create_table(
        "circulars",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("author_id", sa.String(), nullable=False),
        sa.Column("author_name", sa.LargeBinary(), nullable=False),
        sa.Column("targets_json", sa.String(), nullable=False),
        sa.Column("create_time", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("on_board", sa.Boolean(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("publish_time", Instant(), nullable=True),
        sa.Column("withdrawn_with", sa.String(), nullable=False),
        sa.Column("forwarded_from", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("corrects", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_circulars_municipalities"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_circulars")),
    )
    with op.batch_alter_table("circulars", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_circulars_municipality_association_id_id"),
            ["municipality", "association_id", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_circulars_municipality_state_publish_time"),
            ["municipality", "state", "publish_time"],
            unique=False,
        )
        batch_op.create_index(
            "uq_circulars_forwarded",
            ["municipality", "association_id", "forwarded_from"],
            unique=True,
            sqlite_where=sa.text("forwarded_from != ''"),
            postgresql_where=sa.text("forwarded_from != ''"),
        )

    op.create_table(
        "images",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("create_time", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipalities.municipality"], name=op.f("fk_images_municipalities")
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_images")),
    )
    op.create_table(
        "quotas",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("most", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("report_time", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipalities.municipality"], name=op.f("fk_quotas_municipalities")
        ),
        sa.PrimaryKeyConstraint("municipality", "channel", name=op.f("pk_quotas")),
    )
    op.create_table(
        "rates",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("per_second", sa.Integer(), nullable=False),
        sa.Column("given_until", Instant(), nullable=False),
        sa.Column("kept_until", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipalities.municipality"], name=op.f("fk_rates_municipalities")
        ),
        sa.PrimaryKeyConstraint("municipality", "channel", "endpoint", name=op.f("pk_rates")),
    )
    op.create_table(
        "segments",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("condition_json", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_segments_municipalities"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_segments")),
        sa.UniqueConstraint("municipality", "name", name=op.f("uq_segments_municipality_name")),
    )
    op.create_table(
        "sending_rules",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("quiet_from", sa.String(), nullable=False),
        sa.Column("quiet_to", sa.String(), nullable=False),
        sa.Column("weekly_cap", sa.Integer(), nullable=False),
        sa.Column("approval_from", sa.Integer(), nullable=False),
        sa.Column("answer_from", sa.String(), nullable=False),
        sa.Column("answer_to", sa.String(), nullable=False),
        sa.Column("window_left", sa.Integer(), nullable=False),
        sa.Column("window_top", sa.Integer(), nullable=False),
        sa.Column("window_width", sa.Integer(), nullable=False),
        sa.Column("window_height", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_sending_rules_municipalities"),
        ),
        sa.PrimaryKeyConstraint("municipality", name=op.f("pk_sending_rules")),
    )
    op.create_table(
        "templates",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("message_json", sa.String(), nullable=False),
        sa.Column("use", sa.String(32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_templates_municipalities"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_templates")),
    )
    op.create_table(
        "association_invitations",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("household_id", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("by_member_id", sa.String(), nullable=False),
        sa.Column("expire_time", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "association_id"],
            ["associations.municipality", "associations.id"],
            name=op.f("fk_association_invitations_associations"),
        ),
        sa.PrimaryKeyConstraint("municipality", "digest", name=op.f("pk_association_invitations")),
    )
    op.create_table(
        "circular_ballots",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("circular_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("elector_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "circular_id"],
            ["circulars.municipality", "circulars.id"],
            name=op.f("fk_circular_ballots_circulars"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "circular_id", "id", name=op.f("pk_circular_ballots")
        ),
    )
    op.create_table(
        "circular_comments",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("circular_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("create_time", Instant(), nullable=False),
        sa.Column("hidden_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "circular_id"],
            ["circulars.municipality", "circulars.id"],
            name=op.f("fk_circular_comments_circulars"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_circular_comments")),
    )
    with op.batch_alter_table("circular_comments", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_circular_comments_municipality_circular_id_id"),
            ["municipality", "circular_id", "id"],
            unique=False,
        )

    op.create_table(
        "circular_electors",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("circular_id", sa.String(), nullable=False),
        sa.Column("elector_id", sa.String(), nullable=False),
        sa.Column("has_cast", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "circular_id"],
            ["circulars.municipality", "circulars.id"],
            name=op.f("fk_circular_electors_circulars"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "circular_id", "elector_id", name=op.f("pk_circular_electors")
        ),
    )
    op.create_table(
        "circular_pages",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "file_id"],
            ["circular_files.municipality", "circular_files.id"],
            name=op.f("fk_circular_pages_circular_files"),
        ),
        sa.PrimaryKeyConstraint("municipality", "file_id", "page", name=op.f("pk_circular_pages")),
    )
    op.create_table(
        "circular_named_files",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("circular_id", sa.String(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "circular_id"],
            ["circulars.municipality", "circulars.id"],
            name=op.f("fk_circular_named_files_circulars"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality", "file_id"],
            ["circular_files.municipality", "circular_files.id"],
            name=op.f("fk_circular_named_files_circular_files"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "circular_id", "file_id", name=op.f("pk_circular_named_files")
        ),
    )
    with op.batch_alter_table("circular_named_files", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_circular_named_files_municipality_file_id"),
            ["municipality", "file_id"],
            unique=False,
        )

    op.create_table(
        "circular_versions",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("circular_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_json", sa.LargeBinary(), nullable=False),
        sa.Column("create_time", Instant(), nullable=False),
        sa.Column("correction", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "circular_id"],
            ["circulars.municipality", "circulars.id"],
            name=op.f("fk_circular_versions_circulars"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "circular_id", "version", name=op.f("pk_circular_versions")
        ),
    )
    op.create_table(
        "groups",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("round_order", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "association_id"],
            ["associations.municipality", "associations.id"],
            name=op.f("fk_groups_associations"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_groups")),
        sa.UniqueConstraint(
            "municipality",
            "association_id",
            "name",
            name=op.f("uq_groups_municipality_association_id_name"),
        ),
    )
    op.create_table(
        "households",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("round_order", sa.Integer(), nullable=False),
        sa.Column("paper", sa.Boolean(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("care_time", Instant(), nullable=True),
        sa.Column("end_time", Instant(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "association_id"],
            ["associations.municipality", "associations.id"],
            name=op.f("fk_households_associations"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_households")),
    )
    with op.batch_alter_table("households", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_households_municipality_association_id_group_id_round_order"),
            ["municipality", "association_id", "group_id", "round_order"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_households_municipality_association_id_number"),
            ["municipality", "association_id", "number"],
            unique=False,
        )

    op.create_table(
        "marked_answers",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("procedure_key", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("resident_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "resident_id"],
            ["residents.municipality", "residents.id"],
            name=op.f("fk_marked_answers_residents"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality",
            "procedure_key",
            "step",
            "value",
            "resident_id",
            name=op.f("pk_marked_answers"),
        ),
    )
    with op.batch_alter_table("marked_answers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_marked_answers_municipality_resident_id"),
            ["municipality", "resident_id"],
            unique=False,
        )

    op.create_table(
        "recipients",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("resident_id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(32), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("open_time", Instant(), nullable=True),
        sa.PrimaryKeyConstraint(
            "municipality", "campaign_id", "resident_id", name=op.f("pk_recipients")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("recipients", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recipients_municipality_resident_id"),
            ["municipality", "resident_id"],
            unique=False,
        )

    op.create_table(
        "campaign_letters",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("resident_id", sa.String(), nullable=False),
        sa.Column("cause", sa.String(32), nullable=False),
        sa.Column("print_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("print_time", Instant(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "campaign_id", "resident_id"],
            ["recipients.municipality", "recipients.campaign_id", "recipients.resident_id"],
            name=op.f("fk_campaign_letters_recipients"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "campaign_id", "resident_id", name=op.f("pk_campaign_letters")
        ),
    )
    with op.batch_alter_table("campaign_letters", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_campaign_letters_municipality_print_id"),
            ["municipality", "print_id"],
            unique=False,
        )

    op.create_table(
        "traits",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("resident_id", sa.String(), nullable=False),
        sa.Column("birth_year", sa.BigInteger(), nullable=False),
        sa.Column("birth_month", sa.BigInteger(), nullable=False),
        sa.Column("birth_day", sa.BigInteger(), nullable=False),
        sa.Column("sex", sa.BigInteger(), nullable=False),
        sa.Column("town", sa.BigInteger(), nullable=False),
        sa.Column("block", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "resident_id"],
            ["residents.municipality", "residents.id"],
            name=op.f("fk_traits_residents"),
        ),
        sa.PrimaryKeyConstraint("municipality", "resident_id", name=op.f("pk_traits")),
    )
    with op.batch_alter_table("traits", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_traits_municipality_town"), ["municipality", "town"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_traits_municipality_block"), ["municipality", "block"], unique=False
        )
    op.create_table(
        "circular_receipts",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("circular_id", sa.String(), nullable=False),
        sa.Column("household_id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("way", sa.String(32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("read_time", Instant(), nullable=True),
        sa.Column("read_by", sa.String(), nullable=False),
        sa.Column("remind_time", Instant(), nullable=True),
        sa.Column("answer_json", sa.LargeBinary(), nullable=True),
        sa.Column("answer_time", Instant(), nullable=True),
        sa.Column("enter_time", Instant(), nullable=True),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "circular_id"],
            ["circulars.municipality", "circulars.id"],
            name=op.f("fk_circular_receipts_circulars"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality", "household_id"],
            ["households.municipality", "households.id"],
            name=op.f("fk_circular_receipts_households"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "circular_id", "household_id", name=op.f("pk_circular_receipts")
        ),
    )
    with op.batch_alter_table("circular_receipts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_circular_receipts_municipality_household_id_circular_id"),
            ["municipality", "household_id", "circular_id"],
            unique=False,
        )

    op.create_table(
        "circular_announcements",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("circular_id", sa.String(), nullable=False),
        sa.Column("occasion", sa.String(32), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("begin_time", Instant(), nullable=False),
        sa.Column("but", sa.String(), nullable=False),
        sa.Column("groups_json", sa.String(), nullable=False),
        sa.Column("cursor", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "circular_id"],
            ["circulars.municipality", "circulars.id"],
            name=op.f("fk_circular_announcements_circulars"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_circular_announcements")),
    )
    op.create_table(
        "inquiries",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("resident_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("wait_time", Instant(), nullable=False),
        sa.Column("assignee_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "contact_id"],
            ["contacts.municipality", "contacts.id"],
            name=op.f("fk_inquiries_contacts"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_inquiries")),
    )
    with op.batch_alter_table("inquiries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_inquiries_municipality_resident_id"),
            ["municipality", "resident_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_inquiries_municipality_state_wait_time_id"),
            ["municipality", "state", "wait_time", "id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_inquiries_open",
            ["municipality", "contact_id"],
            unique=True,
            sqlite_where=sa.text("state != 'closed'"),
            postgresql_where=sa.text("state != 'closed'"),
        )

    op.create_table(
        "join_requests",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("household_id", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("display_name", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("create_time", Instant(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "association_id"],
            ["associations.municipality", "associations.id"],
            name=op.f("fk_join_requests_associations"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality", "contact_id"],
            ["contacts.municipality", "contacts.id"],
            name=op.f("fk_join_requests_contacts"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_join_requests")),
    )
    with op.batch_alter_table("join_requests", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_join_requests_municipality_association_id_state_id"),
            ["municipality", "association_id", "state", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_join_requests_municipality_contact_id"),
            ["municipality", "contact_id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_join_requests_waiting",
            ["municipality", "association_id", "contact_id"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "members",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("household_id", sa.String(), nullable=False),
        sa.Column("display_name", sa.LargeBinary(), nullable=False),
        sa.Column("join_time", Instant(), nullable=False),
        sa.Column("end_time", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality", "household_id"],
            ["households.municipality", "households.id"],
            name=op.f("fk_members_households"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_members")),
    )
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_members_municipality_association_id"),
            ["municipality", "association_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_members_municipality_household_id"),
            ["municipality", "household_id"],
            unique=False,
        )

    op.create_table(
        "inquiry_messages",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("inquiry_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("time", Instant(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("staff_name", sa.String(), nullable=False),
        sa.Column("dispatch_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "inquiry_id"],
            ["inquiries.municipality", "inquiries.id"],
            name=op.f("fk_inquiry_messages_inquiries"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "inquiry_id", "number", name=op.f("pk_inquiry_messages")
        ),
    )
    op.create_table(
        "asked_in_chats",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("so_far_json", sa.LargeBinary(), nullable=False),
        sa.Column("ask_time", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "contact_id"],
            ["contacts.municipality", "contacts.id"],
            name=op.f("fk_asked_in_chats_contacts"),
        ),
        sa.PrimaryKeyConstraint("municipality", "contact_id", name=op.f("pk_asked_in_chats")),
    )
    with op.batch_alter_table("asked_in_chats", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_asked_in_chats_ask_time"), ["ask_time"], unique=False)

    op.create_table(
        "member_contacts",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("link_time", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "contact_id"],
            ["contacts.municipality", "contacts.id"],
            name=op.f("fk_member_contacts_contacts"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality", "member_id"],
            ["members.municipality", "members.id"],
            name=op.f("fk_member_contacts_members"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "member_id", "contact_id", name=op.f("pk_member_contacts")
        ),
    )
    with op.batch_alter_table("member_contacts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_member_contacts_municipality_contact_id"),
            ["municipality", "contact_id"],
            unique=False,
        )

    op.create_table(
        "proxy_contacts",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("proxy_id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("link_time", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "contact_id"],
            ["contacts.municipality", "contacts.id"],
            name=op.f("fk_proxy_contacts_contacts"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality", "proxy_id"],
            ["proxies.municipality", "proxies.id"],
            name=op.f("fk_proxy_contacts_proxies"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "proxy_id", "contact_id", name=op.f("pk_proxy_contacts")
        ),
    )
    with op.batch_alter_table("proxy_contacts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_proxy_contacts_municipality_contact_id"),
            ["municipality", "contact_id"],
            unique=False,
        )

    op.create_table(
        "member_links",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("proxy_id", sa.String(), nullable=False),
        sa.Column("expire_time", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "member_id"],
            ["members.municipality", "members.id"],
            name=op.f("fk_member_links_members"),
        ),
        sa.PrimaryKeyConstraint("municipality", "digest", name=op.f("pk_member_links")),
    )
    op.create_table(
        "offices",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("association_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("begin_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("end_time", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality", "member_id"],
            ["members.municipality", "members.id"],
            name=op.f("fk_offices_members"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_offices")),
    )
    with op.batch_alter_table("offices", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_offices_municipality_association_id_end_date"),
            ["municipality", "association_id", "end_date"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_offices_municipality_member_id"),
            ["municipality", "member_id"],
            unique=False,
        )

    with op.batch_alter_table("campaigns", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lane", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("topic", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("draft_json", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("procedure_key", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("official_code", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("author_id", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("author_name", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("approver_id", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("approver_name", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("approved_for", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("start_time", Instant(), nullable=True))
        batch_op.add_column(sa.Column("end_time", Instant(), nullable=True))
        batch_op.add_column(sa.Column("remark", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("repeat_of", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("repeat_begin", Instant(), nullable=True))
        batch_op.add_column(
            sa.Column("recipient_count", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("expanding", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("cursor", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("batches", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("turn", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
        batch_op.create_index(
            batch_op.f("ix_campaigns_municipality_state_start_time"),
            ["municipality", "state", "start_time"],
            unique=False,
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_campaigns_municipality_official_code"), ["municipality", "official_code"]
        )

    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("open_time", Instant(), nullable=True))

    with op.batch_alter_table("dispatches", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("campaign_id", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("batch", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(
            sa.Column("first_resident_id", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("last_resident_id", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("turn", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("language", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("way", sa.String(32), nullable=False, server_default="together")
        )
        batch_op.add_column(
            sa.Column("awaits_allowance", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.create_index(
            batch_op.f("ix_dispatches_municipality_campaign_id_batch"),
            ["municipality", "campaign_id", "batch"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_dispatches_municipality_finish_time"),
            ["municipality", "finish_time"],
            unique=False,
        )
        batch_op.create_index(
            "ix_dispatches_free_in_turn",
            ["municipality", "channel", "lane", "turn", "id"],
            unique=False,
            sqlite_where=sa.text("free_time IS NOT NULL"),
            postgresql_where=sa.text("free_time IS NOT NULL"),
        )

    # Browsers were kept as lost, so that nothing was pushed to them.
    op.execute("UPDATE contacts SET state = 'visiting' WHERE channel IN ('web', 'board')")


def downgrade() -> None:
    op.execute("UPDATE contacts SET state = 'lost' WHERE state = 'visiting'")

    with op.batch_alter_table("dispatches", schema=None) as batch_op:
        batch_op.drop_index("ix_dispatches_free_in_turn")
        batch_op.drop_index(batch_op.f("ix_dispatches_municipality_finish_time"))
        batch_op.drop_index(batch_op.f("ix_dispatches_municipality_campaign_id_batch"))
        batch_op.drop_column("awaits_allowance")
        batch_op.drop_column("way")
        batch_op.drop_column("language")
        batch_op.drop_column("turn")
        batch_op.drop_column("last_resident_id")
        batch_op.drop_column("first_resident_id")
        batch_op.drop_column("batch")
        batch_op.drop_column("campaign_id")

    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_column("open_time")

    with op.batch_alter_table("campaigns", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("uq_campaigns_municipality_official_code"), type_="unique"
        )
        batch_op.drop_index(batch_op.f("ix_campaigns_municipality_state_start_time"))
        batch_op.drop_column("revision")
        batch_op.drop_column("turn")
        batch_op.drop_column("batches")
        batch_op.drop_column("cursor")
        batch_op.drop_column("expanding")
        batch_op.drop_column("recipient_count")
        batch_op.drop_column("repeat_begin")
        batch_op.drop_column("repeat_of")
        batch_op.drop_column("remark")
        batch_op.drop_column("end_time")
        batch_op.drop_column("start_time")
        batch_op.drop_column("approved_for")
        batch_op.drop_column("approver_name")
        batch_op.drop_column("approver_id")
        batch_op.drop_column("author_name")
        batch_op.drop_column("author_id")
        batch_op.drop_column("official_code")
        batch_op.drop_column("procedure_key")
        batch_op.drop_column("draft_json")
        batch_op.drop_column("topic")
        batch_op.drop_column("lane")

    with op.batch_alter_table("offices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offices_municipality_member_id"))
        batch_op.drop_index(batch_op.f("ix_offices_municipality_association_id_end_date"))

    op.drop_table("offices")
    op.drop_table("member_links")
    with op.batch_alter_table("proxy_contacts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proxy_contacts_municipality_contact_id"))

    op.drop_table("proxy_contacts")
    with op.batch_alter_table("asked_in_chats", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asked_in_chats_ask_time"))

    op.drop_table("asked_in_chats")
    with op.batch_alter_table("member_contacts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_contacts_municipality_contact_id"))

    op.drop_table("member_contacts")
    op.drop_table("inquiry_messages")
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_members_municipality_household_id"))
        batch_op.drop_index(batch_op.f("ix_members_municipality_association_id"))

    op.drop_table("members")
    with op.batch_alter_table("join_requests", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_join_requests_waiting",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index(batch_op.f("ix_join_requests_municipality_contact_id"))
        batch_op.drop_index(batch_op.f("ix_join_requests_municipality_association_id_state_id"))

    op.drop_table("join_requests")
    with op.batch_alter_table("inquiries", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_inquiries_open",
            sqlite_where=sa.text("state != 'closed'"),
            postgresql_where=sa.text("state != 'closed'"),
        )
        batch_op.drop_index(batch_op.f("ix_inquiries_municipality_state_wait_time_id"))
        batch_op.drop_index(batch_op.f("ix_inquiries_municipality_resident_id"))

    op.drop_table("inquiries")
    with op.batch_alter_table("circular_receipts", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("ix_circular_receipts_municipality_household_id_circular_id")
        )

    op.drop_table("circular_receipts")
    op.drop_table("circular_announcements")
    with op.batch_alter_table("traits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_traits_municipality_block"))
        batch_op.drop_index(batch_op.f("ix_traits_municipality_town"))

    op.drop_table("traits")
    with op.batch_alter_table("campaign_letters", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_letters_municipality_print_id"))

    op.drop_table("campaign_letters")
    with op.batch_alter_table("recipients", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recipients_municipality_resident_id"))

    op.drop_table("recipients")
    with op.batch_alter_table("marked_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_marked_answers_municipality_resident_id"))

    op.drop_table("marked_answers")
    with op.batch_alter_table("households", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_households_municipality_association_id_number"))
        batch_op.drop_index(
            batch_op.f("ix_households_municipality_association_id_group_id_round_order")
        )

    op.drop_table("households")
    op.drop_table("groups")
    op.drop_table("circular_versions")
    op.drop_table("circular_pages")
    with op.batch_alter_table("circular_named_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_circular_named_files_municipality_file_id"))

    op.drop_table("circular_named_files")
    op.drop_table("circular_electors")
    with op.batch_alter_table("circular_comments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_circular_comments_municipality_circular_id_id"))

    op.drop_table("circular_comments")
    op.drop_table("circular_ballots")
    op.drop_table("association_invitations")
    op.drop_table("templates")
    op.drop_table("sending_rules")
    op.drop_table("segments")
    op.drop_table("rates")
    op.drop_table("quotas")
    op.drop_table("images")
    with op.batch_alter_table("circulars", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_circulars_forwarded",
            sqlite_where=sa.text("forwarded_from != ''"),
            postgresql_where=sa.text("forwarded_from != ''"),
        )
        batch_op.drop_index(batch_op.f("ix_circulars_municipality_state_publish_time"))
        batch_op.drop_index(batch_op.f("ix_circulars_municipality_association_id_id"))

    op.drop_table("circulars")
    with op.batch_alter_table("circular_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_circular_files_municipality_create_time"))

    op.drop_table("circular_files")
    op.drop_table("associations")
    with op.batch_alter_table("areas", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_areas_municipality_town"))

    op.drop_table("areas")
