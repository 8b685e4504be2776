"""Leases: workers share deliveries, and take over those of a dead worker."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from stores.models import WebhookDelivery, WebhookEndpoint
from stores.webhooks.claims import MAX_CLAIMS, claim, release
from stores.webhooks.results import record_results
from stores.webhooks.sending import Outcome
from stores.webhooks.worker import Worker

Make = Callable[..., Any]


def expire_leases() -> None:
    past = timezone.now() - timedelta(seconds=1)
    WebhookDelivery.objects.exclude(leased_until=None).update(leased_until=past)


def test_claim_leases_for_thirty_seconds(endpoint_at: Make, make_event: Make) -> None:
    endpoint_at(9), make_event()
    [[claimed]] = claim(5, failing=False)
    assert claim(5, failing=False) == []
    time_left = WebhookDelivery.objects.get(pk=claimed.delivery.pk).leased_until - timezone.now()
    assert 28 < time_left.total_seconds() <= 30


def test_delivery_of_a_dead_worker_is_sent_again(
    receiver: HTTPServer, endpoint_at: Make, make_event: Make, worker: Worker
) -> None:
    receiver.expect_request("/hook").respond_with_data("")
    endpoint, event = endpoint_at(receiver.port), make_event()
    assert claim(1, failing=False)
    worker.drain()
    assert not receiver.log, "the lease still holds"
    expire_leases()
    worker.drain()
    [(request, _)] = receiver.log
    assert request.headers["webhook-id"] == str(event.uid)
    assert endpoint.deliveries.get().status == "delivered"


def test_expired_lease_records_only_its_attempt(endpoint_at: Make, make_event: Make) -> None:
    endpoint, _ = endpoint_at(9), make_event()
    [[late]] = claim(1, failing=False)
    expire_leases()
    [[present]] = claim(1, failing=False)
    record_results([(late, Outcome(error="answered 500", status_code=500))])
    delivery = endpoint.deliveries.get()
    assert (delivery.status, delivery.attempt_count) == ("pending", 0)
    assert delivery.lease_token == present.token
    record_results([(present, Outcome(200))])
    assert endpoint.deliveries.get().status == "delivered"
    assert [one.status_code for one in endpoint.deliveries.get().attempts.all()] == [500, 200]


def test_result_for_a_deleted_endpoint_is_ignored(endpoint_at: Make, make_event: Make) -> None:
    endpoint, _ = endpoint_at(9), make_event()
    [[claimed]] = claim(1, failing=False)
    endpoint.delete()
    record_results([(claimed, Outcome(200))])
    assert not WebhookDelivery.objects.exists()


def test_delivery_cancelled_in_flight_is_not_retried(endpoint_at: Make, make_event: Make) -> None:
    endpoint, _ = endpoint_at(9), make_event()
    [[claimed]] = claim(1, failing=False)
    endpoint.deliveries.update(status="cancelled", next_attempt_at=None)
    record_results([(claimed, Outcome(error="answered 500", status_code=500))])
    assert endpoint.deliveries.get().status == "cancelled"


def let_pass(seconds: float) -> None:
    """Make leases as much older."""
    leased = WebhookDelivery.objects.exclude(leased_until=None)
    leased.update(leased_until=F("leased_until") - timedelta(seconds=seconds))


def test_oldest_deliveries_of_an_endpoint_are_claimed_together(
    endpoint_at: Make, make_event: Make
) -> None:
    endpoint_at(9)
    events = [make_event() for _ in range(MAX_CLAIMS + 1)]
    [claims] = claim(1, failing=False)
    assert [one.delivery.event for one in claims] == events[:MAX_CLAIMS]
    let_pass(1)
    assert claim(10, failing=False) == [], "these are sent two at a time"


def test_only_one_is_claimed_beside_a_slow_delivery(endpoint_at: Make, make_event: Make) -> None:
    endpoint_at(9)
    events = [make_event() for _ in range(5)]
    [claims] = claim(10, failing=False)
    release(claims[1:])
    assert claim(10, failing=False) == [], "the first may end any moment"
    let_pass(1)
    [[second]] = claim(10, failing=False)
    assert second.delivery.event == events[1]
    let_pass(1)
    assert claim(10, failing=False) == [], "two are in flight"
    record_results([(claims[0], Outcome(200)), (second, Outcome(200))])
    [rest] = claim(10, failing=False)
    assert [one.delivery.event for one in rest] == events[2:]


def test_failing_endpoint_gets_two_at_a_time(endpoint_at: Make, make_event: Make) -> None:
    endpoint_at(9)
    for _ in range(5):
        make_event()
    WebhookEndpoint.objects.update(failing_since=timezone.now())
    assert claim(10, failing=False) == []
    [claims] = claim(10, failing=True)
    assert len(claims) == 2


def test_released_deliveries_are_due_again(endpoint_at: Make, make_event: Make) -> None:
    endpoint_at(9)
    for _ in range(3):
        make_event()
    [claims] = claim(10, failing=False)
    expire_leases()
    [others] = claim(10, failing=False)
    release(claims)  # too late: they are another worker's
    assert claim(10, failing=False) == []
    release(others)
    [again] = claim(10, failing=False)
    assert len(again) == 3


def test_endpoints_take_turns(endpoint_at: Make, make_event: Make) -> None:
    endpoints = [endpoint_at(9, f"/{number}") for number in range(3)]
    for _ in range(4):
        make_event()
    served = [claim(2, failing=False) for _ in range(3)]
    assert [[one[0].endpoint for one in turn] for turn in served] == [[one] for one in endpoints]


def test_delivery_not_yet_due_is_not_claimed(endpoint_at: Make, make_event: Make) -> None:
    endpoint_at(9), make_event()
    WebhookDelivery.objects.update(next_attempt_at=timezone.now() + timedelta(seconds=5))
    assert claim(5, failing=False) == []


def test_idle_polling_writes_nothing(
    endpoint_at: Make, django_assert_num_queries: Any, db: None
) -> None:
    endpoint_at(9)
    with django_assert_num_queries(1) as seen:
        assert claim(5, failing=False) == []
    assert seen.captured_queries[0]["sql"].startswith("SELECT")


class Gauge:
    """Slow handler that records concurrent requests and how often each id came."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.now = self.most = 0
        self.ids: Counter[str] = Counter()

    def __call__(self, request: Request) -> Response:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
            self.ids[request.headers["webhook-id"]] += 1
        time.sleep(0.05)
        with self.lock:
            self.now -= 1
        return Response()


