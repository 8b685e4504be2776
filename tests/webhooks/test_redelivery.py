"""Sending again, one or a range."""

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
from stores.webhooks.deliveries import redeliver, redeliver_range
from stores.webhooks.results import record_result
from stores.webhooks.sending import Outcome
from stores.webhooks.worker import Worker

Make = Callable[..., Any]


def only(delivery: WebhookDelivery) -> Any:
    return WebhookDelivery.objects.for_store(delivery.store).filter(uid=delivery.uid)


def test_a_delivered_one_is_sent_again_with_the_same_id(
    receiver: HTTPServer, endpoint_at: Make, happens: Make, worker: Worker
) -> None:
    receiver.expect_request("/hook").respond_with_data("")
    endpoint, event = endpoint_at(receiver.port), happens()
    worker.drain()
    assert redeliver(only(endpoint.deliveries.get())).status == "pending"
    worker.drain()
    assert [one.headers["webhook-id"] for one, _ in receiver.log] == [str(event.uid)] * 2
    delivery = endpoint.deliveries.get()
    assert (delivery.status, delivery.attempt_count) == ("delivered", 2)


def test_one_that_was_given_up_gets_the_whole_schedule_anew(
    receiver: HTTPServer, endpoint_at: Make, happens: Make, worker: Worker
) -> None:
    receiver.expect_request("/hook").respond_with_data("", status=500)
    endpoint, _ = endpoint_at(receiver.port), happens()
    worker.drain()
    redeliver(only(endpoint.deliveries.get()))
    worker.drain()
    delivery = endpoint.deliveries.get()
    assert (delivery.status, delivery.attempt_count) == ("failed", 6)
    assert delivery.attempts.count() == 6


def test_it_goes_to_an_endpoint_that_is_switched_off_too(
    receiver: HTTPServer, endpoint_at: Make, happens: Make, worker: Worker
) -> None:
    receiver.expect_request("/hook").respond_with_data("")
    endpoint, _ = endpoint_at(receiver.port), happens()
    WebhookEndpoint.objects.update(is_active=False)
    WebhookDelivery.objects.update(status="cancelled", next_attempt_at=None)
    redeliver(only(endpoint.deliveries.get()))
    worker.drain()
    assert endpoint.deliveries.get().status == "delivered"


def test_one_in_flight_is_not_sent_twice(endpoint_at: Make, happens: Make) -> None:
    endpoint, _ = endpoint_at(9), happens()
    [claimed] = claim(1, failing=False)
    redeliver(only(endpoint.deliveries.get()))
    assert claim(1, failing=False) == []
    record_result(claimed, Outcome(200))
    assert endpoint.deliveries.get().status == "delivered"


def test_an_unknown_delivery_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        redeliver(WebhookDelivery.objects.for_store(store))


def test_a_range_sends_the_events_of_that_time_again(
    store: Store, endpoint_at: Make, happens: Make
) -> None:
    endpoint, other = endpoint_at(9), endpoint_at(9, "/other")
    now = timezone.now()
    for days in (1, 2, 3, 4):
        Event.objects.filter(pk=happens().pk).update(created_at=now - timedelta(days=days))
    WebhookDelivery.objects.update(status="delivered", next_attempt_at=None, attempt_count=1)
    after, before = now - timedelta(days=3), now - timedelta(days=1)

    assert redeliver_range(store, endpoint, after, before) == 2
    due = WebhookDelivery.objects.due(timezone.now())
    assert {one.event.created_at for one in due} == {now - timedelta(days=2), after}
    assert {one.endpoint for one in due} == {endpoint}
    assert redeliver_range(store, other) == 4


def test_a_range_stays_within_the_store(
    store: Store, other_store: Store, endpoint_at: Make, happens: Make
) -> None:
    endpoint, _ = endpoint_at(9), happens()
    assert redeliver_range(other_store, endpoint) == 0
