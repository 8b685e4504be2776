"""Read all rows of a table in small statements, so that no book is too large for memory or a timeout.

Use it wherever all rows are read. It needs no server-side cursor and no session, so it also works through a
pooler that gives each statement another connection.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from django.db.models import QuerySet

BATCH_SIZE = 5_000

Values = dict[str, Any]
Item = TypeVar("Item")


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


def in_parts(items: Iterable[Item], size: int = BATCH_SIZE) -> Iterator[list[Item]]:
    """Yield the items in lists of at most `size`, as many as one statement is to name."""
    iterator = iter(items)
    while part := list(islice(iterator, size)):
        yield part
