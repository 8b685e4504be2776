"""What nobody needs any more: kept answers, tokens of forms, former secrets, and who signed in long ago."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from axes.models import AccessLog
from django.contrib.sessions.models import Session
from django.utils import timezone

from stores.models import IdempotentRequest, SentForm, WebhookEndpoint, idempotency, sent_form

BATCH = 1000  # rows a statement, so that none holds the database up
SIGN_INS_KEPT = timedelta(days=90)
# what is deleted so long after the moment in this column
KEPT: list[tuple[Any, str, timedelta]] = [
    (IdempotentRequest, "created_at", idempotency.LIFETIME),
    (SentForm, "created_at", sent_form.LIFETIME),
    (Session, "expire_date", timedelta(0)),
    (AccessLog, "attempt_time", SIGN_INS_KEPT),
]


def tidy() -> None:
    now = timezone.now()
    for model, column, lifetime in KEPT:
        old = model.objects.filter(**{f"{column}__lt": now - lifetime})
        while stale := list(old.values_list("pk", flat=True)[:BATCH]):
            model.objects.filter(pk__in=stale).delete()
    WebhookEndpoint.objects.filter(former_secret_until__lt=now).update(
        former_secret=None, former_secret_until=None
    )
