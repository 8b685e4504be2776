from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from customers.models import Customer
from stores.models import Store
from stores.models.base import parse_uid
from tests.factories import ApiKeyFactory


@dataclass
class Desk:
    """One store's customers as a client of this dialect sees them; the key holds every scope."""

    store: Store
    key: str

    def call(self, method: str, path: str = "", body: Any = None, **headers: str) -> HttpResponse:
        """`path` is below the collection."""
        return Client().generic(
            method,
            f"/api/customers{path}",
            json.dumps(body).encode() if body is not None else b"",
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.key}", **headers},
        )

    def data(self, method: str, path: str = "", body: Any = None, **headers: str) -> Any:
        """What a call that must succeed answers."""
        answer = self.call(method, path, body, **headers)
        assert answer.status_code in (200, 201), answer.content
        return answer.json()["data"]

    def make(self, **fields: Any) -> dict[str, Any]:
        return self.data("POST", "", {"name": "Trade Pty", **fields})

    def refused(self, answer: HttpResponse, status: int = 400) -> list[str]:
        """The fields that a refusal names."""
        assert answer.status_code == status, answer.content
        return [detail["field"] for detail in answer.json()["error"].get("details", [])]


def customer_of(shown: dict[str, Any]) -> Customer:
    """The row behind an object on the wire."""
    return Customer.objects.select_related("store").get(uid=parse_uid(shown["id"], "cust_"))


@pytest.fixture
def make_desk(db: None) -> Callable[[Store], Desk]:
    return lambda store: Desk(store, ApiKeyFactory(store=store).text)


@pytest.fixture
def desk(make_desk: Callable[[Store], Desk], store: Store) -> Desk:
    return make_desk(store)


@pytest.fixture
def stranger(make_desk: Callable[[Store], Desk], other_store: Store) -> Desk:
    return make_desk(other_store)
