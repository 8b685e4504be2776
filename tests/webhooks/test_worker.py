"""The command `worker` as a process, and a worker that loses its database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg.sql
import pytest
from axes.models import AccessLog
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from orders.models import RevenueThirds
from stores.models import (
    ApiKey,
    IdempotentRequest,
    SentForm,
    Store,
    WebhookDelivery,
    WebhookEndpoint,
)
from stores.webhooks.endpoints import rotate_secret
from stores.webhooks.worker import Worker
from tests.factories import CustomerFactory
from tests.waiting import HOLD_STORES, until
from tests.webhooks import receivers
from tests.webhooks.conftest import other_transaction

Make = Callable[..., Any]
ROOT = Path(__file__).resolve().parents[2]
SOON = 20  # seconds, on a busy machine


@pytest.fixture
def spawn(shared_book: str, settings: Any) -> Iterator[Make]:
    """Start `manage.py worker` on this test's database."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "DATABASE_URL": shared_book,
            "SECRET_KEY": settings.SECRET_KEY,
            "WEBHOOK_ALLOW_TARGETS": ",".join(settings.WEBHOOK_ALLOW_TARGETS),
        }
        command = [sys.executable, "manage.py", "worker", *arguments]
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment))
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.wait()


def test_worker_measures_revenue_thirds(spawn: Make, store: Store) -> None:
    spawn()
    until(lambda: RevenueThirds.objects.filter(store=store).exists(), SOON, "they are measured")


def test_work_of_a_killed_worker_is_taken_over(
    spawn: Make, raw_receiver: Make, endpoint_at: Make, store: Store
) -> None:
    receiver = raw_receiver(receivers.hang)
    endpoint = endpoint_at(receiver.port)
    CustomerFactory(store=store)
    first = spawn()
    until(lambda: receiver.requests, SOON, "it is sent")
    first.send_signal(signal.SIGKILL)
    first.wait()
    delivery = endpoint.deliveries.get()
    assert (delivery.status, delivery.attempt_count) == ("pending", 0)
    assert delivery.leased_until > timezone.now()

    receiver.over.set()  # from now on it closes connections at once
    past = timezone.now() - timedelta(seconds=1)
    WebhookDelivery.objects.update(leased_until=past)
    assert spawn("--once").wait(SOON) == 0
    ids = {
        line
        for request in receiver.requests
        for line in request.split(b"\r\n")
        if line.startswith(b"webhook-id:")
    }
    assert ids == {f"webhook-id: {delivery.event.uid}".encode()}
    assert len(receiver.requests) >= 2


def test_sigterm_lets_a_worker_finish_its_request(
    spawn: Make, raw_receiver: Make, endpoint_at: Make, store: Store
) -> None:
    def slow(connected: Any, over: threading.Event) -> None:
        time.sleep(1)
        connected.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    receiver = raw_receiver(slow)
    endpoint = endpoint_at(receiver.port)
    for _ in range(4):
        CustomerFactory(store=store)
    worker = spawn("--concurrency", "2")
    until(lambda: len(receiver.requests) == 2, SOON, "two are sent")
    worker.terminate()
    assert worker.wait(SOON) == 0
    statuses = sorted(endpoint.deliveries.values_list("status", flat=True))
    assert statuses == ["delivered", "delivered", "pending", "pending"]
    assert not endpoint.deliveries.filter(status="pending", leased_until__isnull=False).exists()


def test_body_is_the_customer_in_storefront_form(
    spawn: Make, receiver: HTTPServer, endpoint_at: Make, store: Store
) -> None:
    receiver.expect_request("/hook").respond_with_data("")
    endpoint_at(receiver.port)
    customer = CustomerFactory(store=store)
    assert spawn("--burst").wait(SOON) == 0
    [(request, _)] = receiver.log
    body = request.get_json()
    assert set(body) == {"id", "type", "storeId", "createdAt", "data"}
    assert (body["id"], body["type"]) == (request.headers["webhook-id"], "customer.created")
    assert body["storeId"] == str(store.uid)
    assert (body["data"]["id"], body["data"]["version"]) == (str(customer.uid), 1)
    assert body["data"]["email"] == customer.email


