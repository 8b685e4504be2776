"""Calls of a shop while an import runs: reads and writes in turn, some every second."""

from __future__ import annotations

import http.client
import itertools
import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

PAUSE = 0.05  # seconds between two calls of a thread
THREADS = 2
Times = dict[str, list[float]]


class Shop(threading.Thread):
    """Calls one port until it is stopped. `times` are the seconds of the calls of each kind."""

    def __init__(self, number: int, port: int, key: str, store: str) -> None:
        super().__init__(daemon=True)
        self.times: Times = defaultdict(list)
        self.stopping = threading.Event()
        self._number, self._key, self._path = number, key, f"/stores/{store}/customers"
        self._server = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def run(self) -> None:
        """Call until stopped. The first round is not measured: it loads the server."""
        for turn in itertools.count():
            name = f"Shopper {self._number} {turn}"
            email = f"shopper{self._number}.{time.time_ns()}@example.com"
            created = self.call("create", "POST", self._path, {"name": name, "email": email})
            one = f"{self._path}/{created['id']}"
            self.call("read", "GET", one)
            self.call("update", "PUT", one, {"name": f"{name}!", "marketingOptIn": True})
            self.call("list", "GET", f"{self._path}?limit=50")
            self.call("search", "GET", f"{self._path}?search=Shopper+{turn}")
            if turn == 0:
                self.times.clear()
            if self.stopping.is_set():
                return

    def call(self, kind: str, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        begun = time.monotonic()
        self._server.request(method, path, body and json.dumps(body), headers)
        response = self._server.getresponse()
        content = response.read()
        self.times[kind].append(time.monotonic() - begun)
        assert response.status < 300, content
        time.sleep(PAUSE)
        return json.loads(content)


@contextmanager
def calling(ports: list[int], key: str, store: str) -> Iterator[Times]:
    """Call until the block ends; then the times of all calls, by their kind, are in what it gives."""
    shops = [Shop(number, ports[number % len(ports)], key, store) for number in range(THREADS)]
    times: Times = defaultdict(list)
    for shop in shops:
        shop.start()
    try:
        yield times
    finally:
        for shop in shops:
            shop.stopping.set()
        for shop in shops:
            shop.join()
            for kind, seconds in shop.times.items():
                times[kind] += seconds
                times["all"] += seconds
