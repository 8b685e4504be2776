"""Make one attempt: a POST, on a connection that was kept alive if there is one."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from django.utils import timezone
from requests import ConnectionError as RequestsConnectionError
from requests import ConnectTimeout, ReadTimeout, RequestException, Response
from requests.exceptions import SSLError
from requests_hardened.ip_filter import InvalidIPAddress
from urllib3.exceptions import HTTPError

from stores.errors import Invalid
from stores.http_deadline import CancellableConnection, DeadlineExceeded, call_with_deadline
from stores.webhooks.calls import call, calling
from stores.webhooks.messages import Message
from stores.webhooks.schedule import retry_after_seconds
from stores.webhooks.targets import check_url
from stores.webhooks.transport import session

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 10.0  # by the wall clock, from the DNS look-up to the end of the answer
MAX_RESPONSE_BYTES = 16 * 1024  # of the answer's body, which is read but not stored
MAX_KEPT_CONNECTIONS = 2  # of an endpoint: as many as it has deliveries in flight
GONE = 410
CLOSED = (BrokenPipeError, ConnectionResetError)

NO_ANSWER = "no complete answer within {:g} s"
TIMED_OUT = NO_ANSWER.format(TOTAL_SECONDS)
# The text of the first class that the exception or one of its causes belongs to.
FAILURE_TEXTS: list[tuple[type[BaseException], str]] = [
    (Invalid, "the URL is not allowed"),
    (InvalidIPAddress, "the host's address is not public"),
    (socket.gaierror, "the name could not be resolved"),
    (ConnectTimeout, f"no connection within {CONNECT_SECONDS:.0f} s"),
    (ReadTimeout, TIMED_OUT),
    (SSLError, "the TLS handshake failed"),
    (ConnectionRefusedError, "connection refused"),
    (ConnectionResetError, "connection closed without an answer"),
    (RequestException, "no valid answer"),
]


@dataclass(frozen=True)
class Outcome:
    """The result of an attempt: a status, or an error text that reveals nothing of the network."""

    status_code: int | None = None
    error: str = ""
    retry_after: float | None = None  # seconds that the receiver asked to wait
    duration_ms: int = 0

    @property
    def is_delivered(self) -> bool:
        return not self.error

    @property
    def is_gone(self) -> bool:
        """Tell whether the receiver asked for no more events."""
        return self.status_code == GONE


def send(message: Message, seconds: float = TOTAL_SECONDS) -> Outcome:
    """Make one attempt and return its result after at most `seconds`. Raises nothing."""
    started_at = time.monotonic()
    try:
        return call_with_deadline("webhook", seconds, partial(attempt, message))
    except DeadlineExceeded:
        error = NO_ANSWER.format(seconds)
        return Outcome(error=error, duration_ms=milliseconds_since(started_at))


def attempt(message: Message, connection: CancellableConnection) -> Outcome:
    """Make one attempt and return its result. Raises nothing."""
    started_at = time.monotonic()
    try:
        with calling(connection):
            outcome = post(message)
    except Exception as error:
        outcome = Outcome(error=failure_text(error))
    return replace(outcome, duration_ms=milliseconds_since(started_at))


def milliseconds_since(moment: float) -> int:
    return round((time.monotonic() - moment) * 1000)


def post(message: Message) -> Outcome:
    """Post the message. When a kept connection turns out to be closed, post it on another one."""
    check_url(message.url)
    for _ in range(MAX_KEPT_CONNECTIONS):
        try:
            return post_once(message)
        except RequestsConnectionError as error:
            is_closed = any(isinstance(cause, CLOSED) for cause in causes(error))
            if not (call.is_reusing and is_closed):
                raise
    return post_once(message)


def post_once(message: Message) -> Outcome:
    http = session(message.url, (CONNECT_SECONDS, TOTAL_SECONDS))
    with http.post(
        message.url, data=message.body, headers=message.headers, stream=True
    ) as response:
        drain(response)
        return outcome_of(response)


def drain(response: Response) -> None:
    """Read a part of the body, so that the receiver can finish. Ignore errors: the status decides."""
    remaining_bytes = MAX_RESPONSE_BYTES
    with suppress(HTTPError, OSError):
        while remaining_bytes > 0:
            chunk = response.raw.read1(remaining_bytes, decode_content=False)
            if not chunk:
                return
            remaining_bytes -= len(chunk)


def outcome_of(response: Response) -> Outcome:
    status = response.status_code
    if 200 <= status < 300:
        return Outcome(status)
    error = "redirects are not followed" if 300 <= status < 400 else f"answered {status}"
    header = response.headers.get("Retry-After")
    return Outcome(status, error, retry_after_seconds(header, timezone.now()))


def failure_text(error: Exception) -> str:
    """Return a fixed text for an exception: its own message may contain internal addresses."""
    chain = list(causes(error))
    for kind, text in FAILURE_TEXTS:
        if any(isinstance(cause, kind) for cause in chain):
            return text
    logger.error("webhook attempt failed unexpectedly", exc_info=error)
    return "the attempt failed unexpectedly"


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the exception and its causes, which the HTTP libraries also pass as arguments."""
    while error is not None:
        yield error
        yield from (argument for argument in error.args if isinstance(argument, BaseException))
        error = error.__cause__ or error.__context__
