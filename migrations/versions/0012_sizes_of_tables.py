"""What SQLite's planner believes of the tables: an office of some years, from the first day on.

Without figures it takes an index of all steps where one of the open ones is there, and an inbox
costs seconds at a million dossiers. Figures that it counts by itself come late, when a list is slow
already, and may change a plan overnight; these stay. They are those of 60,000 dossiers with their
lawful lives. PostgreSQL counts by itself.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# Table, index, rows and then rows for each value of the first columns.
SIZES = (
    ("clock_move", "sqlite_autoindex_clock_move_1", "9200 2 1"),
    ("consultation", "ix_consultation_unit_id", "800 40 2"),
    ("consultation", "sqlite_autoindex_consultation_1", "800 1 1"),
    ("document", "sqlite_autoindex_document_1", "71000 2 1 1"),
    ("dossier", "ix_dossier_accepted_at_id", "60300 2 1"),
    ("dossier", "ix_dossier_in_transfer", "39 2 1"),
    ("dossier", "ix_dossier_one_stop_accepted_at", "60300 7538 2 1"),
    ("dossier", "ix_dossier_one_stop_id", "60300 7538 1"),
    ("dossier", "ix_dossier_one_stop_status_due_at", "60300 7538 1005 6 1"),
    ("dossier", "ix_dossier_personal_id", "60300 1"),
    ("dossier", "ix_dossier_procedure_code", "60300 1630"),
    ("dossier", "ix_dossier_submitter_card", "7500 1"),
    ("dossier", "sqlite_autoindex_dossier_1", "60300 1"),
    ("dossier_search", "sqlite_autoindex_dossier_search_1", "60300 1"),
    ("event", "ix_event_at", "558220 36"),
    ("event", "sqlite_autoindex_event_1", "558220 9 1"),
    ("fee_line", "sqlite_autoindex_fee_line_1", "60000 2 1"),
    ("message", "ix_message_state_next_at", "128600 64300 2"),
    ("paper", "sqlite_autoindex_paper_1", "180000 3 1"),
    ("posting", "ix_posting_staff_id", "711 2"),
    ("posting", "ix_posting_unit_id_role", "711 3 1"),
    ("staff", "sqlite_autoindex_staff_1", "402 1"),
    ("staff", "sqlite_autoindex_staff_2", "402 1"),
    ("step", "ix_step_assignee", "936 56 2 1"),
    ("step", "ix_step_open", "936 36 30 2 1"),
    ("step", "ix_step_unit_id", "356274 5240 2"),
    ("step", "sqlite_autoindex_step_1", "356274 6 1"),
    ("unit", "ix_unit_base_id", "313 10"),
    ("unit", "ix_unit_path", "313 1"),
    ("unit", "sqlite_autoindex_unit_1", "313 1"),
)


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute("ANALYZE")  # makes the tables of figures
    _forget()
    figures = sa.table("sqlite_stat1", *map(sa.column, ("tbl", "idx", "stat")))
    rows = [dict(zip(("tbl", "idx", "stat"), row, strict=True)) for row in SIZES]
    op.get_bind().execute(figures.insert(), rows)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _forget()


def _forget() -> None:
    connection = op.get_bind()
    for table in ("sqlite_stat1", "sqlite_stat4"):
        found = sa.text("SELECT 1 FROM sqlite_master WHERE name = :name")
        if connection.execute(found, {"name": table}).first():
            op.execute(f"DELETE FROM {table}")  # noqa: S608 - one of two names of our own
