"""Webhook endpoints and deliveries through the storefront API."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from stores.models import Event, IdempotentRequest, WebhookDelivery, WebhookEndpoint

TARGET = "127.0.0.1:9001"


@pytest.fixture(autouse=True)
def _open_target(settings):
    settings.WEBHOOK_ALLOW_TARGETS = [TARGET]


@pytest.fixture
def hook(shop):
    return shop.ok("POST", "/webhooks", {"url": f"http://{TARGET}/hook", "events": ["*"]})["item"]


def test_endpoints_are_filtered_by_event(shop, hook):
    body = {"url": f"http://{TARGET}/orders", "events": ["order.*"], "isActive": False}
    orders = shop.ok("POST", "/webhooks", body)["item"]

    def list_ids(query):
        return [one["id"] for one in shop.ok("GET", f"/webhooks?{query}")["items"]]

    assert list_ids("event=customer.created") == [hook["id"]]
    assert sorted(list_ids("event=order.updated")) == sorted([hook["id"], orders["id"]])
    assert list_ids("isActive=false") == [orders["id"]]


@pytest.mark.parametrize("query", ["event=", "event=customer.lost", "isActive=", "isActive=1"])
def test_invalid_endpoint_filter_is_refused(shop, hook, query):
    assert shop.refused(400, "GET", f"/webhooks?{query}") == [query.split("=")[0]]


def test_retry_returns_the_secret_stored_encrypted(shop):
    body = {"url": f"http://{TARGET}/hook", "events": ["*"]}
    first, again = (
        shop.call("POST", "/webhooks", body, **{"Idempotency-Key": "hook-1"}) for _ in range(2)
    )
    secret = first.json()["secret"]
    assert again.content == first.content
    assert again["Idempotency-Replayed"] == "true"
    stored_body = bytes(IdempotentRequest.objects.get().body)
    assert secret.encode() not in stored_body
    assert secret.encode() not in bytes(WebhookEndpoint.objects.get().secret)


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (None, 3),
        ({}, 3),
        ({"dateFrom": "2024-05-01", "dateTo": "2024-05-01"}, 1),
        ({"dateTo": "2024-05-01T12:00:00Z"}, 2),
        ({"dateFrom": "2024-05-02"}, 1),
        ({"dateFrom": None, "dateTo": "2020-01-01"}, 0),
    ],
    ids=str,
)
def test_events_of_a_period_are_delivered_again(shop, hook, body, count):
    for number in range(3):
        shop.customer(email=f"jane{number}@example.com")
    days = [(4, 30), (5, 1), (5, 3)]
    for event, (month, day) in zip(Event.objects.order_by("id"), days, strict=True):
        moment = datetime(2024, month, day, 12, tzinfo=UTC)
        Event.objects.filter(pk=event.pk).update(created_at=moment)
    WebhookDelivery.objects.update(status="delivered", next_attempt_at=None)
    answer = shop.call("POST", f"/webhooks/{hook['id']}/redeliver", body)
    assert (answer.status_code, answer.json()["redelivered"]) == (202, count)
    assert WebhookDelivery.objects.filter(status="pending").count() == count


def test_invalid_period_redelivers_nothing(shop, hook):
    path = f"/webhooks/{hook['id']}/redeliver"
    for value in ("yesterday", 7, "2024-02-30", ["2024-01-01"]):
        assert shop.refused(400, "POST", path, {"dateFrom": value}) == ["dateFrom"]
    assert shop.call("POST", "/webhooks/nobody/redeliver").status_code == 404
