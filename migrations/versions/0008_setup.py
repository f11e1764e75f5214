"""changes of the set-up that can be taken back; the office's own days"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_own_day")),
    )
    op.create_table(
        "setup_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.Column("applied_at", sa.String(length=27), nullable=True),
        sa.Column("undone_at", sa.String(length=27), nullable=True),
        sa.Column("decision", sa.String(length=120), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_setup_change_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setup_change")),
    )
    op.create_index(op.f("ix_setup_change_kind"), "setup_change", ["kind"])


def downgrade() -> None:
    op.drop_index(op.f("ix_setup_change_kind"), "setup_change")
    op.drop_table("setup_change")
    op.drop_table("own_day")
