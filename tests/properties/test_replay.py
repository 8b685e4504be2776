"""Replaying all events rebuilds the customers that the storefront shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as bounds
from hypothesis.stateful import run_state_machine_as_test

from stores.models import Store
from tests.factories import ApiKeyFactory, StoreFactory
from tests.properties.machine import BookMachine

BOUNDED = bounds(
    max_examples=15,
    stateful_step_count=25,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

# What the data of events has beside the customer.
OF_EVENTS = ("version", "mergedInto", "mergedFrom")


@dataclass
class Shop:
    """Client of one store's storefront and event feed."""

    store: Store
    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        self.key = ApiKeyFactory(store=self.store).text

    def call(self, method: str, path: str, body: Any = None) -> Any:
        bearer = {"Authorization": f"Bearer {self.key}"}
        return self.client.generic(
            method, path, body or b"", content_type="application/json", headers=bearer
        )

    def read(self, path: str) -> Any:
        answer = self.call("GET", f"/stores/{self.store.uid}/{path}")
        assert answer.status_code == 200, answer.content
        return answer.json()

    def listed_customers(self) -> dict[str, Any]:
        """Return every listed customer of the store by id."""
        found = self.read("customers?limit=200")
        assert found["total"] == len(found["items"])
        return {item["id"]: item for item in found["items"]}

    def version(self, uid: str) -> int:
        answer = self.call("GET", f"/customers/{uid}")  # pos: storefront's ETag is no version
        return int(answer["ETag"].strip('"'))


class Replica:
    """Copy of the customers, built only from the event feed."""

    def __init__(self) -> None:
        self.customers: dict[str, Any] = {}
        self.versions: dict[str, int] = {}
        self.last = 0

    def follow(self, shop: Shop, limit: int) -> None:
        while True:
            page = shop.read(f"events?after={self.last}&limit={limit}")
            for event in page["items"]:
                self.apply(event)
            if not page["items"]:
                return
            self.last = page["next"]

    def apply(self, event: dict[str, Any]) -> None:
        uid, version = event["customerId"], event["version"]
        assert event["id"] > self.last
        assert version == self.versions.get(uid, 0) + 1
        self.versions[uid] = version
        if event["type"] == "customer.deleted":
            del self.customers[uid]
        elif event["type"].startswith("customer."):
            self.customers[uid] = {k: v for k, v in event["data"].items() if k not in OF_EVENTS}
        elif (
            uid in self.customers
        ):  # an order's event holds the order, and raises its customer's version
            self.customers[uid]["updatedAt"] = event["createdAt"]


def assert_rebuilt(shop: Shop, limit: int) -> None:
    replica, listed_customers = Replica(), shop.listed_customers()
    replica.follow(shop, limit)
    assert replica.customers == listed_customers
    for uid in listed_customers:
        assert replica.versions[uid] == shop.version(uid)


@pytest.fixture
def shop(db, settings) -> Shop:
    settings.RATE_LIMIT = "1000000/hour"
    return Shop(StoreFactory())


def test_feed_rebuilds_customers_of_every_dialect(shop):
    base = f"/stores/{shop.store.uid}/customers"
    place = (
        '{"address1": "1 George Street", "city": "Sydney", "postalCode": "2000", "country": "AU"}'
    )
    ann = shop.call("POST", base, f'{{"email": "ann@example.com", "addresses": [{place}]}}').json()
    bob = shop.call(
        "POST", "/api/v1/customers", '{"first_name": "Bob", "tags": ["regular"]}'
    ).json()
    cyd = shop.call("POST", "/customers", '{"name": "Cyd", "dial_code": 61, "phone": "412345678"}')
    dan = shop.call("POST", "/api/customers", '{"name": "Dan Ltd", "credit_limit": 500}').json()
    shop.call("PATCH", f"{base}/{ann['id']}", '{"name": "Ann Other", "marketingOptIn": true}')
    shop.call("PATCH", f"/api/v1/customers/{bob['data']['id']}", '{"address": {"city": "Perth"}}')
    cyd_path = f"/customers/{cyd.json()['data']['id']}"
    for method, path in (("DELETE", cyd_path), ("PUT", f"{cyd_path}/restore")):
        assert shop.call(method, path).status_code == 200
    gone = shop.call("POST", base, '{"email": "gone@example.com"}').json()
    assert shop.call("DELETE", f"{base}/{gone['id']}").status_code == 204
    shop.call("PUT", f"/api/customers/{dan['data']['id']}", '{"name": "Dan & Sons"}')
    names = {item["name"] for item in shop.listed_customers().values()}
    assert names == {"Ann Other", "Bob", "Cyd", "Dan & Sons"}
    assert_rebuilt(shop, limit=2)


def test_feed_resumes_from_any_event(shop):
    base = f"/stores/{shop.store.uid}/customers"
    ann = shop.call("POST", base, '{"email": "ann@example.com"}').json()
    replica = Replica()
    replica.follow(shop, limit=200)
    shop.call("PATCH", f"{base}/{ann['id']}", '{"name": "Ann Other"}')
    shop.call("POST", base, '{"email": "bob@example.com"}')
    replica.follow(shop, limit=200)
    assert replica.customers == shop.listed_customers()


class ReplayedBook(BookMachine):
    def teardown(self) -> None:
        if hasattr(self, "store"):
            assert_rebuilt(Shop(self.store), limit=7)


def test_feed_rebuilds_any_history(shop):
    run_state_machine_as_test(ReplayedBook, settings=BOUNDED)
