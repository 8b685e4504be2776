from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from customers.api.auth import keys
from stores.models import Store
from tests.factories import ApiKeyFactory

BASE = "/api/v1/customers"
COLLINS = {
    "street": "100 Collins Street",
    "city": "Melbourne",
    "state": "VIC",
    "postcode": "3000",
    "country": "Australia",
}
NOWHERE = {"street": "1 Qqzx Way", "city": "Zzyzxqqville", "country": "Nowhereland"}


@dataclass
class App:
    """Client of an ordering app with one key."""

    store: Store
    key: str

    def call(self, method: str, path: str = "", body: Any = None, **headers: str):
        data = b"" if body is None else json.dumps(body).encode()
        sent = {"Authorization": f"Bearer {self.key}", **headers}
        return Client().generic(
            method, BASE + path, data, content_type="application/json", headers=sent
        )

    def ok(self, method: str, path: str = "", body: Any = None) -> dict[str, Any]:
        answer = self.call(method, path, body)
        assert answer.status_code in (200, 201), answer.content
        return answer.json()

    def customer(self, **fields: Any) -> dict[str, Any]:
        return self.ok("POST", "", {"first_name": "Emma", **fields})["data"]

    def patch(self, customer: dict[str, Any], **fields: Any) -> dict[str, Any]:
        return self.ok("PATCH", f"/{customer['id']}", fields)["data"]

    def names(self, query: str) -> list[str]:
        return [row["first_name"] for row in self.ok("GET", f"?{query}")["data"]]

    def refused(
        self, status: int, method: str, path: str = "", body: Any = None
    ) -> tuple[str, str]:
        """Return the code and the field of a refusal."""
        answer = self.call(method, path, body)
        assert answer.status_code == status, answer.content
        error = answer.json()["error"]
        return error["code"], error.get("field", "")


@pytest.fixture(autouse=True)
def _empty_key_cache():
    keys.forget()


@pytest.fixture
def app(store: Store) -> App:
    return App(store, ApiKeyFactory(store=store).text)
