"""Delivery of an event: the message, its retries and its recorded attempts."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from django.utils import timezone
from pytest_httpserver import HTTPServer
from standardwebhooks import Webhook, WebhookVerificationError
from werkzeug import Request, Response

from stores.models import Event, WebhookEndpoint
from stores.webhooks import secrets
from stores.webhooks.endpoints import rotate_secret
from stores.webhooks.worker import Worker

Make = Callable[..., Any]


def requests_to(receiver: HTTPServer) -> list[Request]:
    return [request for request, _ in receiver.log]


def only(endpoint: WebhookEndpoint) -> Any:
    return WebhookEndpoint.objects.for_store(endpoint.store).filter(uid=endpoint.uid)


def answers(receiver: HTTPServer, *statuses: int, **headers: str) -> None:
    """Answer with these statuses in order, and then always with the last one."""
    remaining = list(statuses)

    def answer(_: Request) -> Response:
        return Response(
            status=remaining.pop(0) if len(remaining) > 1 else remaining[0], headers=headers
        )

    receiver.expect_request("/hook").respond_with_handler(answer)


def test_event_arrives_as_signed_json(
    receiver: HTTPServer, endpoint_at: Make, make_event: Make, worker: Worker
) -> None:
    answers(receiver, 200)
    endpoint, event = endpoint_at(receiver.port), make_event()
    worker.drain()

    [request] = requests_to(receiver)
    assert (request.method, request.content_type) == ("POST", "application/json")
    assert request.headers["webhook-id"] == str(event.uid)
    body = Webhook(endpoint.text).verify(request.data, dict(request.headers))
    assert body == {"id": str(event.uid), "type": "customer.created", "data": {"name": "Zoë"}}
    key = secrets.signing_key(endpoint.text)
    expected = hmac.new(key, request.data, hashlib.sha256).hexdigest()
    assert request.headers["x-webhook-signature"] == expected


def test_plain_text_secret_signs_with_its_bytes(
    receiver: HTTPServer, endpoint_at: Make, make_event: Make, worker: Worker
) -> None:
    answers(receiver, 200)
    endpoint_at(receiver.port, secret="a secret of the shop")
    make_event()
    worker.drain()
    [request] = requests_to(receiver)
    Webhook(b"a secret of the shop").verify(request.data, dict(request.headers))
    expected = hmac.new(b"a secret of the shop", request.data, hashlib.sha256).hexdigest()
    assert request.headers["x-webhook-signature"] == expected


def test_both_secrets_sign_for_a_day_after_rotation(
    receiver: HTTPServer, endpoint_at: Make, make_event: Make, worker: Worker
) -> None:
    answers(receiver, 200)
    endpoint = endpoint_at(receiver.port)
    _, new = rotate_secret(only(endpoint))
    make_event()
    worker.drain()
    only(endpoint).update(former_secret_until=timezone.now())
    make_event()
    worker.drain()

    during, after = requests_to(receiver)
    assert len(during.headers["webhook-signature"].split()) == 2
    for secret in (endpoint.text, new):
        Webhook(secret).verify(during.data, dict(during.headers))
    Webhook(new).verify(after.data, dict(after.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(endpoint.text).verify(after.data, dict(after.headers))
    key = secrets.signing_key(new)
    expected = hmac.new(key, during.data, hashlib.sha256).hexdigest()
    assert during.headers["x-webhook-signature"] == expected


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_a_success(
    receiver: HTTPServer, endpoint_at: Make, make_event: Make, worker: Worker, status: int
) -> None:
    answers(receiver, status)
    endpoint, _ = endpoint_at(receiver.port), make_event()
    worker.drain()
    delivery = endpoint.deliveries.get()
    assert (delivery.status, delivery.last_status_code, delivery.attempt_count) == (
        "delivered",
        status,
        1,
    )
    assert delivery.delivered_at is not None
    assert delivery.next_attempt_at is delivery.leased_until is None


def test_failure_is_retried_with_the_same_id_and_body(
    receiver: HTTPServer, endpoint_at: Make, make_event: Make, worker: Worker
) -> None:
    answers(receiver, 500, 503, 200)
    endpoint, _ = endpoint_at(receiver.port), make_event()
    worker.drain()

    sent = requests_to(receiver)
    assert len({(one.headers["webhook-id"], one.data) for one in sent}) == 1
    delivery = endpoint.deliveries.get()
    assert (delivery.status, delivery.attempt_count) == ("delivered", 3)
    assert [one.status_code for one in delivery.attempts.all()] == [500, 503, 200]
    assert [one.error for one in delivery.attempts.all()] == ["answered 500", "answered 503", ""]


def test_retries_follow_the_schedule_and_end(
    receiver: HTTPServer,
    endpoint_at: Make,
    make_event: Make,
    worker: Worker,
    settings: Any,
) -> None:
    settings.WEBHOOK_RETRY_SCHEDULE = [0, 5, 120]
    answers(receiver, 500)
    endpoint, _ = endpoint_at(receiver.port), make_event()
    for planned in (5, 120):
        worker.drain()
        delivery = endpoint.deliveries.get()
        remaining = (delivery.next_attempt_at - timezone.now()).total_seconds()
        assert 0.9 * planned - 2 < remaining <= 1.1 * planned
        endpoint.deliveries.update(next_attempt_at=timezone.now())
    worker.drain()
    delivery = endpoint.deliveries.get()
    assert (delivery.status, delivery.attempt_count) == ("failed", 3)
    assert delivery.next_attempt_at is None
    assert len(receiver.log) == 3


@pytest.mark.parametrize(
    ("asked", "low", "high"),
    [
        ("60", 55, 60),
        ("1", 25, 33),  # the schedule's 30 s are longer
        ("999999999", 86_000, 86_400),  # no longer than a day
        ("Sun, 06 Nov 1994 08:49:37 GMT", 25, 33),
        ("in a while", 25, 33),
        ("Fri, 31 Dec 99999999999999999999 23:59:59 GMT", 25, 33),
        ("Fri, 31 Dec 9999 23:59:59 -9999", 25, 33),
    ],
)
def test_retry_after_is_obeyed_within_a_day(
    receiver: HTTPServer,
    endpoint_at: Make,
    make_event: Make,
    worker: Worker,
    settings: Any,
    asked: str,
    low: int,
    high: int,
) -> None:
    settings.WEBHOOK_RETRY_SCHEDULE = [0, 30]
    answers(receiver, 429, **{"Retry-After": asked})
    endpoint, _ = endpoint_at(receiver.port), make_event()
    worker.drain()
    remaining = (endpoint.deliveries.get().next_attempt_at - timezone.now()).total_seconds()
    assert low < remaining <= high


def test_retry_after_may_be_a_date(
    receiver: HTTPServer, endpoint_at: Make, make_event: Make, worker: Worker
) -> None:
    moment = timezone.now().replace(microsecond=0) + timedelta(hours=1)
    answers(receiver, 503, **{"Retry-After": format_datetime(moment, usegmt=True)})
    endpoint, _ = endpoint_at(receiver.port), make_event()
    worker.drain()
    assert abs((endpoint.deliveries.get().next_attempt_at - moment).total_seconds()) < 2


def test_410_disables_the_endpoint(
    receiver: HTTPServer, endpoint_at: Make, make_event: Make, worker: Worker
) -> None:
    answers(receiver, 410)
    endpoint = endpoint_at(receiver.port)
    for _ in range(4):
        make_event()
    worker.drain()
    endpoint.refresh_from_db()
    assert not endpoint.is_active
    assert "410" in endpoint.disabled_reason
    assert len(receiver.log) <= 2  # those that were in flight together
    assert {one.status for one in endpoint.deliveries.all()} == {"failed", "cancelled"}


def test_five_failing_days_disable_the_endpoint(
    receiver: HTTPServer, endpoint_at: Make, make_event: Make, worker: Worker
) -> None:
    answers(receiver, 500)
    endpoint, _ = endpoint_at(receiver.port), make_event()
    only(endpoint).update(failing_since=timezone.now() - timedelta(days=4, hours=23))
    worker.drain()
    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.failure_count) == (True, 3)

    only(endpoint).update(failing_since=timezone.now() - timedelta(days=5))
    make_event()
    worker.drain()
    endpoint.refresh_from_db()
    assert not endpoint.is_active
    assert "five days" in endpoint.disabled_reason


def test_success_resets_the_failures(
    receiver: HTTPServer, endpoint_at: Make, make_event: Make, worker: Worker
) -> None:
    answers(receiver, 500, 200)
    endpoint, _ = endpoint_at(receiver.port), make_event()
    worker.drain()
    endpoint.refresh_from_db()
    assert (endpoint.failure_count, endpoint.failing_since) == (0, None)
    assert timezone.now() - endpoint.last_triggered_at < timedelta(seconds=10)


def test_unrenderable_message_is_a_failed_attempt(
    receiver: HTTPServer, endpoint_at: Make, make_event: Make
) -> None:
    def broken(event: Event) -> None:
        raise KeyError(event.type)

    answers(receiver, 200)
    endpoint, _ = endpoint_at(receiver.port), make_event()
    Worker(broken).drain()
    delivery = endpoint.deliveries.get()
    assert (delivery.status, delivery.last_error) == ("failed", "the message could not be made")
    assert not receiver.log


def test_endpoint_no_longer_allowed_gets_nothing(
    receiver: HTTPServer, endpoint_at: Make, make_event: Make, worker: Worker, settings: Any
) -> None:
    answers(receiver, 200)
    endpoint, _ = endpoint_at(receiver.port), make_event()
    settings.WEBHOOK_ALLOW_TARGETS = []
    worker.drain()
    assert endpoint.deliveries.get().last_error == "the URL is not allowed"
    assert not receiver.log


def test_proxies_of_the_environment_are_ignored(
    receiver: HTTPServer, endpoint_at: Make, make_event: Make, worker: Worker, monkeypatch: Any
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    answers(receiver, 200)
    endpoint, _ = endpoint_at(receiver.port), make_event()
    worker.drain()
    assert endpoint.deliveries.get().status == "delivered"


def test_redirect_is_a_failure_and_not_followed(
    receiver: HTTPServer, endpoint_at: Make, make_event: Make, worker: Worker
) -> None:
    inner = f"http://127.0.0.1:{receiver.port}/inner"
    answers(receiver, 302, Location=inner)
    endpoint, _ = endpoint_at(receiver.port), make_event()
    worker.drain()
    delivery = endpoint.deliveries.get()
    assert (delivery.status, delivery.last_status_code) == ("failed", 302)
    assert "redirect" in delivery.last_error
    assert {one.path for one in requests_to(receiver)} == {"/hook"}


def test_response_body_is_not_stored(
    receiver: HTTPServer, endpoint_at: Make, make_event: Make, worker: Worker
) -> None:
    receiver.expect_request("/hook").respond_with_data("inner secret", status=500)
    endpoint, _ = endpoint_at(receiver.port), make_event()
    worker.drain()
    rows = [*endpoint.deliveries.values(), *endpoint.deliveries.get().attempts.values()]
    assert "inner secret" not in json.dumps(rows, default=str)