@pytest.mark.postgres
def test_worker_survives_a_database_outage(
    shared_book: str, receiver: HTTPServer, endpoint_at: Make, make_event: Make, worker: Worker
) -> None:
    """A delivery sent during the outage is recorded afterwards, and sent only once."""
    held, sent = threading.Event(), threading.Event()

    def answer(_: Request) -> Response:
        sent.set()
        held.wait(10)
        return Response()

    receiver.expect_request("/hook").respond_with_handler(answer)
    endpoint = endpoint_at(receiver.port)
    make_event()
    thread = threading.Thread(target=run_and_close, args=(worker,))
    thread.start()
    try:
        assert sent.wait(SOON)
        with database_outage(connection.settings_dict["NAME"]):
            held.set()
            time.sleep(1.5)
        delivered = endpoint.deliveries.filter(status="delivered")
        until(delivered.exists, SOON, "the first is settled")
        make_event()
        until(lambda: delivered.count() == 2, SOON, "the second is sent")
    finally:
        worker.stop()
        thread.join()
    assert len(receiver.log) == 2


@contextmanager
def database_outage(name: str) -> Iterator[None]:
    """Refuse connections to the database, and end the existing ones."""
    at = connection.settings_dict
    server = f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/postgres"
    with psycopg.connect(server, autocommit=True) as administrator:
        refuse = psycopg.sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        database = psycopg.sql.Identifier(name)
        connection.close()
        administrator.execute(refuse.format(database, psycopg.sql.SQL("false")))
        administrator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        try:
            yield
        finally:
            administrator.execute(refuse.format(database, psycopg.sql.SQL("true")))


def run_and_close(worker: Worker) -> None:
    try:
        worker.run()
    finally:
        connection.close()


@pytest.mark.postgres
def test_failing_housekeeping_does_not_stop_deliveries(
    short_lock_timeout: None,
    receiver: HTTPServer,
    endpoint_at: Make,
    make_event: Make,
    worker: Worker,
) -> None:
    receiver.expect_request("/hook").respond_with_data("")
    endpoint = endpoint_at(receiver.port)
    make_event()
    with other_transaction("LOCK TABLE stores_sentform IN ACCESS EXCLUSIVE MODE"):
        worker.drain()
    assert endpoint.deliveries.get().status == "delivered"


@pytest.mark.postgres
def test_busy_store_delays_disabling_an_endpoint(
    short_lock_timeout: None,
    receiver: HTTPServer,
    endpoint_at: Make,
    make_event: Make,
    worker: Worker,
) -> None:
    """The attempt is recorded once, and nothing else waits for it."""
    receiver.expect_request("/hook").respond_with_data("", status=410)
    endpoint = endpoint_at(receiver.port)
    make_event()
    with other_transaction(HOLD_STORES):
        worker.drain()
    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.failure_count) == (True, 1)
    assert endpoint.deliveries.get().attempts.count() == 1

    make_event()
    worker.drain()
    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.failure_count) == (False, 2)


def test_housekeeping_deletes_old_sign_ins(db: None, worker: Worker) -> None:
    now = timezone.now()
    for name, days in (("old", 91), ("young", 89)):
        log = AccessLog.objects.create(username=name)
        AccessLog.objects.filter(pk=log.pk).update(attempt_time=now - timedelta(days=days))
    for name, seconds in (("expired", -1), ("valid", 60)):
        Session.objects.create(session_key=name, expire_date=now + timedelta(seconds=seconds))

    worker.drain()
    assert [one.username for one in AccessLog.objects.all()] == ["young"]
    assert [one.session_key for one in Session.objects.all()] == ["valid"]


def test_housekeeping_deletes_old_form_tokens(db: None, worker: Worker) -> None:
    for path, days in (("/old", 31), ("/young", 29)):
        sent = SentForm.objects.create(token=uuid4(), path=path)
        moment = timezone.now() - timedelta(days=days)
        SentForm.objects.filter(pk=sent.pk).update(created_at=moment)
    worker.drain()
    assert [sent.path for sent in SentForm.objects.all()] == ["/young"]


def test_housekeeping_deletes_old_responses_and_secrets(
    store: Store, endpoint_at: Make, worker: Worker
) -> None:
    key, _ = ApiKey.issue(store=store, name="Shop")
    now = timezone.now()
    for name, hours in (("old", 73), ("young", 71)):
        stored_request = IdempotentRequest.objects.create(api_key=key, key=name, fingerprint="")
        IdempotentRequest.objects.filter(pk=stored_request.pk).update(
            created_at=now - timedelta(hours=hours)
        )
    for path in ("/past", "/present"):
        endpoint = endpoint_at(9, path)
        rotate_secret(WebhookEndpoint.objects.for_store(store).filter(uid=endpoint.uid))
    WebhookEndpoint.objects.filter(url__endswith="/past").update(former_secret_until=now)

    worker.drain()
    assert [one.key for one in IdempotentRequest.objects.all()] == ["young"]
    assert [one.url[-8:] for one in WebhookEndpoint.objects.exclude(former_secret=None)] == [
        "/present"
    ]
