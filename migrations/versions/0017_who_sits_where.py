"""who sits at a counter, since when and when last heard of; the key of a press at the machine"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEY = "uq_ticket_press"


def upgrade() -> None:
    op.add_column("counter", sa.Column("held_by", sa.String(length=36), nullable=True))
    op.add_column("counter", sa.Column("held_since", sa.String(length=27), nullable=True))
    op.add_column("counter", sa.Column("held_at", sa.String(length=27), nullable=True))
    op.add_column("ticket", sa.Column("press", sa.String(length=32), nullable=True))
    op.create_index(KEY, "ticket", ["press"], unique=True)


def downgrade() -> None:
    op.drop_index(KEY, table_name="ticket")
    op.drop_column("ticket", "press")
    op.drop_column("counter", "held_at")
    op.drop_column("counter", "held_since")
    op.drop_column("counter", "held_by")
