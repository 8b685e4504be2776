"""Connections to the database that last longer than a request, and may have died since the last one.

Django can ask each one whether it lives before it is used, at the price of a query. A read need not ask: one
that finds its connection dead is tried again on a new one.
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from psycopg.pq import Format

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
