"""What gunicorn refuses before a view could: broken HTTP, answered in the words of the dialect it was for."""

from __future__ import annotations

import re
import threading
import uuid
from typing import Any

from gunicorn import util
from gunicorn.http import message
from gunicorn.http.errors import ParseException
from gunicorn.http.parser import RequestParser

from customers.api.dialect import Problem
from customers.api.views import error_response
from customers.dialects import dialect_of

_refused = threading.local()  # `path`: of the request that this thread could not read
_gunicorns_own = util.write_error


class Request(message.Request):  # type: ignore[misc]  # gunicorn has no type hints
    """Keeps where it was going, which its errors don't say."""

    def __init__(self, *arguments: Any) -> None:
        _refused.path = ""
        try:
            super().__init__(*arguments)
        except ParseException:
            _refused.path = self.path or (self.uri or "").partition("?")[0]
            raise


def write_error(sock: Any, status: int, reason: str, detail: str) -> None:
    """Takes gunicorn's place: an HTML page under a dialect's path is nothing that its clients read."""
    dialect = dialect_of(getattr(_refused, "path", ""))
    if dialect is None:
        _gunicorns_own(sock, status, reason, detail)
        return
    text = f"The request cannot be read: {reason}."
    problem = Problem("malformed", "unreadable", data={"detail": text})
    body = error_response(dialect, problem).content
    head = (
        f"HTTP/1.1 {status} {reason}",
        "Connection: close",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"X-Request-Id: {uuid.uuid4().hex}",
    )
    util.write_nonblock(sock, "\r\n".join((*head, "", "")).encode() + body)


def install() -> None:
    """gunicorn has no settings for these."""
    RequestParser.mesg_class = Request
    util.write_error = write_error
    # Letters that a client has not encoded arrive as UTF-8, and are read so: `curl '…?search=José'`.
    message.RFC9112_TARGET_INVALID = re.compile(r"[\x00-\x20\x7f]")
