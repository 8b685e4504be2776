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
    """ERP client of one store, with a key of every scope."""

    store: Store
    key: str

    def call(self, method: str, path: str = "", body: Any = None, **headers: str) -> HttpResponse:
        """Call a path below the collection."""
        return Client().generic(
            method,
            f"/api/customers{path}",
            json.dumps(body).encode() if body is not None else b"",
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.key}", **headers},
        )

    def data(self, method: str, path: str = "", body: Any = None, **headers: str) -> Any:
        """Return the data of a call that must succeed."""
        answer = self.call(method, path, body, **headers)
        assert answer.status_code in (200, 201), answer.content
        return answer.json()["data"]

    def create(self, **fields: Any) -> dict[str, Any]:
        return self.data("POST", "", {"name": "Trade Pty", **fields})

    def refused(self, answer: HttpResponse, status: int = 400) -> list[str]:
        """Return the fields named by a refusal."""
        assert answer.status_code == status, answer.content
        return [detail["field"] for detail in answer.json()["error"].get("details", [])]


def customer_of(body: dict[str, Any]) -> Customer:
    """Return the model instance of a customer in API form."""
    return Customer.objects.select_related("store").get(uid=parse_uid(body["id"], "cust_"))


@pytest.fixture
def create_desk(db: None) -> Callable[[Store], Desk]:
    return lambda store: Desk(store, ApiKeyFactory(store=store).text)


@pytest.fixture
def desk(create_desk: Callable[[Store], Desk], store: Store) -> Desk:
    return create_desk(store)


@pytest.fixture
def stranger(create_desk: Callable[[Store], Desk], other_store: Store) -> Desk:
    return create_desk(other_store)
