"""Connections that are kept alive between deliveries, and threads that are used again."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import urllib3.util.connection
from cryptography import x509

from stores.http_deadline import CancellableConnection
from stores.models import WebhookAttempt, WebhookDelivery
from stores.webhooks import senders
from stores.webhooks.calls import call
from stores.webhooks.claims import claim
from stores.webhooks.messages import Message
from stores.webhooks.runs import Run
from stores.webhooks.senders import Senders
from stores.webhooks.sending import attempt, send
from stores.webhooks.transport import tls
from stores.webhooks.worker import Worker
from tests.waiting import GRACE
from tests.webhooks import receivers
from tests.webhooks.receivers import KeepsAlive
from tests.webhooks.test_misbehaving import resolving, self_signed

Make = Callable[..., Any]


def all_delivered_at_once(number: int) -> bool:
    delivered = WebhookDelivery.objects.filter(status="delivered", attempt_count=1)
    return delivered.count() == number == WebhookAttempt.objects.count()


def test_two_connections_and_few_threads_serve_an_endpoint(
    raw_receiver: Make, endpoint_at: Make, make_event: Make
) -> None:
    before, behaviour = threading.active_count(), KeepsAlive()
    endpoint_at(raw_receiver(behaviour).port)
    for _ in range(30):
        make_event()
    Worker(lambda event: {}, concurrency=4).drain()
    assert all_delivered_at_once(30)
    assert behaviour.connections <= 2
    assert threading.active_count() - before <= 4 + 1 + 1 + 2  # timekeeper, receiver's own
    assert not any(b"cookie" in head.lower() for head in behaviour.heads)


@pytest.mark.parametrize("reads_next", [False, True])
def test_kept_connection_that_is_closed_is_no_failure(
    raw_receiver: Make, endpoint_at: Make, make_event: Make, worker: Worker, reads_next: bool
) -> None:
    behaviour = KeepsAlive(3, reads_next=reads_next)
    endpoint = endpoint_at(raw_receiver(behaviour).port)
    for _ in range(12):
        make_event()
    worker.drain()
    assert all_delivered_at_once(12)
    assert behaviour.connections >= 4
    endpoint.refresh_from_db()
    assert endpoint.failure_count == 0


class ResetsHandshakes:
    """Stand-in for a TLS context that resets each connection, and counts them."""

    connections = 0

    def wrap_socket(self, connected: socket.socket, *, server_side: bool) -> socket.socket:
        self.connections += 1
        connected.recv(1)
        receivers.reset(connected, threading.Event())
        connected.close()
        raise OSError


def test_new_connection_that_is_reset_is_a_failure_at_once(
    raw_receiver: Make, allowed_url: Make, monkeypatch: Any
) -> None:
    """Only a kept connection is replaced, whatever this thread used before."""
    resets = ResetsHandshakes()
    url = allowed_url(raw_receiver(receivers.hang, resets).port, scheme="https")
    monkeypatch.setattr(call, "is_reusing", True)
    outcome = attempt(Message(url, b"{}", {"webhook-id": "1"}), CancellableConnection())
    assert outcome.error == "connection closed without an answer"
    assert resets.connections == 1


def test_kept_connection_serves_only_its_own_address(
    raw_receiver: Make, monkeypatch: Any, tmp_path: Path
) -> None:
    """A name that resolves to another address gets another connection, or none."""
    file = self_signed(tmp_path, x509.DNSName("hooks.example.com"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    receiver = raw_receiver(KeepsAlive(), context)
    tls().load_verify_locations(file)
    addresses = ["93.184.216.34", "93.184.216.34", "93.184.216.35", "127.0.0.1"]
    looked_up = resolving(monkeypatch, *addresses)
    dialled, connect = [], urllib3.util.connection.create_connection

    def dial(address: Any, *args: Any, **kwargs: Any) -> Any:
        dialled.append(address)
        return connect(("127.0.0.1", receiver.port))

    monkeypatch.setattr(urllib3.util.connection, "create_connection", dial)
    message = Message("https://hooks.example.com/hook", b"{}", {"webhook-id": "1"})
    try:
        outcomes = [send(message) for _ in addresses]
    finally:
        tls.cache_clear()
    assert [outcome.status_code for outcome in outcomes] == [200, 200, 200, None]
    assert outcomes[-1].error == "the host's address is not public"
    assert dialled == [("93.184.216.34", 443), ("93.184.216.35", 443)]
    assert len(looked_up) == 4


def test_run_that_takes_too_long_leaves_the_rest(
    endpoint_at: Make, make_event: Make, monkeypatch: Any
) -> None:
    endpoint_at(9)
    for _ in range(3):
        make_event()
    [claims] = claim(2, failing=False)
    run = Run(claims, 2)
    assert run.take() == claims[0]
    assert run.take_rest() == []
    run.stop()
    assert run.take() is None
    assert run.take_rest() == claims[1:]
    assert not run.is_over, "the first is in flight"
    run.settle()
    assert run.is_over
    monkeypatch.setattr("stores.webhooks.runs.SECONDS", -1)
    late = Run(claims, 2)
    assert late.take() is None
    assert late.take_rest() == claims


def test_hanging_attempt_is_ended_and_its_thread_replaced(
    raw_receiver: Make, endpoint_at: Make, make_event: Make, monkeypatch: Any
) -> None:
    monkeypatch.setattr(senders, "TOTAL_SECONDS", 0.3)
    endpoint_at(raw_receiver(receivers.hang).port)
    for _ in range(3):
        make_event()
    [claims] = claim(1, failing=False)
    pool = Senders(1, lambda event: {})
    for _ in range(2):  # there is only one thread: the second attempt needs another one
        pool.start(Run(claims, 1))
        _, claimed, outcome = pool.results.get(timeout=5 + GRACE)
        assert claimed == claims[0]
        assert outcome.error == "no complete answer within 10 s"
