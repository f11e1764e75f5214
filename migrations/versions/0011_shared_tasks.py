"""several workers share a task; long work may make a file, and exports are tasks too"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("written", sa.Integer(), server_default="0", nullable=False)
        )  # fmt: skip
        batch_op.add_column(sa.Column("sentence", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("task_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("made", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("leased_by", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("leased_until", sa.String(length=27), nullable=True))
    op.create_table(
        "task_file",
        sa.Column("task_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("mimetype", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_file_task_id")),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_task_file")),
    )
    op.create_index("ix_task_file_made_at", "task_file", ["made_at"])


def downgrade() -> None:
    op.drop_table("task_file")
    with op.batch_alter_table("task_item", schema=None) as batch_op:
        for column in ("leased_until", "leased_by", "made"):
            batch_op.drop_column(column)
    with op.batch_alter_table("task", schema=None) as batch_op:
        for column in ("sentence", "written"):
            batch_op.drop_column(column)
