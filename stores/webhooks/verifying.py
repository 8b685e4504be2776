"""Proof that the outbox is whole: every change told, and every event on its way to who wants it.

What counts as wrong:
- a customer's events whose versions do not run 1, 2, 3 … without a gap;
- an event that an active endpoint wanted when it happened, without a delivery to it. An endpoint's wishes
  are known from its last change on (`updated_at`), so older events are not held against it;
- a delivery that will never be sent though it is pending, that claims to have arrived without any attempt
  that was answered with 2xx, or that takes an event of one store to another.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet

from stores.database.batches import each
from stores.models import Event, Store, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from stores.models.event import EVENT_TYPES
from stores.models.webhook import DeliveryStatus


def findings() -> Iterator[str]:
    """One sentence for each thing that is wrong."""
    yield from gaps()
    yield from undelivered()
    yield from impossible()


def gaps() -> Iterator[str]:
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


def undelivered() -> Iterator[str]:
    for endpoint in WebhookEndpoint.objects.filter(is_active=True):
        for event in each(wanted_by(endpoint)):
            if event["is_missed"]:
                yield f"event {event['uid']}: no delivery to the endpoint {endpoint.uid}"


def wanted_by(endpoint: WebhookEndpoint) -> QuerySet[Event, Any]:
    wanted = [type_ for type_ in EVENT_TYPES if endpoint.wants(type_)]
    own = WebhookDelivery.objects.filter(
        store=OuterRef("store"), endpoint=endpoint, event=OuterRef("pk")
    )
    events = Event.objects.for_store(endpoint.store_id).annotate(is_missed=~Exists(own))
    events = events.filter(type__in=wanted, created_at__gt=endpoint.updated_at)
    return events.values("pk", "uid", "is_missed")


def impossible() -> Iterator[str]:
    arrived = WebhookAttempt.objects.filter(
        store=OuterRef("store"),
        delivery=OuterRef("pk"),
        error="",
        status_code__range=(200, 299),
    )
    wrong = (
        Q(status=DeliveryStatus.PENDING, next_attempt_at=None)
        | Q(status=DeliveryStatus.DELIVERED) & ~Exists(arrived)
        | ~Q(store=F("event__store"))
        | ~Q(store=F("endpoint__store"))
    )
    deliveries = WebhookDelivery.objects.annotate(is_wrong=wrong)
    for delivery in each(deliveries.values("pk", "uid", "status", "is_wrong")):
        if delivery["is_wrong"]:
            yield f"delivery {delivery['uid']}: impossible while {delivery['status']}"
