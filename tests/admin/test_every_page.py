"""Each page of the back office is among those that axe-core looks at, and the navigation marks where one is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from stores.models import Store
from tests.browser.test_accessibility import SIGNED_OUT_PAGES, paths

pytestmark = pytest.mark.django_db
CURRENT = re.compile(r'<a href="[^"]*"[^>]* aria-current="page"')
ROW = re.compile(r"(?P<base>/admin/\w+/\w+/)(?P<pk>\d+)/change/")
# Pages that stand for others: those have the same template and no words of their own.
ONE_FOR_ALL = re.compile(r"_history$")
# Parts of pages, fetched by script.
NO_PAGES = {"search_options", "jsi18n", "customers_customer_looks_like"}


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "/") -> Iterator[tuple]:
    """Yield the name and the route of each URL of the back office."""
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif route.startswith("/admin/"):
            yield pattern.name or route, route


def name_of(path: str) -> str:
    match = resolve(urlsplit(path).path)
    return match.url_name or match.route


def address(route: str, keys: dict[str, str]) -> str | None:
    """Return the URL of a row's page or of a page without a row, or None for one with other arguments."""
    base, row, rest = route.partition("<path:object_id>")
    if row:
        return f"{base}{keys[base]}{rest}" if base in keys else None
    return None if "<" in route else route


def test_every_page_is_looked_at(owner: Client, store: Store) -> None:
    looked_at = [*paths(store), *SIGNED_OUT_PAGES]
    keys = {match["base"]: match["pk"] for match in map(ROW.match, looked_at) if match}
    seen = {name_of(path) for path in looked_at} | NO_PAGES
    unseen = []
    for name, route in routes(get_resolver().url_patterns):
        path = address(route, keys)
        if name in seen or ONE_FOR_ALL.search(name) or path is None:
            continue
        page = owner.get(path)
        if page.status_code == 200 and page.headers["Content-Type"].startswith("text/html"):
            unseen.append(path)
    assert unseen == []


def test_every_page_marks_where_one_is_and_has_the_search_box(owner: Client, store: Store) -> None:
    unmarked, without_search = {}, []
    for path in paths(store):
        page = owner.get(path, follow=True)
        html = page.content.decode()
        head = html[html.index('<nav id="side"') : html.index('<p class="zone">')]
        menu = html[html.index('<div id="user-tools">') : html.index('id="logout-form"')]
        if page.status_code != 200 or len(CURRENT.findall(head + menu)) != 1:
            unmarked[name_of(path)] = page.status_code
        if html.count('action="/admin/search/"') != 1:
            without_search.append(path)
    assert without_search == []
    assert unmarked == {"search": 200}  # the field in the head says where one is


def test_the_list_of_an_app_leads_to_the_start_page(owner: Client) -> None:
    assert owner.get("/admin/customers/")["Location"] == "/admin/"
