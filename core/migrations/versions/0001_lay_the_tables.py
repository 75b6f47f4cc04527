"""Lay the tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.db import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("response", sa.LargeBinary(), nullable=False),
        sa.Column("answer_time", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_answers")),
    )
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answers_answer_time"), ["answer_time"], unique=False)

    op.create_table(
        "municipalities",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("create_time", Instant(), nullable=False),
        sa.Column("chain_seq", sa.Integer(), nullable=False),
        sa.Column("chain_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("municipality", name=op.f("pk_municipalities")),
    )
    op.create_table(
        "applications",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("entitlement_id", sa.String(), nullable=False),
        sa.Column("resident_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("procedure_key", sa.String(), nullable=False),
        sa.Column("procedure_version", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("invite_time", Instant(), nullable=False),
        sa.Column("answers_json", sa.LargeBinary(), nullable=False),
        sa.Column("returned_with", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("submit_time", Instant(), nullable=True),
        sa.Column("decide_time", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_applications_municipalities"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_applications")),
    )
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_applications_municipality_program_id_state"),
            ["municipality", "program_id", "state"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_applications_municipality_resident_id"),
            ["municipality", "resident_id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_applications_live",
            ["municipality", "entitlement_id"],
            unique=True,
            sqlite_where=sa.text("(state NOT IN ('expired', 'rejected', 'withdrawn'))"),
            postgresql_where=sa.text("(state NOT IN ('expired', 'rejected', 'withdrawn'))"),
        )

    op.create_table(
        "campaigns",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("create_time", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_campaigns_municipalities"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_campaigns")),
    )
    op.create_table(
        "deliveries",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("resident_id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("dispatch_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("create_time", Instant(), nullable=False),
        sa.Column("finish_time", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_deliveries_municipalities"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "municipality",
            "occasion",
            "resident_id",
            name=op.f("uq_deliveries_municipality_occasion_resident_id"),
        ),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_deliveries_municipality_campaign_id"),
            ["municipality", "campaign_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_deliveries_municipality_dispatch_id"),
            ["municipality", "dispatch_id"],
            unique=False,
        )

    op.create_table(
        "dispatches",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("retry_key", sa.String(), nullable=False),
        sa.Column("recipients", sa.LargeBinary(), nullable=False),
        sa.Column("recipient_count", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("create_time", Instant(), nullable=False),
        sa.Column("first_attempt_time", Instant(), nullable=True),
        sa.Column("finish_time", Instant(), nullable=True),
        sa.Column("provider_message", sa.String(), nullable=False),
        sa.Column(
            "provider_request_ids",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("free_time", Instant(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_dispatches_municipalities"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_dispatches")),
    )
    with op.batch_alter_table("dispatches", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dispatches_municipality_channel_free_time_lane_id"),
            ["municipality", "channel", "free_time", "lane", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_dispatches_municipality_state_id"),
            ["municipality", "state", "id"],
            unique=False,
        )

    op.create_table(
        "events",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("time", Instant(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("on_behalf_of", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("reason_digest", sa.LargeBinary(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipalities.municipality"], name=op.f("fk_events_municipalities")
        ),
        sa.PrimaryKeyConstraint("municipality", "seq", name=op.f("pk_events")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_events_municipality_subject"), ["municipality", "subject"], unique=False
        )

    op.create_table(
        "originators",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("bank_code", sa.String(), nullable=False),
        sa.Column("branch_code", sa.String(), nullable=False),
        sa.Column("account_type", sa.String(32), nullable=False),
        sa.Column("account_number", sa.LargeBinary(), nullable=False),
        sa.Column("line_ends", sa.Boolean(), nullable=False),
        sa.Column("blank_bank_names", sa.Boolean(), nullable=False),
        sa.Column("blank_clearing_house", sa.Boolean(), nullable=False),
        sa.Column("wo_in_names", sa.Boolean(), nullable=False),
        sa.Column("last_serial", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_originators_municipalities"),
        ),
        sa.PrimaryKeyConstraint("municipality", name=op.f("pk_originators")),
    )
    op.create_table(
        "programs",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("unit", sa.String(32), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=False),
        sa.Column("procedure_key", sa.String(), nullable=False),
        sa.Column("create_time", Instant(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_programs_municipalities"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_programs")),
        sa.UniqueConstraint("municipality", "code", name=op.f("uq_programs_municipality_code")),
    )
    op.create_table(
        "residents",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("create_time", Instant(), nullable=False),
        sa.Column("suppressed", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_residents_municipalities"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_residents")),
    )
    op.create_table(
        "staff",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=False),
        sa.Column(
            "roles",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("create_time", Instant(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failure_time", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipalities.municipality"], name=op.f("fk_staff_municipalities")
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_staff")),
        sa.UniqueConstraint("municipality", "name", name=op.f("uq_staff_municipality_name")),
    )
    op.create_table(
        "tokens",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("create_time", Instant(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("expire_time", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipalities.municipality"], name=op.f("fk_tokens_municipalities")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_tokens")),
    )
    with op.batch_alter_table("tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tokens_expire_time"), ["expire_time"], unique=False)

    op.create_table(
        "contacts",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("external_id", sa.LargeBinary(), nullable=False),
        sa.Column("external_index", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("seen_time", Instant(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("resident_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality", "resident_id"],
            ["residents.municipality", "residents.id"],
            name=op.f("fk_contacts_residents"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_contacts_municipalities"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_contacts")),
        sa.UniqueConstraint(
            "municipality",
            "channel",
            "external_index",
            name=op.f("uq_contacts_municipality_channel_external_index"),
        ),
    )
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contacts_municipality_resident_id"),
            ["municipality", "resident_id"],
            unique=False,
        )

    op.create_table(
        "facts",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("resident_id", sa.String(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("holder", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("name_flags", sa.LargeBinary(), nullable=False),
        sa.Column("birth_date", sa.LargeBinary(), nullable=False),
        sa.Column("sex", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("address_flags", sa.LargeBinary(), nullable=False),
        sa.Column("assurance", sa.String(), nullable=False),
        sa.Column("revocation", sa.String(32), nullable=False),
        sa.Column("certificate_serial", sa.LargeBinary(), nullable=False),
        sa.Column("certificate_fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("issuer_fingerprint", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("not_after", Instant(), nullable=False),
        sa.Column("consent_version", sa.String(), nullable=False),
        sa.Column("verify_time", Instant(), nullable=False),
        sa.Column("closed_time", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality", "resident_id"],
            ["residents.municipality", "residents.id"],
            name=op.f("fk_facts_residents"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_facts")),
    )
    with op.batch_alter_table("facts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_facts_municipality_person"), ["municipality", "person"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_facts_municipality_resident_id"),
            ["municipality", "resident_id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_facts_in_force",
            ["municipality", "resident_id"],
            unique=True,
            sqlite_where=sa.text("closed_time IS NULL"),
            postgresql_where=sa.text("closed_time IS NULL"),
        )
        batch_op.create_index(
            "uq_facts_person",
            ["municipality", "person"],
            unique=True,
            sqlite_where=sa.text("closed_time IS NULL"),
            postgresql_where=sa.text("closed_time IS NULL"),
        )

    op.create_table(
        "rosters",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("encoding", sa.String(), nullable=False),
        sa.Column("import_time", Instant(), nullable=False),
        sa.Column("replace_time", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality", "program_id"],
            ["programs.municipality", "programs.id"],
            name=op.f("fk_rosters_programs"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_rosters")),
    )
    with op.batch_alter_table("rosters", schema=None) as batch_op:
        batch_op.create_index(
            "uq_rosters_live",
            ["municipality", "program_id"],
            unique=True,
            sqlite_where=sa.text("replace_time IS NULL"),
            postgresql_where=sa.text("replace_time IS NULL"),
        )

    op.create_table(
        "transfer_batches",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("transfer_date", sa.Date(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column(
            "findings_json",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("order_text", sa.LargeBinary(), nullable=False),
        sa.Column("proposer_id", sa.String(), nullable=False),
        sa.Column("proposer", sa.String(), nullable=False),
        sa.Column("propose_time", Instant(), nullable=False),
        sa.Column("approver_id", sa.String(), nullable=True),
        sa.Column("approver", sa.String(), nullable=False),
        sa.Column("approve_time", Instant(), nullable=True),
        sa.Column("export_time", Instant(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "approver_id <> proposer_id", name=op.f("ck_transfer_batches_approver_is_another")
        ),
        sa.CheckConstraint("line_count > 0 AND total > 0", name=op.f("ck_transfer_batches_pays")),
        sa.ForeignKeyConstraint(
            ["municipality", "program_id"],
            ["programs.municipality", "programs.id"],
            name=op.f("fk_transfer_batches_programs"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_transfer_batches")),
    )
    with op.batch_alter_table("transfer_batches", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_transfer_batches_municipality_program_id_id"),
            ["municipality", "program_id", "id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_transfer_batches_exported",
            ["municipality", "fingerprint"],
            unique=True,
            sqlite_where=sa.text("export_time IS NOT NULL"),
            postgresql_where=sa.text("export_time IS NOT NULL"),
        )

    op.create_table(
        "challenges",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("consent_version", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("expire_time", Instant(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("used_time", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality", "contact_id"],
            ["contacts.municipality", "contacts.id"],
            name=op.f("fk_challenges_contacts"),
        ),
        sa.PrimaryKeyConstraint("municipality", "digest", name=op.f("pk_challenges")),
    )
    with op.batch_alter_table("challenges", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_challenges_expire_time"), ["expire_time"], unique=False
        )

    op.create_table(
        "entitlements",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("roster_id", sa.String(), nullable=False),
        sa.Column("reference", sa.LargeBinary(), nullable=False),
        sa.Column("reference_index", sa.LargeBinary(), nullable=False),
        sa.Column("household", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("kana", sa.LargeBinary(), nullable=False),
        sa.Column("birth_date", sa.LargeBinary(), nullable=False),
        sa.Column("sex", sa.LargeBinary(), nullable=False),
        sa.Column("postal_code", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("account_text", sa.LargeBinary(), nullable=True),
        sa.Column("suppressed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "roster_id"],
            ["rosters.municipality", "rosters.id"],
            name=op.f("fk_entitlements_rosters"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_entitlements")),
        sa.UniqueConstraint(
            "municipality",
            "roster_id",
            "reference_index",
            name=op.f("uq_entitlements_municipality_roster_id_reference_index"),
        ),
    )
    op.create_table(
        "transfer_overrides",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("batch_id", sa.String(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("staff_name", sa.String(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("time", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "batch_id"],
            ["transfer_batches.municipality", "transfer_batches.id"],
            name=op.f("fk_transfer_overrides_transfer_batches"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "batch_id", "staff_id", name=op.f("pk_transfer_overrides")
        ),
    )
    op.create_table(
        "matches",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("entitlement_id", sa.String(), nullable=False),
        sa.Column("resident_id", sa.String(), nullable=False),
        sa.Column("match_class", sa.String(32), nullable=False),
        sa.Column("decision", sa.String(32), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("find_time", Instant(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "entitlement_id"],
            ["entitlements.municipality", "entitlements.id"],
            name=op.f("fk_matches_entitlements"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality", "program_id"],
            ["programs.municipality", "programs.id"],
            name=op.f("fk_matches_programs"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality", "resident_id"],
            ["residents.municipality", "residents.id"],
            name=op.f("fk_matches_residents"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_matches")),
        sa.UniqueConstraint(
            "municipality",
            "entitlement_id",
            "resident_id",
            name=op.f("uq_matches_municipality_entitlement_id_resident_id"),
        ),
    )
    with op.batch_alter_table("matches", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_matches_municipality_program_id_decision_id"),
            ["municipality", "program_id", "decision", "id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_matches_entitlement",
            ["municipality", "entitlement_id"],
            unique=True,
            sqlite_where=sa.text("decision = 'accepted'"),
            postgresql_where=sa.text("decision = 'accepted'"),
        )
        batch_op.create_index(
            "uq_matches_resident",
            ["municipality", "program_id", "resident_id"],
            unique=True,
            sqlite_where=sa.text("decision = 'accepted'"),
            postgresql_where=sa.text("decision = 'accepted'"),
        )

    op.create_table(
        "transfer_lines",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("batch_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("entitlement_id", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("payee_text", sa.LargeBinary(), nullable=False),
        sa.Column("account_index", sa.LargeBinary(), nullable=False),
        sa.Column("payment_number", sa.String(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_transfer_lines_pays")),
        sa.ForeignKeyConstraint(
            ["municipality", "application_id"],
            ["applications.municipality", "applications.id"],
            name=op.f("fk_transfer_lines_applications"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality", "batch_id"],
            ["transfer_batches.municipality", "transfer_batches.id"],
            name=op.f("fk_transfer_lines_transfer_batches"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality", "entitlement_id"],
            ["entitlements.municipality", "entitlements.id"],
            name=op.f("fk_transfer_lines_entitlements"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "batch_id", "number", name=op.f("pk_transfer_lines")
        ),
        sa.UniqueConstraint(
            "municipality",
            "payment_number",
            name=op.f("uq_transfer_lines_municipality_payment_number"),
        ),
    )
    with op.batch_alter_table("transfer_lines", schema=None) as batch_op:
        batch_op.create_index(
            "uq_transfer_lines_live_application",
            ["municipality", "application_id"],
            unique=True,
            sqlite_where=sa.text("live IS true"),
            postgresql_where=sa.text("live IS true"),
        )
        batch_op.create_index(
            "uq_transfer_lines_live_entitlement",
            ["municipality", "entitlement_id"],
            unique=True,
            sqlite_where=sa.text("live IS true"),
            postgresql_where=sa.text("live IS true"),
        )


def downgrade() -> None:
    with op.batch_alter_table("transfer_lines", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_transfer_lines_live_entitlement",
            sqlite_where=sa.text("live IS true"),
            postgresql_where=sa.text("live IS true"),
        )
        batch_op.drop_index(
            "uq_transfer_lines_live_application",
            sqlite_where=sa.text("live IS true"),
            postgresql_where=sa.text("live IS true"),
        )

    op.drop_table("transfer_lines")
    with op.batch_alter_table("matches", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_matches_resident",
            sqlite_where=sa.text("decision = 'accepted'"),
            postgresql_where=sa.text("decision = 'accepted'"),
        )
        batch_op.drop_index(
            "uq_matches_entitlement",
            sqlite_where=sa.text("decision = 'accepted'"),
            postgresql_where=sa.text("decision = 'accepted'"),
        )
        batch_op.drop_index(batch_op.f("ix_matches_municipality_program_id_decision_id"))

    op.drop_table("matches")
    op.drop_table("transfer_overrides")
    op.drop_table("entitlements")
    with op.batch_alter_table("challenges", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_challenges_expire_time"))

    op.drop_table("challenges")
    with op.batch_alter_table("transfer_batches", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_transfer_batches_exported",
            sqlite_where=sa.text("export_time IS NOT NULL"),
            postgresql_where=sa.text("export_time IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_transfer_batches_municipality_program_id_id"))

    op.drop_table("transfer_batches")
    with op.batch_alter_table("rosters", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_rosters_live",
            sqlite_where=sa.text("replace_time IS NULL"),
            postgresql_where=sa.text("replace_time IS NULL"),
        )

    op.drop_table("rosters")
    with op.batch_alter_table("facts", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_facts_person",
            sqlite_where=sa.text("closed_time IS NULL"),
            postgresql_where=sa.text("closed_time IS NULL"),
        )
        batch_op.drop_index(
            "uq_facts_in_force",
            sqlite_where=sa.text("closed_time IS NULL"),
            postgresql_where=sa.text("closed_time IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_facts_municipality_resident_id"))
        batch_op.drop_index(batch_op.f("ix_facts_municipality_person"))

    op.drop_table("facts")
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contacts_municipality_resident_id"))

    op.drop_table("contacts")
    with op.batch_alter_table("tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tokens_expire_time"))

    op.drop_table("tokens")
    op.drop_table("staff")
    op.drop_table("residents")
    op.drop_table("programs")
    op.drop_table("originators")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_events_municipality_subject"))

    op.drop_table("events")
    with op.batch_alter_table("dispatches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dispatches_municipality_state_id"))
        batch_op.drop_index(batch_op.f("ix_dispatches_municipality_channel_free_time_lane_id"))

    op.drop_table("dispatches")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deliveries_municipality_dispatch_id"))
        batch_op.drop_index(batch_op.f("ix_deliveries_municipality_campaign_id"))

    op.drop_table("deliveries")
    op.drop_table("campaigns")
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_applications_live",
            sqlite_where=sa.text("(state NOT IN ('expired', 'rejected', 'withdrawn'))"),
            postgresql_where=sa.text("(state NOT IN ('expired', 'rejected', 'withdrawn'))"),
        )
        batch_op.drop_index(batch_op.f("ix_applications_municipality_resident_id"))
        batch_op.drop_index(batch_op.f("ix_applications_municipality_program_id_state"))

    op.drop_table("applications")
    op.drop_table("municipalities")
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answers_answer_time"))

    op.drop_table("answers")
