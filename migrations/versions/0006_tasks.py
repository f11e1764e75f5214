"""work over many dossiers at once; who stands in for whom"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_table(
        "task",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("back", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("finished_at", sa.String(length=27), nullable=True),
        sa.Column("cancelled_at", sa.String(length=27), nullable=True),
        sa.Column("leased_by", sa.String(length=60), nullable=True),
        sa.Column("leased_until", sa.String(length=27), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_task_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index("ix_task_open", "task", ["id"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_task_staff_id", "task", ["staff_id", "id"])
    op.create_table(
        "task_item",
        sa.Column("task_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=50), nullable=False),
        sa.Column("action", sa.String(length=30), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("done_at", sa.String(length=27), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_item_task_id")),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_task_item_dossier_id")
        ),
        sa.PrimaryKeyConstraint("task_id", "number", name=op.f("pk_task_item")),
    )
    op.create_index("ix_task_item_state", "task_item", ["task_id", "state", "number"])
    _substitutions()


def _substitutions() -> None:
    op.create_table(
        "substitution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("substitute_id", sa.String(length=36), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("entered_by", sa.String(length=36), nullable=False),
        sa.Column("entered_at", sa.String(length=27), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_substitution_{column}")
            )
            for column, table in (
                ("staff_id", "staff"), ("unit_id", "unit"), ("substitute_id", "staff"),
                ("entered_by", "staff"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitution")),
    )  # fmt: skip
    op.create_index("ix_substitution_unit_id", "substitution", ["unit_id", "last_day"])


def downgrade() -> None:
    for table in ("substitution", "task_item", "task"):
        op.drop_table(table)
