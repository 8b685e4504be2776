"""All rows of a table in small statements, so that no book is too large for memory or for a statement's time.

The way for whatever reads everything: it needs no cursor on the server and no session of its own, so it also
works through a pooler that hands each statement another connection.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

BATCH_SIZE = 5_000

Values = dict[str, Any]


def batches(rows: QuerySet[Any, Any], *, key: str = "pk") -> Iterator[list[Values]]:
    """The rows of a `.values(…)` in the order of its unique `key`; changes meanwhile move none of them."""
    rest = rows.order_by(key)
    found = list(rest[:BATCH_SIZE])
    while found:
        last = found[-1][key]
        yield found
        found = list(rest.filter(**{f"{key}__gt": last})[:BATCH_SIZE])


def each(rows: QuerySet[Any, Any], *, key: str = "pk") -> Iterator[Values]:
    for batch in batches(rows, key=key):
        yield from batch
