"""What nobody needs any more: kept answers, tokens of forms, former secrets, and who signed in long ago."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from axes.models import AccessLog
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from stores.models import IdempotentRequest, SentForm, WebhookEndpoint, idempotency, sent_form

BATCH = 1000  # rows a statement, so that none holds the database up
SIGN_INS_KEPT = timedelta(days=90)
KEPT: list[tuple[Any, timedelta]] = [
    (IdempotentRequest, idempotency.LIFETIME),
    (SentForm, sent_form.LIFETIME),
]


def tidy() -> None:
    now = timezone.now()
    for model, lifetime in KEPT:
        old = model.objects.filter(created_at__lt=now - lifetime).order_by("pk")
        while stale := list(old.values_list("pk", flat=True)[:BATCH]):
            model.objects.filter(pk__in=stale).delete()
    WebhookEndpoint.objects.filter(former_secret_until__lt=now).update(
        former_secret=None, former_secret_until=None
    )
    SessionStore.clear_expired()
    AccessLog.objects.filter(attempt_time__lt=now - SIGN_INS_KEPT).delete()
