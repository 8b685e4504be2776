"""HTTP clients of the five dialects."""

from __future__ import annotations

import http.client
import itertools
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from tests.conformance.probes import PROBES, Probe

# Must not appear in any log: names and e-mails of all customers here contain one of these.
SURNAME = "Quillfeather"
DOMAIN = "clients.example"

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    raw: bytes
    began: float
    seconds: float

    @property
    def json(self) -> Any:
        return json.loads(self.raw)


@dataclass(frozen=True)
class Client:
    """HTTP client with one key; each call opens a new connection."""

    port: int
    store: str
    key: str

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
        timeout: float = 15,
    ) -> Answer:
        """Send a request. Raise OSError or HTTPException when the server does not respond."""
        sent = {"Authorization": f"Bearer {self.key}", **(headers or {})}
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path.format(store=self.store), data, sent)
            reply = connection.getresponse()
            raw = reply.read()
        finally:
            connection.close()
        reply_headers = {name.lower(): value for name, value in reply.getheaders()}
        return Answer(reply.status, reply_headers, raw, began, time.monotonic() - began)

    def status(self, path: str) -> int:
        return self.call("GET", path).status


def at(value: Any, path: str) -> Any:
    """Return the value at a dotted path."""
    for name in path.split("."):
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


@dataclass(frozen=True, eq=False)
class Door:
    """A dialect's collection: how to create customers, and its form of refusals."""

    probe: Probe

    @property
    def path(self) -> str:
        return self.probe.collection

    @property
    def search(self) -> str:
        return self.probe.search

    @property
    def conflict(self) -> int:
        return self.probe.conflict

    def body_of(self, name: str, email: str) -> dict[str, Any]:
        """Return the body that creates a customer with a first and a last name."""
        first, last = name.split()
        text = json.dumps(self.probe.named_body)
        for word, value in {"{first}": first, "{last}": last, "{email}": email}.items():
            text = text.replace(word, value)
        return json.loads(text)

    def is_unavailable(self, answer: Answer) -> bool:
        """Return True for a 503 in this dialect's form with a Retry-After header."""
        return answer.status == 503 and "retry-after" in answer.headers and self.is_refusal(answer)

    def is_refusal(self, answer: Answer) -> bool:
        if answer.headers["content-type"] != "application/json":
            return False
        message = at(answer.json, self.probe.message_at)
        return isinstance(message, str) and bool(message)


DOORS = {probe.name: Door(probe) for probe in PROBES}


def fresh_name() -> str:
    return f"Nr{next(_numbers)} {SURNAME}"


def fresh_email() -> str:
    return f"somebody{next(_numbers)}@{DOMAIN}"


def in_parallel(number: int, action: Callable[[], Answer]) -> list[Answer]:
    """Run the action in so many threads that start together, and return the answers."""
    barrier = threading.Barrier(number)

    def one(_: int) -> Answer:
        barrier.wait()
        return action()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))
