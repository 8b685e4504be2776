"""What came of an attempt: kept as a row, and drawn upon for the delivery and its endpoint."""

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

PATIENCE = timedelta(days=5)  # how long an endpoint may fail before it is switched off
GONE = "The receiver answered 410 Gone."
FAILING = "Nothing could be delivered for five days."


def settle(claim: Claim, outcome: Outcome) -> None:
    """Writes down one attempt. Does nothing when the delivery was deleted meanwhile.

    When the lease was lost to another worker the attempt is kept and the delivery is that worker's.
    """
    now = timezone.now()
    target = claim.endpoint.as_queryset()
    with transaction.atomic():
        # the endpoint first, as everybody who locks both
        endpoint = target.select_for_update(no_key=True).first()
        delivery = locked(claim.delivery)
        if endpoint is None or delivery is None:
            return
        keep_attempt(delivery, outcome)
        if delivery.lease_token == claim.token:
            conclude(delivery, outcome, now)
        reason = reckon(endpoint, outcome, now)
    if reason:
        switch_off(endpoint, reason)


def locked(delivery: WebhookDelivery) -> WebhookDelivery | None:
    own = delivery.as_queryset()
    return own.select_for_update(no_key=True).first()


def keep_attempt(delivery: WebhookDelivery, outcome: Outcome) -> None:
    WebhookAttempt.objects.create(
        store_id=delivery.store_id,
        delivery=delivery,
        status_code=outcome.status_code,
        error=outcome.error,
        duration_ms=outcome.duration_ms,
    )


def conclude(delivery: WebhookDelivery, outcome: Outcome, now: datetime) -> None:
    """Delivered, due again, or given up; one that was cancelled meanwhile is not tried again."""
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


def reckon(endpoint: WebhookEndpoint, outcome: Outcome, now: datetime) -> str:
    """Counts failures in a row; the reason to switch the endpoint off, or none."""
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
    return FAILING if now - since >= PATIENCE else ""


def switch_off(endpoint: WebhookEndpoint, reason: str) -> None:
    """In transactions of its own, because it begins with the store's lock, which comes before all others.

    Where it does not get that, the next failure tries again: the attempt is written down already.
    """
    try:
        disable_endpoint(endpoint.as_queryset(), reason)
    except NotFound:
        return
    except OperationalError as error:
        logger.warning("webhook endpoint %s is not switched off yet", endpoint.uid, exc_info=error)
        return
    logger.warning("webhook endpoint %s was switched off: %s", endpoint.uid, reason)
