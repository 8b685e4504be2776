"""Changes of what many customers show at once, hundreds of them with as many statements as one.

Each customer gets its next version and an event of its own, as if it had been edited alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from customers.errors import Conflict
from customers.models import Customer
from customers.models.customer import CustomerQuerySet
from customers.reads import Row, customer_rows
from stores.actors import Actor
from stores.batches import batches
from stores.outbox import EventData, publish_many

AT_ONCE = 500


def hold(customers: CustomerQuerySet) -> list[int]:
    """Locks these customers until the commit; the keys of the live ones.

    Deleted ones are not told of, but held, too: who restores one meanwhile tells how it is afterwards.
    All are held before the first is told of: an event takes the store's lock, and whoever waits for that
    one holds its customer. Raises Conflict `shown_by_too_many` (with most) when the store would stand still.
    """
    most = settings.MOST_TOLD_AT_ONCE
    if customers.live()[: most + 1].count() > most:
        raise Conflict("shown_by_too_many", most=most)
    locked = customers.select_for_update(of=("self",), no_key=True).values("pk", "deleted_at")
    return [row["pk"] for batch in batches(locked) for row in batch if not row["deleted_at"]]


def tell(
    store_id: int,
    keys: list[int],
    actor: Actor,
    changed: str,
    before: Callable[[Row], Any],
    **columns: Any,
) -> None:
    """Sets `columns` of the customers with these keys, who are held, and tells that `changed` did.

    `before` says how that was from a customer's row as it became.
    """
    now = timezone.now()
    for own in parts(store_id, keys):
        own.update(**columns, version=F("version") + 1, updated_at=now)
    for own in parts(store_id, keys):  # from here on the store is locked
        rows = customer_rows(own.order_by("pk"))
        publish_many([event_data(row, changed, before(row), now) for row in rows], actor)


def parts(store_id: int, keys: list[int]) -> Iterator[CustomerQuerySet]:
    for start in range(0, len(keys), AT_ONCE):
        yield Customer.objects.filter(store=store_id, pk__in=keys[start : start + AT_ONCE])


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
