from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from customers import dialects
from customers.api.auth import keys
from customers.models import Customer
from stores.models import ApiKey, Store
from tests.conformance.probes import PROBES, Probe
from tests.conformance.toy import PROBE as TOY

EVERY = {probe.name: probe for probe in [*PROBES, TOY]}


@dataclass
class Caller:
    """Client of one dialect with one key of one store."""

    probe: Probe
    store: Store
    key: str

    def call(
        self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers
    ):
        """Call a path below the collection: "" for the list, "/<id>" for one customer."""
        data = raw if raw is not None else (json.dumps(body).encode() if body is not None else b"")
        sent = {"Content-Type": "application/json", **headers}
        if self.key:
            bearer = self.probe.header == "Authorization"
            sent.setdefault(self.probe.header, f"Bearer {self.key}" if bearer else self.key)
        content_type = sent.pop("Content-Type")
        return Client().generic(
            method, self.url(path), data, content_type=content_type, headers=sent
        )

    def url(self, path: str) -> str:
        return self.probe.collection.replace("{store}", str(self.store.uid)) + path

    def path_of(self, customer: Customer) -> str:
        """Return the path of a customer that another client created."""
        dialect = next(one for one in dialects.registered_dialects() if one.name == self.probe.name)
        return dialect.customer_path.format(customer=customer).removeprefix(self.url(""))

    def create(self, **headers) -> str:
        answer = self.call("POST", "", self.probe.fresh_body(), **headers)
        assert answer.status_code == self.probe.created, answer.content
        return f"/{dig(answer.json(), self.probe.id_at)}"


def dig(body: Any, path: str) -> Any:
    """Return the value at a dotted path; list positions are numbers."""
    return reduce(lambda at, step: at[int(step) if step.isdigit() else step], path.split("."), body)


def customer_in(answer: Any, probe: Probe) -> dict[str, Any]:
    """Return the customer in a response, in the dialect's form."""
    body = answer.json()
    return dig(body, probe.customer_at) if probe.customer_at else body


def assert_refused(answer, caller: Caller, status: int) -> None:
    """Check the status, the content type and that the dialect's message is a text."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/json"
    assert dig(answer.json(), caller.probe.message_at)


def make_store(name: str) -> Store:
    return Store.objects.create(
        name=name, country="AU", currency="AUD", timezone="Australia/Sydney"
    )


def key_of(store: Store, *scopes: str) -> str:
    return ApiKey.issue(store=store, name="Checks", scopes=list(scopes) or None)[1]


@pytest.fixture(autouse=True)
def _fresh_caches():
    cache.clear()
    keys.forget()


@pytest.fixture(params=list(EVERY))
def probe(request, monkeypatch) -> Iterator[Probe]:
    """Return each registered dialect's probe, and one of a toy dialect registered here."""
    if request.param == TOY.name:
        monkeypatch.setattr(dialects, "DIALECTS", [*dialects.DIALECTS, "tests.conformance.toy"])
        dialects.registered_dialects.cache_clear()
        dialects._prefixes.cache_clear()
    yield EVERY[request.param]
    dialects.registered_dialects.cache_clear()
    dialects._prefixes.cache_clear()


@pytest.fixture
def caller(db, probe) -> Caller:
    store = make_store("Oak Street Shop")
    return Caller(probe, store, key_of(store))


@pytest.fixture
def stranger(db, probe) -> Caller:
    """Return a client of another store."""
    store = make_store("Elm Street Shop")
    return Caller(probe, store, key_of(store))
