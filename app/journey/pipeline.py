"""Several writes in one round trip, where the database's driver can."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from app.journey.office import Db


@contextmanager
def one_round_trip(session: Db) -> Iterator[None]:
    """Send the statements of the block together and wait once, at its end (PostgreSQL's pipeline).

    The row that gives the next number stays locked until the commit, so every wait in between is a
    wait for all counters of the agency. Only writes that return nothing may stand in the block:
    their faults come at its end, as the IntegrityError or DBAPIError each would have raised.
    """
    connection = session.connection()
    raw = connection.connection.driver_connection
    if raw is None or not hasattr(raw, "pipeline"):  # SQLite has no trip to save
        yield
        return
    dbapi = connection.dialect.loaded_dbapi
    try:
        with raw.pipeline():
            yield
    except dbapi.Error as fault:
        raise DBAPIError.instance(
            None, None, fault, dbapi.Error, dialect=connection.dialect
        ) from fault
