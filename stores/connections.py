"""Connections to the database that last longer than a request, and may have died since the last one.

Django can ask each one whether it lives before it is used, at the price of a query. A read need not ask: one
that finds its connection dead is tried again on a new one.
"""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


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
