"""The services that make, change and delete endpoints.

They hold the store's lock, as the outbox does: an event is written either before a change of the
endpoints or after it, and never gets a delivery for one that is being deleted or switched off. Its
deliveries may be a million, so most of them are cancelled or deleted before, in small statements and
without that lock.

Neutral fields: `url`, `events`, `secret`, `description`, `is_active`. A `target` is a queryset that names
one endpoint. Raises Invalid with a field, and NotFound.
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
from stores.models.event import SUBSCRIPTIONS
from stores.models.webhook import DeliveryStatus, WebhookDeliveryQuerySet
from stores.outbox import lock_store
from stores.webhooks import secrets
from stores.webhooks.targets import check_url

MAX_EVENTS = 20
MAX_ENDPOINTS = 100  # of a store: each event of it looks at all of them
FORMER_SECRET_LIFETIME = timedelta(hours=24)  # it still signs after a rotation
BATCH_SIZE = 5_000  # deliveries


def create_endpoint(store: Store, fields: Mapping[str, Any]) -> tuple[WebhookEndpoint, str]:
    """The new endpoint and its secret, which is not shown again; `url` and `events` are needed."""
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
    """Only the fields given change; a secret does not (see `rotate_secret`).

    Switching an endpoint off cancels what is still due to it; switching it on forgets its failures.
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
    """Its deliveries and their attempts go with it. Raises NotFound."""
    in_batches(deliveries_of(target), lambda part: part.delete())
    with transaction.atomic():
        lock(target).delete()


def rotate_secret(target: TenantQuerySet[WebhookEndpoint]) -> tuple[WebhookEndpoint, str]:
    """The endpoint and its new secret, not shown again; the former one signs along for 24 hours."""
    secret = secrets.generate()
    with transaction.atomic():
        endpoint = lock(target)
        endpoint.former_secret = endpoint.secret
        endpoint.former_secret_until = timezone.now() + FORMER_SECRET_LIFETIME
        endpoint.secret = secrets.encrypt(secret)
        endpoint.save()
    return endpoint, secret


def disable_endpoint(target: TenantQuerySet[WebhookEndpoint], reason: str) -> None:
    """Switches off an endpoint that does not want events any more, and cancels what is due to it."""
    pending = deliveries_of(target).pending()
    in_batches(pending, cancel)
    with transaction.atomic():
        endpoint = lock(target)
        endpoint.is_active, endpoint.disabled_reason = False, reason
        endpoint.save(update_fields=["is_active", "disabled_reason", "updated_at"])
        cancel(pending)


def lock(target: TenantQuerySet[WebhookEndpoint]) -> WebhookEndpoint:
    """The endpoint that `target` names, held with its store until the commit."""
    store_id = target.values_list("store_id", flat=True).first()
    if store_id is None:
        raise NotFound
    lock_store(store_id)
    endpoint = target.select_for_update(of=("self",)).first()
    if endpoint is None:
        raise NotFound
    return endpoint


def deliveries_of(target: TenantQuerySet[WebhookEndpoint]) -> WebhookDeliveryQuerySet:
    """Those of the endpoint that `target` names. Raises NotFound."""
    endpoint = target.values("store", "pk").first()
    if endpoint is None:
        raise NotFound
    return WebhookDelivery.objects.filter(store=endpoint["store"], endpoint=endpoint["pk"])


def cancel(pending: QuerySet[WebhookDelivery]) -> None:
    pending.update(status=DeliveryStatus.CANCELLED, next_attempt_at=None)


def in_batches(
    deliveries: WebhookDeliveryQuerySet, change: Callable[[QuerySet[WebhookDelivery]], object]
) -> None:
    """Applies `change`, which must take the rows out of `deliveries` (by status or deletion), batch by batch.

    Those that a worker has leased are skipped: it may be about to store their results.
    """
    free = deliveries.free(timezone.now()).order_by()
    held = free.select_for_update(of=("self",), skip_locked=True, no_key=True)
    while True:
        with transaction.atomic():
            found = list(held.values_list("pk", flat=True)[:BATCH_SIZE])
            change(deliveries.filter(pk__in=found))
        if not found:
            return


def validated_columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The column values that these fields set. Raises Invalid."""
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
    """1 to 20 of SUBSCRIPTIONS, each once."""
    if not isinstance(events, list) or not 1 <= len(events) <= MAX_EVENTS:
        raise Invalid("events", "events", known=", ".join(SUBSCRIPTIONS))
    if not all(event in SUBSCRIPTIONS for event in events):
        raise Invalid("events", "events", known=", ".join(SUBSCRIPTIONS))
    return list(dict.fromkeys(events))
