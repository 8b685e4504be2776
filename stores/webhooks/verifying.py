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

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet

from stores.models import Event, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from stores.models.event import EVENT_TYPES
from stores.models.webhook import DeliveryStatus


def findings() -> Iterator[str]:
    """One sentence for each thing that is wrong."""
    yield from gaps()
    yield from undelivered()
    yield from impossible()


def gaps() -> Iterator[str]:
    runs = (
        Event.objects.order_by()
        .values("store", "customer_uid")
        .annotate(number=Count("pk"), first=Min("version"), last=Max("version"))
    )
    for run in runs.exclude(first=1, last=F("number")):
        yield (
            f"customer {run['customer_uid']}: {run['number']} events for the versions"
            f" {run['first']} to {run['last']}"
        )


def undelivered() -> Iterator[str]:
    for endpoint in WebhookEndpoint.objects.filter(is_active=True).iterator():
        for uid in missed_by(endpoint).values_list("uid", flat=True):
            yield f"event {uid}: no delivery to the endpoint {endpoint.uid}"


def missed_by(endpoint: WebhookEndpoint) -> QuerySet[Event]:
    wanted = [type_ for type_ in EVENT_TYPES if endpoint.wants(type_)]
    own = WebhookDelivery.objects.filter(
        store=OuterRef("store"), endpoint=endpoint, event=OuterRef("pk")
    )
    events = Event.objects.for_store(endpoint.store_id).filter(type__in=wanted)
    return events.filter(~Exists(own), created_at__gt=endpoint.updated_at)


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
    for delivery in WebhookDelivery.objects.filter(wrong).only("uid", "status").iterator():
        yield f"delivery {delivery.uid}: impossible while {delivery.status}"
