"""Turn events, endpoints and deliveries into the objects of this dialect and the bodies of its webhooks."""

from __future__ import annotations

from typing import Any

from customers.api.times import milliseconds
from customers.dialects.storefront.customers.representations import customer
from customers.dialects.storefront.orders.representations import order
from customers.reads import CUSTOMERS, ERASED, EXPIRED
from orders.reads import ORDERS
from stores.models import Event, WebhookDelivery, WebhookEndpoint
from stores.models.event_types import TEST_EVENT
from stores.webhooks.sending import Outcome

# names of columns on the wire that differ from the column in camel case
WIRE_NAMES = {
    "first_name": "name",
    "last_name": "name",
    "phone_number": "phone",
    "phone_dial_code": "phone",
    "marketing_opt_in_at": "marketingOptIn",
}
# Of both sides of a merge, who the other one is. By the key of the snapshot.
MERGED = {"merged_into": "mergedInto", "merged_from": "mergedFrom"}


def body_of(event: Event) -> dict[str, Any]:
    """Return the body that a webhook sends. The event's store must be loaded with it."""
    return {
        "id": str(event.uid),
        "type": event.type,
        "storeId": str(event.store.uid),
        "createdAt": milliseconds(event.created_at),
        "data": data_of(event),
    }


def feed_item(event: Event) -> dict[str, Any]:
    return {
        "id": event.pk,
        "type": event.type,
        "customerId": str(event.customer_uid),
        "version": event.version,
        "changed": list(dict.fromkeys(wire_name(name) for name in event.changed)),
        "data": data_of(event),
        "createdAt": milliseconds(event.created_at),
    }


def data_of(event: Event) -> dict[str, Any]:
    """Return the customer or order as it was right after the event.

    Only the id of a customer that was erased, or whose former states a rule of retention emptied.
    """
    if event.type == TEST_EVENT:
        return dict(event.snapshot)
    if event.snapshot.get(ERASED):  # of a customer; orders stay, without their address
        left = {"id": str(event.customer_uid), "erased": True, "version": event.version}
        # The erasure itself, not what happened before it.
        return left | confirmation(event) if ERASED in event.changed else left
    of_order = event.type.startswith("order.")
    if event.snapshot.get(EXPIRED) and not of_order:
        return {"id": str(event.customer_uid), "expired": True, "version": event.version}
    if of_order:
        data = order(ORDERS.from_snapshot(event.snapshot), event.store.uid)
    else:
        data = customer(CUSTOMERS.from_snapshot(event.snapshot), event.store.uid)
        data |= {name: event.snapshot[key] for key, name in MERGED.items() if key in event.snapshot}
    return {**data, "version": event.version}


def confirmation(event: Event) -> dict[str, str]:
    """Tell where a receiver confirms an erasure; it puts its own id into the path."""
    return {"confirmAt": f"/stores/{event.store.uid}/webhooks/{{webhookId}}/receipts"}


def wire_name(column: str) -> str:
    if column in WIRE_NAMES:
        return WIRE_NAMES[column]
    first, *rest = column.removesuffix("_id").split("_")
    return first + "".join(word.capitalize() for word in rest)


def endpoint(hook: WebhookEndpoint) -> dict[str, Any]:
    return {
        "id": str(hook.uid),
        "storeId": str(hook.store.uid),
        "url": hook.url,
        "events": hook.events,
        "description": hook.description or None,
        "isActive": hook.is_active,
        "disabledReason": hook.disabled_reason or None,
        "failureCount": hook.failure_count,
        "lastTriggeredAt": milliseconds(hook.last_triggered_at),
        "createdAt": milliseconds(hook.created_at),
        "updatedAt": milliseconds(hook.updated_at),
    }


def delivery(instance: WebhookDelivery) -> dict[str, Any]:
    return {
        "id": str(instance.uid),
        "eventId": str(instance.event.uid),
        "eventType": instance.event.type,
        "status": instance.status,
        "attempts": instance.attempt_count,
        "lastStatusCode": instance.last_status_code,
        "lastError": instance.last_error or None,
        "nextAttemptAt": milliseconds(instance.next_attempt_at),
        "deliveredAt": milliseconds(instance.delivered_at),
        "createdAt": milliseconds(instance.created_at),
        "body": body_of(instance.event),
    }


def test_result(outcome: Outcome) -> dict[str, Any]:
    return {
        "delivered": outcome.is_delivered,
        "statusCode": outcome.status_code,
        "error": outcome.error or None,
        "durationMs": outcome.duration_ms,
    }
