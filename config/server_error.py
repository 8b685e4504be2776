"""The page for unexpected errors outside the dialects."""

from __future__ import annotations

import sys
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from config.logs import request_id
from stores.database.connections import is_transient


def failed(request: HttpRequest) -> HttpResponse:
    """Render without the database and the session, since either may have failed."""
    not_now = is_transient(sys.exc_info()[1])
    page = render_to_string(
        "server_error.html", {"not_now": not_now, "request_id": request_id.get()}
    )
    status = HTTPStatus.SERVICE_UNAVAILABLE if not_now else HTTPStatus.INTERNAL_SERVER_ERROR
    return HttpResponse(page, status=status)
