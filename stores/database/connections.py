"""Database connections that live longer than a request, and may have broken since the last one.

Django's health check tests a connection before a request uses it, at the price of a query. A read can do
without: if its connection turns out to be broken, it is run again on a new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections

SHORT_TIMEOUT_SECONDS = 0.05


@contextmanager
def without_prepared_statements(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Let PostgreSQL plan each query of the block for the values it has.

    A prepared statement gets one generic plan for all values: good for a filter that matches half of the
    rows, it may read the whole table for one that matches none.
    """
    connection: Any = connections[using]
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    native = connection.connection
    threshold, native.prepare_threshold = native.prepare_threshold, None
    try:
        yield
    finally:
        native.prepare_threshold = threshold


@contextmanager
def short_write_timeout(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Let the writes of the block wait for other writers on SQLite only for a moment, then fail."""
    connection: Any = connections[using]
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    with connection.override_write_timeout(SHORT_TIMEOUT_SECONDS):
        yield


def is_statement_timeout(error: OperationalError) -> bool:
    """Tell whether the database cancelled a query because of `DATABASE_STATEMENT_TIMEOUT`."""
    return isinstance(error.__cause__, psycopg.errors.QueryCanceled)


def is_missing_table_or_column(error: BaseException | None) -> bool:
    """Tell whether SQLite misses a table or column. Trying again later does not help."""
    return str(error).startswith("no such ")


def is_transient(error: BaseException | None) -> bool:
    """Tell whether the same query may succeed later."""
    return isinstance(error, OperationalError | InterfaceError) and not is_missing_table_or_column(
        error
    )


def close_if_broken(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Close a broken connection, so that the next query opens a new one. Return whether it was broken."""
    connection: Any = connections[using]
    is_broken = getattr(connection.connection, "closed", False)  # SQLite's never is
    if is_broken:
        connection.close()
    return is_broken


def close_if_unusable_or_obsolete(using: str = DEFAULT_DB_ALIAS) -> None:
    """Close a connection that is broken, too old, or has lost its file, as Django does around a request."""
    connection: Any = connections[using]
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
