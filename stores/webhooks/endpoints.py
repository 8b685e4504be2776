"""The services that create, update and delete endpoints.

They lock the store, as the outbox does. So an event is written either before or after a change of the
endpoints, and never gets a delivery to an endpoint that is being deleted or switched off. An endpoint may
have a million deliveries: most are cancelled or deleted in small batches before the store is locked.

Neutral fields: `url`, `events`, `secret`, `description`, `is_active`. A `target` is a queryset of one
endpoint. Raises Invalid with a field, and NotFound.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from stores.errors import Invalid, NotFound
from stores.models import Store, WebhookDelivery, WebhookEndpoint
from stores.models.base import TenantQuerySet
from stores.models.event_types import SUBSCRIPTIONS
from stores.models.webhook import DeliveryStatus, WebhookDeliveryQuerySet
from stores.outbox import lock_store
from stores.webhooks import secrets
from stores.webhooks.targets import check_url

MAX_EVENTS = 20
MAX_ENDPOINTS = 100  # of a store: each of its events checks all of them
FORMER_SECRET_LIFETIME = timedelta(hours=24)  # after a rotation, the time that it still signs
BATCH_SIZE = 5_000  # deliveries


def create_endpoint(store: Store, fields: Mapping[str, Any]) -> tuple[WebhookEndpoint, str]:
    """Return a new endpoint and its secret, which is not shown again. Requires `url` and `events`."""
    secret = fields.get("secret")
    secret = secrets.generate() if secret is None else secrets.check(secret)
    columns = validated_columns({"url": None, "events": None, **fields})
    endpoint = WebhookEndpoint(store=store, secret=secrets.encrypt(secret), **columns)
    with transaction.atomic():
        lock_store(store.pk)
        if WebhookEndpoint.objects.for_store(store).count() >= MAX_ENDPOINTS:
            raise Invalid("too_many_webhooks", most=MAX_ENDPOINTS)
        endpoint.save(force_insert=True)
    return endpoint, secret


def update_endpoint(
    target: TenantQuerySet[WebhookEndpoint], fields: Mapping[str, Any]
) -> WebhookEndpoint:
    """Update only the given fields, but never the secret (see `rotate_secret`).

    Switching an endpoint off cancels its pending deliveries; switching it on resets its failures.
    """
    columns = validated_columns(fields)
    if columns.get("is_active") is False:
        in_batches(deliveries_of(target).pending(), cancel)
    with transaction.atomic():
        endpoint = lock(target)
        was_active = endpoint.is_active
        for name, value in columns.items():
            setattr(endpoint, name, value)
        if was_active and not endpoint.is_active:
            cancel(deliveries_of(target).pending())
        if endpoint.is_active and not was_active:
            endpoint.failure_count, endpoint.failing_since = 0, None
            endpoint.disabled_reason = ""
        endpoint.save()
    return endpoint


def delete_endpoint(target: TenantQuerySet[WebhookEndpoint]) -> None:
    """Delete the endpoint with its deliveries and their attempts. Raises NotFound."""
    in_batches(deliveries_of(target), lambda part: part.delete())
    with transaction.atomic():
        lock(target).delete()


def rotate_secret(target: TenantQuerySet[WebhookEndpoint]) -> tuple[WebhookEndpoint, str]:
    """Return the endpoint and its new secret; the former secret signs as well for 24 hours."""
    secret = secrets.generate()
    with transaction.atomic():
        endpoint = lock(target)
        endpoint.former_secret = endpoint.secret
        endpoint.former_secret_until = timezone.now() + FORMER_SECRET_LIFETIME
        endpoint.secret = secrets.encrypt(secret)
        endpoint.save()
    return endpoint, secret


def disable_endpoint(target: TenantQuerySet[WebhookEndpoint], reason: str) -> None:
    """Switch off an endpoint that keeps failing, and cancel its pending deliveries."""
    pending = deliveries_of(target).pending()
    in_batches(pending, cancel)
    with transaction.atomic():
        endpoint = lock(target)
        endpoint.is_active, endpoint.disabled_reason = False, reason
        endpoint.save(update_fields=["is_active", "disabled_reason", "updated_at"])
        cancel(pending)


def lock(target: TenantQuerySet[WebhookEndpoint]) -> WebhookEndpoint:
    """Lock the store, then its endpoint, and return the endpoint. Raises NotFound."""
    store_id = target.values_list("store_id", flat=True).first()
    if store_id is None:
        raise NotFound
    lock_store(store_id)
    endpoint = target.filter(store=store_id).select_for_update(of=("self",)).first()
    if endpoint is None:
        raise NotFound
    return endpoint


def deliveries_of(target: TenantQuerySet[WebhookEndpoint]) -> WebhookDeliveryQuerySet:
    """Return the deliveries to the endpoint. Raises NotFound."""
    endpoint = target.values("store", "pk").first()
    if endpoint is None:
        raise NotFound
    return WebhookDelivery.objects.filter(store=endpoint["store"], endpoint=endpoint["pk"])


def cancel(pending: QuerySet[WebhookDelivery]) -> None:
    pending.update(status=DeliveryStatus.CANCELLED, next_attempt_at=None)


def in_batches(
    deliveries: WebhookDeliveryQuerySet, change: Callable[[QuerySet[WebhookDelivery]], object]
) -> None:
    """Apply `change` to the deliveries in batches, until none is left.

    `change` must take the rows out of `deliveries`, by their status or by deleting them. Deliveries
    leased by a worker are skipped: it may be about to store their results.
    """
    unleased = deliveries.unleased(timezone.now()).order_by()
    locked = unleased.select_for_update(of=("self",), skip_locked=True, no_key=True)
    while True:
        with transaction.atomic():
            ids = list(locked.values_list("pk", flat=True)[:BATCH_SIZE])
            change(deliveries.filter(pk__in=ids))
        if not ids:
            return


def validated_columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the column values of the given fields. Raises Invalid."""
    columns: dict[str, Any] = {}
    if "url" in fields:
        columns["url"] = check_url(fields["url"])
    if "events" in fields:
        columns["events"] = check_events(fields["events"])
    if "description" in fields:
        columns["description"] = fields["description"] or ""
    if "is_active" in fields:
        columns["is_active"] = fields["is_active"]
    return columns


def check_events(events: object) -> list[str]:
    """Return 1 to 20 of SUBSCRIPTIONS, without duplicates. Raises Invalid."""
    if not isinstance(events, list) or not 1 <= len(events) <= MAX_EVENTS:
        raise Invalid("events", "events", known=", ".join(SUBSCRIPTIONS))
    if not all(event in SUBSCRIPTIONS for event in events):
        raise Invalid("events", "events", known=", ".join(SUBSCRIPTIONS))
    return list(dict.fromkeys(events))
