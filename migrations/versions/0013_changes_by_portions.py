"""a set of changes of the set-up is read and applied by portions: how far it is, what was wrong"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


CHANGE = sa.table("setup_change", *map(sa.column, ("id", "state", "items", "size", "done")))
ITEM = sa.table("setup_item", *map(sa.column, ("change_id", "number", "key", "before", "after")))


def upgrade() -> None:
    # SQLite makes a table anew to alter it, which nothing may point at: read, alter, then divide.
    columns = (CHANGE.c.id, CHANGE.c.state, CHANGE.c["items"])
    kept = op.get_bind().execute(sa.select(*columns)).all()
    with op.batch_alter_table("setup_change", schema=None) as batch_op:
        batch_op.drop_column("items")
        for name in ("size", "done"):
            batch_op.add_column(
                sa.Column(name, sa.Integer(), server_default="0", nullable=False)
            )  # fmt: skip
        batch_op.add_column(
            sa.Column("problems", sa.Text(), server_default="[]", nullable=False)
        )  # fmt: skip
        batch_op.add_column(sa.Column("raw", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("task_id", BIG, nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_setup_change_task_id"), "task", ["task_id"], ["id"]
        )  # fmt: skip
    op.create_table(
        "setup_item",
        sa.Column("change_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("left_out", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["setup_change.id"], name=op.f("fk_setup_item_change_id")
        ),
        sa.PrimaryKeyConstraint("change_id", "number", name=op.f("pk_setup_item")),
    )
    for id_, state, text in kept:
        _divide(id_, state, json.loads(text))


def _divide(id_: int, state: str, items: dict[str, dict[str, object]]) -> None:
    """Items get rows of their own; until now a set was applied whole or not at all."""
    connection = op.get_bind()
    rows = [
        {"change_id": id_, "number": number, "key": key, "before": _text(item["before"]),
         "after": _text(item["after"])}
        for number, (key, item) in enumerate(items.items(), 1)
    ]  # fmt: skip
    if rows:
        connection.execute(ITEM.insert(), rows)
    done = len(rows) if state == "applied" else 0
    counted = CHANGE.update().where(CHANGE.c.id == id_)
    connection.execute(counted.values(size=len(rows), done=done))


def _text(item: object) -> str | None:
    return None if item is None else json.dumps(item, ensure_ascii=False)


def downgrade() -> None:
    connection = op.get_bind()
    found: dict[int, dict[str, object]] = {}
    for row in connection.execute(sa.select(ITEM).order_by(ITEM.c.change_id, ITEM.c.number)).all():
        before = None if row.before is None else json.loads(row.before)
        item = {"before": before, "after": json.loads(row.after)}
        found.setdefault(row.change_id, {})[row.key] = item
    op.drop_table("setup_item")
    with op.batch_alter_table("setup_change", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_setup_change_task_id"), type_="foreignkey")
        for column in ("task_id", "raw", "problems", "done", "size"):
            batch_op.drop_column(column)
        batch_op.add_column(
            sa.Column("items", sa.Text(), server_default="{}", nullable=False)
        )  # fmt: skip
    with op.batch_alter_table("setup_change", schema=None) as batch_op:
        batch_op.alter_column("items", server_default=None)
    for id_, items in found.items():
        kept = CHANGE.update().where(CHANGE.c.id == id_)
        connection.execute(kept.values(items=json.dumps(items, ensure_ascii=False)))
