"""Credit notes: what is owed falls first, then money goes back or stays as a credit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from orders.models import DailySales, Order
from orders.services.crediting import NewCreditNote, credit_order
from orders.services.moving import move_order
from orders.services.paying import pay_order
from stores.actors import SYSTEM
from stores.errors import Conflict, Invalid
from tests.factories import LineFields, OrderFactory
from tests.orders.accounts import order_of, owed

pytestmark = pytest.mark.usefixtures("ledger_agrees")


def credit(order: Order, **note):
    return credit_order(order.as_queryset(), SYSTEM, NewCreditNote(reason="Damaged", **note))


def figures(order: Order) -> tuple[Decimal, ...]:
    order.refresh_from_db()
    return (order.credited_amount, order.refunded_amount, order.paid_amount, order.due_amount)


def test_unpaid_order_is_credited_wholly(ada):
    order = order_of(ada, "40")
    row = credit(order)
    assert (row["payment_status"], figures(order)) == ("refunded", (40, 0, 0, 0))
    ada.refresh_from_db()
    assert (ada.account_balance, ada.total_spent, ada.order_count) == (0, 0, 1)
    assert DailySales.objects.get().revenue == 0


def test_what_is_owed_falls_first(ada):
    order = order_of(ada, "40")
    pay_order(order.as_queryset(), SYSTEM, Decimal(30), "card")
    row = credit(order, amount=Decimal(25))
    assert (row["payment_status"], figures(order)) == ("partially_refunded", (10, 15, 30, 0))
    assert owed(ada) == 0
    kinds = [(payment["kind"], payment["amount"]) for payment in row["payments"]]
    assert kinds == [("payment", 30), ("credit", 10), ("refund", 15)]


def test_what_was_paid_may_stay_as_a_credit(ada):
    order, other = order_of(ada, "40"), order_of(ada, "20")
    pay_order(order.as_queryset(), SYSTEM, Decimal(40), "card")
    credit(order, amount=Decimal(15), keeps_credit=True)
    assert (figures(order), figures(other)) == ((0, 15, 40, 0), (0, 0, 15, 5))
    assert owed(ada) == 5


def test_credit_of_a_customer_without_an_account(ben):
    order = order_of(ben, "40", on_account=False)
    pay_order(order.as_queryset(), SYSTEM, Decimal(40), "card")
    credit(order, keeps_credit=True)
    assert (owed(ben), figures(order)) == (-40, (0, 40, 40, 0))


def test_lines_are_credited_by_quantity(ben):
    lines = [
        LineFields(quantity=4, unit_price=Decimal("2.50")),
        LineFields(quantity=1, unit_price=Decimal(10)),
    ]
    wishes = {"tax_amount": Decimal(2), "shipping_amount": Decimal(7)}
    order = OrderFactory(customer=ben, items=lines, **wishes)
    first, second = order.lines.order_by("position")
    row = credit(order, quantities={first.uid: Decimal(1), second.uid: Decimal(1)})
    assert row["credited_amount"] == Decimal("13.75")  # 12.50 and a tenth of tax
    assert row["lines"][0]["credited_quantity"] == 1
    credit(order, quantities={first.uid: Decimal(3)})
    with pytest.raises(Conflict, match="line_credited"):
        credit(order, quantities={first.uid: Decimal(1)})
    assert credit(order)["payment_status"] == "refunded"  # the shipping


@pytest.mark.parametrize("at_once", [True, False])
def test_credited_lines_never_come_to_more_than_the_order(ben, at_once):
    lines = [LineFields(quantity=1, unit_price=Decimal(1)) for _ in range(3)]
    order = OrderFactory(customer=ben, items=lines, tax_amount=Decimal("0.02"))
    quantities = {line.uid: Decimal(1) for line in order.lines.all()}
    # A third of the tax is rounded up to a cent.
    notes = [quantities] if at_once else [{uid: Decimal(1)} for uid in quantities]
    for note in notes:
        row = credit(order, quantities=note)
    assert (row["credited_amount"], row["payment_status"]) == (Decimal("3.02"), "refunded")


@pytest.mark.parametrize("status", ["shipped", "delivered"])
def test_delivered_order_is_credited(ben, status):
    order = order_of(ben, "40", on_account=False)
    for step in ("confirmed", "processing", "shipped", "delivered"):
        move_order(order.as_queryset(), SYSTEM, step)
        if step == status:
            break
    assert credit(order, amount=Decimal(5))["credited_amount"] == 5


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_amount_must_be_positive(ben, amount):
    with pytest.raises(Invalid, match="positive"):
        credit(order_of(ben, "40", on_account=False), amount=Decimal(amount))


def test_more_than_is_left_is_refused(ben):
    order = order_of(ben, "40", on_account=False)
    credit(order, amount=Decimal(30))
    with pytest.raises(Conflict) as refusal:
        credit(order, amount=Decimal("10.01"))
    assert refusal.value.data == {"left": 10, "requested": Decimal("10.01")}


def test_cancelled_order_is_not_credited(ben):
    order = order_of(ben, "40", on_account=False)
    move_order(order.as_queryset(), SYSTEM, "cancelled")
    with pytest.raises(Conflict, match="order_cancelled"):
        credit(order)
