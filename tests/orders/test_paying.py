from __future__ import annotations

from decimal import Decimal

import pytest

from customers.models import LedgerEntry
from customers.services.customers import update_customer
from orders.models.order import ON_ACCOUNT
from orders.services.moving import move_order
from orders.services.paying import pay_order, refund_order
from stores.actors import SYSTEM, Actor
from stores.errors import Conflict, Invalid
from stores.models import Event
from tests.factories import LineFields, OrderFactory
from tests.orders.accounts import owed

pytestmark = pytest.mark.usefixtures("ledger_agrees")

CLERK = Actor("staff", 7, "Clara Clerk")


@pytest.fixture
def bens(ben, order_queryset):
    """Place Ben's order of 25.00, not on account."""
    return order_queryset(OrderFactory(customer=ben))


@pytest.fixture
def adas(ada, order_queryset):
    """Place Ada's order of 25.00, on account."""
    return order_queryset(OrderFactory(customer=ada, on_account=True))


def test_payments_add_up_until_the_order_is_paid(bens):
    part = pay_order(bens, CLERK, Decimal("10.00"), "cash")
    assert (part["payment_status"], part["paid_at"]) == ("partially_paid", None)
    whole = pay_order(bens, CLERK, Decimal("15.00"), "card")
    assert (whole["payment_status"], whole["paid_amount"]) == ("succeeded", Decimal("25.00"))
    assert whole["paid_at"] >= whole["placed_at"]
    payments = [(p["kind"], p["amount"], p["method"], p["actor_name"]) for p in whole["payments"]]
    assert payments == [
        ("payment", Decimal("10.00"), "cash", "Clara Clerk"),
        ("payment", Decimal("15.00"), "card", "Clara Clerk"),
    ]


def test_overpayment_is_refused(bens):
    pay_order(bens, SYSTEM, Decimal("20.00"), "card")
    with pytest.raises(Conflict) as refusal:
        pay_order(bens, SYSTEM, Decimal("5.01"), "card")
    assert refusal.value.code == "over_paid"
    assert refusal.value.data == {"due": Decimal("5.00"), "requested": Decimal("5.01")}
    assert bens.get().paid_amount == Decimal("20.00")


@pytest.mark.parametrize("amount", [Decimal(0), Decimal("-1.00")])
def test_amounts_must_be_positive(bens, amount):
    for service in (pay_order, refund_order):
        with pytest.raises(Invalid) as refusal:
            service(bens, SYSTEM, amount)
        assert (refusal.value.code, refusal.value.field) == ("positive", "amount")


def test_payment_of_a_cancelled_order_is_refused(bens):
    move_order(bens, SYSTEM, "cancelled")
    with pytest.raises(Conflict, match="order_cancelled"):
        pay_order(bens, SYSTEM, Decimal("25.00"), "card")


def test_payment_event_lists_changed_fields(bens):
    pay_order(bens, SYSTEM, Decimal("25.00"), "card")
    event = Event.objects.latest("id")
    assert event.type == "order.updated"
    assert set(event.changed) == {"paid_amount", "payment_status", "paid_at"}


# --- the account


def test_payment_settles_an_order_on_account(ada, adas):
    row = pay_order(adas, SYSTEM, Decimal("10.00"), "bank transfer")
    assert owed(ada) == row["charged_amount"] == Decimal("15.00")
    pay_order(adas, SYSTEM, Decimal("15.00"), "bank transfer")
    assert owed(ada) == Decimal("0.00")
    reasons = LedgerEntry.objects.order_by("id").values_list("reason", flat=True)
    assert list(reasons) == ["order", "payment", "payment"]


@pytest.mark.parametrize("method", [ON_ACCOUNT, "On account", " ON-ACCOUNT ", "onaccount"])
def test_payment_on_account_is_charged(ada, order_queryset, method):
    target = order_queryset(OrderFactory(customer=ada))
    row = pay_order(target, SYSTEM, Decimal("25.00"), method)
    assert (row["payment_status"], row["paid_amount"]) == ("pending", Decimal("0.00"))
    assert owed(ada) == row["charged_amount"] == Decimal("25.00")
    assert [payment["kind"] for payment in row["payments"]] == ["charge"]
    paid = pay_order(target, SYSTEM, Decimal("25.00"), "bank")
    assert (paid["payment_status"], owed(ada)) == ("succeeded", Decimal("0.00"))


