"""Describe the events of the feed and the requests that webhooks send."""

from __future__ import annotations

from typing import Any

from customers.api.openapi.examples import MOMENT, UID, customers, example_of, orders, snapshot
from customers.api.openapi.inference import Named, OneOf, named
from customers.api.openapi.schemas import Schema, reference
from customers.api.times import milliseconds
from customers.dialects.storefront.webhooks.representations import body_of, feed_item
from stores.models import Event
from stores.models.event import EVENT_TYPES, TEST_EVENT, UNPUBLISHED_EVENTS

DATA = {
    "customer": ("CustomerVersion", {"addresses": "Address"}),
    "order": ("OrderVersion", {"items": "OrderLine", "shippingAddress": "OrderAddress"}),
}
STORED_EVENTS = [
    (
        kind,
        example_of(
            Event, full=True, type=f"{kind}.updated", changed=["name"], snapshot=snapshot(row)
        ),
    )
    for kind, rows in (("customer", customers()), ("order", orders()))
    for row in rows
]


def with_data(component: str, kind: str, example: dict[str, Any]) -> Named:
    """Return an event with its data, a customer or an order as it was then."""
    data_component, parts = DATA[kind]
    data = named(data_component, example["data"], **parts)
    return Named(component, example | {"type": OneOf(*EVENT_TYPES), "data": data})


def sent_body(kind: str, body: dict[str, Any]) -> Named:
    return with_data(f"{kind.capitalize()}Webhook", kind, body)


def with_body(kind: str, delivery: dict[str, Any]) -> Named:
    """Return a delivery with the body that was sent."""
    return Named("Delivery", delivery | {"body": sent_body(kind, delivery["body"])})


FEED_ITEMS = [with_data("Event", kind, feed_item(event)) for kind, event in STORED_EVENTS]
FEED_PAGES = [Named("EventPage", {"items": FEED_ITEMS, "next": 7})]
TEST_BODY = {
    "id": str(UID),
    "type": TEST_EVENT,
    "storeId": str(UID),
    "createdAt": milliseconds(MOMENT),
    "data": {"message": "text"},
}
WEBHOOK_EXAMPLES = [
    *(sent_body(kind, body_of(event)) for kind, event in STORED_EVENTS),
    Named("TestWebhook", TEST_BODY),
]
HEADERS = {
    "webhook-id": "The id of the event: the same on every attempt, so use it to drop repetitions.",
    "webhook-timestamp": "Seconds since 1970 when this attempt was signed.",
    "webhook-signature": "One or two signatures of Standard Webhooks, with a space between them.",
}


def webhook(event_type: str, component: str, summary: str) -> Schema:
    """Return the request that is sent for an event."""
    body = {"application/json": {"schema": reference(component)}}
    headers = [
        {"name": name, "in": "header", "required": True, "description": text, "schema": TEXT}
        for name, text in HEADERS.items()
    ]
    return {
        "post": {
            "operationId": event_type.replace(".", "_"),
            "tags": ["Webhook"],
            "summary": summary,
            "description": "Sent to each endpoint that subscribes to it. Any 2xx status takes it.",
            "parameters": headers,
            "requestBody": {"required": True, "content": body},
            "responses": {"2XX": {"description": "Taken. The body is ignored."}},
            "security": [],
        }
    }


TEXT: Schema = {"type": "string"}
WEBHOOKS = {
    name: webhook(name, f"{kind.capitalize()}Webhook", f"A {kind} was {verb}")
    for name in EVENT_TYPES
    if name not in UNPUBLISHED_EVENTS
    for kind, verb in [name.split(".")]
} | {TEST_EVENT: webhook(TEST_EVENT, "TestWebhook", "A test")}
