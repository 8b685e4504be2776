"""Redeliver events: send the same message with the same id, on a new retry schedule."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from stores.database.batches import batches
from stores.errors import NotFound
from stores.models import Store, WebhookDelivery, WebhookEndpoint
from stores.models.base import TenantQuerySet
from stores.models.webhook import DeliveryStatus


def redeliver(target: TenantQuerySet[WebhookDelivery]) -> WebhookDelivery:
    """Make the delivery of the queryset `target` due now, whatever its status. Raises NotFound.

    A delivery that is being sent at this moment is not sent again. An endpoint that is switched off
    gets it, too, because somebody asked for this delivery.
    """
    with transaction.atomic():
        delivery = target.of_one_store().select_for_update(of=("self",), no_key=True).first()
        if delivery is None:
            raise NotFound
        delivery.status, delivery.next_attempt_at = DeliveryStatus.PENDING, timezone.now()
        delivery.attempts_before, delivery.delivered_at = delivery.attempt_count, None
        delivery.save()
    return delivery


def redeliver_range(
    store: Store,
    endpoint: WebhookEndpoint,
    after: datetime | None = None,
    before: datetime | None = None,
) -> int:
    """Make due now the endpoint's deliveries of all events with `after` <= time < `before`.

    None leaves that side open. Return the number of deliveries.
    """
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
