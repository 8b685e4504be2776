from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from customers.models import Customer
from orders.models import CreditCheck
from orders.scorecard import (
    BELOW,
    UP_TO,
    CreditInputs,
    Factor,
    Score,
    Scorecard,
    recommended_limit,
    utilization,
)
from orders.services.credit_checks import check_credit
from orders.services.customers import delete_customer
from orders.services.paying import pay_order
from stores.actors import SYSTEM, Actor
from stores.errors import NotFound
from tests.factories import CustomerFactory, LineFields, OrderFactory

NOW = datetime(2026, 6, 15, 2, tzinfo=UTC)
CLERK = Actor("staff", 7, "Clara Clerk")


# --- the scorecard


def score(**inputs) -> Score:
    return Scorecard().score(CreditInputs(**{n: Decimal(v) for n, v in inputs.items()}))


def test_unknown_customer_scores_650():
    assert score().points == 650
    assert all(factor.points == 0 for factor in score().factors)


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("payment_days", {-3: 60, 0: 60, "0.01": 30, 5: 30, 15: 0, 30: -40, "30.01": -110}),
        ("overdue_share", {0: 50, "0.01": 20, 10: 20, 25: -20, 50: -70, 100: -160}),
        ("utilization", {0: 30, 30: 30, 60: 10, 90: -20, 100: -50, "100.01": -80}),
        ("bounces", {0: 0, 1: -60, 2: -120, 9: -120}),
        ("relation_days", {0: 0, 89: 0, 90: 10, 364: 10, 365: 20, 730: 30, 1826: 40}),
        ("regularity", {0: -20, 1: 0, "24.99": 0, 25: 10, 50: 20, "74.99": 20, 75: 30, 100: 30}),
    ],
)
def test_each_factor_gives_its_documented_points(name, steps):
    assert {value: score(**{name: value}).points - 650 for value in steps} == steps


def test_best_and_worst_scores_stay_on_the_scale():
    best = score(payment_days=0, overdue_share=0, utilization=0, relation_days=9999, regularity=100)
    worst = score(
        payment_days=99,
        overdue_share=100,
        utilization=200,
        bounces=3,
        relation_days=1,
        regularity=0,
    )
    assert (best.points, worst.points) == (850, 300)


inputs = st.builds(
    CreditInputs,
    **{name: st.none() | st.decimals(-400, 9999, places=2) for name in (*UP_TO, *BELOW)},
)


@given(inputs)
def test_factors_always_add_up_to_the_score(known):
    given_score = Scorecard().score(known)
    total = 650 + sum(factor.points for factor in given_score.factors)
    assert given_score.points == min(max(total, 300), 850)
    assert given_score == Scorecard().score(known)


@pytest.mark.parametrize(
    ("points", "rating", "risk"),
    [
        (850, "excellent", "low"),
        (740, "excellent", "low"),
        (739, "good", "low"),
        (670, "good", "low"),
        (669, "fair", "medium"),
        (580, "fair", "medium"),
        (579, "poor", "high"),
        (300, "poor", "high"),
    ],
)
def test_ratings_and_risks_match_the_contract(points, rating, risk):
    assert (Score(points).rating, Score(points).risk) == (rating, risk)


@pytest.mark.parametrize(
    ("points", "limit", "recommended"),
    [
        (750, "10000.00", "15000"),
        (700, "1000.00", "1300"),  # 1250 is half-way and is rounded up
        (650, "949.99", "900"),
        (650, "950.00", "1000"),
        (500, "100.00", "100"),
        (500, "99.98", "0"),
        (750, "0.00", "0"),
    ],
)
def test_recommended_limit_is_rounded_to_hundreds(points, limit, recommended):
    known = CreditInputs(credit_limit=Decimal(limit), best_month=Decimal(77_000))
    assert recommended_limit(Score(points), known) == Decimal(recommended)


def test_no_limit_recommends_from_the_best_month():
    assert recommended_limit(Score(750), CreditInputs(best_month=Decimal("433.33"))) == 600
    assert recommended_limit(Score(750), CreditInputs()) == 0


def test_zero_limit_is_exceeded_by_any_debt():
    assert utilization(Decimal(0), Decimal(0)) is None
    assert utilization(Decimal("0.01"), Decimal(0)) > 100
    assert utilization(Decimal(-5), Decimal(100)) == 0
    assert utilization(Decimal(5), None) is None


# --- checks of customers


