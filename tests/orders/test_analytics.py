from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from orders.queries import PERIODS, analytics
from orders.services.customers import delete_customer
from orders.services.moving import move_order
from orders.services.paying import pay_order, refund_order
from stores.actors import SYSTEM
from stores.errors import NotFound
from tests.factories import CustomerFactory, LineFields, OrderFactory

NOW = datetime(2026, 6, 15, 2, tzinfo=UTC)  # noon in Sydney


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def bought(customer, days, price="10.00", product="rye", quantity=1):
    line = LineFields(
        product_id=product,
        product_name=product.title(),
        quantity=quantity,
        unit_price=Decimal(price),
    )
    return OrderFactory(customer=customer, placed_at=days_ago(days), items=[line])


def test_customer_without_orders_has_empty_figures(ben, as_queryset):
    figures = analytics(ben.store, as_queryset(ben), now=NOW)
    assert figures["customer"] == {"uid": ben.uid, "name": "Ben Ode", "company": ""}
    assert figures["overview"] == {
        "lifetime_value": 0,
        "order_count": 0,
        "average_order_value": 0,
        "last_order_at": None,
        "customer_since": ben.customer_since,
        "days_since_last_order": None,
    }
    assert figures["finances"] == {
        "revenue": 0,
        "account_balance": 0,
        "credit_limit": None,
        "credit_utilization": 0,
        "average_payment_days": 0,
    }
    assert (figures["months"], figures["products"]) == ([], [])
    assert (figures["segment"], figures["risk"]) == ("new", "medium")


def test_overview_is_lifetime_and_revenue_is_periodic(ben, as_queryset):
    for days in (400, 200, 80, 5):
        bought(ben, days)
    revenues = {
        p: analytics(ben.store, as_queryset(ben), p, NOW)["finances"]["revenue"] for p in PERIODS
    }
    assert revenues == {"30d": 10, "90d": 20, "1y": 30, "all": 40}
    for period in PERIODS:
        overview = analytics(ben.store, as_queryset(ben), period, NOW)["overview"]
        assert (overview["lifetime_value"], overview["order_count"]) == (40, 4)
        assert (overview["last_order_at"], overview["days_since_last_order"]) == (days_ago(5), 5)
        assert overview["average_order_value"] == 10


def test_revenue_excludes_cancellations_and_refunds(ben, as_queryset, order_queryset):
    refunded = order_queryset(bought(ben, 3, "10.00"))
    pay_order(refunded, SYSTEM, Decimal("10.00"), "card")
    refund_order(refunded, SYSTEM, Decimal("0.01"))
    move_order(order_queryset(bought(ben, 2, "99.00", "cake")), SYSTEM, "cancelled")
    figures = analytics(ben.store, as_queryset(ben), now=NOW)
    assert (
        figures["finances"]["revenue"] == figures["overview"]["lifetime_value"] == Decimal("9.99")
    )
    assert figures["months"] == [
        {
            "month": "2026-06",
            "orders": 1,
            "revenue": Decimal("9.99"),
            "average_order_value": Decimal("9.99"),
        }
    ]
    assert [product["product_id"] for product in figures["products"]] == ["rye"]


def test_months_use_the_stores_time_zone(ben, as_queryset):
    for moment in (
        datetime(2026, 4, 30, 13, 59, tzinfo=UTC),  # still April in Sydney
        datetime(2026, 4, 30, 14, 1, tzinfo=UTC),
        datetime(2026, 5, 1, 3, tzinfo=UTC),
        datetime(2025, 12, 31, 13, 1, tzinfo=UTC),  # summer time: January
    ):
        OrderFactory(customer=ben, placed_at=moment)
    months = [
        (m["month"], m["orders"]) for m in analytics(ben.store, as_queryset(ben), now=NOW)["months"]
    ]
    assert months == [("2026-05", 2), ("2026-04", 1), ("2026-01", 1)]


def test_averages_are_rounded_half_up_to_cents(ben, as_queryset):
    for price in ("0.01", "0.02"):
        bought(ben, 1, price)
    figures = analytics(ben.store, as_queryset(ben), now=NOW)
    assert figures["overview"]["average_order_value"] == Decimal("0.02")
    assert figures["months"][0]["average_order_value"] == Decimal("0.02")


def test_top_ten_products_by_revenue(ben, as_queryset):
    for number in range(12):
        bought(ben, 10, f"{number + 1}.00", f"p{number:02}", quantity=2)
    bought(ben, 400, "100.00", "p00")
    top = analytics(ben.store, as_queryset(ben), now=NOW)["products"]
    assert [p["product_id"] for p in top] == ["p00", *(f"p{n:02}" for n in range(11, 2, -1))]
    assert top[0] == {
        "product_id": "p00",
        "product_name": "P00",
        "quantity": 3,
        "revenue": Decimal("102.00"),
    }
    recent = analytics(ben.store, as_queryset(ben), "30d", NOW)["products"]
    assert recent[0]["product_id"] == "p11"


def test_payment_days_end_with_full_payment(ben, as_queryset, order_queryset):
    for days in (10, 4):
        target = order_queryset(bought(ben, days))
        with time_machine.travel(days_ago(days - 1)):
            pay_order(target, SYSTEM, Decimal("1.00"), "card")
    with time_machine.travel(days_ago(0)):
        for order in ben.orders.all():
            pay_order(order_queryset(order), SYSTEM, Decimal("9.00"), "card")
    bought(ben, 300)  # never paid
    assert analytics(ben.store, as_queryset(ben), now=NOW)["finances"]["average_payment_days"] == 7


def test_utilization_is_percent_of_the_limit(ada, as_queryset):
    OrderFactory(customer=ada, on_account=True)
    finances = analytics(ada.store, as_queryset(ada), now=NOW)["finances"]
    assert (finances["account_balance"], finances["credit_limit"]) == (25, 100)
    assert finances["credit_utilization"] == Decimal("25.00")


def test_query_count_is_independent_of_orders(ben, as_queryset, django_assert_max_num_queries):
    counts = []
    for orders in (3, 57):
        for number in range(orders):
            bought(ben, 40 + number, product=f"p{number}")
        with django_assert_max_num_queries(7) as queries:
            analytics(ben.store, as_queryset(ben), now=NOW)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_other_customers_and_stores_are_excluded(ada, ben, other_store, as_queryset):
    bought(ada, 5)
    bought(CustomerFactory(store=other_store), 5)
    figures = analytics(ben.store, as_queryset(ben), now=NOW)
    assert (figures["months"], figures["products"], figures["finances"]["revenue"]) == ([], [], 0)


def test_deleted_customer_is_not_found(ben, as_queryset):
    delete_customer(as_queryset(ben), SYSTEM)
    with pytest.raises(NotFound):
        analytics(ben.store, as_queryset(ben))
