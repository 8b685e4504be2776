"""Change many customers at once, for example when their tag gets a new name, with few statements.

Each customer gets its next version and an event of its own, as if it had been edited alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from customers.models import Customer
from customers.models.customer_queryset import CustomerQuerySet
from customers.reads import CUSTOMERS, Row
from stores.actors import Actor
from stores.database.batches import each, in_parts
from stores.errors import Conflict
from stores.outbox import EventData, lock_store, publish_many

BATCH_SIZE = 500


def lock_customers(customers: CustomerQuerySet) -> list[int]:
    """Lock these customers until the commit. Return the primary keys of the live ones.

    Deleted customers get no event but are locked too: a restore then waits, and publishes the new state. Merged
    ones are not: whoever takes a merge apart locks first what its customers refer to, and their survivor.

    Call it before the first event: an event locks the store, and other transactions that wait for the store
    have locked their customer already. The opposite order would deadlock.

    Raises Conflict `shown_by_too_many` (with `most`): more events would block the store for too long.
    """
    most = settings.MAX_EVENTS_PER_CHANGE
    if customers.live()[: most + 1].count() > most:
        raise Conflict("shown_by_too_many", most=most)
    not_merged = customers.filter(merged_into=None)
    locked = not_merged.select_for_update(of=("self",), no_key=True).values("pk")
    keys = {row["pk"] for row in each(locked)}
    # Read again: a transaction that held a lock before may have removed the tag from its customer.
    return [row["pk"] for row in each(customers.live().values("pk")) if row["pk"] in keys]


def publish_updates(
    store_id: int,
    keys: list[int],
    actor: Actor,
    changed: str,
    before: Callable[[Row], Any],
    event: str = "customer.updated",
    **columns: Any,
) -> None:
    """Set `columns` of the locked customers with these keys. Publish an event for each: `changed` changed.

    `before` computes the former value of `changed` from the customer's present row.
    """
    # First of all: otherwise another change of the store could be committed before this one but with a later
    # time. Clients that then ask for changes after that time would never see these customers.
    lock_store(store_id)
    now = timezone.now()
    for customers in key_batches(store_id, keys):
        customers.update(**columns, version=F("version") + 1, updated_at=now)
    for customers in key_batches(store_id, keys):
        rows = CUSTOMERS.full.rows(customers.order_by("pk"))
        publish_many([event_data(event, row, changed, before(row), now) for row in rows], actor)


def key_batches(store_id: int, keys: list[int]) -> Iterator[CustomerQuerySet]:
    for part in in_parts(keys, BATCH_SIZE):
        yield Customer.objects.filter(store=store_id, pk__in=part)


def event_data(event: str, row: Row, changed: str, before: Any, now: datetime) -> EventData:
    return EventData(
        type=event,
        store_id=row["store_id"],
        customer_uid=row["uid"],
        subject_uid=row["uid"],
        version=row["version"],
        changed=[changed],
        before={changed: before},
        snapshot=row,
        created_at=now,
    )
