"""Read all rows of a table in small statements, so that no book is too large for memory or a timeout.

Use it wherever all rows are read. It needs no server-side cursor and no session, so it also works through a
pooler that gives each statement another connection.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

BATCH_SIZE = 5_000

Values = dict[str, Any]


def batches(rows: QuerySet[Any, Any], *, key: str = "pk") -> Iterator[list[Values]]:
    """Yield the rows of a `.values(…)` by its unique `key`. Changes meanwhile make none appear twice."""
    rest = rows.order_by(key)
    batch = list(rest[:BATCH_SIZE])
    while batch:
        last = batch[-1][key]
        yield batch
        batch = list(rest.filter(**{f"{key}__gt": last})[:BATCH_SIZE])


def each(rows: QuerySet[Any, Any], *, key: str = "pk") -> Iterator[Values]:
    for batch in batches(rows, key=key):
        yield from batch
