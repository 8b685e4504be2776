"""The URL patterns of a dialect."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, re_path
from rest_framework.routers import SimpleRouter

from customers.api.dialect import Dialect, Problem
from customers.api.views import DialectViewSet, error_response


class DialectRouter(SimpleRouter):
    """Routes with an optional trailing slash, so that no request is ever redirected."""

    def __init__(self) -> None:
        super().__init__()
        self.trailing_slash = "/?"


def routes(
    dialect: Dialect, viewsets: dict[str, type[DialectViewSet]]
) -> list[URLPattern | URLResolver]:
    """Return URL patterns of viewsets by path. Other paths under the dialect's prefixes get its own 404."""
    router = DialectRouter()
    for path, viewset in viewsets.items():
        router.register(path, viewset, basename=f"{dialect.name}-{path}")
    return [*router.urls, *(not_found_route(dialect, prefix) for prefix in dialect.prefixes)]


def not_found_route(dialect: Dialect, prefix: str) -> URLPattern:
    def view(request: HttpRequest) -> HttpResponse:
        return error_response(dialect, Problem("not_found"))

    return re_path(rf"^{re.escape(prefix[1:])}(?:/.*)?\Z", view)
