"""office hours of a season or a weekday; those that held always become the first of them"""

import json
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SETTING = sa.table("setting", sa.column("key"), sa.column("value"))
KEY = "office_hours"
NAME, FIRST = "Giờ của cơ quan", date(2000, 1, 1)  # before every calendar, so that nothing moves


def upgrade() -> None:
    own = op.create_table(
        "own_hours",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("weekdays", sa.String(length=7), nullable=False),
        sa.Column("hours", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_own_hours")),
    )
    connection = op.get_bind()
    kept = connection.scalar(sa.select(SETTING.c.value).where(SETTING.c.key == KEY))
    if kept is not None:
        hours = ", ".join(f"{start}-{end}" for start, end in json.loads(kept))
        connection.execute(own.insert().values(
            name=NAME, first_day=FIRST, weekdays="0123456", hours=hours
        ))  # fmt: skip
        connection.execute(SETTING.delete().where(SETTING.c.key == KEY))


def downgrade() -> None:
    connection = op.get_bind()
    own = sa.table("own_hours", sa.column("name"), sa.column("hours"))
    hours = connection.scalar(sa.select(own.c.hours).where(own.c.name == NAME))
    if hours is not None:  # the old table knows hours that hold always, and no others
        pairs = [part.strip().split("-") for part in hours.split(",")]
        connection.execute(SETTING.insert().values(key=KEY, value=json.dumps(pairs)))
    op.drop_table("own_hours")
