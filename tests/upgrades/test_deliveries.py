"""Webhooks pending at an upgrade are delivered by the new release."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pytest_httpserver import HTTPServer

from customers.dialects.storefront.webhooks.representations import body_of
from stores.models import Event, WebhookDelivery, WebhookEndpoint
from stores.webhooks.worker import Worker
from tests.upgrades.conftest import Book


def statuses() -> Counter[str]:
    return Counter(WebhookDelivery.objects.values_list("status", flat=True))


def test_pending_webhooks_are_delivered(book: Book, httpserver: HTTPServer, settings: Any) -> None:
    settings.WEBHOOK_ALLOW_TARGETS = [f"{httpserver.host}:{httpserver.port}"]
    httpserver.expect_request("/hook").respond_with_data("")
    for client in book.stores:
        for endpoint in WebhookEndpoint.objects.filter(store__uid=client.store, is_active=True):
            path = f"/stores/{{store}}/webhooks/{endpoint.uid}"
            client.ok("PATCH", path, {"url": httpserver.url_for("/hook")})
    pending = WebhookDelivery.objects.filter(status="pending")
    events = Event.objects.filter(deliveries__in=pending)
    expected = Counter((str(event.uid), event.type) for event in events)
    before = statuses()
    assert min(before[name] for name in ("pending", "delivered", "failed", "cancelled")) > 0

    Worker(body_of).drain()
    received = [request.get_json() for request, _ in httpserver.log]
    assert Counter((body["id"], body["type"]) for body in received) == expected
    delivered = before["delivered"] + before["pending"]
    assert statuses() == Counter({**before, "pending": 0, "delivered": delivered})
