"""Describe the events of the feed and the requests that webhooks send."""

from __future__ import annotations

from typing import Any

from customers.api.openapi.examples import UID, customers, example_of, orders, snapshot
from customers.api.openapi.inference import Named, OneOf, named
from customers.api.openapi.schemas import Schema, reference
from customers.dialects.storefront.webhooks.representations import MERGED, body_of, feed_item
from customers.reads import ERASED, EXPIRED
from stores.models import Event
from stores.models.event_types import EVENT_TYPES, TEST_EVENT, UNPUBLISHED_EVENTS

DATA = {
    "customer": ("CustomerVersion", {"addresses": "Address"}),
    "order": ("OrderVersion", {"items": "OrderLine", "shippingAddress": "OrderAddress"}),
}
REMAINDERS = {ERASED: "ErasedCustomer", EXPIRED: "ExpiredCustomer"}  # by the mark of a snapshot
SNAPSHOTS = {
    "customer": [
        *customers(),
        *(customers()[0] | {side: UID} for side in MERGED),
        {ERASED: True},
        {EXPIRED: True},
    ],
    "order": orders(),
}
STORED_EVENTS = [
    (
        kind,
        example_of(
            Event, full=True, type=f"{kind}.updated", changed=changed, snapshot=snapshot(row)
        ),
    )
    for kind, rows in SNAPSHOTS.items()
    for row in rows
    for changed in ([["name"], [ERASED]] if ERASED in row else [["name"]])
]


def with_data(component: str, kind: str, example: dict[str, Any]) -> Named:
    """Return an event with its data: a customer or an order as it was then, or what is left of a customer."""
    left = (REMAINDERS[mark] for mark in REMAINDERS if mark in example["data"])
    data_component, parts = next(((name, {}) for name in left), DATA[kind])
    data = named(data_component, example["data"], **parts)
    return Named(component, example | {"type": OneOf(*EVENT_TYPES), "data": data})


def sent_body(kind: str, body: dict[str, Any]) -> Named:
    return with_data(f"{kind.capitalize()}Webhook", kind, body)


def with_body(kind: str, delivery: dict[str, Any]) -> Named:
    """Return a delivery with the body that was sent."""
    return Named("Delivery", delivery | {"body": sent_body(kind, delivery["body"])})


FEED_ITEMS = [with_data("Event", kind, feed_item(event)) for kind, event in STORED_EVENTS]
FEED_PAGES = [Named("EventPage", {"items": FEED_ITEMS, "next": 7})]
TEST = example_of(Event, full=True, type=TEST_EVENT, snapshot={"message": "text"})
WEBHOOK_EXAMPLES = [
    *(sent_body(kind, body_of(event)) for kind, event in STORED_EVENTS),
    named("TestWebhook", body_of(TEST), data="TestData"),
]
HEADERS = {
    "webhook-id": "The id of the event: the same on every attempt, so use it to drop repetitions.",
    "webhook-timestamp": "Seconds since 1970 when this attempt was signed.",
    "webhook-signature": "One or two signatures of Standard Webhooks, with a space between them.",
    "x-webhook-signature": "The HMAC-SHA256 of the body, in hexadecimal. It does not stop replays.",
}
TEXT: Schema = {"type": "string"}
SUBSCRIBED = "Sent to each endpoint that subscribes to it."
REQUESTED = "Sent to one endpoint when somebody asks for it. No endpoint can subscribe to it."


def webhook(event_type: str, component: str, summary: str, receivers: str = SUBSCRIBED) -> Schema:
    """Return the request that is sent for an event."""
    body = {"application/json": {"schema": reference(component)}}
    headers = [
        {"name": name, "in": "header", "required": True, "description": text, "schema": TEXT}
        for name, text in HEADERS.items()
    ]
    return {
        "post": {
            "operationId": event_type.replace(".", "_"),
            # Not the tag of a path: openapi-generator would write one class over the other.
            "tags": ["WebhookMessage"],
            "summary": summary,
            "description": f"{receivers} Any 2xx status takes it.",
            "parameters": headers,
            "requestBody": {"required": True, "content": body},
            "responses": {"2XX": {"description": "Taken. The body is ignored."}},
            "security": [],
        }
    }


WEBHOOKS = {
    name: webhook(name, f"{kind.capitalize()}Webhook", f"A {kind} was {verb}")
    for name in EVENT_TYPES
    if name not in UNPUBLISHED_EVENTS
    for kind, verb in [name.split(".")]
} | {TEST_EVENT: webhook(TEST_EVENT, "TestWebhook", "A test", REQUESTED)}
