"""Webhook endpoints and deliveries through the storefront API."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pytest_httpserver import HTTPServer
from standardwebhooks import Webhook
from werkzeug import Response

from stores.models import Event, IdempotentRequest, WebhookDelivery, WebhookEndpoint

TARGET = "127.0.0.1:9001"
TEST_RESULT = {"delivered", "statusCode", "error", "durationMs", "item"}


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


def test_deliveries_are_filtered_and_show_their_body(shop, hook):
    jane = shop.customer(name="Jane")
    shop.order(jane)
    WebhookDelivery.objects.filter(event__type="order.created").update(status="failed")

    def listed(query):
        answer = shop.ok("GET", f"/webhooks/{hook['id']}/deliveries?{query}")
        assert answer["total"] == len(answer["items"])
        return [one["eventType"] for one in answer["items"]]

    assert listed("") == ["order.created", "customer.created"]
    assert listed("status=failed") == ["order.created"]
    assert listed("status=pending&event=order.created") == []
    assert listed("event=customer.*") == ["customer.created"]
    for query in ("status=lost", "status=", "event=customer.lost", "event=*"):
        name = query.split("=")[0]
        assert shop.refused(400, "GET", f"/webhooks/{hook['id']}/deliveries?{query}") == [name]

    body = shop.ok("GET", f"/webhooks/{hook['id']}/deliveries")["items"][-1]["body"]
    event = Event.objects.get(type="customer.created")
    assert (body["id"], body["type"]) == (str(event.uid), "customer.created")
    assert (body["storeId"], body["data"]["name"]) == (str(shop.store.uid), "Jane")


def test_events_missed_while_switched_off_are_redelivered(shop, hook):
    path = f"/webhooks/{hook['id']}"
    shop.customer(email="before@example.com")
    shop.ok("PATCH", path, {"isActive": False, "events": ["customer.created"]})
    jane = shop.customer(email="meanwhile@example.com")
    shop.order(jane)
    shop.ok("PATCH", path, {"isActive": True})
    missed = Event.objects.exclude(deliveries__gt=0)
    assert missed.count() == 2
    future = {"dateFrom": "2999-01-01"}
    assert shop.ok("POST", f"{path}/redeliver", future)["redelivered"] == 0
    today = {"dateFrom": "2020-01-01"}
    assert shop.ok("POST", f"{path}/redeliver", today)["redelivered"] == 2
    items = shop.ok("GET", f"{path}/deliveries?status=pending")["items"]
    emails = [one["body"]["data"]["email"] for one in items]
    assert emails == ["meanwhile@example.com", "before@example.com"]
    assert missed.get().type == "order.created", "the endpoint does not subscribe to it"


def test_redelivery_without_a_range_begins_with_the_endpoint(shop, hook):
    shop.ok("PATCH", f"/webhooks/{hook['id']}", {"isActive": False})
    shop.customer()
    Event.objects.update(created_at=datetime(2020, 1, 1, tzinfo=UTC))
    shop.customer(email="joe@example.com")
    assert shop.ok("POST", f"/webhooks/{hook['id']}/redeliver")["redelivered"] == 1


@pytest.fixture
def receiver(settings):
    with HTTPServer(host="127.0.0.1", port=0) as server:
        settings.WEBHOOK_ALLOW_TARGETS = [f"127.0.0.1:{server.port}"]
        yield server


def test_test_event_arrives_signed_and_is_not_stored(shop, receiver):
    receiver.expect_request("/hook").respond_with_data("")
    url = f"http://127.0.0.1:{receiver.port}/hook"
    hook = shop.ok("POST", "/webhooks", {"url": url, "events": ["order.created"]})
    shop.ok("PATCH", f"/webhooks/{hook['id']}", {"isActive": False})
    result = shop.ok("POST", f"/webhooks/{hook['id']}/test")
    assert set(result) == TEST_RESULT
    assert (result["delivered"], result["statusCode"], result["error"]) == (True, 200, None)
    [(request, _)] = receiver.log
    body = Webhook(hook["secret"]).verify(request.data, dict(request.headers))
    assert body["type"] == "webhook.test"
    assert (body["storeId"], set(body["data"])) == (str(shop.store.uid), {"message"})
    assert body["id"] == request.headers["webhook-id"]
    assert not Event.objects.exists()
    assert not WebhookDelivery.objects.exists()


def test_test_event_tells_what_went_wrong(shop, hook, receiver):
    receiver.expect_request("/hook").respond_with_handler(lambda _: Response(status=503))
    url = f"http://127.0.0.1:{receiver.port}/hook"
    broken = shop.ok("POST", "/webhooks", {"url": url, "events": ["*"]})
    result = shop.ok("POST", f"/webhooks/{broken['id']}/test")
    assert (result["delivered"], result["statusCode"]) == (False, 503)
    assert result["error"] == "answered 503"
    result = shop.ok("POST", f"/webhooks/{hook['id']}/test")  # its target is not allowed any more
    assert (result["delivered"], result["statusCode"]) == (False, None)
    assert result["error"] == "the URL is not allowed"
    assert WebhookEndpoint.objects.get(uid=broken["id"]).failure_count == 0


def test_test_events_are_limited_and_need_the_right(shop, hook, other_shop):
    path = f"/webhooks/{hook['id']}/test"
    statuses = [shop.call("POST", path).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [409]
    assert other_shop.call("POST", path).status_code == 404
    assert shop.call("POST", "/webhooks/nobody/test").status_code == 404
