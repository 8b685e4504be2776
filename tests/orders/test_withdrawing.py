from __future__ import annotations

import pytest

from customers.models import Customer
from customers.services.customers import restore_customer
from orders.models import DailySales, Order
from orders.monthly import monthly_spending
from orders.services.moving import move_order
from orders.services.paying import pay_order
from orders.services.withdrawing import delete_customer_with_orders
from stores.actors import SYSTEM
from stores.errors import Conflict, NotFound, Stale
from stores.models import Event
from tests.factories import OrderFactory


def test_customer_is_withdrawn_with_its_orders(ada, as_queryset, order_queryset):
    order = OrderFactory(customer=ada)
    delete_customer_with_orders(as_queryset(ada), SYSTEM)
    ada.refresh_from_db()
    assert ada.withdrawn_at
    assert ada.deleted_at
    assert Event.objects.latest("id").type == "customer.deleted"
    assert not Order.objects.visible().exists()
    with pytest.raises(NotFound):
        move_order(order_queryset(order), SYSTEM, "confirmed")
    with pytest.raises(NotFound):
        restore_customer(as_queryset(ada), SYSTEM)


@pytest.mark.parametrize(
    ("steps", "goes"),
    [
        ((), True),
        (("confirmed",), True),
        (("confirmed", "processing"), False),
        (("confirmed", "processing", "shipped"), False),
        (("confirmed", "processing", "shipped", "delivered"), True),
        (("cancelled",), True),
    ],
)
def test_open_order_blocks_withdrawal(ben, as_queryset, order_queryset, steps, goes):
    order = OrderFactory(customer=ben)
    for step in steps:
        move_order(order_queryset(order), SYSTEM, step)
    if goes:
        delete_customer_with_orders(as_queryset(ben), SYSTEM)
    else:
        with pytest.raises(Conflict, match="cannot_be_deleted"):
            delete_customer_with_orders(as_queryset(ben), SYSTEM)
    assert Customer.objects.live().filter(pk=ben.pk).exists() is not goes


def test_debt_blocks_withdrawal(ada, as_queryset, order_queryset):
    order = OrderFactory(customer=ada, on_account=True)
    with pytest.raises(Conflict, match="cannot_be_deleted"):
        delete_customer_with_orders(as_queryset(ada), SYSTEM)
    pay_order(order_queryset(order), SYSTEM, order.total, "card")
    delete_customer_with_orders(as_queryset(ada), SYSTEM)
    assert not Customer.objects.live().exists()


def test_withdrawal_needs_the_current_version(ada, as_queryset):
    with pytest.raises(Stale):
        delete_customer_with_orders(as_queryset(ada), SYSTEM, versions=frozenset({ada.version + 1}))
    delete_customer_with_orders(as_queryset(ada), SYSTEM, versions=frozenset({ada.version}))
    with pytest.raises(NotFound):
        delete_customer_with_orders(as_queryset(ada), SYSTEM)


def test_withdrawn_orders_stay_in_the_turnover(ada, as_queryset, ledger_agrees):
    OrderFactory(customer=ada)
    before = list(DailySales.objects.values("day", "orders", "revenue"))
    delete_customer_with_orders(as_queryset(ada), SYSTEM)
    assert list(DailySales.objects.values("day", "orders", "revenue")) == before
    assert [(row["orders"], row["revenue"]) for row in before] == [(1, 25)]
    assert monthly_spending(ada, ada.store)[-1][1] == 25
