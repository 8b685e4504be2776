"""DELETE withdraws the customer and its orders, or is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from customers.models import Customer
from customers.models.ledger import Account
from orders.models import Order
from orders.services.accounts import post_entry
from orders.services.moving import move_order
from stores.actors import SYSTEM
from tests.factories import OrderFactory
from tests.manufacturing.conftest import messages, stored

KEPT = ["Customer cannot be deleted"]


def move(order, *statuses):
    for status in statuses:
        move_order(Order.objects.filter(pk=order.pk), SYSTEM, status)


@pytest.mark.parametrize("path", [("processing",), ("processing", "shipped")], ids=str)
def test_open_order_blocks_deletion(portal, path):
    made = portal.create()
    move(OrderFactory(customer=stored(made)), "confirmed", *path)
    assert messages(portal.call("DELETE", f"/{made['id']}"), 409) == KEPT
    assert portal.get(made) == made


def test_debt_and_credit_block_deletion(portal):
    made = portal.create()
    customer = Customer.objects.filter(pk=made["id"])
    customer.update(is_account_enabled=True)
    post_entry(customer, SYSTEM, Account.HOUSE, Decimal("0.01"))
    assert messages(portal.call("DELETE", f"/{made['id']}"), 409) == KEPT
    post_entry(customer, SYSTEM, Account.HOUSE, Decimal("-5"))
    assert messages(portal.call("DELETE", f"/{made['id']}"), 409) == KEPT
    post_entry(customer, SYSTEM, Account.HOUSE, Decimal("4.99"))
    assert portal.call("DELETE", f"/{made['id']}").status_code == 200


def test_stale_version_blocks_deletion(portal):
    made = portal.create()
    answer = portal.call("DELETE", f"/{made['id']}", **{"If-Match": '"9"'})
    assert messages(answer, 412)
    assert portal.get(made) == made


@pytest.mark.parametrize(
    "body", [None, {"any": "thing"}], ids=["without a body", "with a body that nobody reads"]
)
def test_deleted_customer_is_hidden(portal, body):
    made = portal.create()
    OrderFactory(customer=stored(made))
    assert portal.call("DELETE", f"/{made['id']}", body).json() == {"success": 1}
    for method in ("GET", "PUT", "DELETE"):
        assert messages(portal.call(method, f"/{made['id']}", {}), 404)
    assert portal.letters("") == ""
    assert not Customer.objects.deleted().exists()
