"""Verify the outbox: every change has an event, and every event a delivery to each subscriber.

These are errors:
- the versions of a customer's events are not 1, 2, 3 … without a gap;
- an active endpoint subscribed to an event, but has no delivery of it. Only events after the endpoint's
  last change (`updated_at`) are checked: its former subscriptions are not stored;
- a delivery is pending but has no time for its next attempt, or is marked as delivered without an attempt
  answered with 2xx, or its event or endpoint belongs to another store.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet

from stores.database.batches import each
from stores.models import Event, Store, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from stores.models.event_types import EVENT_TYPES
from stores.models.webhook import DeliveryStatus


def findings() -> Iterator[str]:
    """Yield one sentence for each error."""
    yield from version_gaps()
    yield from missing_deliveries()
    yield from impossible_deliveries()


def version_gaps() -> Iterator[str]:
    for store in Store.objects.all():
        runs = (
            Event.objects.for_store(store)
            .order_by()
            .values("customer_uid")
            .annotate(number=Count("pk"), first=Min("version"), last=Max("version"))
        )
        for run in each(runs, key="customer_uid"):
            if (run["first"], run["last"]) != (1, run["number"]):
                yield (
                    f"customer {run['customer_uid']}: {run['number']} events for the versions"
                    f" {run['first']} to {run['last']}"
                )


def missing_deliveries() -> Iterator[str]:
    for endpoint in WebhookEndpoint.objects.filter(is_active=True):
        for event in each(events_for(endpoint)):
            if event["is_missed"]:
                yield f"event {event['uid']}: no delivery to the endpoint {endpoint.uid}"


def events_for(endpoint: WebhookEndpoint) -> QuerySet[Event, Any]:
    event_types = [event_type for event_type in EVENT_TYPES if endpoint.wants(event_type)]
    deliveries = WebhookDelivery.objects.filter(
        store=OuterRef("store"), endpoint=endpoint, event=OuterRef("pk")
    )
    events = Event.objects.for_store(endpoint.store_id).annotate(is_missed=~Exists(deliveries))
    events = events.filter(type__in=event_types, created_at__gt=endpoint.updated_at)
    return events.values("pk", "uid", "is_missed")


def impossible_deliveries() -> Iterator[str]:
    successful_attempts = WebhookAttempt.objects.filter(
        store=OuterRef("store"), delivery=OuterRef("pk"), error="", status_code__range=(200, 299)
    )
    is_impossible = (
        Q(status=DeliveryStatus.PENDING, next_attempt_at=None)
        | Q(status=DeliveryStatus.DELIVERED) & ~Exists(successful_attempts)
        | ~Q(store=F("event__store"))
        | ~Q(store=F("endpoint__store"))
    )
    deliveries = WebhookDelivery.objects.annotate(is_impossible=is_impossible)
    for delivery in each(deliveries.values("pk", "uid", "status", "is_impossible")):
        if delivery["is_impossible"]:
            yield f"delivery {delivery['uid']}: impossible while {delivery['status']}"