def placed(customer, days, price="50.00"):
    line = LineFields(quantity=1, unit_price=Decimal(price))
    return OrderFactory(customer=customer, placed_at=NOW - timedelta(days=days), items=[line])


def factors(check):
    return {factor["name"]: (factor["input"], factor["points"]) for factor in check.factors}


def check(customer) -> CreditCheck:
    with time_machine.travel(NOW, tick=False):
        made = check_credit(Customer.objects.filter(pk=customer.pk), CLERK)
    return CreditCheck.objects.get(pk=made.pk)


def test_new_customer_is_fair_at_any_limit(ada, ben):
    for customer, limit in ((ada, Decimal(100)), (ben, None)):
        saved_check = check(customer)
        assert (saved_check.score, saved_check.rating, saved_check.risk) == (650, "fair", "medium")
        assert saved_check.current_limit == limit
        assert saved_check.recommended_limit == (limit or 0)


def test_check_saves_its_inputs_and_changes_nothing(ada):
    before = ada.version
    saved_check = check(ada)
    assert (saved_check.actor_name, saved_check.created_at) == ("Clara Clerk", NOW)
    assert set(factors(saved_check)) == {*UP_TO, *BELOW}
    ada.refresh_from_db()
    assert (ada.credit_limit, ada.version) == (Decimal("100.00"), before)


def test_early_payer_is_excellent(ada, order_queryset):
    for month in range(12):
        order = placed(ada, 10 + 30 * month)
        with time_machine.travel(order.placed_at + timedelta(days=5)):
            pay_order(order_queryset(order), SYSTEM, order.total, "card")
    saved_check = check(ada)
    assert factors(saved_check) == {
        "payment_days": ("-10.00", 60),
        "overdue_share": ("0.00", 50),
        "utilization": ("0.00", 30),
        "bounces": (None, 0),
        "relation_days": ("340", 10),
        "regularity": ("100", 30),
    }
    assert (saved_check.score, saved_check.rating) == (830, "excellent")
    assert saved_check.recommended_limit == Decimal("200.00")


def test_late_payer_is_poor(ada, order_queryset):
    late, _unpaid, _not_yet_due = placed(ada, 100), placed(ada, 50), placed(ada, 3)
    with time_machine.travel(late.placed_at + timedelta(days=35)):
        pay_order(order_queryset(late), SYSTEM, late.total, "card")
    saved_check = check(ada)
    assert factors(saved_check)["payment_days"] == ("20.00", -40)
    assert factors(saved_check)["overdue_share"] == ("100.00", -160)
    assert (saved_check.rating, saved_check.risk) == ("poor", "high")


def test_debt_without_an_order_is_utilization(ada):
    Customer.objects.filter(pk=ada.pk).update(account_balance=Decimal("95.00"))
    assert factors(check(ada))["utilization"] == ("95.00", -50)


def test_no_limit_recommends_best_month_by_rating(ben):
    for days in (1, 2, 20):
        placed(ben, days, "150.00")
    saved_check = check(ben)
    assert saved_check.current_limit is None
    assert (saved_check.rating, saved_check.recommended_limit) == ("fair", Decimal("300.00"))


@dataclass
class StrictBureau:
    """External credit bureau that gives every customer a low score."""

    asked: list[CreditInputs]

    def score(self, inputs: CreditInputs) -> Score:
        self.asked.append(inputs)
        return Score(400, (Factor("rumour", None, -250),))


def test_external_bureau_replaces_the_scorecard(ada):
    bureau = StrictBureau([])
    saved_check = check_credit(Customer.objects.filter(pk=ada.pk), SYSTEM, bureau)
    assert (saved_check.score, saved_check.rating, saved_check.recommended_limit) == (
        400,
        "poor",
        Decimal(100),
    )
    assert saved_check.factors == [{"name": "rumour", "input": None, "points": -250}]
    assert bureau.asked[0].credit_limit == Decimal("100.00")


def test_deleted_customer_is_not_checked(ada, as_queryset):
    delete_customer(as_queryset(ada), SYSTEM)
    with pytest.raises(NotFound):
        check_credit(as_queryset(ada), SYSTEM)


def test_equal_history_scores_equally_in_all_stores(other_store, ada):
    twin = CustomerFactory(
        store=other_store, credit_limit=Decimal("100.00"), payment_terms="net_15"
    )
    for customer in (ada, twin):
        placed(customer, 100)
    assert check(ada).factors == check(twin).factors
