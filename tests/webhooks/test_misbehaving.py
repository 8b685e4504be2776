"""Misbehaving receivers, and host names that resolve to internal addresses."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import urllib3.util.connection
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from stores.http_deadline import CancellableConnection
from stores.webhooks.messages import Message
from stores.webhooks.sending import MAX_RESPONSE_BYTES, send
from stores.webhooks.transport import tls
from stores.webhooks.worker import Worker
from tests.waiting import GRACE, until
from tests.webhooks import receivers
from tests.webhooks.receivers import Endless, RawReceiver

Make = Callable[..., Any]


def message_to(url: str) -> Message:
    return Message(url, b"{}", {"webhook-id": "1"})


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """Return a port whose backlog is full, so that new connections hang."""
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for one in (first, second):
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


def no_webhook_thread_runs() -> bool:
    return "webhook" not in [thread.name for thread in threading.enumerate()]


def test_attempt_ends_after_ten_seconds(
    raw_receiver: Make, allowed_url: Make, deaf_port: int
) -> None:
    slow = [receivers.hang, receivers.drip_head, receivers.drip_body]
    urls = [allowed_url(raw_receiver(behaviour).port) for behaviour in slow] + [
        allowed_url(deaf_port)
    ]
    with ThreadPoolExecutor(len(urls)) as pool:
        *outcomes, unconnected = pool.map(lambda url: send(message_to(url)), urls)
    for outcome in outcomes:
        assert outcome.error == "no complete answer within 10 s"
        assert 9_900 < outcome.duration_ms < 15_000
    assert unconnected.error == "no connection within 3 s"
    assert 2_900 < unconnected.duration_ms < 8_000
    until(no_webhook_thread_runs, GRACE, "the threads end")


def test_error_of_a_shorter_attempt_names_its_own_time(
    raw_receiver: Make, allowed_url: Make
) -> None:
    url = allowed_url(raw_receiver(receivers.hang).port)
    assert send(message_to(url), 0.25).error == "no complete answer within 0.25 s"


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (receivers.reset, "connection closed without an answer"),
        (receivers.hang_up, "connection closed without an answer"),
        (receivers.send_garbage, "no valid answer"),
    ],
)
def test_connection_without_response_is_a_failure(
    raw_receiver: Make, allowed_url: Make, behaviour: Any, error: str
) -> None:
    receiver = raw_receiver(behaviour)
    assert send(message_to(allowed_url(receiver.port))).error == error
    assert len(receiver.requests) == 1, "only the worker's schedule repeats"


def test_closed_port_is_a_failure(allowed_url: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert send(message_to(allowed_url(port))).error == "connection refused"


def test_at_most_16_kib_of_a_body_are_read(
    raw_receiver: Make, allowed_url: Make, monkeypatch: Any
) -> None:
    read_count = 0
    read = socket.socket.recv_into

    def counting(self: socket.socket, *args: Any) -> int:
        nonlocal read_count
        number = read(self, *args)
        if threading.current_thread().name == "webhook":
            read_count += number
        return number

    monkeypatch.setattr(socket.socket, "recv_into", counting)
    endless = Endless()
    outcome = send(message_to(allowed_url(raw_receiver(endless).port)))
    assert outcome.is_delivered
    assert outcome.duration_ms < 9_000
    assert endless.ended.wait(5), "the connection stays open"
    assert (
        MAX_RESPONSE_BYTES <= read_count <= MAX_RESPONSE_BYTES + 8192
    )  # the head, and the read-ahead of a buffer


def test_reset_is_retried_by_the_schedule(
    raw_receiver: Make, endpoint_at: Make, make_event: Make, worker: Worker
) -> None:
    receiver = raw_receiver(receivers.reset)
    endpoint, event = endpoint_at(receiver.port), make_event()
    worker.drain()
    assert len(receiver.requests) == 3
    assert all(f"webhook-id: {event.uid}".encode() in one for one in receiver.requests)
    assert endpoint.deliveries.get().status == "failed"


def test_hanging_endpoints_delay_no_other(
    raw_receiver: Make, receiver: HTTPServer, endpoint_at: Make, make_event: Make, store: Any
) -> None:
    """Twelve hanging endpoints with two requests each would occupy all threads three times."""
    dead = [raw_receiver(receivers.hang) for _ in range(12)]
    worker = Worker(lambda event: {}, concurrency=8)
    arrived: list[float] = []
    began = time.monotonic()

    def answer(_: Request) -> Response:
        arrived.append(time.monotonic() - began)
        if len(arrived) == 6:
            worker.stop()
            for one in dead:
                one.close()
        return Response()

    receiver.expect_request("/hook").respond_with_handler(answer)
    for one in dead:
        endpoint_at(one.port)
    store_endpoints = type(endpoint_at(receiver.port)).objects.for_store(store)
    store_endpoints.exclude(url__contains=f":{receiver.port}/").update(
        failing_since=timezone.now() - timedelta(hours=1)
    )
    for _ in range(6):
        make_event()
    worker.run()
    assert len(arrived) == 6
    assert max(arrived) < 9  # no attempt had ended
    assert sum(len(one.requests) for one in dead) <= 4


def test_untrusted_certificate_is_refused(allowed_url: Make, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path, x509.IPAddress(ip_address("127.0.0.1"))))
    with HTTPServer(host="127.0.0.1", port=0, ssl_context=context) as server:
        outcome = send(message_to(allowed_url(server.port, scheme="https")))
    assert outcome.error == "the TLS handshake failed"
    assert not server.log


@pytest.mark.parametrize(
    ("name", "said"), [("hooks.example.com", ""), ("other.example.com", "the TLS handshake failed")]
)
def test_certificate_is_valid_only_for_its_name(
    monkeypatch: Any, tmp_path: Path, name: str, said: str
) -> None:
    file = self_signed(tmp_path, x509.DNSName(name))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    tls().load_verify_locations(file)
    try:
        with HTTPServer(host="127.0.0.1", port=0, ssl_context=context) as server:
            server.expect_request("/hook").respond_with_data("")
            resolving(monkeypatch, "93.184.216.34", "93.184.216.34")
            connect = urllib3.util.connection.create_connection
            here = ("127.0.0.1", server.port)
            monkeypatch.setattr(
                urllib3.util.connection, "create_connection", lambda _, *args, **kw: connect(here)
            )
            for _ in range(2):  # all attempts share a TLS context; none may change it for the next
                outcome = send(message_to("https://hooks.example.com/hook"))
                assert outcome.error == said
            assert len(server.log) == (0 if said else 2)
    finally:
        tls.cache_clear()


def self_signed(folder: Path, stands_for: x509.GeneralName) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = timezone.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([stands_for]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = folder / "server.pem"
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file


def resolving(monkeypatch: Any, *addresses: str) -> list[str]:
    """Resolve names to these addresses, one per look-up; return the names looked up."""
    real, looked_up, left = socket.getaddrinfo, [], list(addresses)

    def look_up(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        if host != "hooks.example.com":
            return real(host, port, *args, **kwargs)
        looked_up.append(host)
        return real(left.pop(0), port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return looked_up


def dialled(monkeypatch: Any) -> list[Any]:
    """Record the addresses of connections instead of connecting."""
    addresses_dialled: list[Any] = []

    def connect(address: Any, *args: Any, **kwargs: Any) -> None:
        addresses_dialled.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(urllib3.util.connection, "create_connection", connect)
    return addresses_dialled


INNER = [
    "127.0.0.1",
    "10.1.2.3",
    "169.254.169.254",
    "168.63.129.16",
    "100.64.0.1",
    "192.0.2.1",
    "224.0.0.1",
    "0.0.0.0",
    "::1",
    "fe80::1",
    "fec0::1",
    "fd00:ec2::254",
    "::ffff:127.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "ff02::1",
]


@pytest.mark.parametrize("address", INNER)
def test_name_of_an_internal_address_is_refused(monkeypatch: Any, address: str) -> None:
    connections = dialled(monkeypatch)
    resolving(monkeypatch, address)
    outcome = send(message_to("https://hooks.example.com/"))
    assert outcome.error == "the host's address is not public"
    assert not connections


def test_connection_uses_the_checked_address(monkeypatch: Any) -> None:
    connections = dialled(monkeypatch)
    looked_up = resolving(monkeypatch, "93.184.216.34", "127.0.0.1")
    assert send(message_to("https://hooks.example.com/")).error == "connection refused"
    assert connections == [("93.184.216.34", 443)]
    assert looked_up == ["hooks.example.com"]


def test_unknown_host_is_a_failure() -> None:
    assert send(message_to("https://hooks.nowhere.invalid/")).error == (
        "the name could not be resolved"
    )


def test_hanging_resolver_does_not_block_the_attempt(monkeypatch: Any) -> None:
    over = threading.Event()

    def hang(*args: Any, **kwargs: Any) -> None:
        over.wait(30)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    outcome = send(message_to("https://hooks.example.com/"), seconds=0.3)
    over.set()
    assert outcome.duration_ms < 300 + 1000 * GRACE
    assert outcome.error


def test_aborted_connection_stays_closed(raw_receiver: Make) -> None:
    receiver: RawReceiver = raw_receiver(receivers.hang)
    connection = CancellableConnection()
    connection.abort()
    connected = socket.create_connection(("127.0.0.1", receiver.port))
    with pytest.raises(OSError, match="aborted"):
        connection.attach(connected)
    assert connected.fileno() == -1
