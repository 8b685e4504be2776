"""The page for what goes wrong, where no page of the back office has an answer of its own."""

from __future__ import annotations

import sys
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from config.logs import request_id
from stores.database.connections import is_transient


def failed(request: HttpRequest) -> HttpResponse:
    """Asks neither the database nor who the visitor is: either may be what failed."""
    not_now = is_transient(sys.exc_info()[1])
    page = render_to_string(
        "server_error.html", {"not_now": not_now, "request_id": request_id.get()}
    )
    status = HTTPStatus.SERVICE_UNAVAILABLE if not_now else HTTPStatus.INTERNAL_SERVER_ERROR
    return HttpResponse(page, status=status)
