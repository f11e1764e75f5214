"""Runs migrations inside the application, on whatever database it is bound to."""

from alembic import context
from flask import current_app

from app.models import Instant

extension = current_app.extensions["migrate"]


def plain_types(kind: str, item: object, _context: object) -> str | bool:
    """Steps name database types only, so that an old step never leans on today's code."""
    return "sa.String(length=27)" if kind == "type" and isinstance(item, Instant) else False


def run() -> None:
    """Apply the steps in one transaction; on SQLite tables are rebuilt where ALTER cannot."""
    engine = extension.db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=extension.db.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=plain_types,
            # SQLite can undo DDL too: a run that was killed half-way leaves nothing behind.
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
