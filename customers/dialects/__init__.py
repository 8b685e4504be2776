"""The registered dialects, and how a request is answered by one of them.

A dialect is a package with `wire.dialect` and `urls.urlpatterns`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from django.http import HttpRequest, HttpResponse
from django.urls import URLResolver
from django.urls.resolvers import RegexPattern

from customers.api.dialect import Dialect
from customers.api.problems import problem_of
from customers.api.views import error_response

DIALECTS = [
    "customers.dialects.bakery",
    "customers.dialects.erp",
    "customers.dialects.manufacturing",
    "customers.dialects.pos",
    "customers.dialects.storefront",
]

BODILESS = (204, 304)
# Without this header a shared cache may store a response and give it to another key. The client's own cache may
# store it, and must ask with the ETag whether it is still valid.
CACHE_CONTROL = "private, no-cache"


@cache
def registered_dialects() -> list[Dialect]:
    return [import_module(f"{package}.wire").dialect for package in DIALECTS]


def packages() -> dict[str, str]:
    """Map the name of each dialect to its package."""
    return {
        dialect.name: package
        for dialect, package in zip(registered_dialects(), DIALECTS, strict=True)
    }


@cache
def resolver_of(dialect: Dialect) -> URLResolver:
    """Return a resolver of this dialect's routes alone: a request tries them one by one."""
    package = DIALECTS[registered_dialects().index(dialect)]
    return URLResolver(RegexPattern(r"^/"), import_module(f"{package}.urls").urlpatterns)


@cache
def _prefixes() -> list[tuple[str, Dialect]]:
    """Return the prefixes of paths with their dialects, the longest prefix first."""
    pairs = [(prefix, dialect) for dialect in registered_dialects() for prefix in dialect.prefixes]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


def dialect_of(path: str) -> Dialect | None:
    """Return the dialect that answers a path, None for pages and the paths of operators."""
    for prefix, dialect in _prefixes():
        if path.startswith(prefix) and path[len(prefix) : len(prefix) + 1] in ("", "/"):
            return dialect
    return None


def serve(dialect: Dialect, request: HttpRequest) -> HttpResponse:
    """Answer a request under a dialect's prefix, also HEAD, which is GET without the body."""
    try:
        request.get_host()
        match = resolver_of(dialect).resolve(request.path_info)
        request.resolver_match = match
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    except Exception as error:  # every error gets the dialect's own format
        response = error_response(dialect, problem_of(error, dialect))
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = CACHE_CONTROL
    response["Vary"] = ", ".join(("Authorization", *dialect.key_headers))
    if response.status_code not in BODILESS:  # without it the server would send chunks
        response["Content-Length"] = str(len(response.content))
    if request.method == "HEAD":
        response.content = b""
    return response
