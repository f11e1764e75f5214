"""the queue: counters, numbers taken, calls"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CALLED = sa.text("state = 'called'")


def upgrade() -> None:
    _counters()
    op.create_table(
        "ticket",
        sa.Column("id", BIG, nullable=False),
        sa.Column("one_stop", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("series", sa.String(length=1), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=50), nullable=True),
        sa.Column("priority", sa.String(length=60), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("for_counter", sa.Integer(), nullable=True),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.String(length=27), nullable=False),
        sa.Column("called_at", sa.String(length=27), nullable=True),
        sa.Column("shown_at", sa.String(length=27), nullable=True),
        sa.Column("recalled", sa.SmallInteger(), nullable=False),
        sa.Column("finished_at", sa.String(length=27), nullable=True),
        sa.Column("waited", sa.Integer(), nullable=True),
        sa.Column("served", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["one_stop"], ["unit.id"], name=op.f("fk_ticket_one_stop")),
        sa.ForeignKeyConstraint(
            ["for_counter"], ["counter.id"], name=op.f("fk_ticket_for_counter")
        ),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name=op.f("fk_ticket_counter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint(
            "one_stop", "day", "series", "number",
            name=op.f("uq_ticket_one_stop_day_series_number"),
        ),
    )  # fmt: skip
    op.create_index("ix_ticket_line", "ticket", ["one_stop", "day", "state", "taken_at"])
    op.create_index(
        "uq_ticket_counter_id_called", "ticket", ["counter_id"], unique=True,
        sqlite_where=CALLED, postgresql_where=CALLED,
    )  # fmt: skip
    op.create_table(
        "ticket_call",
        sa.Column("id", BIG, nullable=False),
        sa.Column("ticket_id", BIG, nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("called_at", sa.String(length=27), nullable=False),
        sa.Column("ended_at", sa.String(length=27), nullable=True),
        sa.Column("ending", sa.String(length=11), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_call_ticket_id")
        ),
        sa.ForeignKeyConstraint(
            ["counter_id"], ["counter.id"], name=op.f("fk_ticket_call_counter_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_ticket_call_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_call")),
    )
    op.create_index(op.f("ix_ticket_call_ticket_id"), "ticket_call", ["ticket_id"])
    op.create_index(
        "ix_ticket_call_counter_id_called_at", "ticket_call", ["counter_id", "called_at"]
    )


def _counters() -> None:
    op.create_table(
        "counter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("one_stop", sa.String(length=80), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("fields", sa.String(length=1000), nullable=False),
        sa.Column("reserved", sa.Boolean(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["one_stop"], ["unit.id"], name=op.f("fk_counter_one_stop")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter")),
        sa.UniqueConstraint("one_stop", "number", name=op.f("uq_counter_one_stop_number")),
    )
    op.create_table(
        "queue_rule",
        sa.Column("one_stop", sa.String(length=80), nullable=False),
        sa.Column("priorities", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["one_stop"], ["unit.id"], name=op.f("fk_queue_rule_one_stop")),
        sa.PrimaryKeyConstraint("one_stop", name=op.f("pk_queue_rule")),
    )
    op.create_table(
        "last_ticket",
        sa.Column("one_stop", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("series", sa.String(length=1), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("one_stop", "day", "series", name=op.f("pk_last_ticket")),
    )


def downgrade() -> None:
    for table in ("ticket_call", "ticket", "last_ticket", "queue_rule", "counter"):
        op.drop_table(table)
