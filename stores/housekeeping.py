"""Delete what has expired: stored API answers, tokens of forms, sessions, sign-ins and former secrets."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessLog
from django.contrib.sessions.models import Session
from django.utils import timezone

from stores.models import IdempotentRequest, SentForm, WebhookEndpoint, idempotency, sent_form

BATCH_SIZE = 1000  # rows in a statement, so that none takes long
SIGN_IN_LIFETIME = timedelta(days=90)
# model, its column of a time, and how long after that time a row is deleted
EXPIRING: list[tuple[Any, str, timedelta]] = [
    (IdempotentRequest, "created_at", idempotency.LIFETIME),
    (SentForm, "created_at", sent_form.LIFETIME),
    (Session, "expire_date", timedelta(0)),
    (AccessLog, "attempt_time", SIGN_IN_LIFETIME),
]


def purge_expired() -> None:
    now = timezone.now()
    for model, column, lifetime in EXPIRING:
        old = model.objects.filter(**{f"{column}__lt": now - lifetime})
        while stale := list(old.values_list("pk", flat=True)[:BATCH_SIZE]):
            model.objects.filter(pk__in=stale).delete()
    forget_former_secrets(now)


def forget_former_secrets(now: datetime) -> None:
    old = WebhookEndpoint.objects.filter(former_secret_until__lt=now)
    for store_id in set(old.column("store_id")):
        old.filter(store=store_id).update(former_secret=None, former_secret_until=None)
