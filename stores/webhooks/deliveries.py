"""Sending again what was sent, or given up, before: same message, same id, the schedule anew."""

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
    """Makes the delivery that `target` names due now, whatever became of it. Raises NotFound.

    One that is being sent at this moment is not sent twice: its outcome counts. It goes to an endpoint
    that is switched off, too, because somebody asked for just this.
    """
    with transaction.atomic():
        delivery = target.select_for_update(of=("self",), no_key=True).first()
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
    """Makes due now the endpoint's deliveries of all events from `after` on and before `before`.

    None leaves that side open. Returns how many there are.
    """
    chosen = WebhookDelivery.objects.for_store(store).filter(endpoint=endpoint)
    if after is not None:
        chosen = chosen.filter(event__created_at__gte=after)
    if before is not None:
        chosen = chosen.filter(event__created_at__lt=before)
    due = {
        "status": DeliveryStatus.PENDING,
        "next_attempt_at": timezone.now(),
        "attempts_before": F("attempt_count"),
        "delivered_at": None,
    }
    return sum(
        WebhookDelivery.objects.filter(store=store, pk__in=[one["pk"] for one in batch]).update(
            **due
        )
        for batch in batches(chosen.values("pk"))
    )
