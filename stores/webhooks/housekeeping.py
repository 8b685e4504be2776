"""What nobody needs any more: answers kept for retries, and secrets that no longer sign."""

from __future__ import annotations

from django.utils import timezone

from stores.models import IdempotentRequest, WebhookEndpoint
from stores.models.idempotency import LIFETIME

BATCH = 1000  # rows a statement, so that none holds the database up


def tidy() -> None:
    now = timezone.now()
    old = IdempotentRequest.objects.filter(created_at__lt=now - LIFETIME).order_by("pk")
    while stale := list(old.values_list("pk", flat=True)[:BATCH]):
        IdempotentRequest.objects.filter(pk__in=stale).delete()
    WebhookEndpoint.objects.filter(former_secret_until__lt=now).update(
        former_secret=None, former_secret_until=None
    )
