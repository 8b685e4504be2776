"""Write rows as former releases left them, which triggers refuse today."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

TRIGGERS = (
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'orders_order%'"
)


@contextmanager
def writing_former_rows() -> Iterator[None]:
    """Switch the triggers of orders off meanwhile."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("SET session_replication_role = origin")
            return
        triggers = dict(cursor.execute(TRIGGERS).fetchall())
        for name in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for sql in triggers.values():
            cursor.execute(sql)
