"""The ETag of a customer, and If-Match."""

from __future__ import annotations

import pytest

from customers.models import Customer
from customers.services import editing
from customers.services.customers import update_customer
from stores.actors import SYSTEM
from tests.storefront.conftest import HOME


@pytest.fixture
def jane(shop):
    return shop.customer(name="Jane", addresses=[HOME])


def tag_of(shop, customer, query=""):
    return shop.call("GET", f"/customers/{customer['id']}{query}")["ETag"]


def change(shop, customer, tag, method="PUT"):
    answer = shop.call(method, f"/customers/{customer['id']}", {"name": "Jo"}, **{"If-Match": tag})
    return answer.status_code


def test_order_of_others_does_not_stale_the_etag(shop, jane):
    before = tag_of(shop, jane)
    shop.order(jane)
    assert Customer.objects.get().version == 2
    assert tag_of(shop, jane) == before
    assert change(shop, jane, before) == 200


def test_order_stales_the_etag_of_an_answer_with_statistics(shop, jane):
    before = tag_of(shop, jane, "?includeOrders=true")
    assert change(shop, jane, before, "PATCH") == 200
    before = tag_of(shop, jane, "?includeOrders=true")
    shop.order(jane)
    assert tag_of(shop, jane, "?includeOrders=true") != before
    assert change(shop, jane, before) == 412


def test_change_of_what_is_shown_stales_the_etag(shop, jane):
    before = tag_of(shop, jane)
    shop.ok("PUT", f"/customers/{jane['id']}", {"phone": "+61 412 345 678"})
    assert tag_of(shop, jane) != before
    assert change(shop, jane, before) == 412
    assert change(shop, jane, before, "DELETE") == 412


def test_change_that_others_show_only_does_not_stale_the_etag(shop, jane):
    before = tag_of(shop, jane)
    update_customer(Customer.objects.all(), SYSTEM, {"notes": "Pays in cash."})
    assert change(shop, jane, before) == 200


def test_version_of_an_event_is_an_etag_too(shop, jane):
    shop.order(jane)
    event = shop.ok("GET", "/events")["items"][-1]
    assert change(shop, jane, f'"{event["version"]}"') == 200
    assert change(shop, jane, f'"{event["version"]}"') == 412


def test_order_placed_meanwhile_does_not_stop_the_change(shop, jane, monkeypatch):
    """Another request places an order after this one has compared the ETag."""
    before, lock, orders = tag_of(shop, jane), editing.lock, []

    def lock_late(*arguments):
        if not orders:
            orders.append(True)
            update_customer(Customer.objects.all(), SYSTEM, {"notes": "Ordered."})
        return lock(*arguments)

    monkeypatch.setattr("customers.services.editing.lock", lock_late)
    monkeypatch.setattr("customers.services.customers.lock", lock_late)
    assert change(shop, jane, before) == 200
    assert orders
    assert Customer.objects.get().name == "Jo"


def test_deleted_answer_has_no_content_type(shop, jane):
    answer = shop.call("DELETE", f"/customers/{jane['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Content-Type" not in answer
