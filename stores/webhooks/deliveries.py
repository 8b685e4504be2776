"""Redeliver an event: send the same message with the same id, on a new retry schedule."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from stores.errors import NotFound
from stores.models import WebhookDelivery
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
