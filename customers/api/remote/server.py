"""GET requests to another server: never faster than it allows, and again when it fails.

Only public https addresses are taken, and exactly those that `WEBHOOK_ALLOW_TARGETS` names. Redirects are not
followed, for they could lead to another host, with the key.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils import timezone
from requests import RequestException, Response
from urllib3.exceptions import HTTPError

from stores.errors import Invalid
from stores.http_deadline import CancellableConnection
from stores.webhooks.calls import calling
from stores.webhooks.schedule import retry_after_seconds
from stores.webhooks.targets import check_url
from stores.webhooks.transport import session

DEFAULT_LIMIT = 600  # requests a minute, where the server tells none
SHARE = 0.8  # of the limit: other clients of the key want some, too
TIMEOUT = (5.0, 10.0)  # seconds to connect, and between two bytes
MAX_BYTES = 16 * 2**20  # of an answer
LONGEST_PAUSE = 60.0  # seconds between two tries, unless the server asks for more
SLICE = 10.0  # seconds of a pause
PATIENCE = 3600.0  # seconds without an answer
SENTENCES = {
    "url": "This is no address of a server.",
    "url_credentials": "Leave user name and password out of the address.",
    "url_not_https": "The address must begin with https://.",
    "url_not_public": "The address must be on the public internet.",
    "url_port": "Only port 443 is allowed.",
}


class RemoteError(Exception):
    """The other server cannot be read; the text says why."""


class Gone(RemoteError):
    """There is nothing under this path, or no more."""


class Unavailable(Exception):
    """The other server failed for now; `pause` is how many seconds it asks to wait, if it does."""

    def __init__(self, pause: float | None = None) -> None:
        super().__init__(pause)
        self.pause = pause


class RemoteServer:
    """One server, one key. `get` returns what it answers.

    `alive` is called before each request and every ten seconds of a pause, to show that the work goes on.
    """

    def __init__(
        self, base_url: str, header: str, key: str, alive: Callable[[], object] | None = None
    ) -> None:
        self._alive = alive
        self._base_url = base_url.rstrip("/")
        require_public(self._base_url)
        value = f"Bearer {key}" if header == "Authorization" else key
        self._headers = {header: value, "Accept": "application/json"}
        self._http = session(self._base_url, TIMEOUT)
        self._interval = 60 / (DEFAULT_LIMIT * SHARE)
        self._next_at = 0.0

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """Return the answer. Raises RemoteError, after an hour of failures, too."""
        begun, tries = time.monotonic(), 0
        while True:
            self._wait()
            try:
                return self._try(path, parameters)
            except Unavailable as error:
                tries += 1
                pause = error.pause or min(LONGEST_PAUSE, 2.0**tries) * random.uniform(0.5, 1)  # noqa: S311
                if time.monotonic() + pause - begun > PATIENCE:
                    raise RemoteError(
                        "The server did not answer for an hour. Run this again to go on."
                    ) from error
                self._pause(pause)

    def _pause(self, seconds: float) -> None:
        while self._alive and seconds > SLICE:
            time.sleep(SLICE)
            self._alive()
            seconds -= SLICE
        time.sleep(seconds)

    def _wait(self) -> None:
        """Keep the distance between two requests that the limit of the server asks for."""
        self._pause(max(0.0, self._next_at - time.monotonic()))
        if self._alive:
            self._alive()
        self._next_at = time.monotonic() + self._interval

    def _try(self, path: str, parameters: dict[str, Any]) -> dict[str, Any]:
        connection = CancellableConnection()
        try:
            with calling(connection), self._request(path, parameters) as response:
                self._heed(response)
                body = read(response)
        except (RequestException, HTTPError, OSError) as error:
            raise Unavailable from error
        finally:
            connection.close()
        if response.status_code != 200:
            raise refusal_of(response)
        return parsed(body)

    def _request(self, path: str, parameters: dict[str, Any]) -> Response:
        response: Response = self._http.get(
            self._base_url + path, params=parameters, headers=self._headers, stream=True
        )
        return response

    def _heed(self, response: Response) -> None:
        """Slow down to the limit that the answer tells, and stop when nothing is left of it."""
        limit = whole(response.headers.get("X-RateLimit-Limit"))
        if limit:
            self._interval = 60 / (limit * SHARE)
        if whole(response.headers.get("X-RateLimit-Remaining")) == 0:
            reset = whole(response.headers.get("X-RateLimit-Reset")) or 1
            self._next_at = time.monotonic() + min(reset, PATIENCE)


def require_public(url: str) -> None:
    """Raise RemoteError for an address that is not read."""
    try:
        check_url(url)
    except Invalid as refusal:
        raise RemoteError(SENTENCES[refusal.code]) from refusal


def whole(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def read(response: Response) -> bytes:
    """Return the body. Raises RemoteError when it is too large to be a page of customers."""
    body = b""
    for chunk in response.iter_content(2**16):
        body += chunk
        if len(body) > MAX_BYTES:
            raise RemoteError("The server answers with more than 16 MB.")
    return body


def parsed(body: bytes) -> dict[str, Any]:
    """Return the JSON object. One that was cut off is asked for again."""
    try:
        value = json.loads(body, parse_float=Decimal)
    except ValueError as error:
        raise Unavailable from error
    if not isinstance(value, dict):
        raise RemoteError("The server does not answer as this dialect does.")
    return value


def refusal_of(response: Response) -> Exception:
    status = response.status_code
    if status == 429 or status >= 500:
        header = response.headers.get("Retry-After")
        return Unavailable(retry_after_seconds(header, timezone.now()))
    if status in (401, 403):
        return RemoteError("The server refuses the key.")
    if 300 <= status < 400:
        return RemoteError("The server redirects. Name the address that it redirects to.")
    kind = Gone if status in (404, 410) else RemoteError
    return kind(f"The server answers {status}.")
