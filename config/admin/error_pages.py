"""Pages for refused and unknown addresses, with the navigation of the person who asked for them."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from stores.admin.tenancy import scope_of

HTML, JSON = "text/html", "application/json"
SENTENCES = {
    HTTPStatus.BAD_REQUEST: "This request is not valid.",
    HTTPStatus.FORBIDDEN: "This is not allowed.",
    HTTPStatus.NOT_FOUND: "There is nothing at this path. The paths of the APIs are listed at /docs/.",
}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, HTTPStatus.NOT_FOUND)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(request, HTTPStatus.FORBIDDEN, "403_csrf.html")


def error_page(request: HttpRequest, status: HTTPStatus, template: str = "") -> HttpResponse:
    """Return the page of this status; a forged host is refused before anybody is known."""
    if wants_json(request):
        error = {"code": status.name, "message": SENTENCES[status]}
        return JsonResponse({"error": error}, status=status)
    template = template or f"{status:d}.html"
    if not hasattr(request, "user") or not admin.site.has_permission(request):
        return render(request, template, status=status)
    with timezone.override(scope_of(request).timezone):
        return render(request, template, admin.site.each_context(request), status=status)


def wants_json(request: HttpRequest) -> bool:
    """True for a client of an API, which has misspelt its path: it asks for JSON, or sends a key or JSON."""
    if request.get_preferred_type([HTML, JSON]) == JSON:
        return True
    is_browser = HTML in request.headers.get("Accept", "")
    return not is_browser and ("Authorization" in request.headers or request.content_type == JSON)
