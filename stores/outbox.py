"""Write events and their webhook deliveries in the transaction of the change. Nothing else writes them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from stores.actors import Actor
from stores.database.copying import prepare_rows
from stores.database.plans import Plan
from stores.models import Event, WebhookDelivery, WebhookEndpoint

LOCK = "SELECT pg_advisory_xact_lock(%s::int, %s::int)"
STORE_LOCKS = 7103  # tells these advisory locks from others; any number would do


@dataclass(frozen=True)
class EventData:
    """The contents of an event. `type` is one of `stores.models.event_types.EVENT_TYPES`."""

    type: str
    store_id: int
    customer_uid: uuid.UUID
    subject_uid: uuid.UUID
    version: int
    changed: list[str]
    before: dict[str, Any]
    snapshot: dict[str, Any]
    created_at: datetime  # when the change was made: the customer's `updated_at`


def publish(data: EventData, actor: Actor) -> Event:
    """Write an event, and a delivery for each endpoint that subscribes to it. Call it last in a transaction.

    The store's lock is held until the commit: the ids of a store's events follow the order of commits.
    """
    lock_store(data.store_id)
    event = build_event(data, actor)
    event.insert()
    deliver([event])
    return event


def publish_many(changes: list[EventData], actor: Actor) -> None:
    """Publish many events of one store in their order, with few statements."""
    events = [build_event(data, actor) for data in changes]
    parts = prepare_rows(events)
    lock_store(changes[0].store_id)
    for part in parts:
        part.run()
    deliver(events)


def lock_store(store_id: int) -> None:
    """Hold the store's lock until the commit. SQLite needs none: it has one writer at a time.

    It is an advisory lock instead of a row lock. On a distributed database each machine has a copy of all
    stores, and a lock of one row locks the whole table.
    """
    connection = transaction.get_connection()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # The key is an int4: stores whose ids are 2 ** 31 apart share a lock.
            cursor.execute(LOCK, [STORE_LOCKS, store_id % 2**31])


def build_event(data: EventData, actor: Actor) -> Event:
    values = vars(data)
    if actor.asked_as is not None:
        values = values | {"snapshot": {**data.snapshot, "asked_as": str(actor.asked_as)}}
    return Event(
        **values,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
    )


def deliver(events: list[Event]) -> None:
    """Create deliveries of events of one store: one for each endpoint that subscribes to the event."""
    endpoints = Plan(WebhookEndpoint).for_store(events[0].store_id).active().instances()
    now = timezone.now()
    deliveries = [
        WebhookDelivery(
            store_id=event.store_id, endpoint=endpoint, event=event, next_attempt_at=now
        )
        for event in events
        for endpoint in endpoints
        if endpoint.wants(event.type)
    ]
    if deliveries:
        WebhookDelivery.objects.bulk_create(deliveries)
