from __future__ import annotations

import uuid
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Customer
from customers.services.customers import update_customer
from orders.models.year_sequence import OrderSequence
from orders.services.customers import delete_customer
from orders.services.withdrawing import delete_customer_with_orders
from stores.actors import SYSTEM
from tests.factories import CustomerFactory, OrderFactory
from tests.storefront.conftest import at

NOBODY = str(uuid.UUID(int=0))
LINE = {"productId": "p", "productName": "P", "quantity": 1, "unitPrice": "1.00"}


@pytest.fixture
def ola(shop):
    return shop.customer(
        email="ola@example.com", name="Ola", addresses=[at("1 Home"), at("2 Work")]
    )


def move(shop, order, status):
    return shop.call("PATCH", f"/orders/{order['id']}", {"status": status})


def pay(shop, order, amount):
    body = {"amount": amount, "method": "card"}
    return shop.ok("POST", f"/orders/{order['id']}/payments", body)["item"]


def test_amounts_are_text_with_two_decimals(shop, ola):
    order = shop.order(ola, shippingAmount="7.00", taxAmount=1.5, discountAmount="0.50")
    amounts = [
        order[name] for name in ("subtotal", "shippingAmount", "taxAmount", "discountAmount")
    ]
    assert amounts == ["20.00", "7.00", "1.50", "0.50"]
    assert (order["total"], order["currency"], order["refundedAmount"]) == ("28.00", "AUD", "0.00")
    assert (order["status"], order["paymentStatus"]) == ("pending", "pending")


def test_order_address_is_a_snapshot(shop, ola):
    order = shop.order(ola, shippingAddressId=ola["addresses"][1]["id"])
    assert order["shippingAddress"]["address1"] == "2 Work"
    assert shop.order(ola)["shippingAddress"]["address1"] == "1 Home"
    shop.ok("PUT", f"/customers/{ola['id']}", {"addresses": []})
    assert shop.ok("GET", f"/orders/{order['id']}")["shippingAddress"] == order["shippingAddress"]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"items": []}, "items"),
        ({"items": None}, "items"),
        ({"items": [LINE | {"quantity": "two"}]}, "items[0].quantity"),
        ({"items": [LINE | {"quantity": 0}]}, "items[0].quantity"),
        ({"items": [LINE | {"unitPrice": "1.005"}]}, "items[0].unitPrice"),
        ({"items": [LINE | {"unitPrice": -1}]}, "items[0].unitPrice"),
        ({"customerId": NOBODY}, "customerId"),
        ({"customerId": "cust_1"}, "customerId"),
        ({"shippingAddressId": NOBODY}, "shippingAddressId"),
        ({"shippingAmount": "-1.00"}, "shippingAmount"),
        ({"discountAmount": "much"}, "discountAmount"),
        ({"onAccount": "yes"}, "onAccount"),
    ],
)
def test_invalid_order_names_its_field(shop, ola, fields, named):
    body = {"customerId": ola["id"], "items": [LINE], **fields}
    assert shop.refused(400, "POST", "/orders", body) == [named]
    assert shop.ok("GET", "/orders")["total"] == 0


def test_customer_of_another_store_cannot_order(shop, other_shop):
    foreign = other_shop.customer()
    body = {"customerId": foreign["id"], "items": [LINE]}
    assert shop.refused(400, "POST", "/orders", body) == ["customerId"]


def test_order_status_moves_one_step_at_a_time(shop, ola):
    order = shop.order(ola)
    assert move(shop, order, "shipped").status_code == 409
    for status in ("confirmed", "processing", "shipped", "delivered"):
        assert move(shop, order, status).json()["status"] == status
    assert move(shop, order, "cancelled").status_code == 409
    seen = shop.ok("GET", f"/orders/{order['id']}")
    assert seen["shippedAt"]
    assert seen["deliveredAt"]
    assert shop.refused(400, "PATCH", f"/orders/{order['id']}", {"status": "lost"}) == ["status"]


