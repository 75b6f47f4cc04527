"""Applications whose rows left a roster, and who let them stand; who told staff no."""

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


def downgrade() -> None:
    with op.batch_alter_table("contact_records", schema=None) as batch_op:
        batch_op.drop_column("declined")
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.drop_column("kept_by")
        batch_op.drop_column("left_version")
