from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from customers.api.auth import keys
from customers.models import Customer
from customers.services.customers import create_customer
from stores.actors import SYSTEM
from stores.models import Store
from tests.factories import ApiKeyFactory

BASE = "/api/admin/customers"
VICTORIA = {
    "street": ["123 Summer St"],
    "suburb": "Boggy Creek",
    "state": "Victoria",
    "state_code": "VIC",
    "postcode": "3268",
    "country": "Australia",
    "country_code": "AU",
}
BETA_PLACE = {
    "street": ["Level 2", "Unit 4", "9 Low St"],
    "suburb": "Cobar",
    "state": "NSW",
    "postcode": "2835",
}
_numbers = itertools.count(1)


@dataclass
class Portal:
    """Manufacturing client with one key."""

    key: str

    def call(self, method: str, path: str = "", body: Any = None, **headers: str):
        data = b"" if body is None else json.dumps(body).encode()
        sent = {"X-GC-API-KEY": self.key, **headers}
        return Client().generic(method, BASE + path, data, "application/json", headers=sent)

    def create(self, **over: Any) -> dict[str, Any]:
        return self.call_ok("POST", "", required_fields(**over))

    def put(self, customer: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        return self.call_ok("PUT", f"/{customer['id']}", body)

    def get(self, customer: dict[str, Any]) -> dict[str, Any]:
        return self.call_ok("GET", f"/{customer['id']}")

    def call_ok(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        answer = self.call(method, path, body)
        assert answer.status_code == 200, answer.content
        return answer.json()["customer"]

    def search(self, query: str):
        return self.call("GET", f"?{quote(query, safe='=&')}")

    def letters(self, query: str) -> str:
        """Return the first letters of the names in a search's results."""
        answer = self.search(query)
        assert answer.status_code == 200, answer.content
        return "".join(item["name"][0] for item in answer.json()["items"])


def required_fields(**over: Any) -> dict[str, Any]:
    """Return the required fields of a new customer."""
    body = {
        "name": "John Doe Kitchens",
        "email": f"john{next(_numbers)}@kitchens.example.com",
        "phone": "52 1234 1234",
        "contact_address": VICTORIA,
    }
    return {key: value for key, value in (body | over).items() if value is not ...}


def messages(answer, status: int = 400) -> list[str]:
    """Return the messages of a refusal with this status."""
    assert answer.status_code == status, answer.content
    body = answer.json()
    assert set(body) == {"success", "error"}
    assert body["success"] == 0
    return body["error"]["messages"]


def stored(customer: dict[str, Any]) -> Customer:
    return Customer.objects.select_related("store").get(pk=customer["id"])


@pytest.fixture(autouse=True)
def _empty_key_cache():
    keys.forget()


@pytest.fixture
def portal(store: Store) -> Portal:
    return Portal(ApiKeyFactory(store=store).text)


@pytest.fixture
def rival(other_store: Store) -> Portal:
    """Return another manufacturer's client."""
    return Portal(ApiKeyFactory(store=other_store).text)


@pytest.fixture
def administrator(db: None) -> Portal:
    return Portal(ApiKeyFactory(store=None).text)


@pytest.fixture
def book(portal, store):
    """Create Alpha, Beta, Gamma, and Delta of another dialect; return them by first letter."""
    alpha = portal.create(
        name="Alpha Kitchens",
        email="alpha@example.com",
        phone="11 1111 1111",
        cc_email="cc@example.com",
        minimum_charge_amount=10,
        customer_labels=["Retail", "Trade"],
        settings={"is_beta": True},
    )
    beta = portal.create(
        name="Beta Cabinets",
        email="beta@example.com",
        phone="22 2222 2222",
        minimum_charge_amount=20,
        price_adjustment=-5,
        customer_labels=["trade"],
        settings={"is_assembly_enabled": True},
        contact_address=BETA_PLACE,
    )
    gamma = portal.create(
        name="Gamma Kitchens",
        email="gamma@Example.com",
        phone="33 3333 3333",
        cc_email="kc@example.com",
        minimum_charge_amount=30,
        minimum_freight_amount=7.5,
        price_adjustment=12.5,
        settings={"is_suspended": True},
        contact_address={**VICTORIA, "street": "1 High St", "suburb": "Ararat", "postcode": "3377"},
    )
    delta = create_customer(store, SYSTEM, {"name": "Delta"})
    return {"A": alpha, "B": beta, "G": gamma, "D": delta}