def test_payments_and_refunds_set_payment_status(shop, ola):
    order = shop.order(ola)
    assert pay(shop, order, "5.00")["paymentStatus"] == "partially_paid"
    assert pay(shop, order, 15)["paymentStatus"] == "succeeded"
    path = f"/orders/{order['id']}/refund"
    some = shop.ok("POST", path, {"amount": "2.00", "reason": "scratched"})
    assert (some["refundedAmount"], some["order"]["paymentStatus"]) == (
        "2.00",
        "partially_refunded",
    )
    assert some["item"] == {k: v for k, v in some.items() if k not in ("item", "order")}
    assert shop.call("POST", path, {"amount": "18.01"}).status_code == 409
    rest = shop.ok("POST", path)
    assert (rest["refundedAmount"], rest["paymentStatus"]) == ("20.00", "refunded")


@pytest.mark.parametrize("amount", ["0", "-1.00", "much", None, "1e2", True])
def test_payment_needs_an_amount(shop, ola, amount):
    path = f"/orders/{shop.order(ola)['id']}/payments"
    assert shop.refused(400, "POST", path, {"amount": amount, "method": "card"}) == ["amount"]


def test_orders_are_filtered(shop, ola):
    order = shop.order(ola)
    for query in (
        "status=pending",
        "paymentStatus=pending",
        f"customerId={ola['id']}",
        f"search={order['orderNumber']}",
        "search=OLA@example",
        "dateFrom=2001-01-01&dateTo=2999-01-01",
    ):
        assert shop.ok("GET", f"/orders?{query}")["total"] == 1, query
    for query in (
        "status=paid",
        "status=fulfilled",
        f"customerId={NOBODY}",
        "customerId=1",
        "search=nothing",
        "dateFrom=2999-01-01",
        "dateTo=2001-01-01",
    ):
        assert shop.ok("GET", f"/orders?{query}")["total"] == 0, query


def test_search_finds_orders_by_number_and_email(shop, ola, other_shop):
    zoe = shop.customer(email="Zoë.99@example.com", name="Olaf")
    other_shop.order(other_shop.customer(email="ola@example.com"))
    placed = datetime(2025, 3, 1, tzinfo=UTC)
    for sequence in (1, 17, 170, 1700):
        OrderSequence.objects.update_or_create(
            store=shop.store, year=2025, defaults={"last": sequence - 1}
        )
        OrderFactory(customer=Customer.objects.get(uid=ola["id"]), placed_at=placed)
    zoes = shop.order(zoe)["orderNumber"]

    def search_numbers(text):
        page = shop.ok("GET", f"/orders?search={quote(text)}&sortBy=orderNumber&sortOrder=asc")
        assert page["total"] == len(page["items"])
        return [order["orderNumber"] for order in page["items"]]

    olas = ["SO-2025-001", "SO-2025-017", "SO-2025-170", "SO-2025-1700"]
    assert search_numbers("SO-2025-170") == search_numbers("so-2025-170 ") == olas[2:]
    assert search_numbers("2025-0") == olas[:2]
    assert search_numbers("0") == [*olas[:2], zoes]
    assert search_numbers("2025-") == search_numbers("OLA@example") == olas
    assert search_numbers("17") == search_numbers("2025-17") == olas[1:]
    assert search_numbers("SO-2") == [*olas, zoes]
    assert search_numbers("so-2025") == olas
    assert (
        search_numbers("99")
        == search_numbers("zoë")
        == search_numbers("ZOË.99@EXAMPLE.COM")
        == [zoes]
    )
    assert search_numbers("99@e") == [zoes]
    for nothing in (
        "olaf",
        "SO-2024-1",
        "\u200b",
        "a_a",
        "1234567890123",
        "9" * 1000,
        "SO-2025-1%",
    ):
        assert search_numbers(nothing) == []
    delete_customer(Customer.objects.filter(uid=zoe["id"]), SYSTEM)
    assert search_numbers("99@e") == search_numbers("zoë") == [zoes]


@pytest.mark.parametrize(
    "query",
    ["status=lost", "paymentStatus=x", "dateFrom=soon", "dateTo=2024-02-30", "sortBy=x", "status="],
)
def test_invalid_order_filter_is_refused(shop, query):
    assert shop.refused(400, "GET", f"/orders?{query}") == [query.partition("=")[0]]


