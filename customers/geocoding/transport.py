"""How geopy's geocoders reach their server: one GET, no proxy, no redirect, within a deadline."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import ssl
import threading
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
from geopy.exc import GeocoderParseError, GeocoderServiceError, GeocoderTimedOut

MAX_BODY = 512 * 1024  # bytes; a provider's answer for one address has a few thousand


@cache
def tls() -> ssl.SSLContext:
    return ssl.create_default_context()


class DeadlineRequest(threading.Thread):
    """One GET in a thread of its own.

    A socket's timeout starts anew with each byte, and looking a name up has none at all: only
    somebody who waits outside can keep a deadline.
    """

    def __init__(self, url: str, headers: dict[str, str], seconds: float) -> None:
        super().__init__(name="geocoding", daemon=True)
        self._parts = urlsplit(url)
        self._headers = headers
        self._seconds = seconds
        self._connection: http.client.HTTPConnection | None = None
        self._socket: socket.socket | None = None
        self._answer: tuple[int, bytes] | None = None
        self._error: Exception | None = None

    def answer(self) -> tuple[int, bytes]:
        """Status and body, or a geopy exception once the seconds are over."""
        self.start()
        self.join(self._seconds)
        if self.is_alive():
            self._abort()
            raise GeocoderTimedOut("no whole answer in time")
        if self._answer is None:
            raise GeocoderServiceError(type(self._error).__name__)
        return self._answer

    def run(self) -> None:
        try:
            self._answer = self._fetch()
        except Exception as error:
            self._error = error
        finally:
            if self._connection:
                self._connection.close()

    def _fetch(self) -> tuple[int, bytes]:
        self._connection = self._connect()
        target = f"{self._parts.path}?{self._parts.query}"
        self._connection.request("GET", target, headers=self._headers)
        self._socket = self._connection.sock  # the connection forgets it once headers are read
        response = self._connection.getresponse()
        body = response.read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            raise ValueError("body too large")
        return response.status, body

    def _connect(self) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=self._seconds)
        return http.client.HTTPSConnection(host, port, timeout=self._seconds, context=tls())

    def _abort(self) -> None:
        """Wake the thread from its socket, so that no slow server collects threads."""
        if self._socket:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


class DeadlineAdapter(BaseSyncAdapter):
    """geopy's door to HTTP. `root` is the JSON type that the provider's answers have on top."""

    root: type = dict

    def __init__(self, *, proxies: object, ssl_context: object) -> None:
        super().__init__(proxies=proxies, ssl_context=ssl_context)

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> str:
        status, body = DeadlineRequest(url, headers, timeout).answer()
        if status != http.HTTPStatus.OK:
            raise AdapterHTTPError(f"status {status}", status_code=status, headers={}, text=None)
        return body.decode()

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
        answer = json.loads(self.get_text(url, timeout=timeout, headers=headers))
        if not isinstance(answer, self.root):
            raise GeocoderParseError("not the JSON that this provider answers with")
        return answer


class ListAdapter(DeadlineAdapter):
    root = list
