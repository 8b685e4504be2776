"""Errors for clients of the APIs that ask for a path outside of them."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, JsonResponse

HTML, JSON = "text/html", "application/json"
SENTENCES = {
    HTTPStatus.BAD_REQUEST: "This request is not valid.",
    HTTPStatus.FORBIDDEN: "This is not allowed.",
    HTTPStatus.NOT_FOUND: "There is nothing at this path. The paths of the APIs are listed at /docs/.",
}


def json_error(status: HTTPStatus) -> JsonResponse:
    error = {"code": status.name, "message": SENTENCES[status]}
    return JsonResponse({"error": error}, status=status)


def wants_json(request: HttpRequest) -> bool:
    """True for a client of an API, which has misspelt its path: it asks for JSON, or sends a key or JSON."""
    if request.get_preferred_type([HTML, JSON]) == JSON:
        return True
    is_browser = HTML in request.headers.get("Accept", "")
    return not is_browser and ("Authorization" in request.headers or request.content_type == JSON)
