"""Redeliver all events of a range of time, also those that an endpoint missed while it was switched off."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from stores.database.batches import batches
from stores.models import Event, Store, WebhookDelivery, WebhookEndpoint
from stores.models.event import EVENT_TYPES
from stores.models.webhook import DeliveryStatus


def redeliver_range(
    store: Store,
    endpoint: WebhookEndpoint,
    after: datetime | None = None,
    before: datetime | None = None,
) -> int:
    """Make due now the endpoint's deliveries of all events with `after` <= time < `before`.

    None leaves that side open. Events that the endpoint subscribes to and has no delivery of get one; without
    `after`, only those since the endpoint was created. Return the number of deliveries.
    """
    with transaction.atomic():
        return repeat_deliveries(store, endpoint, after, before) + create_missing_deliveries(
            store, endpoint, after or endpoint.created_at, before
        )


def repeat_deliveries(
    store: Store, endpoint: WebhookEndpoint, after: datetime | None, before: datetime | None
) -> int:
    deliveries = WebhookDelivery.objects.for_store(store).filter(endpoint=endpoint)
    if after is not None:
        deliveries = deliveries.filter(event__created_at__gte=after)
    if before is not None:
        deliveries = deliveries.filter(event__created_at__lt=before)
    columns = {
        "status": DeliveryStatus.PENDING,
        "next_attempt_at": timezone.now(),
        "attempts_before": F("attempt_count"),
        "delivered_at": None,
    }
    return sum(
        WebhookDelivery.objects.filter(store=store, pk__in=[row["pk"] for row in batch]).update(
            **columns
        )
        for batch in batches(deliveries.values("pk"))
    )


def create_missing_deliveries(
    store: Store, endpoint: WebhookEndpoint, after: datetime, before: datetime | None
) -> int:
    existing = WebhookDelivery.objects.filter(
        store=OuterRef("store"), endpoint=endpoint, event=OuterRef("pk")
    )
    events = Event.objects.for_store(store).filter(
        ~Exists(existing),
        type__in=[name for name in EVENT_TYPES if endpoint.wants(name)],
        created_at__gte=after,
    )
    if before is not None:
        events = events.filter(created_at__lt=before)
    return sum(create_deliveries(store, endpoint, batch) for batch in batches(events.values("pk")))


def create_deliveries(store: Store, endpoint: WebhookEndpoint, events: list[dict[str, Any]]) -> int:
    now = timezone.now()
    created = WebhookDelivery.objects.bulk_create(
        [
            WebhookDelivery(
                store=store, endpoint=endpoint, event_id=event["pk"], next_attempt_at=now
            )
            for event in events
        ],
        ignore_conflicts=True,  # somebody else may redeliver the same range at this moment
    )
    return len(created)
