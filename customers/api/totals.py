"""The totals of lists of customers and orders, cached until something changes in the store.

Counting hundreds of thousands of rows takes longer than the rest of a page. Every change of a customer or an
order writes an event, and the ids of a store's events grow in the order in which they become visible. So a
cached total is right as long as the store's latest event is the same.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from stores.cache import cache_get, cache_set
from stores.database.plans import Plan
from stores.models import Event, Store

MIN_CACHED_TOTAL = 1_000  # counting fewer is faster than finding the event
CACHE_SECONDS = 3600
NO_EVENT_ID = -1  # equals the id of no event


def total_of(store: Store | None, rows: QuerySet[Any] | Plan) -> int:
    """Return the number of a store's customers or orders that a query finds.

    For all stores (None) it is not cached: they have no common latest event.
    """
    if store is None:
        return rows.count()
    try:
        name = f"total-{store.pk}-{fingerprint(rows)}"
    except EmptyResultSet:  # Django sees that no row can match
        return 0
    cached: tuple[int, int] | None = cache_get(name)
    if cached is None:  # the first time: the next one then looks for the latest event
        total = rows.count()
        if total >= MIN_CACHED_TOTAL:
            cache_set(name, (NO_EVENT_ID, total), CACHE_SECONDS)
        return total
    latest = latest_event(
        store
    )  # before counting, so that a change meanwhile makes the total expire
    cached_event, cached_total = cached
    if cached_event == latest:
        return cached_total
    total = rows.count()
    cache_set(name, (latest, total), CACHE_SECONDS)
    return total


def latest_event(store: Store) -> int:
    return next(iter(Plan(Event).for_store(store.pk).order_by("-id")[:1].column("id")), 0)


def fingerprint(rows: QuerySet[Any] | Plan) -> str:
    """Return a digest of the query without its order. Raises EmptyResultSet."""
    if isinstance(rows, Plan):
        query_state: Any = [call for call in rows.calls if call.name != "order_by"], rows.values
    else:
        query_state = rows.values("pk").query.sql_with_params()
    return hashlib.sha256(repr(query_state).encode()).hexdigest()
