"""The URL patterns of a dialect, and how a request is answered on one of them."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, re_path
from rest_framework.routers import SimpleRouter

from customers.api.dialect import Dialect, Problem
from customers.api.problems import problem_of
from customers.api.views import DialectViewSet, error_response

BODILESS = (204, 304)
# Without a word of it a cache may keep an answer for as long as it likes, and give it to another key.
# A client's own may keep it, and asks with its ETag whether it still holds.
CACHE_CONTROL = "private, no-cache"


class DialectRouter(SimpleRouter):
    """Routes that take a trailing slash and need none, so that no request is ever redirected."""

    def __init__(self) -> None:
        super().__init__()
        self.trailing_slash = "/?"


def routes(
    dialect: Dialect, viewsets: dict[str, type[DialectViewSet]]
) -> list[URLPattern | URLResolver]:
    """URL patterns of viewsets by their path, and the dialect's own 404 for the rest of its prefixes."""
    router = DialectRouter()
    for path, viewset in viewsets.items():
        router.register(path, viewset, basename=f"{dialect.name}-{path}")
    return [*router.urls, *(not_found_route(dialect, prefix) for prefix in dialect.prefixes)]


def not_found_route(dialect: Dialect, prefix: str) -> URLPattern:
    def view(request: HttpRequest) -> HttpResponse:
        return error_response(dialect, Problem("not_found"))

    return re_path(rf"^{re.escape(prefix[1:])}(?:/.*)?\Z", view)


def serve(dialect: Dialect, resolver: URLResolver, request: HttpRequest) -> HttpResponse:
    """Answers a request under a dialect's prefix without what only pages need (sessions, CSRF, …)."""
    try:
        request.get_host()
        match = resolver.resolve(request.path_info)
        request.resolver_match = match
        response = match.func(request, *match.args, **match.kwargs)
    except Exception as error:  # whatever it is, it leaves in the dialect's own format
        response = error_response(dialect, problem_of(error, dialect))
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = CACHE_CONTROL
    response["Vary"] = ", ".join(("Authorization", *dialect.key_headers))
    if response.status_code not in BODILESS:  # or the server would send it in chunks
        response["Content-Length"] = str(len(response.content))
    return response
