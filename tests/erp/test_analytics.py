from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.money import round_half_up
from orders.models import Order
from orders.services.moving import move_order
from orders.services.paying import pay_order, refund_order
from stores.actors import SYSTEM
from tests.erp.conftest import Desk, customer_of
from tests.factories import LineFields, OrderFactory, StoreFactory

NOW = datetime(2024, 6, 15, 2, 0, tzinfo=UTC)  # noon in Sydney
PERIODS = {"30d": 30, "90d": 90, "1y": 365, "all": 10_000}


def sell(customer, placed_at: datetime, *lines: tuple[str, int, str]) -> Order:
    """Place an order of (product, quantity, price) lines."""
    items = [
        LineFields(product_id=name, product_name=name, quantity=count, unit_price=Decimal(price))
        for name, count, price in lines or [("loaf", 1, "10.00")]
    ]
    return OrderFactory(customer=customer, placed_at=placed_at, items=items)


def order_queryset(order: Order) -> Any:
    return Order.objects.filter(store=order.store, pk=order.pk)


# --- against a plain model


@dataclass
class Sale:
    """An order of the reference model: its lines, times, payment and refund."""

    placed_at: datetime
    lines: list[tuple[str, int, Decimal]]
    cancelled: bool
    paid_after: timedelta | None
    refunded: Decimal

    @property
    def total(self) -> Decimal:
        return sum((count * price for _, count, price in self.lines), Decimal(0))

    @property
    def revenue(self) -> Decimal:
        return self.total - (self.refunded if self.paid_after is not None else 0)

    @property
    def paid_at(self) -> datetime | None:
        if not self.total:
            return self.placed_at
        return None if self.paid_after is None else min(self.placed_at + self.paid_after, NOW)

    def place(self, customer) -> None:
        lines = [(name, count, f"{price:.2f}") for name, count, price in self.lines]
        order = sell(customer, self.placed_at, *lines)
        if self.total and self.paid_at:
            with time_machine.travel(self.paid_at, tick=False):
                pay_order(order_queryset(order), SYSTEM, self.total)
            if self.refunded:
                refund_order(order_queryset(order), SYSTEM, min(self.refunded, self.total))
        if self.cancelled:
            move_order(order_queryset(order), SYSTEM, "cancelled")


def model(sales: list[Sale], days: int, zone) -> dict[str, Any]:
    """Return the expected analytics, except the customer's own figures, segment and risk."""
    counting = [sale for sale in sales if not sale.cancelled]
    lately = [sale for sale in counting if sale.placed_at >= NOW - timedelta(days=days)]
    lifetime = sum((sale.revenue for sale in counting), Decimal(0))
    last = max((sale.placed_at for sale in counting), default=None)
    return {
        "overview": {
            "lifetime_value": float(lifetime),
            "total_orders": len(counting),
            "avg_order_value": mean(lifetime, len(counting)),
            "last_order_date": last and f"{last:%Y-%m-%dT%H:%M:%SZ}",
            "days_since_last_order": last and days_between(last, NOW, zone),
        },
        "financial_summary": {
            "total_revenue": float(sum((sale.revenue for sale in lately), Decimal(0))),
            "avg_payment_days": payment_days(counting, zone),
        },
        "order_history": months(lately, zone),
        "top_products": products(lately),
    }


def mean(amount: Decimal, count: int, places: int = 2) -> float:
    return float(round_half_up(amount / count, places)) if count else 0


def days_between(first: datetime, then: datetime, zone) -> int:
    return (then.astimezone(zone).date() - first.astimezone(zone).date()).days


def payment_days(sales: list[Sale], zone) -> int:
    paid = [sale for sale in sales if sale.paid_at and sale.total]
    days = sum(days_between(sale.placed_at, sale.paid_at, zone) for sale in paid if sale.paid_at)
    return int(mean(Decimal(days), len(paid), 0))


