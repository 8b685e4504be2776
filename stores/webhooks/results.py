"""Store the result of an attempt, and update the delivery and its endpoint."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

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

MAX_FAILING_TIME = timedelta(days=5)  # how long an endpoint may fail before it is switched off
GONE = "The receiver answered 410 Gone."
FAILING = "Nothing could be delivered for five days."


def record_result(claim: Claim, outcome: Outcome) -> None:
    """Store one attempt. Do nothing if the delivery was deleted meanwhile.

    If another worker holds the lease by now, leave the delivery's status to that worker.
    """
    now = timezone.now()
    target = claim.endpoint.as_queryset()
    with transaction.atomic():
        # Lock the endpoint first, in the same order as everywhere else: no deadlock.
        endpoint = target.select_for_update(no_key=True).first()
        delivery = lock_delivery(claim.delivery)
        if endpoint is None or delivery is None:
            return
        create_attempt(delivery, outcome)
        if delivery.lease_token == claim.token:
            update_delivery(delivery, outcome, now)
        reason = count_failures(endpoint, outcome, now)
    if reason:
        disable(endpoint, reason)


def lock_delivery(delivery: WebhookDelivery) -> WebhookDelivery | None:
    target = delivery.as_queryset()
    row: WebhookDelivery | None = target.select_for_update(no_key=True).first()
    return row


def create_attempt(delivery: WebhookDelivery, outcome: Outcome) -> None:
    WebhookAttempt.objects.create(
        store_id=delivery.store_id,
        delivery=delivery,
        status_code=outcome.status_code,
        error=outcome.error,
        duration_ms=outcome.duration_ms,
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
    delivery.save()


def plan_next(delivery: WebhookDelivery, outcome: Outcome, now: datetime) -> None:
    attempts = delivery.attempt_count - delivery.attempts_before
    seconds = None if outcome.is_gone else retry_delay(attempts, outcome.retry_after)
    if seconds is None:
        delivery.status, delivery.next_attempt_at = DeliveryStatus.FAILED, None
    else:
        delivery.next_attempt_at = now + timedelta(seconds=seconds)


def count_failures(endpoint: WebhookEndpoint, outcome: Outcome, now: datetime) -> str:
    """Count the endpoint's failures in a row. Return the reason to switch it off, or a blank text."""
    target = endpoint.as_queryset()
    if outcome.is_delivered:
        if endpoint.failing_since is not None:
            target.update(failure_count=0, failing_since=None)
        return ""
    since = endpoint.failing_since or now
    target.update(failure_count=endpoint.failure_count + 1, failing_since=since)
    if not endpoint.is_active:
        return ""
    if outcome.is_gone:
        return GONE
    return FAILING if now - since >= MAX_FAILING_TIME else ""


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
