from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from customers.api.auth import keys
from stores.models import Store
from tests.factories import ApiKeyFactory


@dataclass
class Till:
    """POS client of one store with one key."""

    store: Store
    key: str

    def call(self, method: str, path: str, body: Any = None, **headers: str):
        return self.send(
            method, path, b"" if body is None else json.dumps(body).encode(), **headers
        )

    def send(self, method: str, path: str, data: bytes, **headers: str):
        all_headers = {"Authorization": f"Bearer {self.key}", **headers}
        return Client().generic(
            method, path, data, content_type="application/json", headers=all_headers
        )

    def get(self, path: str) -> Any:
        return self.data("GET", path)

    def post(self, path: str, body: Any) -> Any:
        return self.data("POST", path, body)

    def put(self, path: str, body: Any) -> Any:
        return self.data("PUT", path, body)

    def delete(self, path: str) -> Any:
        return self.data("DELETE", path)

    def data(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.call(method, path, body)
        assert answer.status_code == 200, answer.content
        return answer.json()["data"]

    def errors(self, method: str, path: str, body: Any = None) -> dict[str, list[str]]:
        """Return the errors by field of a call that must be refused as invalid."""
        answer = self.call(method, path, body)
        assert answer.status_code == 422, answer.content
        return answer.json()["errors"]

    def customer(self, **fields: Any) -> dict[str, Any]:
        required = {"name": "Simona", "dial_code": 966, "phone": "565445254"}
        return self.post("/customers", required | fields)

    def address(self, customer: dict[str, Any], **fields: Any) -> dict[str, Any]:
        required = {"customer_id": customer["id"], "name": "Home", "description": "12 King Road"}
        return self.post("/addresses", required | fields)

    def etag(self, customer: dict[str, Any]) -> str:
        return self.call("GET", f"/customers/{customer['id']}")["ETag"]


def till_of(store: Store, *scopes: str) -> Till:
    return Till(store, ApiKeyFactory(store=store, scopes=list(scopes) or None).text)


@pytest.fixture(autouse=True)
def _empty_key_cache():
    keys.forget()


@pytest.fixture
def till(store: Store) -> Till:
    """Return a till whose key has every scope."""
    return till_of(store)


@pytest.fixture
def other_till(other_store: Store) -> Till:
    return till_of(other_store)
