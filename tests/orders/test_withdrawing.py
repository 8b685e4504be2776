from __future__ import annotations

import pytest

from customers.models import Customer
from customers.services.customers import restore_customer
from orders.models import Order
from orders.services.customers import delete_customer_with_orders
from orders.services.moving import move_order
from orders.services.paying import pay_order
from stores.actors import SYSTEM
from stores.errors import Conflict, NotFound, Stale
from stores.models import Event
from tests.factories import OrderFactory


def test_a_customer_goes_together_with_its_orders_for_good(ada, named, order_named):
    order = OrderFactory(customer=ada)
    delete_customer_with_orders(named(ada), SYSTEM)
    ada.refresh_from_db()
    assert ada.withdrawn_at
    assert ada.deleted_at
    assert Event.objects.latest("id").type == "customer.deleted"
    assert not Order.objects.visible().exists()
    with pytest.raises(NotFound):
        move_order(order_named(order), SYSTEM, "confirmed")
    with pytest.raises(NotFound):
        restore_customer(named(ada), SYSTEM)


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
def test_an_order_under_way_holds_its_customer(ben, named, order_named, steps, goes):
    order = OrderFactory(customer=ben)
    for step in steps:
        move_order(order_named(order), SYSTEM, step)
    if goes:
        delete_customer_with_orders(named(ben), SYSTEM)
    else:
        with pytest.raises(Conflict, match="cannot_be_deleted"):
            delete_customer_with_orders(named(ben), SYSTEM)
    assert Customer.objects.live().filter(pk=ben.pk).exists() is not goes


def test_money_owed_holds_its_customer_until_it_is_settled(ada, named, order_named):
    order = OrderFactory(customer=ada, on_account=True)
    with pytest.raises(Conflict, match="cannot_be_deleted"):
        delete_customer_with_orders(named(ada), SYSTEM)
    pay_order(order_named(order), SYSTEM, order.total, "card")
    delete_customer_with_orders(named(ada), SYSTEM)
    assert not Customer.objects.live().exists()


def test_only_the_version_that_was_seen_goes(ada, named):
    with pytest.raises(Stale):
        delete_customer_with_orders(named(ada), SYSTEM, versions=frozenset({ada.version + 1}))
    delete_customer_with_orders(named(ada), SYSTEM, versions=frozenset({ada.version}))
    with pytest.raises(NotFound):
        delete_customer_with_orders(named(ada), SYSTEM)
