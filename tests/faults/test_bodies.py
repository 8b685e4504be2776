"""Bodies that are chunked, slow, too long or incomplete."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse

import pytest

from tests.faults.cluster import Cluster
from tests.faults.http import DOORS, Client, Door, at, fresh_email, fresh_name
from tests.faults.service import Server
from tests.waiting import GRACE, until

MIB = 1024 * 1024
every_door = pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)


@contextmanager
def open_request(
    client: Client, door: Door, *headers: str, keep: bool = False
) -> Iterator[socket.socket]:
    """Open a connection, and send the head of a POST without its body."""
    path = door.path.format(store=client.store)
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {client.key}"]
    with socket.create_connection(("127.0.0.1", client.port), timeout=20) as connection:
        wish = "Connection: keep-alive" if keep else "Connection: close"
        head = "\r\n".join([*lines, wish, *headers, "", ""])
        connection.sendall(head.encode())
        yield connection


def reply(connection: socket.socket) -> tuple[int, bytes]:
    answer = HTTPResponse(connection)
    answer.begin()
    return answer.status, answer.read()


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def fresh_body(door: Door) -> bytes:
    return json.dumps(door.body_of(fresh_name(), fresh_email())).encode()


@every_door
def test_chunked_body_is_read(client: Client, door: Door) -> None:
    body = fresh_body(door)
    with open_request(client, door, "Transfer-Encoding: chunked") as connection:
        for at in range(0, len(body), 7):
            connection.sendall(chunk(body[at : at + 7]))
        connection.sendall(chunk(b""))
        assert reply(connection)[0] == door.probe.created


@every_door
def test_chunked_body_over_a_mebibyte_is_refused(client: Client, door: Door) -> None:
    with open_request(client, door, "Transfer-Encoding: chunked") as connection:
        connection.sendall(chunk(b'{"name": "' + b"x" * MIB))
        connection.sendall(chunk(b"x" * 4096))  # no last chunk
        status, body = reply(connection)
    assert status == 413
    assert json.loads(body)


@pytest.mark.parametrize("why", ["too large", "no key"])
@pytest.mark.parametrize("mebibytes", [2, 9])
def test_refused_body_keeps_the_connection_usable(client: Client, mebibytes: int, why: str) -> None:
    """Clients with a connection pool send their next request on the same connection."""
    body = b'"' + b"x" * mebibytes * MIB + b'"'
    key, status = {"too large": (client.key, 413), "no key": ("none", 401)}[why]
    connection = HTTPConnection("127.0.0.1", client.port, timeout=20)
    with closing(connection):
        for _ in range(3):
            connection.request("POST", "/customers", body, {"Authorization": f"Bearer {key}"})
            answer = connection.getresponse()
            assert answer.status == status
            assert json.loads(answer.read())
            assert connection.sock, "the server keeps the connection"


def test_very_long_body_closes_the_connection(client: Client) -> None:
    with open_request(client, DOORS["pos"], f"Content-Length: {11 * MIB}", keep=True) as connection:
        answer = HTTPResponse(connection)
        answer.begin()
        assert answer.status == 413
        assert answer.getheader("Connection") == "close"


BROKEN = {
    "a size that is no number": b"zz\r\n{}\r\n",
    "a chunk longer than its size": b"1\r\n{}\r\n0\r\n\r\n",
    "an end without a trailer's end": b"2\r\n{}\r\n0\r\nX",
    "a trailer that is no header": b"2\r\n{}\r\n0\r\nX Y Z\r\n\r\n",
    "no end": b"2\r\n{}\r\n",
}


@pytest.mark.parametrize("sent", BROKEN.values(), ids=BROKEN)
def test_malformed_chunks_are_400(client: Client, sent: bytes) -> None:
    for door in DOORS.values():
        with open_request(client, door, "Transfer-Encoding: chunked") as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            status, body = reply(connection)
        assert status == 400
        assert json.loads(body)


@every_door
def test_truncated_body_changes_nothing(client: Client, cluster: Cluster, door: Door) -> None:
    """The received part is valid JSON, but shorter than the announced length."""
    email = fresh_email()
    body = json.dumps(door.body_of(fresh_name(), email)).encode()
    with open_request(client, door, f"Content-Length: {len(body) + 40}") as connection:
        connection.sendall(body)
        connection.shutdown(socket.SHUT_WR)
        status, answer = reply(connection)
    assert status == 400
    assert json.loads(answer)
    assert cluster.rows("SELECT 1 FROM customers_customer WHERE email = %s", email) == []


@every_door
def test_search_of_60000_words_is_refused_in_dialect_form(client: Client, door: Door) -> None:
    answer = client.call("GET", f"{door.path}?{door.search}={'+'.join(['word'] * 60_000)}")
    assert answer.status == door.probe.invalid
    assert door.is_refusal(answer)


@every_door
@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Content-Length: 1\r\nContent-Length: 2", 400),
        ("Transfer-Encoding: chunked\r\nContent-Length: 2", 400),
        ("X-Café: 1", 400),
        ("Expect: wonders", 417),
        (f"X-Long: {'x' * 20_000}", 431),
    ],
    ids=["two lengths", "length and chunks", "no name", "expects", "too long"],
)
def test_malformed_http_is_refused_in_dialect_form(
    client: Client, door: Door, header: str, status: int
) -> None:
    with open_request(client, door, header) as connection:
        answer = HTTPResponse(connection)
        answer.begin()
        body = answer.read()
    message = at(json.loads(body), door.probe.message_at)
    assert answer.status == status
    assert message.startswith("The request cannot be read: ")
    assert b"INVALID_JSON" not in body.upper()
    assert answer.getheader("Content-Type") == "application/json"
    assert answer.getheader("X-Request-Id")


@every_door
@pytest.mark.parametrize(("method", "status"), [("get", 200), ("patch", 405), ("x", 405)])
def test_lower_case_method_is_accepted(
    client: Client, door: Door, method: str, status: int
) -> None:
    answer = client.call(method, door.path)
    assert answer.status == status
    assert status == 200 or door.is_refusal(answer)


@every_door
def test_unencoded_letters_in_a_query_are_read(client: Client, door: Door) -> None:
    path = door.path.format(store=client.store)
    request = f"GET {path}?{door.search}=Zoë HTTP/1.1\r\nHost: localhost\r\n"
    with socket.create_connection(("127.0.0.1", client.port), timeout=20) as connection:
        key = f"Authorization: Bearer {client.key}"
        connection.sendall(f"{request}{key}\r\nConnection: close\r\n\r\n".encode())
        assert reply(connection)[0] == 200


@pytest.mark.parametrize("prefix", ["/api", "/nowhere"])
def test_script_name_header_is_ignored(client: Client, prefix: str) -> None:
    answer = client.call("GET", "/api/customers", headers={"SCRIPT_NAME": prefix})
    assert answer.status == 200
    assert "hasMore" in answer.json["meta"]  # the form of erp; without /api it would be pos


def test_slow_bodies_do_not_block_other_requests(client: Client) -> None:
    door = DOORS["bakery"]
    body = fresh_body(door)
    with open_request(client, door, f"Content-Length: {len(body)}") as connection:
        for at in range(0, len(body), 10):
            connection.sendall(body[at : at + 10])
            began = time.monotonic()
            assert client.status("/customers") == 200
            assert time.monotonic() - began < 2 + GRACE
        assert reply(connection)[0] == 201


def test_stalled_body_times_out(client: Client) -> None:
    door = DOORS["erp"]
    with open_request(client, door, "Content-Length: 100") as connection:
        began = time.monotonic()
        assert reply(connection)[0] == 400
        assert 9 < time.monotonic() - began < 10 + GRACE


def test_malformed_http_logs_no_secret(client: Client, server: Server) -> None:
    """The request heads are malformed; the server's fixture checks the log at the end."""
    before = len(server.lines())
    for line in (
        f"GET /customers?search={fresh_email()} {client.key}",
        f"GET /customers HTTP/1.1\r\nAuthorization {client.key}: x",
        f"GET /customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer\0{client.key}",
    ):
        with socket.create_connection(("127.0.0.1", client.port), timeout=20) as connection:
            connection.sendall(f"{line}\r\n\r\n".encode())
            assert reply(connection)[0] == 400
    until(lambda: len(server.lines()) >= before + 3, 2 + GRACE, "it was logged")
