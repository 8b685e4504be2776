from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from customers.api.auth import keys
from stores.models import Store
from tests.factories import ApiKeyFactory

HOME = {
    "firstName": "Jane",
    "address1": "789 Oak Avenue",
    "city": "Los Angeles",
    "region": "CA",
    "postalCode": "90001",
    "country": "US",
}


@dataclass
class Shop:
    """API client of a web shop with one key."""

    store: Store
    key: str

    def call(self, method: str, path: str, body: Any = None, **headers: str):
        data = b"" if body is None else json.dumps(body).encode()
        sent = {"Authorization": f"Bearer {self.key}", **headers}
        url = f"/stores/{self.store.uid}{path}"
        return Client().generic(method, url, data, content_type="application/json", headers=sent)

    def ok(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.call(method, path, body)
        assert answer.status_code in (200, 201, 202), answer.content
        return answer.json()

    def customer(self, **fields: Any) -> dict[str, Any]:
        return self.ok("POST", "/customers", {"email": "jane@example.com", **fields})["item"]

    def order(self, customer: dict[str, Any], **fields: Any) -> dict[str, Any]:
        line = {"productId": "p1", "productName": "Chair", "quantity": 2, "unitPrice": "10.00"}
        body = {"customerId": customer["id"], "items": [line], **fields}
        return self.ok("POST", "/orders", body)["item"]

    def refused(self, status: int, method: str, path: str, body: Any = None) -> list[str]:
        """Call, expect this error status, and return the fields named by the error."""
        answer = self.call(method, path, body)
        assert answer.status_code == status, answer.content
        error = answer.json()["error"]
        details = error.get("details", [])
        return [detail["field"] for detail in details] if isinstance(details, list) else []


@pytest.fixture(autouse=True)
def _empty_key_cache():
    keys.forget()


@pytest.fixture
def shop(store: Store) -> Shop:
    return Shop(store, ApiKeyFactory(store=store).text)


@pytest.fixture
def other_shop(other_store: Store) -> Shop:
    return Shop(other_store, ApiKeyFactory(store=other_store).text)


def at(street: str, **more: Any) -> dict[str, Any]:
    """Return an address at this street."""
    return {**HOME, "address1": street, **more}


def streets(customer: dict[str, Any]) -> list[str]:
    return [address["address1"] for address in customer["addresses"]]


def default_street(customer: dict[str, Any]) -> str:
    """Return the default's street; check that `isDefault` and `defaultAddressId` agree."""
    (default,) = [address for address in customer["addresses"] if address["isDefault"]]
    assert default["id"] == customer["defaultAddressId"]
    return default["address1"]
