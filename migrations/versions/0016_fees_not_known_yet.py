"""how many fees of a dossier have no amount yet: a result is not handed over before they have"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "dossier", sa.Column("fees_unknown", sa.SmallInteger(), server_default="0", nullable=False)
    )  # fmt: skip
    op.execute(
        "UPDATE dossier SET fees_unknown = (SELECT count(*) FROM fee_line"
        " WHERE fee_line.dossier_id = dossier.id AND fee_line.amount IS NULL"
        " AND fee_line.exempt_reason = '')"
        " WHERE dossier.returned_at IS NULL AND id IN"
        " (SELECT dossier_id FROM fee_line WHERE amount IS NULL)"
    )


def downgrade() -> None:
    op.drop_column("dossier", "fees_unknown")
