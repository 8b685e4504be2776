"""Payments are taken back: the order is open again, revenue stays, nothing is deleted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import time_machine

from customers.models import Charge, Customer, LedgerEntry
from customers.models.ledger import Account
from orders.models import Order
from orders.models.payment import VoidCause
from orders.services.accounts import post_entry
from orders.services.credit_checks import check_credit
from orders.services.moving import move_order
from orders.services.paying import pay_order, refund_order
from orders.services.voiding import Void, void_entry, void_payment
from stores.actors import SYSTEM
from stores.errors import Conflict, Invalid, NotFound
from tests.orders.accounts import order_of, owed, state

pytestmark = pytest.mark.usefixtures("ledger_agrees")

NOW = datetime(2026, 6, 15, 2, tzinfo=UTC)
BOUNCED = Void(VoidCause.BOUNCED, "Cheque 17 came back")


def pay(order: Order, amount: str, method: str = "cheque") -> UUID:
    row = pay_order(order.as_queryset(), SYSTEM, Decimal(amount), method)
    return row["payments"][-1]["uid"]


def settle(customer: Customer, amount: str, **more) -> LedgerEntry:
    return post_entry(customer.as_queryset(), SYSTEM, Account.HOUSE, -Decimal(amount), **more)


@pytest.mark.parametrize("on_account", [True, False])
def test_bounced_payment_opens_the_order_again(ada, on_account):
    order = order_of(ada, "90", on_account=on_account)
    due_on = order.due_on
    payment = pay(order, "90")
    row = void_payment(order.as_queryset(), SYSTEM, payment, BOUNCED)
    assert (row["payment_status"], row["paid_at"], row["due_on"]) == ("pending", None, due_on)
    assert [(p["kind"], p["amount"], p["cause"]) for p in row["payments"]] == [
        ("payment", 90, None),
        ("void", 90, "bounced"),
    ]
    ada.refresh_from_db()
    assert (ada.total_spent, ada.account_balance) == (90, 90 if on_account else 0)
    if on_account:
        assert Charge.objects.get().due_on == due_on
    pay(order, "90", "cash")
    assert state(order) == ("succeeded", 90, 0)


def test_payment_beside_and_on_the_account_is_taken_back(ada):
    order = order_of(ada, "60", on_account=False)
    pay(order, "20", "on account")
    payment = pay(order, "50")
    assert state(order) == ("partially_paid", 50, 10)
    void_payment(order.as_queryset(), SYSTEM, payment, BOUNCED)
    assert (state(order), owed(ada)) == (("pending", 0, 20), 20)


def test_bounced_settlement_opens_all_that_it_paid(ada):
    first, second = order_of(ada, "30"), order_of(ada, "30")
    entry = settle(ada, "45")
    assert state(second) == ("partially_paid", 15, 15)
    void_entry(ada.as_queryset(), SYSTEM, entry.uid, BOUNCED)
    assert state(first) == state(second) == ("pending", 0, 30)
    assert owed(ada) == 60
    newest = LedgerEntry.objects.latest("id")
    assert (newest.reverses_uid, newest.reason, newest.amount) == (entry.uid, "bounced", 45)


def test_settlement_that_names_an_order_is_taken_back(ada):
    order = order_of(ada, "30")
    entry = settle(ada, "30", order_uid=order.uid)
    void_entry(ada.as_queryset(), SYSTEM, entry.uid, BOUNCED)
    assert (state(order), owed(ada)) == (("pending", 0, 30), 30)


def test_unused_credit_is_taken_back(ada):
    entry = settle(ada, "30")
    void_entry(ada.as_queryset(), SYSTEM, entry.uid, BOUNCED)
    assert owed(ada) == 0


def test_other_credit_pays_the_order_instead(ada):
    order = order_of(ada, "30")
    payment = pay(order, "30")
    settle(ada, "20")
    void_payment(order.as_queryset(), SYSTEM, payment, BOUNCED)
    assert (state(order), owed(ada)) == (("partially_paid", 20, 10), 10)


def test_payment_of_a_full_account_is_taken_back(ada):
    order = order_of(ada, "100")
    payment = pay(order, "100")
    order_of(ada, "100")
    Customer.objects.filter(pk=ada.pk).update(is_account_enabled=False)
    void_payment(order.as_queryset(), SYSTEM, payment, BOUNCED)
    assert owed(ada) == 200


def test_payment_of_a_cancelled_order_is_taken_back(ada):
    order = order_of(ada, "40")
    payment = pay(order, "30")
    move_order(order.as_queryset(), SYSTEM, "cancelled")
    void_payment(order.as_queryset(), SYSTEM, payment, BOUNCED)
    assert (state(order), owed(ada)) == (("cancelled", 0, 0), 0)


def test_settlement_of_a_cancelled_order_is_taken_back(ada):
    order = order_of(ada, "40")
    entry = settle(ada, "30", order_uid=order.uid)
    move_order(order.as_queryset(), SYSTEM, "cancelled")
    void_entry(ada.as_queryset(), SYSTEM, entry.uid, BOUNCED)
    assert (state(order), owed(ada)) == (("cancelled", 0, 0), 0)


def test_other_credit_does_not_pay_a_cancelled_order(ada):
    order = order_of(ada, "40")
    payment = pay(order, "30")
    move_order(order.as_queryset(), SYSTEM, "cancelled")
    settle(ada, "20")
    void_payment(order.as_queryset(), SYSTEM, payment, BOUNCED)
    assert (state(order), owed(ada)) == (("cancelled", 0, 0), -20)
    assert state(order_of(ada, "20")) == ("succeeded", 20, 0)


# --- refusals


def test_payment_is_taken_back_once(ada):
    order = order_of(ada, "40")
    payment, entry = pay(order, "10"), settle(ada, "5")
    void_payment(order.as_queryset(), SYSTEM, payment, BOUNCED)
    with pytest.raises(Conflict, match="voided"):
        void_payment(order.as_queryset(), SYSTEM, payment, BOUNCED)
    void_entry(ada.as_queryset(), SYSTEM, entry.uid, BOUNCED)
    with pytest.raises(Conflict, match="voided"):
        void_entry(ada.as_queryset(), SYSTEM, entry.uid, BOUNCED)


def test_refunded_payment_is_not_taken_back(ada):
    order = order_of(ada, "40")
    payment = pay(order, "40")
    refund_order(order.as_queryset(), SYSTEM, Decimal(1))
    with pytest.raises(Conflict, match="refunded_already"):
        void_payment(order.as_queryset(), SYSTEM, payment, BOUNCED)


def test_settlement_of_a_refunded_order_is_not_taken_back(ada):
    order = order_of(ada, "40")
    entry = settle(ada, "40")
    refund_order(order.as_queryset(), SYSTEM)
    with pytest.raises(Conflict, match="refunded_already"):
        void_entry(ada.as_queryset(), SYSTEM, entry.uid, BOUNCED)
    assert (state(order), owed(ada)) == (("refunded", 40, 0), 0)


def test_only_payments_are_taken_back(ada, ben):
    order, other = order_of(ada, "40"), order_of(ben, "40", on_account=False)
    payment, of_other = pay(order, "10"), pay(other, "10")
    entry = LedgerEntry.objects.get(amount=-10)
    with pytest.raises(NotFound):
        void_payment(order.as_queryset(), SYSTEM, of_other, BOUNCED)
    with pytest.raises(NotFound):  # a payment of an order is taken back there
        void_entry(ada.as_queryset(), SYSTEM, entry.uid, BOUNCED)
    with pytest.raises(NotFound):
        void_entry(ada.as_queryset(), SYSTEM, LedgerEntry.objects.earliest("id").uid, BOUNCED)
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date()
    with pytest.raises(Invalid, match="future"):
        void_payment(order.as_queryset(), SYSTEM, payment, Void("bounced", day=tomorrow))


# --- the score


@pytest.mark.parametrize(
    ("cause", "points"), [("bounced", -60), ("chargeback", -60), ("wrong_customer", 0)]
)
@pytest.mark.parametrize("door", ["order", "till"])
def test_score_counts_a_bounce(ada, cause, points, door):
    with time_machine.travel(NOW, tick=False):
        order = order_of(ada, "40")
        if door == "order":
            void_payment(order.as_queryset(), SYSTEM, pay(order, "40"), Void(cause))
        else:
            void_entry(ada.as_queryset(), SYSTEM, settle(ada, "40").uid, Void(cause))
        check = check_credit(ada.as_queryset(), SYSTEM)
    factors = {factor["name"]: factor for factor in check.factors}
    assert factors["bounces"]["points"] == points
    assert factors["payment_days"]["input"] is None
