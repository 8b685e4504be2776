"""What nobody needs any more: kept answers, former secrets, and who signed in long ago."""

from __future__ import annotations

from datetime import timedelta

from axes.models import AccessLog
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from stores.models import IdempotentRequest, WebhookEndpoint
from stores.models.idempotency import LIFETIME

BATCH = 1000  # rows a statement, so that none holds the database up
SIGN_INS_KEPT = timedelta(days=90)


def tidy() -> None:
    now = timezone.now()
    old = IdempotentRequest.objects.filter(created_at__lt=now - LIFETIME).order_by("pk")
    while stale := list(old.values_list("pk", flat=True)[:BATCH]):
        IdempotentRequest.objects.filter(pk__in=stale).delete()
    WebhookEndpoint.objects.filter(former_secret_until__lt=now).update(
        former_secret=None, former_secret_until=None
    )
    SessionStore.clear_expired()
    AccessLog.objects.filter(attempt_time__lt=now - SIGN_INS_KEPT).delete()