def test_order_over_the_credit_limit_gives_figures(shop, ola):
    target = Customer.objects.filter(uid=ola["id"])
    update_customer(target, SYSTEM, {"is_account_enabled": True, "credit_limit": Decimal(30)})
    shop.order(ola, onAccount=True)
    body = {"customerId": ola["id"], "onAccount": True}
    body["items"] = [LINE | {"unitPrice": "10.01"}]
    answer = shop.call("POST", "/orders", body)
    assert answer.status_code == 409
    message = answer.json()["error"]["message"]
    assert all(figure in message for figure in ("30.00", "20.00", "10.01", "10.00"))
    assert shop.ok("GET", "/orders")["total"] == 1


def test_blacklisted_customer_cannot_order(shop, ola):
    update_customer(Customer.objects.filter(uid=ola["id"]), SYSTEM, {"is_blacklisted": True})
    answer = shop.call("POST", "/orders", {"customerId": ola["id"], "items": [LINE]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "CONFLICT")


def test_customer_with_cancelled_orders_stays(shop, ola):
    move(shop, shop.order(ola), "cancelled")
    answer = shop.call("DELETE", f"/customers/{ola['id']}")
    assert answer.status_code == 409
    assert answer.json()["error"]["message"] == "Cannot delete customer with existing orders"
    assert shop.ok("GET", f"/customers/{ola['id']}?includeOrders=true")["orderCount"] == 0


def test_order_total_is_cached_until_a_change(shop, ola, monkeypatch):
    monkeypatch.setattr("customers.api.totals.MIN_CACHED_TOTAL", 3)
    placed = [shop.order(ola) for _ in range(3)]

    def total(query: str) -> tuple[int, bool]:
        """Return the total of a page of one order, and True when a query counted it."""
        with CaptureQueriesContext(connection) as queries:
            answer = shop.ok("GET", f"/orders?limit=1&{query}")
        return answer["total"], any("COUNT(" in query["sql"] for query in queries)

    assert [total("search=SO-2") for _ in range(3)] == [(3, True), (3, True), (3, False)]
    assert total("offset=2&search=SO-2") == (3, False)
    shop.order(ola)
    assert [total("search=SO-2") for _ in range(2)] == [(4, True), (4, False)]
    assert [total("status=pending") for _ in range(3)] == [(4, True), (4, True), (4, False)]
    shop.ok("PATCH", f"/orders/{placed[0]['id']}", {"status": "confirmed"})
    assert [total("status=pending") for _ in range(2)] == [(3, True), (3, False)]
    delete_customer_with_orders(Customer.objects.filter(uid=ola["id"]), SYSTEM)
    assert total("status=pending") == (0, False)
    assert total("search=SO-2") == (0, False)


def test_pages_hold_each_order_once(shop, ola):
    numbers = [shop.order(ola)["orderNumber"] for _ in range(5)]
    for order, expected in (("asc", numbers), ("desc", numbers[::-1])):
        query = f"/orders?sortBy=orderNumber&sortOrder={order}&limit=2"
        pages = [shop.ok("GET", f"{query}&page={page}")["items"] for page in (1, 2, 3, 4)]
        assert [len(page) for page in pages] == [2, 2, 1, 0]
        assert [item["orderNumber"] for page in pages for item in page] == expected


def test_order_is_found_by_its_external_id(shop, ola):
    for reference in ("web-1", "web-12", ""):
        shop.order(ola, externalId=reference)
    assert [row["externalId"] for row in shop.ok("GET", "/orders?externalId=web-1")["items"]] == [
        "web-1"
    ]
    assert shop.ok("GET", "/orders?externalId=web-2")["items"] == []
    assert shop.refused(400, "GET", "/orders?externalId=") == ["externalId"]


def test_days_of_the_filter_are_the_stores(shop):
    shop.store.timezone = "Australia/Sydney"
    shop.store.save()
    evening = datetime(2024, 5, 1, 20, tzinfo=UTC)  # 6 o'clock on 2 May in Sydney
    OrderFactory(customer=CustomerFactory(store=shop.store), placed_at=evening)
    assert shop.ok("GET", "/orders?dateFrom=2024-05-02&dateTo=2024-05-02")["total"] == 1
    assert shop.ok("GET", "/orders?dateTo=2024-05-01")["total"] == 0
