"""Points follow their order: what is refunded, credited or cancelled takes its points back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from customers.models import Customer, LedgerEntry
from customers.models.ledger import Account
from orders.models import Order
from orders.services.accounts import post_entry
from orders.services.crediting import NewCreditNote, credit_order
from orders.services.moving import move_order
from orders.services.paying import pay_order, refund_order
from stores.actors import SYSTEM
from stores.errors import Conflict
from tests.orders.accounts import order_of

pytestmark = pytest.mark.usefixtures("ledger_agrees")


@pytest.fixture
def order(ben) -> Order:
    """Create a paid order of 90 with 30 points."""
    order = order_of(ben, "90", on_account=False)
    pay_order(order.as_queryset(), SYSTEM, Decimal(90), "cash")
    give(order, "30")
    return order


def give(order: Order, points: str) -> None:
    target, amount = order.customer.as_queryset(), Decimal(points)
    post_entry(target, SYSTEM, Account.LOYALTY, amount, order_uid=order.uid)


def points(customer: Customer) -> Decimal:
    return Customer.objects.get(pk=customer.pk).loyalty_balance


def test_refunds_take_points_back_in_proportion(ben, order):
    refund_order(order.as_queryset(), SYSTEM, Decimal(10))
    assert points(ben) == Decimal("26.67")
    refund_order(order.as_queryset(), SYSTEM, Decimal(35))
    assert points(ben) == 15
    entry = LedgerEntry.objects.filter(account=Account.LOYALTY).latest("id")
    assert (entry.amount, entry.order_uid) == (Decimal("-11.67"), order.uid)
    refund_order(order.as_queryset(), SYSTEM)
    assert points(ben) == 0


def test_credit_note_takes_points_back(ben, order):
    credit_order(order.as_queryset(), SYSTEM, NewCreditNote(Decimal(60)))
    assert points(ben) == 10


def test_cancelling_takes_all_points_back_and_a_refund_after_it_no_more(ben, order):
    give(order_of(ben, "10", on_account=False), "5")
    move_order(order.as_queryset(), SYSTEM, "cancelled")
    assert points(ben) == 5
    refund_order(order.as_queryset(), SYSTEM)
    assert points(ben) == 5


def test_spent_points_are_not_taken_back_twice(ben, order):
    post_entry(ben.as_queryset(), SYSTEM, Account.LOYALTY, Decimal(-25), order_uid=order.uid)
    refund_order(order.as_queryset(), SYSTEM, Decimal(45))
    assert points(ben) == 0
    give(order, "8")  # those of another purchase, by the same order's receipt
    refund_order(order.as_queryset(), SYSTEM)
    assert points(ben) == 0


def test_customer_who_collects_none_gets_none_and_may_redeem(ben):
    target = ben.as_queryset()
    post_entry(target, SYSTEM, Account.LOYALTY, Decimal(9))
    Customer.objects.filter(pk=ben.pk).update(is_loyalty_enabled=False)
    with pytest.raises(Conflict, match="loyalty_disabled"):
        post_entry(target, SYSTEM, Account.LOYALTY, Decimal(1))
    post_entry(target, SYSTEM, Account.LOYALTY, Decimal(-4))
    assert points(ben) == 5
