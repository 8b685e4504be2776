from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from orders.models import CreditCheck, Order
from orders.services.paying import pay_order
from stores.actors import SYSTEM
from stores.models import Event
from tests.erp.conftest import customer_of
from tests.factories import LineFields, OrderFactory

NOW = datetime(2024, 6, 15, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon(db):
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def buy():
    """An order some days ago, paid some days later or not at all."""

    def buy(one, amount: str, ago: int = 0, paid_after: int | None = None, **wishes):
        placed_at = NOW - timedelta(days=ago)
        items = [LineFields(quantity=1, unit_price=Decimal(amount))]
        order = OrderFactory(customer=customer_of(one), items=items, placed_at=placed_at, **wishes)
        if paid_after is not None:
            with time_machine.travel(placed_at + timedelta(days=paid_after), tick=False):
                target = Order.objects.filter(store=order.store, pk=order.pk)
                pay_order(target, SYSTEM, Decimal(amount))

    return buy


@pytest.fixture
def checked(desk):
    """Score, rating, risk and recommended limit of a credit check."""

    def checked(one):
        seen = desk.data("POST", f"/{one['id']}/credit-check")
        keys = ("credit_score", "credit_rating", "risk_assessment", "recommended_credit_limit")
        return tuple(seen[key] for key in keys)

    return checked


@pytest.mark.parametrize(
    ("limit", "recommended"), [(10_000, 10_000), (149.99, 100), (150, 200), (0, 0), (None, 0)]
)
def test_a_customer_without_history_is_fair(desk, checked, limit, recommended):
    one = desk.make(credit_limit=limit)
    assert checked(one) == (650, "fair", "medium", recommended)


def test_who_pays_on_the_day_is_excellent(desk, checked, buy):
    one = desk.make(credit_limit=1000)
    buy(one, "100.00", ago=10, paid_after=0)
    # early +60, nothing overdue +50, owes nothing +30
    assert checked(one) == (790, "excellent", "low", 1500)


def test_a_long_and_regular_relation_adds_to_it(desk, checked, buy):
    one = desk.make(credit_limit=1000)
    for month in range(15):
        buy(one, "100.00", ago=5 + 30 * month, paid_after=1)
    # and over a year of relation +20, an order in every month +30
    assert checked(one) == (840, "excellent", "low", 1500)


@pytest.mark.parametrize(
    ("owed", "result"),
    [
        ("250.00", (680, "good", "low", 1300)),  # 1250 rounds up to hundreds
        ("600.00", (660, "fair", "medium", 1000)),
        ("900.00", (630, "fair", "medium", 1000)),
        ("1000.00", (600, "fair", "medium", 1000)),
    ],
)
def test_the_more_of_the_limit_is_owed_the_less_is_lent(desk, checked, buy, owed, result):
    one = desk.make(credit_limit=1000)
    buy(one, owed, on_account=True)
    assert checked(one) == result


def test_owing_more_than_the_limit_is_poor(desk, checked, buy):
    one = desk.make(credit_limit=1000)
    buy(one, "1000.00", on_account=True)
    desk.data("PUT", f"/{one['id']}", {"credit_limit": 500})
    assert checked(one) == (570, "poor", "high", 300)


def test_who_does_not_pay_is_poor(desk, checked, buy):
    one = desk.make(credit_limit=1000)
    buy(one, "100.00", ago=100)
    # all overdue -160, owes nothing on account +30, 90 days of relation +10, one month of three +10
    assert checked(one) == (540, "poor", "high", 500)


@pytest.mark.parametrize(
    ("terms", "result"),
    [
        ("net_30", (790, "excellent", "low", 1500)),  # 20 days early
        ("net_10", (790, "excellent", "low", 1500)),  # on the day
        ("net_5", (550, "poor", "high", 500)),  # 5 days late +30, all of it overdue -160
    ],
)
def test_days_to_pay_are_measured_against_the_terms(desk, checked, buy, terms, result):
    one = desk.make(credit_limit=1000, payment_terms=terms)
    buy(one, "100.00", ago=40, paid_after=10)
    assert checked(one) == result


def test_without_a_limit_the_best_month_is_the_measure(desk, checked, buy):
    one = desk.make(payment_terms="net_60")
    buy(one, "300.00", ago=40)  # last month's
    buy(one, "170.00")
    buy(one, "180.00")
    assert checked(one)[3] == 400


def test_a_check_is_kept_with_its_time_and_inputs_and_changes_nothing(desk, buy):
    one = desk.make(credit_limit=1000)
    buy(one, "250.00", on_account=True)
    before, events = desk.data("GET", f"/{one['id']}"), Event.objects.count()
    seen = desk.data("POST", f"/{one['id']}/credit-check")
    assert seen["last_checked"] == "2024-06-15T02:00:00Z"
    assert seen["customer_id"] == one["id"]
    kept = CreditCheck.objects.get()
    assert (kept.store, kept.score, kept.created_at) == (desk.store, 680, NOW)
    inputs = {factor["name"]: (factor["input"], factor["points"]) for factor in kept.factors}
    assert inputs["utilization"] == ("25.00", 30)
    assert inputs["payment_days"] == (None, 0)
    assert desk.data("GET", f"/{one['id']}") == before
    assert Event.objects.count() == events


def test_one_idempotency_key_is_one_check(desk):
    one = desk.make()
    once = {"Idempotency-Key": "check-1"}
    first = desk.call("POST", f"/{one['id']}/credit-check", **once)
    again = desk.call("POST", f"/{one['id']}/credit-check", **once)
    assert first.content == again.content
    assert CreditCheck.objects.count() == 1


def test_a_refused_check_is_not_kept(desk, stranger):
    one = desk.make()
    path = f"/{one['id']}/credit-check"
    assert stranger.call("POST", path).status_code == 404
    assert desk.call("POST", path, [1]).status_code == 400
    assert desk.call("POST", f"/cust_{'0' * 32}/credit-check").status_code == 404
    assert not CreditCheck.objects.exists()


@pytest.mark.parametrize("body", [None, {}, {"credit_score": 850}])
def test_what_is_sent_along_does_not_matter(desk, body):
    one = desk.make()
    assert desk.data("POST", f"/{one['id']}/credit-check", body)["credit_score"] == 650
