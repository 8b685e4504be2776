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
    """Adds an id to each response and its log lines: the client's X-Request-Id, or a new one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        client_id = request.headers.get("X-Request-Id", "")
        current_id = client_id if SANE_ID.match(client_id) else uuid.uuid4().hex
        request_id.set(current_id)  # not reset: Django logs some responses after the middleware
        response = self.get_response(request)
        response["X-Request-Id"] = current_id
        return response


class DialectMiddleware:
    """Answers requests to the dialects before the middleware of the pages (sessions, cookies, CSRF checks).

    Loads the dialects' views at the start. So no first request waits for it, and none loads files of a version
    that was installed meanwhile.
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

    gunicorn drops the body too, but logs a warning each time.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "HEAD" and not response.streaming and response.content:
            response.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        return response
