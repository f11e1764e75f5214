"""results with an error are put right as cases of their own; ratings of the service"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "correction",
        sa.Column("dossier_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("reported_by", sa.String(length=200), nullable=False),
        sa.Column("reported_at", sa.String(length=27), nullable=False),
        sa.Column("due_at", sa.String(length=27), nullable=True),
        sa.Column("corrected", sa.Text(), nullable=False),
        sa.Column("corrected_at", sa.String(length=27), nullable=True),
        sa.Column("old_number", sa.String(length=80), nullable=True),
        sa.Column("new_number", sa.String(length=80), nullable=True),
        sa.Column("closed_at", sa.String(length=27), nullable=True),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_correction_dossier_id")
        ),
        sa.PrimaryKeyConstraint("dossier_id", "number", name=op.f("pk_correction")),
    )
    op.create_table(
        "rating",
        sa.Column("dossier_id", sa.String(length=36), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("one_stop", sa.String(length=80), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("attitude", sa.SmallInteger(), nullable=False),
        sa.Column("timing", sa.SmallInteger(), nullable=False),
        sa.Column("contacts", sa.SmallInteger(), nullable=False),
        sa.Column("extra_cost", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_rating_dossier_id")),
        sa.ForeignKeyConstraint(["one_stop"], ["unit.id"], name=op.f("fk_rating_one_stop")),
        sa.PrimaryKeyConstraint("dossier_id", "stage", name=op.f("pk_rating")),
    )
    op.create_index(op.f("ix_rating_one_stop"), "rating", ["one_stop"])


def downgrade() -> None:
    op.drop_index(op.f("ix_rating_one_stop"), "rating")
    op.drop_table("rating")
    op.drop_table("correction")
