"""Changes that show on many customers at once, such as a tag's new name, in few statements.

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
from customers.models.customer import CustomerQuerySet
from customers.reads import CUSTOMERS, Row
from stores.actors import Actor
from stores.database.batches import each
from stores.errors import Conflict
from stores.outbox import EventData, lock_store, publish_many

BATCH_SIZE = 500


def lock_customers(customers: CustomerQuerySet) -> list[int]:
    """Locks these customers until the commit; gives the primary keys of the live ones.

    Deleted customers get no event but are locked, too: a restore then waits, and publishes the new state.
    All customers are locked before the first event is published: an event locks the store, and others who wait
    for the store's lock have locked their customer already. Raises Conflict `shown_by_too_many` (with `most`)
    when so many customers are concerned that the store would be blocked for long.
    """
    most = settings.MAX_EVENTS_PER_CHANGE
    if customers.live()[: most + 1].count() > most:
        raise Conflict("shown_by_too_many", most=most)
    locked = customers.select_for_update(of=("self",), no_key=True).values("pk")
    keys = {row["pk"] for row in each(locked)}
    # asked again: whoever held a lock before may have taken the tag, say, off its customer
    return [row["pk"] for row in each(customers.live().values("pk")) if row["pk"] in keys]


def publish_updates(
    store_id: int,
    keys: list[int],
    actor: Actor,
    changed: str,
    before: Callable[[Row], Any],
    **columns: Any,
) -> None:
    """Sets `columns` of the locked customers with these keys, and publishes for each that `changed` changed.

    `before` computes the former value of `changed` from a customer's row as it is now.
    """
    # first, so that no other change of the store is committed in between with a later time: clients that ask
    # for what was updated since the last change they saw would never be told of these
    lock_store(store_id)
    now = timezone.now()
    for own in key_batches(store_id, keys):
        own.update(**columns, version=F("version") + 1, updated_at=now)
    for own in key_batches(store_id, keys):
        rows = CUSTOMERS.full.rows(own.order_by("pk"))
        publish_many([event_data(row, changed, before(row), now) for row in rows], actor)


def key_batches(store_id: int, keys: list[int]) -> Iterator[CustomerQuerySet]:
    for start in range(0, len(keys), BATCH_SIZE):
        yield Customer.objects.filter(store=store_id, pk__in=keys[start : start + BATCH_SIZE])


def event_data(row: Row, changed: str, before: Any, now: datetime) -> EventData:
    return EventData(
        type="customer.updated",
        store_id=row["store_id"],
        customer_uid=row["uid"],
        subject_uid=row["uid"],
        version=row["version"],
        changed=[changed],
        before={changed: before},
        snapshot=row,
        created_at=now,
    )
