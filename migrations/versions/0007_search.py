"""a narrow index to look for any fragment of a name or number in"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SEARCHED = ["id", "name_folded", "personal_id", "phone", "code", "temporary_id", "result_number"]


def upgrade() -> None:
    op.create_index("ix_dossier_search", "dossier", SEARCHED)


def downgrade() -> None:
    op.drop_index("ix_dossier_search", "dossier")
