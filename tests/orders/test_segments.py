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
    """A customer who ordered so many days ago, each time for this price."""
    customer = CustomerFactory(store=store)
    for ago in days:
        line = LineFields(quantity=1, unit_price=Decimal(price))
        OrderFactory(customer=customer, placed_at=NOW - timedelta(days=ago), items=[line])
    return customer


@pytest.fixture
def segment(named):
    return lambda customer: analytics(customer.store, named(customer), now=NOW)["segment"]


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
def test_new_then_silent_then_by_value(store, segment, days, expected):
    assert segment(buyer(store, *days)) == expected


def test_thirds_are_of_the_stores_own_buyers_of_the_last_year(store, other_store, segment):
    buyers = [buyer(store, 40, price=f"{number}.00") for number in range(1, 10)]
    buyer(other_store, 40, price="500.00")
    buyer(store, 366, price="900.00")
    assert [segment(customer) for customer in buyers] == [
        *["low_value"] * 3,
        *["medium_value"] * 3,
        *["high_value"] * 3,
    ]


def test_only_the_last_year_makes_value(store, segment):
    long_ago_and_little = buyer(store, 40, 300, 700, price="5.00")
    for price in ("20.00", "30.00"):
        buyer(store, 40, price=price)
    assert segment(long_ago_and_little) == "low_value"


def test_the_best_of_one_is_the_best(store, segment):
    assert segment(buyer(store, 40, price="0.50")) == "high_value"


def test_thirds_of_many_customers_are_kept_for_a_while(
    store, segment, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(segments, "LARGE_STORE", 2)
    first, *_ = [buyer(store, 40, price=f"{number}.00") for number in range(1, 4)]
    segment(first)
    with django_assert_num_queries(4):
        segment(first)


def test_without_the_cache_the_thirds_are_measured_anew(store, segment, absent_cache, monkeypatch):
    monkeypatch.setattr(segments, "LARGE_STORE", 0)
    assert segment(buyer(store, 100, 40)) == "high_value"


def test_what_the_worker_measured_of_many_customers_is_not_measured_again(
    store, segment, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(segments, "LARGE_STORE", 2)
    first, *_, last = [buyer(store, 40, price=f"{number}.00") for number in range(1, 4)]
    with time_machine.travel(NOW, tick=False):
        refresh_stale()
        buyer(store, 40, price="900.00")
        refresh_stale()  # too soon to measure anew
    with django_assert_num_queries(5):
        assert segment(last) == "high_value"
    with django_assert_num_queries(4):
        assert segment(first) == "low_value"


def test_of_few_customers_and_of_old_the_thirds_are_measured_when_asked_for(
    store, segment, monkeypatch
):
    only = buyer(store, 40, price="1.00")
    with time_machine.travel(NOW - timedelta(hours=3), tick=False):
        refresh_stale()
    buyer(store, 40, price="2.00")
    buyer(store, 40, price="3.00")
    assert segment(only) == "low_value"
    monkeypatch.setattr(segments, "LARGE_STORE", 0)
    assert segment(only) == "low_value"


@pytest.mark.postgres
def test_a_store_that_cannot_be_measured_keeps_no_other_from_it(store, other_store, caplog):
    """Its year is too good for the column, which no order that a service placed makes it."""
    best = buyer(store, 40, price="999999999999.00")
    Customer.objects.filter(pk=best.pk).update(total_spent=0)
    OrderFactory(customer=best, placed_at=NOW, items=[LineFields(unit_price=Decimal("9999999999"))])
    buyer(other_store, 40, price="3.00")
    with time_machine.travel(NOW, tick=False):
        refresh_stale()
    assert RevenueThirds.objects.get().store == other_store
    assert str(store.pk) in caplog.text