def months(sales: list[Sale], zone) -> list[dict[str, Any]]:
    found: dict[str, list[Decimal]] = defaultdict(list)
    for sale in sales:
        found[f"{sale.placed_at.astimezone(zone):%Y-%m}"].append(sale.revenue)
    return [
        {
            "month": month,
            "orders": len(amounts),
            "revenue": float(sum(amounts)),
            "avg_order_value": mean(sum(amounts, Decimal(0)), len(amounts)),
        }
        for month, amounts in sorted(found.items(), reverse=True)
    ]


def products(sales: list[Sale]) -> list[dict[str, Any]]:
    found: dict[str, list[Any]] = defaultdict(lambda: [0, Decimal(0)])
    for sale in sales:
        for name, count, price in sale.lines:
            found[name][0] += count
            found[name][1] += count * price
    best = sorted(found.items(), key=lambda item: (-item[1][1], item[0]))[:10]
    return [
        {
            "product_id": name,
            "product_name": name,
            "quantity_ordered": count,
            "revenue": float(revenue),
        }
        for name, (count, revenue) in best
    ]


cents = st.integers(0, 20_000).map(lambda number: Decimal(number) / 100)
sales = st.builds(
    Sale,
    # over a year back, often near the ends of periods and months
    placed_at=st.one_of(
        st.timedeltas(timedelta(0), timedelta(days=420)),
        st.sampled_from([30, 90, 365, 14.5, 14.41, 45.5]).map(lambda days: timedelta(days=days)),
    ).map(lambda back: NOW - back),
    lines=st.lists(
        st.tuples(st.sampled_from("abcdefghijkl"), st.integers(1, 9), cents),
        min_size=1,
        max_size=4,
    ),
    cancelled=st.booleans(),
    paid_after=st.none() | st.timedeltas(timedelta(0), timedelta(days=60)),
    refunded=st.just(Decimal(0)) | st.just(Decimal("0.01")),
).filter(lambda sale: sale.total >= sale.refunded)


@pytest.mark.parametrize("zone", ["Australia/Sydney", "America/New_York"])
@given(book=st.lists(sales, max_size=6))
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_analytics_agree_with_a_reference_model(create_desk, zone, book):
    with time_machine.travel(NOW, tick=False):
        store = StoreFactory(timezone=zone)
        desk: Desk = create_desk(store)
        company = desk.create()
        for sale in book:
            sale.place(customer_of(company))
        for period, days in PERIODS.items():
            seen = desk.data("GET", f"/{company['id']}/analytics?period={period}")
            expected = model(book, days, store.tzinfo)
            for part in ("overview", "financial_summary"):
                assert {k: seen[part][k] for k in expected[part]} == expected[part], period
            assert seen["order_history"] == expected["order_history"], period
            assert seen["top_products"] == expected["top_products"], period


# --- months, products, money


@pytest.fixture
def noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def company(noon, desk):
    return desk.create(credit_limit=1000)


@pytest.fixture
def figures(desk, company):
    return lambda query="": desk.data("GET", f"/{company['id']}/analytics{query}")


def test_months_use_the_stores_time_zone(figures, company):
    customer = customer_of(company)
    sell(customer, datetime(2024, 5, 31, 13, 59, 59, tzinfo=UTC))
    sell(customer, datetime(2024, 5, 31, 14, 0, tzinfo=UTC))
    months = [(month["month"], month["orders"]) for month in figures()["order_history"]]
    assert months == [("2024-06", 1), ("2024-05", 1)]


def test_top_ten_products_by_revenue_then_id(figures, company):
    sell(customer_of(company), NOW, *[(f"p{number:02}", 1, "5.00") for number in range(11)])
    sell(customer_of(company), NOW, ("p10", 1, "0.01"))
    shown = [product["product_id"] for product in figures()["top_products"]]
    assert shown == ["p10", *(f"p{number:02}" for number in range(9))]


