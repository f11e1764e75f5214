"""digitised papers: stored files and the components they belong to"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ACTIVE = sa.text("removed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "stored_file",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_stored_file_made_by")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_stored_file")),
    )
    op.create_table(
        "paper_file",
        sa.Column("id", BIG, nullable=False),
        sa.Column("dossier_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=150), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("added_at", sa.String(length=27), nullable=False),
        sa.Column("added_by", sa.String(length=36), nullable=False),
        sa.Column("source_id", BIG, nullable=True),
        sa.Column("source_code", sa.String(length=50), nullable=True),
        sa.Column("removed_at", sa.String(length=27), nullable=True),
        sa.Column("removed_by", sa.String(length=36), nullable=True),
        sa.Column("removed_why", sa.String(length=300), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_paper_file_dossier_id")
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["stored_file.sha256"], name=op.f("fk_paper_file_sha256")
        ),
        sa.ForeignKeyConstraint(["added_by"], ["staff.id"], name=op.f("fk_paper_file_added_by")),
        sa.ForeignKeyConstraint(
            ["source_id"], ["paper_file.id"], name=op.f("fk_paper_file_source_id")
        ),
        sa.ForeignKeyConstraint(
            ["removed_by"], ["staff.id"], name=op.f("fk_paper_file_removed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_file")),
    )
    op.create_index(
        "uq_paper_file_dossier_id_number_sha256", "paper_file",
        ["dossier_id", "number", "sha256"], unique=True,
        sqlite_where=ACTIVE, postgresql_where=ACTIVE,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("paper_file")
    op.drop_table("stored_file")
