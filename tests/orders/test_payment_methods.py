"""The methods of payment of a store."""

from __future__ import annotations

from decimal import Decimal

import pytest

from orders.models import Order, Payment, PaymentMethod
from orders.services.paying import pay_order
from orders.services.payment_methods import create_method, method_names, update_method
from stores.actors import SYSTEM
from stores.errors import Conflict, Invalid
from tests.factories import CustomerFactory, LineFields, OrderFactory


@pytest.fixture
def order(store) -> Order:
    line = LineFields(quantity=1, unit_price=Decimal(100))
    customer = CustomerFactory(store=store, is_account_enabled=True)
    placed: Order = OrderFactory(customer=customer, items=[line])
    return placed


def paid_by(order: Order, method: str) -> str:
    pay_order(order.as_queryset(), SYSTEM, Decimal(1), method)
    return Payment.objects.latest("id").method


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Cash", "cash"),
        (" BANK  transfer", "bank transfer"),
        ("bank-transfer", "bank transfer"),
        ("On account", "on_account"),
        ("ON-ACCOUNT", "on_account"),
        ("Barter", "Barter"),
        ("", ""),
    ],
)
def test_method_is_matched_in_any_spelling(order, typed, kept):
    assert paid_by(order, typed) == kept


def test_stores_own_method_joins_the_usual_ones(order, other_store):
    create_method(order.store, " Gift voucher")
    assert method_names(order.store)[0] == "cash"
    assert paid_by(order, "gift VOUCHER") == "Gift voucher"
    assert "Gift voucher" not in method_names(other_store)


@pytest.mark.parametrize("name", ["CASH", "Bank-Transfer", "on account"])
def test_method_stands_in_the_list_once(store, name):
    with pytest.raises(Conflict, match="method_exists"):
        create_method(store, name)
    with pytest.raises(Invalid, match="required"):
        create_method(store, " - ")
    assert not PaymentMethod.objects.exists()


def test_payment_keeps_its_method_when_that_is_renamed(order):
    voucher = create_method(order.store, "Voucher")
    assert paid_by(order, "voucher") == "Voucher"
    update_method(voucher, "Gift card")
    assert Payment.objects.get().method == "Voucher"
    assert "Gift card" in method_names(order.store)
