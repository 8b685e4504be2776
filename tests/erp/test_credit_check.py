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
    """Return a function that places an order some days ago, paid later or never."""

    def buy(company, amount: str, ago: int = 0, paid_after: int | None = None, **wishes):
        placed_at = NOW - timedelta(days=ago)
        items = [LineFields(quantity=1, unit_price=Decimal(amount))]
        order = OrderFactory(
            customer=customer_of(company), items=items, placed_at=placed_at, **wishes
        )
        if paid_after is not None:
            with time_machine.travel(placed_at + timedelta(days=paid_after), tick=False):
                target = Order.objects.filter(store=order.store, pk=order.pk)
                pay_order(target, SYSTEM, Decimal(amount))

    return buy


@pytest.fixture
def run_check(desk):
    """Return a function that runs a credit check: score, rating, risk and limit."""

    def run_check(company):
        result = desk.data("POST", f"/{company['id']}/credit-check")
        keys = ("credit_score", "credit_rating", "risk_assessment", "recommended_credit_limit")
        return tuple(result[key] for key in keys)

    return run_check


@pytest.mark.parametrize(
    ("limit", "recommended"), [(10_000, 10_000), (149.99, 100), (150, 200), (0, 0), (None, 0)]
)
def test_customer_without_history_is_fair(desk, run_check, limit, recommended):
    company = desk.create(credit_limit=limit)
    assert run_check(company) == (650, "fair", "medium", recommended)


def test_prompt_payer_is_excellent(desk, run_check, buy):
    company = desk.create(credit_limit=1000)
    buy(company, "100.00", ago=10, paid_after=0)
    # early +60, nothing overdue +50, owes nothing +30
    assert run_check(company) == (790, "excellent", "low", 1500)


def test_long_regular_relation_adds_points(desk, run_check, buy):
    company = desk.create(credit_limit=1000)
    for month in range(15):
        buy(company, "100.00", ago=5 + 30 * month, paid_after=1)
    # and over a year of relation +20, an order in every month +30
    assert run_check(company) == (840, "excellent", "low", 1500)


@pytest.mark.parametrize(
    ("owed", "result"),
    [
        ("250.00", (680, "good", "low", 1300)),  # 1250 rounds up to hundreds
        ("600.00", (660, "fair", "medium", 1000)),
        ("900.00", (630, "fair", "medium", 1000)),
        ("1000.00", (600, "fair", "medium", 1000)),
    ],
)
def test_utilization_lowers_the_recommended_limit(desk, run_check, buy, owed, result):
    company = desk.create(credit_limit=1000)
    buy(company, owed, on_account=True)
    assert run_check(company) == result


def test_debt_over_the_limit_is_poor(desk, run_check, buy):
    company = desk.create(credit_limit=1000)
    buy(company, "1000.00", on_account=True)
    desk.data("PUT", f"/{company['id']}", {"credit_limit": 500})
    assert run_check(company) == (570, "poor", "high", 300)


def test_customer_who_never_pays_is_poor(desk, run_check, buy):
    company = desk.create(credit_limit=1000)
    buy(company, "100.00", ago=100)
    # all overdue -160, owes nothing on account +30, 90 days of relation +10, one month of three +10
    assert run_check(company) == (540, "poor", "high", 500)


@pytest.mark.parametrize(
    ("terms", "result"),
    [
        ("net_30", (790, "excellent", "low", 1500)),  # 20 days early
        ("net_10", (790, "excellent", "low", 1500)),  # on the day
        ("net_5", (550, "poor", "high", 500)),  # 5 days late +30, all of it overdue -160
    ],
)
def test_payment_days_are_compared_with_the_terms(desk, run_check, buy, terms, result):
    company = desk.create(credit_limit=1000, payment_terms=terms)
    buy(company, "100.00", ago=40, paid_after=10)
    assert run_check(company) == result


def test_no_limit_recommends_from_the_best_month(desk, run_check, buy):
    company = desk.create(payment_terms="net_60")
    buy(company, "300.00", ago=40)  # last month's
    buy(company, "170.00")
    buy(company, "180.00")
    assert run_check(company)[3] == 400


def test_check_saves_its_inputs_and_changes_nothing(desk, buy):
    company = desk.create(credit_limit=1000)
    buy(company, "250.00", on_account=True)
    before, events = desk.data("GET", f"/{company['id']}"), Event.objects.count()
    result = desk.data("POST", f"/{company['id']}/credit-check")
    assert result["last_checked"] == "2024-06-15T02:00:00Z"
    assert result["customer_id"] == company["id"]
    saved_check = CreditCheck.objects.get()
    assert (saved_check.store, saved_check.score, saved_check.created_at) == (desk.store, 680, NOW)
    inputs = {factor["name"]: (factor["input"], factor["points"]) for factor in saved_check.factors}
    assert inputs["utilization"] == ("25.00", 30)
    assert inputs["payment_days"] == (None, 0)
    assert desk.data("GET", f"/{company['id']}") == before
    assert Event.objects.count() == events


def test_idempotency_key_makes_one_check(desk):
    company = desk.create()
    once = {"Idempotency-Key": "check-1"}
    first = desk.call("POST", f"/{company['id']}/credit-check", **once)
    again = desk.call("POST", f"/{company['id']}/credit-check", **once)
    assert first.content == again.content
    assert CreditCheck.objects.count() == 1


def test_refused_check_is_not_saved(desk, stranger):
    company = desk.create()
    path = f"/{company['id']}/credit-check"
    assert stranger.call("POST", path).status_code == 404
    assert desk.call("POST", path, [1]).status_code == 400
    assert desk.call("POST", f"/cust_{'0' * 32}/credit-check").status_code == 404
    assert not CreditCheck.objects.exists()


@pytest.mark.parametrize("body", [None, {}, {"credit_score": 850}])
def test_request_body_is_ignored(desk, body):
    company = desk.create()
    assert desk.data("POST", f"/{company['id']}/credit-check", body)["credit_score"] == 650
