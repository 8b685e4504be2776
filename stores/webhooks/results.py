"""The result of an attempt: it is stored as a row, and updates the delivery and its endpoint."""

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
from stores.webhooks.schedule import wait
from stores.webhooks.sending import Outcome

logger = logging.getLogger(__name__)

MAX_FAILING_TIME = timedelta(days=5)  # how long an endpoint may fail before it is switched off
GONE = "The receiver answered 410 Gone."
FAILING = "Nothing could be delivered for five days."


def record_result(claim: Claim, outcome: Outcome) -> None:
    """Stores one attempt. Does nothing when the delivery was deleted meanwhile.

    When another worker has taken the lease over, the attempt is stored but the delivery is left to that one.
    """
    now = timezone.now()
    target = claim.endpoint.as_queryset()
    with transaction.atomic():
        # the endpoint first, as everybody who locks both
        endpoint = target.select_for_update(no_key=True).first()
        delivery = locked(claim.delivery)
        if endpoint is None or delivery is None:
            return
        create_attempt(delivery, outcome)
        if delivery.lease_token == claim.token:
            update_delivery(delivery, outcome, now)
        reason = count_failures(endpoint, outcome, now)
    if reason:
        disable(endpoint, reason)


def locked(delivery: WebhookDelivery) -> WebhookDelivery | None:
    own = delivery.as_queryset()
    row: WebhookDelivery | None = own.select_for_update(no_key=True).first()
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
    """Makes the delivery delivered, due again or failed; one that was cancelled meanwhile stays cancelled."""
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
    made = delivery.attempt_count - delivery.attempts_before
    seconds = None if outcome.is_gone else wait(made, outcome.retry_after)
    if seconds is None:
        delivery.status, delivery.next_attempt_at = DeliveryStatus.FAILED, None
    else:
        delivery.next_attempt_at = now + timedelta(seconds=seconds)


def count_failures(endpoint: WebhookEndpoint, outcome: Outcome, now: datetime) -> str:
    """Counts the endpoint's failures in a row. Returns the reason to switch it off, or an empty text."""
    own = endpoint.as_queryset()
    if outcome.is_delivered:
        if endpoint.failing_since is not None:
            own.update(failure_count=0, failing_since=None)
        return ""
    since = endpoint.failing_since or now
    own.update(failure_count=endpoint.failure_count + 1, failing_since=since)
    if not endpoint.is_active:
        return ""
    if outcome.is_gone:
        return GONE
    return FAILING if now - since >= MAX_FAILING_TIME else ""


def disable(endpoint: WebhookEndpoint, reason: str) -> None:
    """Switches the endpoint off, in a transaction of its own that takes the store's lock before all others.

    If it does not get that lock, the next failure tries again: the attempt is stored already.
    """
    try:
        disable_endpoint(endpoint.as_queryset(), reason)
    except NotFound:
        return
    except OperationalError as error:
        logger.warning("webhook endpoint %s is not switched off yet", endpoint.uid, exc_info=error)
        return
    logger.warning("webhook endpoint %s was switched off: %s", endpoint.uid, reason)
