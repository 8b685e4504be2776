"""Leases: who sends what, when a worker dies, and how several stay out of each other's way."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from stores.models import WebhookDelivery, WebhookEndpoint
from stores.webhooks.claims import claim
from stores.webhooks.results import record_result
from stores.webhooks.sending import Outcome
from stores.webhooks.worker import Worker

Make = Callable[..., Any]


def expire_leases() -> None:
    past = timezone.now() - timedelta(seconds=1)
    WebhookDelivery.objects.exclude(leased_until=None).update(leased_until=past)


def test_a_claim_is_a_lease_of_thirty_seconds(endpoint_at: Make, happens: Make) -> None:
    endpoint_at(9), happens()
    [claimed] = claim(5, failing=False)
    assert claim(5, failing=False) == []
    left = WebhookDelivery.objects.get(pk=claimed.delivery.pk).leased_until - timezone.now()
    assert 28 < left.total_seconds() <= 30


def test_what_a_dead_worker_held_is_sent_again_with_the_same_id(
    receiver: HTTPServer, endpoint_at: Make, happens: Make, worker: Worker
) -> None:
    receiver.expect_request("/hook").respond_with_data("")
    endpoint, event = endpoint_at(receiver.port), happens()
    assert claim(1, failing=False)
    worker.drain()
    assert not receiver.log, "the lease still holds"
    expire_leases()
    worker.drain()
    [(request, _)] = receiver.log
    assert request.headers["webhook-id"] == str(event.uid)
    assert endpoint.deliveries.get().status == "delivered"


def test_who_lost_the_lease_keeps_the_attempt_and_leaves_the_delivery_alone(
    endpoint_at: Make, happens: Make
) -> None:
    endpoint, _ = endpoint_at(9), happens()
    [late] = claim(1, failing=False)
    expire_leases()
    [present] = claim(1, failing=False)
    record_result(late, Outcome(error="answered 500", status_code=500))
    delivery = endpoint.deliveries.get()
    assert (delivery.status, delivery.attempt_count) == ("pending", 0)
    assert delivery.lease_token == present.token
    record_result(present, Outcome(200))
    assert endpoint.deliveries.get().status == "delivered"
    assert [one.status_code for one in endpoint.deliveries.get().attempts.all()] == [500, 200]


def test_an_outcome_for_a_deleted_endpoint_is_nobodys(endpoint_at: Make, happens: Make) -> None:
    endpoint, _ = endpoint_at(9), happens()
    [claimed] = claim(1, failing=False)
    endpoint.delete()
    record_result(claimed, Outcome(200))
    assert not WebhookDelivery.objects.exists()


def test_one_that_was_cancelled_in_flight_is_not_tried_again(
    endpoint_at: Make, happens: Make
) -> None:
    endpoint, _ = endpoint_at(9), happens()
    [claimed] = claim(1, failing=False)
    endpoint.deliveries.update(status="cancelled", next_attempt_at=None)
    record_result(claimed, Outcome(error="answered 500", status_code=500))
    assert endpoint.deliveries.get().status == "cancelled"


def test_no_more_than_two_are_claimed_for_one_endpoint(endpoint_at: Make, happens: Make) -> None:
    endpoint_at(9)
    for _ in range(5):
        happens()
    claimed = claim(10, failing=False)
    assert len(claimed) == 2
    assert claim(10, failing=False) == []
    record_result(claimed[0], Outcome(200))
    assert len(claim(10, failing=False)) == 1


def test_the_oldest_event_goes_first(endpoint_at: Make, happens: Make) -> None:
    endpoint_at(9)
    events = [happens() for _ in range(3)]
    assert [one.delivery.event for one in claim(10, failing=False)] == events[:2]


def test_endpoints_take_turns(endpoint_at: Make, happens: Make) -> None:
    endpoints = [endpoint_at(9, f"/{number}") for number in range(3)]
    for _ in range(4):
        happens()
    served = [claim(2, failing=False) for _ in range(3)]
    assert [{one.endpoint for one in turn} for turn in served] == [{one} for one in endpoints]


def test_what_is_not_due_yet_waits(endpoint_at: Make, happens: Make) -> None:
    endpoint_at(9), happens()
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
    """Answers after a moment, and knows how many it answered at a time and which ids came how often."""

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


def test_several_workers_send_each_event_once_and_two_at_a_time(
    shared_book: str, receiver: HTTPServer, endpoint_at: Make, happens: Make
) -> None:
    gauges = {f"/{number}": Gauge() for number in range(3)}
    for path, gauge in gauges.items():
        receiver.expect_request(path).respond_with_handler(gauge)
        endpoint_at(receiver.port, path)
    events = [happens() for _ in range(12)]

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
def test_no_transaction_is_open_while_a_message_is_sent(
    receiver: HTTPServer, endpoint_at: Make, happens: Make, worker: Worker
) -> None:
    open_ones: list[bool] = []
    here = connection

    def answer(_: Request) -> Response:
        open_ones.append(here.in_atomic_block)
        return Response()

    # the proxy `connection` is another one in the receiver's thread
    here = connection._connections[connection._alias]
    receiver.expect_request("/hook").respond_with_handler(answer)
    endpoint_at(receiver.port), happens()
    worker.drain()
    assert open_ones == [False]
    assert WebhookEndpoint.objects.get().deliveries.get().status == "delivered"
