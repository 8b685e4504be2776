"""Count the product's functions and files that one request enters."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Any

from django.http import HttpResponse
from django.test import Client

from config.bootstrap import ROOT
from customers.api.auth import keys
from stores.models import ApiKey, Store
from tests.conformance.probes import PROBES, Probe
from tests.factories import StoreFactory

PRODUCT = tuple(f"{ROOT / package}/" for package in ("config", "customers", "orders", "stores"))
ROWS_OF_A_PAGE = 3
ADDRESS = {"street": "1 Pitt St", "city": "Sydney", "state": "NSW", "postcode": "2000"}
NEW = {
    "first_name": "Ann",
    "last_name": "Lee",
    "contact": {"email": "ann{n}@example.com", "phone": "0412 345 678"},
    "address": ADDRESS,
}
ERP_NEW = {
    "name": "New Customer Corp",
    "email": "desk@example.com",
    "phone": "+61 2 9999 1234",
    "billing_address": ADDRESS,
    "shipping_addresses": [{"label": "Yard", **ADDRESS}],
    "credit_limit": 10_000,
}


@dataclass(frozen=True)
class Stops:
    """Counts of one request: distinct functions and files, and calls of those functions."""

    functions: int
    files: int
    calls: int


class Recorder:
    """Record the product's functions that run inside the context, and the calls of each.

    A comprehension belongs to the function around it: Python 3.12 gives it no frame of its own. A
    generator is one call, however often it is resumed.
    """

    def __init__(self) -> None:
        self.calls: dict[CodeType, int] = {}
        self._generators: set[FrameType] = set()

    def __enter__(self) -> Recorder:
        sys.setprofile(self._record)
        return self

    def __exit__(self, *error: object) -> None:
        sys.setprofile(None)
        self._generators.clear()

    def _record(self, frame: FrameType, event: str, argument: object) -> None:
        code = frame.f_code
        if event != "call" or not is_product_function(code) or frame in self._generators:
            return
        if code.co_flags & inspect.CO_GENERATOR:
            self._generators.add(frame)
        self.calls[code] = self.calls.get(code, 0) + 1

    def stops(self) -> Stops:
        files = {code.co_filename for code in self.calls}
        return Stops(len(self.calls), len(files), sum(self.calls.values()))


def is_product_function(code: CodeType) -> bool:
    """Refuse class bodies too: they run when a module is loaded."""
    if code.co_name.startswith("<") and code.co_name != "<lambda>":
        return False
    return bool(code.co_flags & inspect.CO_NEWLOCALS) and code.co_filename.startswith(PRODUCT)


class Shop:
    """One store and a key with every scope; its requests go through every middleware."""

    def __init__(self) -> None:
        self.store: Store = StoreFactory()
        self.key = ApiKey.issue(store=self.store, name="Stops")[1]
        self.client = Client()  # reused: each new client loads its middlewares again
        keys.forget()

    def url(self, probe: Probe, path: str = "") -> str:
        return probe.collection.replace("{store}", str(self.store.uid)) + path

    def send(self, probe: Probe, method: str, path: str = "", body: Any = None) -> HttpResponse:
        """Send a request and refuse an error, whose code path is not the counted one."""
        key = f"Bearer {self.key}" if probe.header == "Authorization" else self.key
        response = self.client.generic(
            method,
            self.url(probe, path),
            b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
            headers={probe.header: key},
        )
        assert response.status_code < 300, response.content
        return response

    def create(self, probe: Probe, body: dict[str, Any]) -> str:
        """Return the path of a new customer, below the collection."""
        return f"/{self.send(probe, 'POST', '', body).json()['data']['id']}"


def record(request: Callable[[], object]) -> Recorder:
    """Send a request twice and record the second one: the first fills the caches."""
    request()
    with Recorder() as recorder:
        request()
    return recorder


def bakery_get(shop: Shop) -> Recorder:
    bakery = probe_of("bakery")
    path = shop.create(bakery, numbered(NEW, 0))
    return record(lambda: shop.send(bakery, "GET", path))


def bakery_create(shop: Shop) -> Recorder:
    bodies = (numbered(NEW, number) for number in (1, 2))
    return record(lambda: shop.send(probe_of("bakery"), "POST", "", next(bodies)))


def erp_put(shop: Shop) -> Recorder:
    """PUT the whole body of a GET with one value changed, as a form does."""
    erp = probe_of("erp")
    path = shop.create(erp, ERP_NEW)
    shown = shop.send(erp, "GET", path).json()["data"]
    limits = iter((15_000, 20_000))
    return record(lambda: shop.send(erp, "PUT", path, shown | {"credit_limit": next(limits)}))


def list_page(shop: Shop, probe: Probe) -> Recorder:
    for _ in range(ROWS_OF_A_PAGE):
        shop.send(probe, "POST", "", probe.fresh_body())
    return record(lambda: shop.send(probe, "GET"))


def probe_of(dialect: str) -> Probe:
    return next(probe for probe in PROBES if probe.name == dialect)


def numbered(body: dict[str, Any], number: int) -> dict[str, Any]:
    """Give the body a unique e-mail address."""
    return json.loads(json.dumps(body).replace("{n}", str(number)))


# The requests whose stops have a ceiling.
REQUESTS: dict[str, Callable[[Shop], Recorder]] = {
    "bakery GET": bakery_get,
    "bakery create with address": bakery_create,
    "ERP PUT of a whole object": erp_put,
}
