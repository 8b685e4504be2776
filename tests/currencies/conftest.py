"""Stores with currencies of no, two and three decimal places, and clients of their APIs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from customers.api.auth import keys
from stores.models import Store
from tests.factories import ApiKeyFactory, StoreFactory


@dataclass
class Caller:
    """A client of one store, in any dialect."""

    store: Store
    key: str

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        data = b"" if body is None else json.dumps(body).encode()
        sent = {"Authorization": f"Bearer {self.key}", **headers}
        url = path.format(shop=f"/stores/{self.store.uid}")
        return Client().generic(method, url, data, content_type="application/json", headers=sent)

    def ok(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        answer = self.call(method, path, body, **headers)
        assert answer.status_code in (200, 201), answer.content
        return answer.json()

    def shopper(self, **fields: Any) -> dict[str, Any]:
        body = {"email": "jane@example.com", **fields}
        return self.ok("POST", "{shop}/customers", body)["item"]

    def company(self, **fields: Any) -> dict[str, Any]:
        return self.ok("POST", "/api/customers", {"name": "Trade Pty", **fields})["data"]

    def order_body(self, customer: dict[str, Any], price: str, **fields: Any) -> dict[str, Any]:
        line = {"productId": "p", "productName": "P", "quantity": 2, "unitPrice": price}
        return {"customerId": customer["id"], "items": [line], **fields}


@pytest.fixture(autouse=True)
def _empty_key_cache() -> None:
    keys.forget()


def caller_of(country: str, currency: str) -> Caller:
    store = StoreFactory(name=currency, country=country, currency=currency)
    return Caller(store, ApiKeyFactory(store=store).text)


@pytest.fixture
def tokyo(db: None) -> Caller:
    return caller_of("JP", "JPY")


@pytest.fixture
def kuwait(db: None) -> Caller:
    return caller_of("KW", "KWD")


@pytest.fixture
def sydney(db: None) -> Caller:
    return caller_of("AU", "AUD")
