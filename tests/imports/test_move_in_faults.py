"""Moving in from a live server of each dialect, through a proxy that throttles, fails, repeats and lies."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import orjson
import pytest
import requests
from django.core.management import CommandError
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from customers.api.client import DialectClient
from customers.api.remote.moving import client_of
from customers.dialects import packages
from customers.management.commands import move_in
from customers.models import Customer
from stores.models import Store
from tests.factories import CustomerFactory
from tests.imports.test_move_in import DIALECTS, counts, here, move, quick, there

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["here", "quick", "there"]
SIZES = {"limit": 25, "page_size": 25}  # of pages; those of pos have 50
PEOPLE = 60
Fault = Callable[[Response], Response]
LESS = {"total": 1, "total_count": 1, "last_page": 1, "page_count": 1, "hasMore": False}
MORE = {"total": 10**6, "total_count": 10**6, "last_page": 10**6, "page_count": 10**6}


def with_small_pages(dialect: str) -> DialectClient:
    client = client_of(packages()[dialect])
    sizes = {name: size for name, size in SIZES.items() if name in client.first}
    return replace(client, first={**client.first, **sizes})


class Proxy:
    """Answers as the live server does, unless a fault is next. `lie` replaces figures of answers."""

    def __init__(self, server: HTTPServer, target: str) -> None:
        self.url, self._target = server.url_for("").rstrip("/"), target
        self.faults: list[Fault | None] = []
        self.lie: dict[str, Any] = {}
        self.requests = 0
        self.is_stuck = False
        self._page: Response | None = None  # of the list, the last one
        server.expect_request(re.compile("/.*")).respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Response:
        self.requests += 1
        answer = requests.get(
            self._target + request.full_path, headers=dict(request.headers), timeout=10
        )
        body = self._told(answer.content) if answer.ok else answer.content
        response = Response(body, answer.status_code, content_type="application/json")
        fault = self.faults.pop(0) if self.faults else None
        if fault and fault is not repeat:
            return fault(response)
        if request.path.endswith("/customers"):
            response = self._page if (self.is_stuck or fault) and self._page else response
            self._page = response
        return response

    def _told(self, body: bytes) -> bytes:
        return orjson.dumps(replaced(orjson.loads(body), self.lie)) if self.lie else body


def replaced(value: Any, lie: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return {name: lie.get(name, replaced(part, lie)) for name, part in value.items()}
    return [replaced(part, lie) for part in value] if isinstance(value, list) else value


def repeat(response: Response) -> Response:
    """Stand for the page before, which the proxy answers with instead."""
    return response


def throttle(response: Response) -> Response:
    return Response(status=429, headers={"Retry-After": "3"})


def fail(response: Response) -> Response:
    return Response("<h1>Oops</h1>", status=500)


def cut_off(response: Response) -> Response:
    """Promise the whole body, and send half of it."""
    half = response.data[: len(response.data) // 2]
    return Response(half, content_type="application/json")


@pytest.fixture
def proxy(httpserver: HTTPServer, live_server: Any, settings: Any, there: Store) -> Proxy:
    proxy = Proxy(httpserver, live_server.url)
    settings.WEBHOOK_ALLOW_TARGETS = [urlsplit(proxy.url).netloc]
    CustomerFactory.create_batch(PEOPLE, store=there)
    return proxy


def moved(dialect: str, proxy: Proxy, here: Store, *options: str) -> Any:
    with mock.patch.object(move_in, "client_of", return_value=with_small_pages(dialect)):
        return counts(move(dialect, proxy.url, here, *options))


def names(store: Store) -> list[str]:
    return sorted(Customer.objects.filter(store=store).values_list("name", flat=True))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_server_that_fails_in_every_way_loses_nobody(
    proxy: Proxy, there: Store, here: Store, dialect: str
) -> None:
    proxy.faults = [None, throttle, fail, cut_off, None, repeat, fail, None, cut_off] * 3
    assert moved(dialect, proxy, here) == {"create": PEOPLE}
    assert names(here) == names(there)
    assert moved(dialect, proxy, here, "--sync") == {"same": PEOPLE}


@pytest.mark.parametrize("lie", [LESS, MORE], ids=["less", "more"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_server_that_lies_about_its_totals_loses_nobody(
    proxy: Proxy, there: Store, here: Store, dialect: str, lie: dict[str, Any]
) -> None:
    proxy.lie = lie
    assert moved(dialect, proxy, here) == {"create": PEOPLE}
    assert names(here) == names(there)
    assert proxy.requests < PEOPLE + 30


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_server_that_always_answers_with_its_first_page_is_told(
    proxy: Proxy, here: Store, dialect: str
) -> None:
    proxy.is_stuck = True
    with pytest.raises(CommandError, match="twice and others never"):
        moved(dialect, proxy, here)
    assert proxy.requests < 150
    assert not Customer.objects.filter(store=here).exists()
