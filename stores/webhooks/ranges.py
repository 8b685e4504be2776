"""Redeliver all events of a range of time, also those that an endpoint missed while it was switched off."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from stores.database.batches import batches
from stores.models import Event, Store, WebhookDelivery, WebhookEndpoint
from stores.models.event_types import EVENT_TYPES
from stores.models.webhook import DeliveryStatus, WebhookDeliveryQuerySet


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
    limits = {"created_at__gte": after, "created_at__lt": before}
    period = {name: moment for name, moment in limits.items() if moment is not None}
    with transaction.atomic():
        create_missing(store, endpoint, {"created_at__gte": endpoint.created_at, **period})
        of_period = {f"event__{name}": moment for name, moment in period.items()}
        deliveries = WebhookDelivery.objects.for_store(store).filter(endpoint=endpoint)
        return make_due(store, deliveries.filter(**of_period))


def create_missing(store: Store, endpoint: WebhookEndpoint, period: dict[str, datetime]) -> None:
    existing = WebhookDelivery.objects.filter(
        store=OuterRef("store"), endpoint=endpoint, event=OuterRef("pk")
    )
    types = [name for name in EVENT_TYPES if endpoint.wants(name)]
    events = Event.objects.for_store(store).filter(~Exists(existing), type__in=types, **period)
    for batch in batches(events.values("pk")):
        WebhookDelivery.objects.bulk_create(
            [WebhookDelivery(store=store, endpoint=endpoint, event_id=row["pk"]) for row in batch],
            ignore_conflicts=True,  # somebody else may redeliver the same range at this moment
        )


def make_due(store: Store, deliveries: WebhookDeliveryQuerySet) -> int:
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
