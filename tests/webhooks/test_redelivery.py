"""Redelivery of one delivery or of a range of events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_httpserver import HTTPServer

from stores.errors import NotFound
from stores.models import Event, Store, WebhookDelivery, WebhookEndpoint
from stores.webhooks.claims import claim
from stores.webhooks.deliveries import redeliver
from stores.webhooks.ranges import redeliver_range
from stores.webhooks.results import record_results
from stores.webhooks.sending import Outcome
from stores.webhooks.worker import Worker

Make = Callable[..., Any]


def only(delivery: WebhookDelivery) -> Any:
    return WebhookDelivery.objects.for_store(delivery.store).filter(uid=delivery.uid)


def test_redelivery_keeps_the_message_id(
    receiver: HTTPServer, endpoint_at: Make, make_event: Make, worker: Worker
) -> None:
    receiver.expect_request("/hook").respond_with_data("")
    endpoint, event = endpoint_at(receiver.port), make_event()
    worker.drain()
    assert redeliver(only(endpoint.deliveries.get())).status == "pending"
    worker.drain()
    assert [one.headers["webhook-id"] for one, _ in receiver.log] == [str(event.uid)] * 2
    delivery = endpoint.deliveries.get()
    assert (delivery.status, delivery.attempt_count) == ("delivered", 2)


def test_redelivery_restarts_the_schedule(
    receiver: HTTPServer, endpoint_at: Make, make_event: Make, worker: Worker
) -> None:
    receiver.expect_request("/hook").respond_with_data("", status=500)
    endpoint, _ = endpoint_at(receiver.port), make_event()
    worker.drain()
    redeliver(only(endpoint.deliveries.get()))
    worker.drain()
    delivery = endpoint.deliveries.get()
    assert (delivery.status, delivery.attempt_count) == ("failed", 6)
    assert delivery.attempts.count() == 6


def test_redelivery_reaches_a_disabled_endpoint(
    receiver: HTTPServer, endpoint_at: Make, make_event: Make, worker: Worker
) -> None:
    receiver.expect_request("/hook").respond_with_data("")
    endpoint, _ = endpoint_at(receiver.port), make_event()
    WebhookEndpoint.objects.update(is_active=False)
    WebhookDelivery.objects.update(status="cancelled", next_attempt_at=None)
    redeliver(only(endpoint.deliveries.get()))
    worker.drain()
    assert endpoint.deliveries.get().status == "delivered"


def test_redelivery_in_flight_is_not_sent_twice(endpoint_at: Make, make_event: Make) -> None:
    endpoint, _ = endpoint_at(9), make_event()
    [[claimed]] = claim(1, failing=False)
    redeliver(only(endpoint.deliveries.get()))
    assert claim(1, failing=False) == []
    record_results([(claimed, Outcome(200))])
    assert endpoint.deliveries.get().status == "delivered"


def test_unknown_delivery_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        redeliver(WebhookDelivery.objects.for_store(store))


def test_range_sends_events_of_its_period_again(
    store: Store, endpoint_at: Make, make_event: Make
) -> None:
    endpoint, other = endpoint_at(9), endpoint_at(9, "/other")
    now = timezone.now()
    for days in (1, 2, 3, 4):
        Event.objects.filter(pk=make_event().pk).update(created_at=now - timedelta(days=days))
    WebhookDelivery.objects.update(status="delivered", next_attempt_at=None, attempt_count=1)
    after, before = now - timedelta(days=3), now - timedelta(days=1)

    assert redeliver_range(store, endpoint, after, before) == 2
    due = WebhookDelivery.objects.due(timezone.now())
    assert {one.event.created_at for one in due} == {now - timedelta(days=2), after}
    assert {one.endpoint for one in due} == {endpoint}
    assert redeliver_range(store, other) == 4


def test_range_stays_within_the_store(
    store: Store, other_store: Store, endpoint_at: Make, make_event: Make
) -> None:
    endpoint, _ = endpoint_at(9), make_event()
    assert redeliver_range(other_store, endpoint) == 0
