"""Keep identity whole: consents, proxies, passkeys, codes, stale facts, search keys, jobs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.db import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("begin_time", Instant(), nullable=False),
        sa.Column("end_time", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_attempts_municipalities"),
        ),
        sa.PrimaryKeyConstraint("municipality", "kind", "subject", name=op.f("pk_attempts")),
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempts_end_time"), ["end_time"], unique=False)

    op.create_table(
        "jobs",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("cursor", sa.String(), nullable=False),
        sa.Column("begin_time", Instant(), nullable=True),
        sa.Column("end_time", Instant(), nullable=True),
        sa.Column(
            "result",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("free_time", Instant(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipalities.municipality"], name=op.f("fk_jobs_municipalities")
        ),
        sa.PrimaryKeyConstraint("municipality", "name", name=op.f("pk_jobs")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_jobs_free_time"), ["free_time"], unique=False)

    op.create_table(
        "passkey_challenges",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("expire_time", Instant(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=True),
        sa.Column("used_time", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_passkey_challenges_municipalities"),
        ),
        sa.PrimaryKeyConstraint("municipality", "digest", name=op.f("pk_passkey_challenges")),
    )
    with op.batch_alter_table("passkey_challenges", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_passkey_challenges_expire_time"), ["expire_time"], unique=False
        )

    op.create_table(
        "registrations",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("consent_version", sa.Integer(), nullable=False),
        sa.Column("proposer_id", sa.String(), nullable=False),
        sa.Column("proposer", sa.String(), nullable=False),
        sa.Column("create_time", Instant(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("birth_date", sa.LargeBinary(), nullable=True),
        sa.Column("sex", sa.LargeBinary(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("decider_id", sa.String(), nullable=False),
        sa.Column("decider", sa.String(), nullable=False),
        sa.Column("decide_time", Instant(), nullable=True),
        sa.Column("resident_id", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipalities.municipality"],
            name=op.f("fk_registrations_municipalities"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_registrations")),
    )
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_registrations_municipality_resident_id"),
            ["municipality", "resident_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_registrations_municipality_state_id"),
            ["municipality", "state", "id"],
            unique=False,
        )

    op.create_table(
        "topics",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column(
            "title",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("chosen_at_first", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipalities.municipality"], name=op.f("fk_topics_municipalities")
        ),
        sa.PrimaryKeyConstraint("municipality", "key", name=op.f("pk_topics")),
    )
    op.create_table(
        "codes",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("resident_id", sa.String(), nullable=False),
        sa.Column("maker", sa.String(), nullable=False),
        sa.Column("create_time", Instant(), nullable=False),
        sa.Column("expire_time", Instant(), nullable=False),
        sa.Column("used_time", Instant(), nullable=True),
        sa.Column(
            "scopes",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=True,
        ),
        sa.Column("proxy_expire_date", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality", "resident_id"],
            ["residents.municipality", "residents.id"],
            name=op.f("fk_codes_residents"),
        ),
        sa.PrimaryKeyConstraint("municipality", "digest", name=op.f("pk_codes")),
    )
    with op.batch_alter_table("codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_codes_expire_time"), ["expire_time"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_codes_municipality_resident_id"),
            ["municipality", "resident_id"],
            unique=False,
        )

    op.create_table(
        "consents",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("resident_id", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("give_time", Instant(), nullable=False),
        sa.Column("withdraw_time", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality", "resident_id"],
            ["residents.municipality", "residents.id"],
            name=op.f("fk_consents_residents"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(
            "uq_consents_holding",
            ["municipality", "resident_id", "purpose"],
            unique=True,
            sqlite_where=sa.text("withdraw_time IS NULL"),
            postgresql_where=sa.text("withdraw_time IS NULL"),
        )
    # Who registered before signed the first version; without a row they could not take it back.
    op.execute(
        "INSERT INTO consents"
        " (municipality, id, resident_id, purpose, version, given_by, give_time)"
        " SELECT municipality, id, resident_id, 'registration', 1, assurance, verify_time"
        " FROM facts WHERE closed_time IS NULL"
    )

    op.create_table(
        "proxies",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("resident_id", sa.String(), nullable=False),
        sa.Column("proxy_resident_id", sa.String(), nullable=False),
        sa.Column(
            "scopes",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("expire_date", sa.Date(), nullable=False),
        sa.Column("create_time", Instant(), nullable=False),
        sa.Column("end_time", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality", "proxy_resident_id"],
            ["residents.municipality", "residents.id"],
            name="fk_proxies_proxy_residents",
        ),
        sa.ForeignKeyConstraint(
            ["municipality", "resident_id"],
            ["residents.municipality", "residents.id"],
            name=op.f("fk_proxies_residents"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_proxies")),
    )
    with op.batch_alter_table("proxies", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_proxies_municipality_proxy_resident_id"),
            ["municipality", "proxy_resident_id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_proxies_going_on",
            ["municipality", "resident_id", "proxy_resident_id"],
            unique=True,
            sqlite_where=sa.text("end_time IS NULL"),
            postgresql_where=sa.text("end_time IS NULL"),
        )

    op.create_table(
        "stale",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("resident_id", sa.String(), nullable=False),
        sa.Column("cause", sa.String(32), nullable=False),
        sa.Column("since_time", Instant(), nullable=False),
        sa.Column("ask_time", Instant(), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "resident_id"],
            ["residents.municipality", "residents.id"],
            name=op.f("fk_stale_residents"),
        ),
        sa.PrimaryKeyConstraint("municipality", "resident_id", "cause", name=op.f("pk_stale")),
    )
    with op.batch_alter_table("stale", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stale_municipality_since_time"),
            ["municipality", "since_time"],
            unique=False,
        )

    op.create_table(
        "topic_choices",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("resident_id", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "resident_id"],
            ["residents.municipality", "residents.id"],
            name=op.f("fk_topic_choices_residents"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "resident_id", "topic", name=op.f("pk_topic_choices")
        ),
    )
    with op.batch_alter_table("topic_choices", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_topic_choices_municipality_topic"),
            ["municipality", "topic"],
            unique=False,
        )

    op.create_table(
        "authentications",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("redirect_uri", sa.String(), nullable=False),
        sa.Column("consent_version", sa.String(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("code_verifier", sa.LargeBinary(), nullable=False),
        sa.Column("expire_time", Instant(), nullable=False),
        sa.Column("used_time", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality", "contact_id"],
            ["contacts.municipality", "contacts.id"],
            name=op.f("fk_authentications_contacts"),
        ),
        sa.PrimaryKeyConstraint("municipality", "digest", name=op.f("pk_authentications")),
    )
    with op.batch_alter_table("authentications", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_authentications_expire_time"), ["expire_time"], unique=False
        )

    op.create_table(
        "passkeys",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("resident_id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("label", sa.LargeBinary(), nullable=False),
        sa.Column("create_time", Instant(), nullable=False),
        sa.Column("use_time", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality", "contact_id"],
            ["contacts.municipality", "contacts.id"],
            name=op.f("fk_passkeys_contacts"),
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint(
            "municipality", "credential_id", name=op.f("uq_passkeys_municipality_credential_id")
        ),
    )
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_passkeys_municipality_resident_id"),
            ["municipality", "resident_id"],
            unique=False,
        )

    op.create_table(
        "search_keys",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("facts_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("resident_id", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "facts_id"],
            ["facts.municipality", "facts.id"],
            name=op.f("fk_search_keys_facts"),
        ),
        sa.PrimaryKeyConstraint("municipality", "facts_id", "kind", name=op.f("pk_search_keys")),
    )
    with op.batch_alter_table("search_keys", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_search_keys_municipality_kind_digest"),
            ["municipality", "kind", "digest"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_search_keys_municipality_resident_id"),
            ["municipality", "resident_id"],
            unique=False,
        )

    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about", sa.String(), nullable=True))
        batch_op.create_index(batch_op.f("ix_answers_about"), ["about"], unique=False)

    # A text now may name who becomes a proxy, and is sealed; who was about to sign begins again.
    op.execute("DELETE FROM challenges")
    with op.batch_alter_table("challenges", schema=None) as batch_op:
        batch_op.drop_column("text")
        batch_op.add_column(sa.Column("text", sa.LargeBinary(), nullable=False))
        batch_op.add_column(
            sa.Column(
                "proxy_scopes",
                sa.JSON(none_as_null=True).with_variant(
                    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("proxy_expire_date", sa.Date(), nullable=True))

    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("language_chosen", sa.Boolean(), server_default=sa.false(), nullable=False)
        )

    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        # The resident first: what one of them was told is looked for by them alone, too.
        batch_op.drop_constraint(
            batch_op.f("uq_deliveries_municipality_occasion_resident_id"), type_="unique"
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_deliveries_municipality_resident_id_occasion"),
            ["municipality", "resident_id", "occasion"],
        )

    with op.batch_alter_table("facts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subject", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("document", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("closed_by", sa.String(), server_default="", nullable=False))
        batch_op.alter_column("certificate_serial", nullable=True)
        batch_op.alter_column("certificate_fingerprint", nullable=True)
        batch_op.alter_column("not_after", nullable=True)

    with op.batch_alter_table("programs", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("required_assurance", sa.String(32), server_default="counter", nullable=False)
        )

    with op.batch_alter_table("residents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("language", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("closing_cause", sa.String(32), nullable=True))
        batch_op.add_column(sa.Column("closing_date", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("consent_withdrawn", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("delete_time", Instant(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("residents", schema=None) as batch_op:
        batch_op.drop_column("delete_time")
        batch_op.drop_column("consent_withdrawn")
        batch_op.drop_column("closing_date")
        batch_op.drop_column("closing_cause")
        batch_op.drop_column("language")

    with op.batch_alter_table("programs", schema=None) as batch_op:
        batch_op.drop_column("required_assurance")

    with op.batch_alter_table("facts", schema=None) as batch_op:
        batch_op.alter_column("not_after", nullable=False)
        batch_op.alter_column("certificate_fingerprint", nullable=False)
        batch_op.alter_column("certificate_serial", nullable=False)
        batch_op.drop_column("closed_by")
        batch_op.drop_column("document")
        batch_op.drop_column("subject")

    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("uq_deliveries_municipality_resident_id_occasion"), type_="unique"
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_deliveries_municipality_occasion_resident_id"),
            ["municipality", "occasion", "resident_id"],
        )

    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.drop_column("language_chosen")

    op.execute("DELETE FROM challenges")
    with op.batch_alter_table("challenges", schema=None) as batch_op:
        batch_op.drop_column("text")
        batch_op.add_column(sa.Column("text", sa.String(), nullable=False))
        batch_op.drop_column("proxy_expire_date")
        batch_op.drop_column("proxy_scopes")

    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answers_about"))
        batch_op.drop_column("about")

    with op.batch_alter_table("search_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_search_keys_municipality_resident_id"))
        batch_op.drop_index(batch_op.f("ix_search_keys_municipality_kind_digest"))

    op.drop_table("search_keys")
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkeys_municipality_resident_id"))

    op.drop_table("passkeys")
    with op.batch_alter_table("authentications", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_authentications_expire_time"))

    op.drop_table("authentications")
    with op.batch_alter_table("topic_choices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_topic_choices_municipality_topic"))

    op.drop_table("topic_choices")
    with op.batch_alter_table("stale", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stale_municipality_since_time"))

    op.drop_table("stale")
    with op.batch_alter_table("proxies", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_proxies_going_on",
            sqlite_where=sa.text("end_time IS NULL"),
            postgresql_where=sa.text("end_time IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_proxies_municipality_proxy_resident_id"))

    op.drop_table("proxies")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_consents_holding",
            sqlite_where=sa.text("withdraw_time IS NULL"),
            postgresql_where=sa.text("withdraw_time IS NULL"),
        )

    op.drop_table("consents")
    with op.batch_alter_table("codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_codes_municipality_resident_id"))
        batch_op.drop_index(batch_op.f("ix_codes_expire_time"))

    op.drop_table("codes")
    op.drop_table("topics")
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registrations_municipality_state_id"))
        batch_op.drop_index(batch_op.f("ix_registrations_municipality_resident_id"))

    op.drop_table("registrations")
    with op.batch_alter_table("passkey_challenges", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkey_challenges_expire_time"))

    op.drop_table("passkey_challenges")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_jobs_free_time"))

    op.drop_table("jobs")
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempts_end_time"))

    op.drop_table("attempts")
