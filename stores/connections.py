"""Connections to the database that last longer than a request, and may have died since the last one.

Django can ask each one whether it lives before it is used, at the price of a query. A read need not ask: one
that finds its connection dead is tried again on a new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from psycopg.pq import Format

A_MOMENT = 0.05  # seconds
# psycopg's own, written in C where it can be; Django's goes through Python, a fifth of the time of a list
LOADER = psycopg.adapters.get_loader(psycopg.adapters.types["timestamptz"].oid, Format.TEXT)


class Cursor(ServerBindingCursor):
    """Reads times quickly, and lets PostgreSQL plan a query for a pattern anew each time: a plan for any
    pattern is bad for most."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.adapters.register_loader("timestamptz", LOADER)  # type: ignore[attr-defined] # psycopg's

    def execute(
        self, query: Any, params: Any = None, *, prepare: Any = None, **options: Any
    ) -> Any:
        if prepare is None and "LIKE " in query:
            prepare = False
        return super().execute(query, params, prepare=prepare, **options)  # type: ignore[misc]


@contextmanager
def planned_anew(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Lets PostgreSQL plan each query for the values it has.

    What is filtered by much or by nothing has one text, and a plan that is good for the one may read the
    whole table for the other.
    """
    connection: Any = connections[using]
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    own = connection.connection
    threshold, own.prepare_threshold = own.prepare_threshold, None
    try:
        yield
    finally:
        own.prepare_threshold = threshold


@contextmanager
def hardly_waiting(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """For a write that may as well be made later: on SQLite it would wait for any other writer, and long."""
    connection: Any = connections[using]
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    with connection.waiting(A_MOMENT):
        yield


def took_too_long(error: OperationalError) -> bool:
    """Whether the database gave up a question because of `DATABASE_STATEMENT_TIMEOUT`."""
    return isinstance(error.__cause__, psycopg.errors.QueryCanceled)


def names_nothing(error: BaseException | None) -> bool:
    """Whether SQLite says that a table or column is not there: a fault, and nothing that passes."""
    return str(error).startswith("no such ")


def may_pass(error: BaseException | None) -> bool:
    """Whether the database may do later what it could not do now."""
    return isinstance(error, OperationalError | InterfaceError) and not names_nothing(error)


def trust_connection(using: str = DEFAULT_DB_ALIAS) -> None:
    """Spares this thread's connection the question, until the next request."""
    connection: Any = connections[using]
    connection.health_check_done = True


def drop_if_dead(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Closes a connection that broke, so that the next query opens a new one; whether it had broken."""
    connection: Any = connections[using]
    is_dead = getattr(connection.connection, "closed", False)  # SQLite's never is
    if is_dead:
        connection.close()
    return is_dead


def renew_connection(using: str = DEFAULT_DB_ALIAS) -> None:
    """Closes a connection that has broken, grown old or lost its file, as Django does around a request."""
    connection: Any = connections[using]
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
