"""Pages for refused and unknown addresses, with the navigation of the person who asked for them."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from config.admin.json_errors import json_error, wants_json
from stores.admin.tenancy import scope_of


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
        return json_error(status)
    template = template or f"{status:d}.html"
    if not hasattr(request, "user") or not admin.site.has_permission(request):
        return render(request, template, status=status)
    with timezone.override(scope_of(request).timezone):
        return render(request, template, admin.site.each_context(request), status=status)