def test_order_on_account_is_not_charged_twice(ada, adas):
    row = pay_order(adas, SYSTEM, Decimal("25.00"), ON_ACCOUNT)
    assert (row["payment_status"], owed(ada)) == ("pending", Decimal("25.00"))


def test_other_payments_do_not_settle_the_account(ada, order_queryset):
    target = order_queryset(OrderFactory(customer=ada))
    pay_order(target, SYSTEM, Decimal("15.00"), ON_ACCOUNT)
    pay_order(target, SYSTEM, Decimal("10.00"), "card")
    assert owed(ada) == Decimal("15.00")


def test_payment_on_account_stops_at_the_limit(ada, order_queryset):
    target = order_queryset(OrderFactory(customer=ada, items=[LineFields(quantity=41)]))
    with pytest.raises(Conflict, match="over_limit"):
        pay_order(target, SYSTEM, Decimal("100.01"), ON_ACCOUNT)
    assert pay_order(target, SYSTEM, Decimal("100.00"), ON_ACCOUNT)["charged_amount"] == 100


def test_closed_account_accepts_settlements(ada, adas, as_queryset):
    update_customer(as_queryset(ada), SYSTEM, {"is_account_enabled": False})
    pay_order(adas, SYSTEM, Decimal("25.00"), "card")
    assert owed(ada) == Decimal("0.00")


# --- refunds


def test_refund_without_an_amount_refunds_all(ben, bens):
    pay_order(bens, SYSTEM, Decimal("25.00"), "card")
    row = refund_order(bens, SYSTEM, reason="stale")
    assert (row["payment_status"], row["refunded_amount"]) == ("refunded", Decimal("25.00"))
    assert (row["payments"][-1]["kind"], row["payments"][-1]["reason"]) == ("refund", "stale")
    ben.refresh_from_db()
    assert (ben.total_spent, ben.order_count) == (Decimal("0.00"), 1)


def test_partial_refunds_lower_the_total_spent(ben, bens):
    pay_order(bens, SYSTEM, Decimal("25.00"), "card")
    row = refund_order(bens, SYSTEM, Decimal("5.50"))
    ben.refresh_from_db()
    assert (row["payment_status"], ben.total_spent) == ("partially_refunded", Decimal("19.50"))
    with pytest.raises(Conflict) as refusal:
        refund_order(bens, SYSTEM, Decimal("19.51"))
    assert refusal.value.code == "over_refunded"
    assert refusal.value.data == {"left": Decimal("19.50"), "requested": Decimal("19.51")}
    assert refund_order(bens, SYSTEM)["payment_status"] == "refunded"


@pytest.mark.parametrize("amount", [None, Decimal("1.00")])
def test_refund_of_an_unpaid_order_is_refused(bens, amount):
    with pytest.raises(Conflict, match="nothing_to_refund"):
        refund_order(bens, SYSTEM, amount)


def test_refund_gives_back_money_only(ada, order_queryset):
    target = order_queryset(OrderFactory(customer=ada))
    pay_order(target, SYSTEM, Decimal("15.00"), ON_ACCOUNT)
    pay_order(target, SYSTEM, Decimal("10.00"), "card")
    with pytest.raises(Conflict, match="over_refunded"):
        refund_order(target, SYSTEM, Decimal("10.01"))
    row = refund_order(target, SYSTEM)
    assert (row["refunded_amount"], owed(ada)) == (Decimal("10.00"), Decimal("15.00"))
    assert row["payment_status"] == "pending"  # 15.00 of it is owed


def test_refund_of_money_keeps_the_balance(ada, adas):
    pay_order(adas, SYSTEM, Decimal("10.00"), "card")
    refund_order(adas, SYSTEM)
    assert owed(ada) == Decimal("15.00")


def test_refunded_order_accepts_only_the_rest_due(bens):
    pay_order(bens, SYSTEM, Decimal("10.00"), "card")
    refund_order(bens, SYSTEM)
    row = pay_order(bens, SYSTEM, Decimal("15.00"), "card")
    assert (row["payment_status"], row["paid_amount"]) == ("partially_refunded", Decimal("25.00"))
