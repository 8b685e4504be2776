from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from config.logs import request_id
from customers.dialects import dialect_of, registered_dialects, resolver_of, serve

GetResponse = Callable[[HttpRequest], HttpResponse]
SANE_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}\Z")


class RequestIdMiddleware:
    """Gives every answer and log line the request's id; a sane incoming one is kept."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = request.headers.get("X-Request-Id", "")
        name = sent if SANE_ID.match(sent) else uuid.uuid4().hex
        request_id.set(name)  # it stays: Django logs some answers after the middleware
        response = self.get_response(request)
        response["X-Request-Id"] = name
        return response


class DialectMiddleware:
    """Answers the dialects' requests here, past the sessions, cookies and CSRF checks of the pages.

    Their views are loaded at the start: no first request waits for it, or meets files of a newer version.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        for dialect in registered_dialects():
            resolver_of(dialect)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        dialect = dialect_of(request.path_info)
        if dialect is None:
            return self.get_response(request)
        return serve(dialect, request)


class HeadMiddleware:
    """Answers HEAD to pages like GET, without the body. `customers.dialects.serve` does it for the dialects.

    gunicorn would drop the body by itself, and log a warning each time.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "HEAD" and not response.streaming and response.content:
            response.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        return response
