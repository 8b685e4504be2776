"""The HTTP adapter of geopy's geocoders: one GET, no proxy, no redirect, within a deadline."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from contextlib import closing
from functools import cache, partial
from typing import Any
from urllib.parse import SplitResult, urlsplit

from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
from geopy.exc import GeocoderParseError, GeocoderServiceError, GeocoderTimedOut

from stores.http_deadline import CancellableConnection, DeadlineExceeded, call_with_deadline

MAX_BODY = 512 * 1024  # bytes; the usual answer for one address has a few thousand


@cache
def tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def fetch(
    url: str, headers: dict[str, str], seconds: float, cancellable: CancellableConnection
) -> tuple[int, bytes]:
    """Return status and body of one GET. Raises ValueError when the body is too large."""
    parts = urlsplit(url)
    with closing(connect(parts, seconds, cancellable)) as connection:
        connection.request("GET", f"{parts.path}?{parts.query}", headers=headers)
        response = connection.getresponse()
        body = response.read(MAX_BODY + 1)
    if len(body) > MAX_BODY:
        raise ValueError("body too large")
    return response.status, body


def connect(
    parts: SplitResult, seconds: float, cancellable: CancellableConnection
) -> http.client.HTTPConnection:
    """Return a connection whose socket can be aborted, even during the TLS handshake."""
    host, port = parts.hostname or "", parts.port
    is_plain = parts.scheme == "http"
    kind = http.client.HTTPConnection if is_plain else http.client.HTTPSConnection
    connection = kind(host, port, timeout=seconds)
    connected = socket.create_connection((connection.host, connection.port), seconds)
    cancellable.attach(connected)
    connection.sock = connected if is_plain else tls().wrap_socket(connected, server_hostname=host)
    return connection


class DeadlineAdapter(BaseSyncAdapter):  # type: ignore[misc]  # geopy has no type hints
    """An adapter of geopy for HTTP. `root` is the top-level JSON type of the provider's answers."""

    root: type = dict

    def __init__(self, *, proxies: object, ssl_context: object) -> None:
        super().__init__(proxies=proxies, ssl_context=ssl_context)

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> str:
        call = partial(fetch, url, headers, timeout)
        try:
            status, body = call_with_deadline("geocoding", timeout, call)
        except DeadlineExceeded:
            raise GeocoderTimedOut("no complete answer in time") from None
        except Exception as error:
            # Pass on only the type: the message may contain the API key.
            raise GeocoderServiceError(type(error).__name__) from None
        if status != http.HTTPStatus.OK:
            raise AdapterHTTPError(f"status {status}", status_code=status, headers={}, text=None)
        return body.decode()

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
        answer = json.loads(self.get_text(url, timeout=timeout, headers=headers))
        if not isinstance(answer, self.root):
            raise GeocoderParseError("the answer has an unexpected JSON type")
        return answer


class ListAdapter(DeadlineAdapter):
    root = list
