"""Applications whose rows left a roster; who told staff no; decisions into the closed network."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.add_column(sa.Column("left_version", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("kept_by", sa.String(), server_default="", nullable=False))

    with op.batch_alter_table("contact_records", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("declined", sa.Boolean(), server_default=sa.false(), nullable=False)
        )

    op.create_table(
        "crossing_decisions",
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("crossing_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality", "crossing_id"],
            ["crossings.municipality", "crossings.id"],
            name=op.f("fk_crossing_decisions_crossings"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality", "application_id", name=op.f("pk_crossing_decisions")
        ),
    )
    op.create_index(
        op.f("ix_crossing_decisions_municipality_crossing_id"),
        "crossing_decisions",
        ["municipality", "crossing_id"],
    )
    with op.batch_alter_table("crossings", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("parcel", sa.String(32), server_default="registrations", nullable=False)
        )
    op.execute("UPDATE crossings SET parcel = 'links' WHERE direction = 'import'")


def downgrade() -> None:
    with op.batch_alter_table("crossings", schema=None) as batch_op:
        batch_op.drop_column("parcel")
    op.drop_index(op.f("ix_crossing_decisions_municipality_crossing_id"), "crossing_decisions")
    op.drop_table("crossing_decisions")
    with op.batch_alter_table("contact_records", schema=None) as batch_op:
        batch_op.drop_column("declined")
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.drop_column("kept_by")
        batch_op.drop_column("left_version")
