"""Runs migrations inside the application, on whatever database it is bound to."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from app.models import Instant

extension = current_app.extensions["migrate"]


def plain_types(kind: str, item: object, _context: object) -> str | bool:
    """Steps name database types only, so that an old step never leans on today's code."""
    return "sa.String(length=27)" if kind == "type" and isinstance(item, Instant) else False


@contextmanager
def rebuilding(connection: Connection) -> Iterator[None]:
    """On SQLite a table that others point at can be made anew only while keys are not enforced.

    They are counted before the commit instead: a step that leaves a row pointing nowhere fails.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.driver_connection
    assert raw is not None  # noqa: S101 - just opened
    raw.execute("PRAGMA foreign_keys=OFF")  # before the transaction, within one it does nothing
    try:
        yield
    finally:
        if raw.in_transaction:
            raw.execute("ROLLBACK")
        raw.execute("PRAGMA foreign_keys=ON")


def check_keys(connection: Connection) -> None:
    """RuntimeError naming the tables of rows that point at nothing."""
    if connection.dialect.name == "sqlite":
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if lost:
            raise RuntimeError(f"rows without what they point at: {lost[:5]}")


def run() -> None:
    """Apply the steps in one transaction; on SQLite tables are rebuilt where ALTER cannot."""
    engine = extension.db.engine
    with engine.connect() as connection, rebuilding(connection):
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
            check_keys(connection)
        connection.commit()


run()
