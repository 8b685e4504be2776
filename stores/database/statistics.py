"""What PostgreSQL's planner knows of tables."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.db import OperationalError, connections, router
from django.db.models import Model


def analyze(*models: type[Model]) -> None:
    """Let PostgreSQL look at tables that have just grown by many rows.

    It does so by itself a minute later. Until then it takes a table for small, and reads all of its rows for
    each statement. SQLite plans without.
    """
    connection: Any = connections[router.db_for_write(models[0])]
    if connection.vendor != "postgresql":
        return
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
    # Who waits for a table, or for a slow disk, loses more than these plans are worth.
    with suppress(OperationalError), connection.cursor() as cursor:
        cursor.execute(f"ANALYZE (SKIP_LOCKED) {tables}")
