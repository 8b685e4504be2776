"""The list of dialects. A dialect is a package with `wire.dialect` and `urls.urlpatterns`."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from django.urls import URLResolver
from django.urls.resolvers import RegexPattern

if TYPE_CHECKING:
    from customers.api.dialect import Dialect

DIALECTS = [
    "customers.dialects.bakery",
    "customers.dialects.erp",
    "customers.dialects.manufacturing",
    "customers.dialects.pos",
    "customers.dialects.storefront",
]


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
