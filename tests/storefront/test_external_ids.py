"""An order under an external id is placed once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from orders.models import Order
from tests.former_rows import writing_former_rows

LINE = {"productId": "p1", "productName": "Chair", "quantity": 2, "unitPrice": "10.00"}


def body(shopper, **fields):
    return {"customerId": shopper["id"], "items": [LINE], "externalId": "WEB-1", **fields}


def test_same_order_again_answers_the_first(shop):
    shopper = shop.customer()
    first = shop.call("POST", "/orders", body(shopper))
    again = shop.call("POST", "/orders", body(shopper))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert Order.objects.count() == 1
    assert [row["id"] for row in shop.ok("GET", "/orders?externalId=WEB-1")["items"]] == [
        first.json()["item"]["id"]
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"items": [LINE | {"quantity": 3}]},
        {"items": [LINE | {"productName": "Lamp"}]},
        {"items": [LINE, LINE]},
        {"taxAmount": "1.00"},
        {"items": [LINE | {"discountAmount": "1.00"}]},
    ],
)
def test_another_order_under_the_id_is_refused(shop, other):
    shopper = shop.customer()
    shop.ok("POST", "/orders", body(shopper))
    assert shop.refused(409, "POST", "/orders", body(shopper, **other)) == []
    assert Order.objects.count() == 1


def test_other_customers_and_other_stores(shop, other_shop):
    shop.ok("POST", "/orders", body(shop.customer()))
    somebody = shop.customer(email="other@example.com")
    shop.refused(409, "POST", "/orders", body(somebody))
    other_shop.ok("POST", "/orders", body(other_shop.customer()))
    assert Order.objects.count() == 2


def test_blank_id_is_no_id(shop):
    shopper = shop.customer()
    for _ in range(2):
        shop.ok("POST", "/orders", body(shopper, externalId=""))
    assert Order.objects.count() == 2


def test_order_with_a_repeated_id_from_before_stays(shop):
    shopper = shop.customer()
    first = shop.ok("POST", "/orders", body(shopper))["item"]
    second = shop.ok("POST", "/orders", body(shopper, externalId="WEB-2"))["item"]
    with writing_former_rows():
        Order.objects.filter(uid=second["id"]).update(
            external_id="WEB-1", has_repeated_external_id=True
        )
    found = shop.ok("GET", "/orders?externalId=WEB-1")["items"]
    assert {row["id"] for row in found} == {first["id"], second["id"]}
    assert shop.ok("POST", "/orders", body(shopper))["item"]["id"] == first["id"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_race_places_one_order(shop):
    buyers = [shop.customer(email=f"{number}@example.com") for number in range(4)]

    def place(shopper):
        try:
            return shop.call("POST", "/orders", body(shopper)).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(place, buyers))
    assert statuses == [201, 409, 409, 409]
    assert Order.objects.count() == 1