def test_several_workers_send_each_event_once(
    shared_book: str, receiver: HTTPServer, endpoint_at: Make, make_event: Make
) -> None:
    gauges = {f"/{number}": Gauge() for number in range(3)}
    for path, gauge in gauges.items():
        receiver.expect_request(path).respond_with_handler(gauge)
        endpoint_at(receiver.port, path)
    events = [make_event() for _ in range(12)]

    def work(start: threading.Barrier) -> None:
        start.wait()
        try:
            while WebhookDelivery.objects.filter(status="pending").exists():
                Worker(lambda event: {}, concurrency=8).drain()
        finally:
            connection.close()

    start = threading.Barrier(3)
    threads = [threading.Thread(target=work, args=(start,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for gauge in gauges.values():
        assert gauge.ids == Counter(str(event.uid) for event in events)
        assert gauge.most == 2
    assert WebhookDelivery.objects.filter(status="delivered", attempt_count=1).count() == 36


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_during_a_request(
    receiver: HTTPServer, endpoint_at: Make, make_event: Make, worker: Worker
) -> None:
    open_ones: list[bool] = []
    here = connection

    def answer(_: Request) -> Response:
        open_ones.append(here.in_atomic_block)
        return Response()

    # in the receiver's thread the proxy `connection` is a different connection
    here = connection._connections[connection._alias]
    receiver.expect_request("/hook").respond_with_handler(answer)
    endpoint_at(receiver.port), make_event()
    worker.drain()
    assert open_ones == [False]
    assert WebhookEndpoint.objects.get().deliveries.get().status == "delivered"
