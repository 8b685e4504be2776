"""Store the results of attempts, and update the deliveries and their endpoints."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, transaction
from django.utils import timezone

from stores.errors import NotFound
from stores.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from stores.models.webhook import DeliveryStatus
from stores.webhooks.claims import Claim
from stores.webhooks.endpoints import disable_endpoint
from stores.webhooks.schedule import retry_delay
from stores.webhooks.sending import Outcome

logger = logging.getLogger(__name__)

Result = tuple[Claim, Outcome]

MAX_FAILING_TIME = timedelta(days=5)  # how long an endpoint may fail before it is switched off
GONE = "The receiver answered 410 Gone."
COLUMNS = (
    "status",
    "attempt_count",
    "leased_until",
    "lease_token",
    "last_status_code",
    "last_error",
    "delivered_at",
    "next_attempt_at",
)
FAILING = "Nothing could be delivered for five days."


def record_results(results: list[Result]) -> None:
    """Store attempts at deliveries of one store. Those of deliveries that were deleted meanwhile are dropped.

    If another worker holds the lease of a delivery by now, leave its status to that worker.
    """
    now, store_id = timezone.now(), store_of(results[0])
    with transaction.atomic():
        # Lock the endpoints first, in the same order as everywhere else: no deadlock.
        endpoints = lock(WebhookEndpoint, store_id, {claim.endpoint.pk for claim, _ in results})
        deliveries = lock(WebhookDelivery, store_id, {claim.delivery.pk for claim, _ in results})
        existing = [result for result in results if result[0].delivery.pk in deliveries]
        create_attempts(existing)
        for claim, outcome in existing:
            if deliveries[claim.delivery.pk].lease_token == claim.token:
                update_delivery(deliveries[claim.delivery.pk], outcome, now)
        save_deliveries(store_id, deliveries.values())
        reasons = {
            pk: count_failures(
                endpoint, [one for claim, one in existing if claim.endpoint.pk == pk], now
            )
            for pk, endpoint in endpoints.items()
        }
    for pk, reason in reasons.items():
        if reason:
            disable(endpoints[pk], reason)


def store_of(result: Result) -> int:
    return result[0].delivery.store_id


def lock(model: Any, store_id: int, keys: set[int]) -> dict[int, Any]:
    rows = model.objects.filter(store=store_id, pk__in=keys).order_by("pk")
    return {row.pk: row for row in rows.select_for_update(no_key=True)}


def create_attempts(results: list[Result]) -> None:
    WebhookAttempt.objects.bulk_create(
        WebhookAttempt(
            store_id=claim.delivery.store_id,
            delivery=claim.delivery,
            status_code=outcome.status_code,
            error=outcome.error,
            duration_ms=outcome.duration_ms,
        )
        for claim, outcome in results
    )


def update_delivery(delivery: WebhookDelivery, outcome: Outcome, now: datetime) -> None:
    """Set the delivery to delivered, due again or failed; one that was cancelled stays cancelled."""
    delivery.attempt_count += 1
    delivery.leased_until = delivery.lease_token = None
    delivery.last_status_code, delivery.last_error = outcome.status_code, outcome.error
    if outcome.is_delivered:
        delivery.status, delivery.delivered_at = DeliveryStatus.DELIVERED, now
        delivery.next_attempt_at = None
    elif delivery.status == DeliveryStatus.PENDING:
        plan_next(delivery, outcome, now)


def save_deliveries(store_id: int, deliveries: Iterable[WebhookDelivery]) -> None:
    """Save the columns that `update_delivery` sets, those with the same values in one statement."""
    keys: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for delivery in deliveries:
        keys[tuple(getattr(delivery, name) for name in COLUMNS)].append(delivery.pk)
    for values, pks in keys.items():
        columns = dict(zip(COLUMNS, values, strict=True))
        WebhookDelivery.objects.filter(store=store_id, pk__in=pks).update(**columns)


def plan_next(delivery: WebhookDelivery, outcome: Outcome, now: datetime) -> None:
    attempts = delivery.attempt_count - delivery.attempts_before
    seconds = None if outcome.is_gone else retry_delay(attempts, outcome.retry_after)
    if seconds is None:
        delivery.status, delivery.next_attempt_at = DeliveryStatus.FAILED, None
    else:
        delivery.next_attempt_at = now + timedelta(seconds=seconds)


def count_failures(endpoint: WebhookEndpoint, outcomes: list[Outcome], now: datetime) -> str:
    """Count the endpoint's failures in a row. Return the reason to switch it off, or a blank text."""
    before = endpoint.failure_count, endpoint.failing_since
    reason = ""
    for outcome in outcomes:
        if outcome.is_delivered:
            endpoint.failure_count, endpoint.failing_since = 0, None
            continue
        endpoint.failure_count += 1
        endpoint.failing_since = endpoint.failing_since or now
        if outcome.is_gone:
            reason = GONE
        elif now - endpoint.failing_since >= MAX_FAILING_TIME:
            reason = FAILING
    after = endpoint.failure_count, endpoint.failing_since
    if after != before:
        columns = dict(zip(("failure_count", "failing_since"), after, strict=True))
        endpoint.as_queryset().update(**columns)
    return reason if endpoint.is_active else ""


def disable(endpoint: WebhookEndpoint, reason: str) -> None:
    """Switch the endpoint off in its own transaction, because the store must be locked first.

    If the lock is not available, the next failed attempt tries again.
    """
    try:
        disable_endpoint(endpoint.as_queryset(), reason)
    except NotFound:
        return
    except OperationalError as error:
        logger.warning("webhook endpoint %s is not switched off yet", endpoint.uid, exc_info=error)
        return
    logger.warning("webhook endpoint %s was switched off: %s", endpoint.uid, reason)
