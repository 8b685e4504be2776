"""No dialect deletes a customer who owes money or has some to get, and a deleted one still settles."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from customers.api.auth import keys
from customers.models import Customer
from customers.models.ledger import Account
from orders.services.accounts import post_entry
from orders.services.moving import move_order
from orders.services.paying import pay_order, refund_order
from stores.actors import SYSTEM
from stores.models import Store
from tests.factories import ApiKeyFactory, CustomerFactory
from tests.orders.accounts import order_of

PATHS = {
    "storefront": "/stores/{store}/customers/{uid}",
    "pos": "/customers/{uid}",
    "pos v5": "/v5/customers/{uid}",
    "manufacturing": "/api/admin/customers/{pk}",
}
POS = (PATHS["pos"], PATHS["pos v5"])  # its contract answers refusals with 422
NO_DELETION = {"bakery": "/api/v1/customers/{uid}", "erp": "/api/customers/{uid}"}


@pytest.fixture
def customer(store: Store) -> Customer:
    keys.forget()
    return CustomerFactory(store=store, is_account_enabled=True)


def delete(customer: Customer, path: str) -> Any:
    store = customer.store
    url = path.format(store=store.uid, uid=customer.uid, pk=customer.pk)
    key = ApiKeyFactory(store=store).text
    return Client().delete(url, headers={"Authorization": f"Bearer {key}"})


def owe(customer: Customer) -> None:
    post_entry(customer.as_queryset(), SYSTEM, Account.HOUSE, Decimal("0.01"))


def have_credit(customer: Customer) -> None:
    post_entry(customer.as_queryset(), SYSTEM, Account.HOUSE, Decimal("-0.01"))


def await_refund(customer: Customer) -> None:
    order = order_of(customer, "10", on_account=False)
    pay_order(order.as_queryset(), SYSTEM, Decimal(10), "card")
    move_order(order.as_queryset(), SYSTEM, "cancelled")


def settle(customer: Customer) -> None:
    customer.refresh_from_db()
    if balance := customer.account_balance:
        post_entry(customer.as_queryset(), SYSTEM, Account.HOUSE, -balance)
    for order in customer.orders.all():
        refund_order(order.as_queryset(), SYSTEM)


@pytest.mark.parametrize("state", [owe, have_credit, await_refund], ids=lambda one: one.__name__)
@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_money_blocks_deletion(customer: Customer, path: str, state: Any) -> None:
    state(customer)
    assert delete(customer, path).status_code == (422 if path in POS else 409)
    customer.refresh_from_db()
    assert customer.deleted_at is None
    settle(customer)
    status = delete(customer, path).status_code
    keeps_orders = "stores" in path and state is await_refund  # of the contract of storefront
    assert status == 409 if keeps_orders else 200 <= status < 300


@pytest.mark.parametrize("path", NO_DELETION.values(), ids=NO_DELETION)
def test_dialects_without_deletion(customer: Customer, path: str) -> None:
    owe(customer)
    assert delete(customer, path).status_code == 405
    customer.refresh_from_db()
    assert customer.deleted_at is None