def test_totals_are_exact_to_the_cent(figures, company):
    for _ in range(10):
        sell(customer_of(company), NOW, *[("dime", 1, "0.10")] * 100)
    seen = figures()
    assert seen["financial_summary"]["total_revenue"] == 100
    assert seen["overview"]["lifetime_value"] == 100
    assert seen["top_products"][0]["revenue"] == 100
    assert seen["order_history"][0]["revenue"] == 100


@pytest.mark.parametrize(
    ("owed", "limit", "percent"),
    [
        ("250.00", 1000, 25),
        ("333.33", 1000, 33.33),
        ("1000.00", 1000, 100),
        ("1000.00", 800, 125),
        ("250.00", None, 0),
    ],
)
def test_utilization_is_the_balance_by_the_limit(desk, figures, company, owed, limit, percent):
    items = [LineFields(quantity=1, unit_price=Decimal(owed))]
    OrderFactory(customer=customer_of(company), items=items, on_account=True)
    desk.data("PUT", f"/{company['id']}", {"credit_limit": limit})
    summary = figures()["financial_summary"]
    assert summary["current_balance"] == float(owed)
    assert summary["credit_utilization"] == percent


@pytest.mark.parametrize("period", ["", "7d", "30D", "30", "1Y", "all&period=all"])
def test_unknown_period_is_refused(desk, company, period):
    answer = desk.call("GET", f"/{company['id']}/analytics?period={period}")
    assert desk.refused(answer) == ["period"]


def test_analytics_of_foreign_or_deleted_are_404(desk, stranger, company):
    assert stranger.call("GET", f"/{company['id']}/analytics").status_code == 404
    customer = customer_of(company)
    customer.deleted_at = NOW
    customer.save()
    assert desk.call("GET", f"/{company['id']}/analytics").status_code == 404


def test_query_count_is_independent_of_orders(
    desk, figures, company, django_assert_max_num_queries
):
    for days in range(12):
        sell(customer_of(company), NOW - timedelta(days=40 + days))
    with django_assert_max_num_queries(8):  # one of them only when the key is no longer cached
        assert figures()["overview"]["total_orders"] == 12


# --- segments


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "segment"),
    [
        ([], "new"),
        ([0], "new"),
        ([30], "new"),
        ([30.01], "high_value"),
        ([60], "high_value"),
        ([60.01], "at_risk"),
        ([100, 60], "high_value"),
        ([119, 79], "high_value"),  # silent for less than twice the usual forty days
        ([121, 81], "at_risk"),
        ([400, 380, 61], "high_value"),
    ],
)
def test_segment_is_new_silent_or_by_value(figures, company, days, segment):
    for ago in days:
        sell(customer_of(company), days_ago(ago))
    assert figures()["customer_segment"] == segment


def test_cancelled_order_keeps_the_segment_new(figures, company):
    order = sell(customer_of(company), days_ago(50))
    assert figures()["customer_segment"] == "high_value"
    move_order(order_queryset(order), SYSTEM, "cancelled")
    assert figures()["customer_segment"] == "new"


def test_value_uses_the_stores_thirds_of_last_year(noon, desk, stranger):
    rich = customer_of(stranger.create(name="Of another store"))
    sell(rich, days_ago(40), ("gold", 1, "99999.00"))
    made = {}
    for revenue in (60, 10, 40, 20, 50, 30):
        made[revenue] = desk.create(name=f"Spends {revenue}")
        sell(customer_of(made[revenue]), days_ago(40), ("loaf", revenue, "1.00"))
    # older than a year or refunded: excluded from the value
    sell(customer_of(made[10]), days_ago(366), ("gold", 1, "99999.00"))
    sell(customer_of(made[10]), days_ago(35), ("air", 1, "0.00"))
    shown = {
        revenue: desk.data("GET", f"/{company['id']}/analytics")["customer_segment"]
        for revenue, company in sorted(made.items())
    }
    assert shown == {
        10: "low_value",
        20: "low_value",
        30: "medium_value",
        40: "medium_value",
        50: "high_value",
        60: "high_value",
    }
