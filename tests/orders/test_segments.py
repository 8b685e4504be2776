from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from customers.models import Customer
from orders import segments
from orders.models import RevenueThirds
from orders.queries import analytics
from orders.services.revenue_thirds import refresh_stale
from tests.factories import CustomerFactory, LineFields, OrderFactory

NOW = datetime(2026, 6, 15, 2, tzinfo=UTC)


def buyer(store, *days, price="10.00"):
    """Create a customer with one order of this price for each number of days ago."""
    customer = CustomerFactory(store=store)
    for ago in days:
        line = LineFields(quantity=1, unit_price=Decimal(price))
        OrderFactory(customer=customer, placed_at=NOW - timedelta(days=ago), items=[line])
    return customer


@pytest.fixture
def segment(as_queryset):
    return lambda customer: analytics(customer.store, as_queryset(customer), now=NOW)["segment"]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((), "new"),
        ((30,), "new"),
        ((31,), "high_value"),
        ((60,), "high_value"),
        ((61,), "at_risk"),
        ((61, 71), "at_risk"),
        ((61, 100), "high_value"),
        ((100, 140), "at_risk"),
        ((100, 151), "high_value"),
        ((10, 900), "high_value"),
    ],
)
def test_segment_is_new_silent_or_by_value(store, segment, days, expected):
    assert segment(buyer(store, *days)) == expected


def test_thirds_cover_the_stores_buyers_of_last_year(store, other_store, segment):
    buyers = [buyer(store, 40, price=f"{number}.00") for number in range(1, 10)]
    buyer(other_store, 40, price="500.00")
    buyer(store, 366, price="900.00")
    assert [segment(customer) for customer in buyers] == [
        *["low_value"] * 3,
        *["medium_value"] * 3,
        *["high_value"] * 3,
    ]


def test_value_counts_only_the_last_year(store, segment):
    long_ago_and_little = buyer(store, 40, 300, 700, price="5.00")
    for price in ("20.00", "30.00"):
        buyer(store, 40, price=price)
    assert segment(long_ago_and_little) == "low_value"


def test_only_buyer_has_high_value(store, segment):
    assert segment(buyer(store, 40, price="0.50")) == "high_value"


def test_thirds_of_a_large_store_are_cached(store, segment, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(segments, "LARGE_STORE", 2)
    first, *_ = [buyer(store, 40, price=f"{number}.00") for number in range(1, 4)]
    segment(first)
    with django_assert_num_queries(4):
        segment(first)


def test_thirds_are_measured_without_the_cache(store, segment, absent_cache, monkeypatch):
    monkeypatch.setattr(segments, "LARGE_STORE", 0)
    assert segment(buyer(store, 100, 40)) == "high_value"


def test_thirds_of_the_worker_are_reused(store, segment, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(segments, "LARGE_STORE", 2)
    first, *_, last = [buyer(store, 40, price=f"{number}.00") for number in range(1, 4)]
    with time_machine.travel(NOW, tick=False):
        refresh_stale()
        buyer(store, 40, price="900.00")
        refresh_stale()  # too soon to measure again
    with django_assert_num_queries(5):
        assert segment(last) == "high_value"
    with django_assert_num_queries(4):
        assert segment(first) == "low_value"


def test_small_or_stale_thirds_are_measured_on_request(store, segment, monkeypatch):
    only = buyer(store, 40, price="1.00")
    with time_machine.travel(NOW - timedelta(hours=3), tick=False):
        refresh_stale()
    buyer(store, 40, price="2.00")
    buyer(store, 40, price="3.00")
    assert segment(only) == "low_value"
    monkeypatch.setattr(segments, "LARGE_STORE", 0)
    assert segment(only) == "low_value"


@pytest.mark.postgres
def test_failing_store_does_not_stop_other_stores(store, other_store, caplog):
    """Its revenue overflows the column; orders placed by services cannot cause this."""
    best = buyer(store, 40, price="999999999999.00")
    Customer.objects.filter(pk=best.pk).update(total_spent=0)
    OrderFactory(customer=best, placed_at=NOW, items=[LineFields(unit_price=Decimal("9999999999"))])
    buyer(other_store, 40, price="3.00")
    with time_machine.travel(NOW, tick=False):
        refresh_stale()
    assert RevenueThirds.objects.get().store == other_store
    assert str(store.pk) in caplog.text
