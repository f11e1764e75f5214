"""files laid under an intake form that no dossier exists for yet"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "staged_file",
        sa.Column("id", BIG, nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("form_key", sa.String(length=80), nullable=False),
        sa.Column("dossier_id", sa.String(length=36), nullable=True),
        sa.Column("procedure_code", sa.String(length=12), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=150), nullable=False),
        sa.Column("source_id", BIG, nullable=True),
        sa.Column("source_code", sa.String(length=50), nullable=True),
        sa.Column("added_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staged_file_staff_id")),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_staged_file_dossier_id")
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["stored_file.sha256"], name=op.f("fk_staged_file_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["paper_file.id"], name=op.f("fk_staged_file_source_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staged_file")),
    )
    op.create_index("ix_staged_file_staff_id_form_key", "staged_file", ["staff_id", "form_key"])
    op.create_index(op.f("ix_staged_file_dossier_id"), "staged_file", ["dossier_id"])


def downgrade() -> None:
    op.drop_table("staged_file")
