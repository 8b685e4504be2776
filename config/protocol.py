"""Answers invalid HTTP, which gunicorn refuses before any view, in the format of the dialect."""

from __future__ import annotations

import re
import threading
import uuid
from http import HTTPStatus
from typing import Any

from gunicorn import util
from gunicorn.http import message
from gunicorn.http.errors import ParseException
from gunicorn.http.parser import RequestParser

from customers.api.dialect import Problem
from customers.api.views import error_response
from customers.dialects import dialect_of

_refused = threading.local()  # `path` of the request that this thread could not read
_write_gunicorn_error = util.write_error


class Request(message.Request):  # type: ignore[misc]  # gunicorn has no type hints
    """Remembers its path when it cannot be read: the errors of gunicorn do not have it."""

    def __init__(self, *arguments: Any) -> None:
        _refused.path = ""
        try:
            super().__init__(*arguments)
        except ParseException:
            _refused.path = self.path or (self.uri or "").partition("?")[0]
            raise


def write_error(sock: Any, status: int, reason: str, detail: str) -> None:
    """Write the error in the dialect's format: its clients cannot read gunicorn's HTML page."""
    dialect = dialect_of(getattr(_refused, "path", ""))
    if dialect is None:
        _write_gunicorn_error(sock, status, reason, detail)
        return
    body = error_response(dialect, problem_of_status(status, reason)).content
    head = (
        f"HTTP/1.1 {status} {reason}",
        "Connection: close",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"X-Request-Id: {uuid.uuid4().hex}",
    )
    util.write_nonblock(sock, "\r\n".join((*head, "", "")).encode() + body)


def problem_of_status(status: int, text: str) -> Problem:
    """Return the problem of a request that gunicorn refuses with this status."""
    detail = f"The request cannot be read: {text}."
    if status == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE:
        return Problem("malformed", "headers_too_large", data={"detail": detail})
    if status == HTTPStatus.REQUEST_URI_TOO_LONG:
        return Problem("malformed", "uri_too_long", data={"detail": detail})
    return Problem("malformed", "http", data={"detail": detail})


def install() -> None:
    """Replace parts of gunicorn that it has no settings for."""
    RequestParser.mesg_class = Request
    util.write_error = write_error
    # Accept letters that a client did not encode, as in `curl '…?search=José'`: they arrive as UTF-8.
    message.RFC9112_TARGET_INVALID = re.compile(r"[\x00-\x20\x7f]")
