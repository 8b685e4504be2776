from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from django.db.models import QuerySet

from customers.models import Customer
from orders.models import Order
from orders.verification.balances import differences
from orders.verification.charges import charge_differences
from orders.verification.days import day_differences
from orders.verification.order_balances import order_balance_differences
from stores.models import Store
from tests.factories import AddressFields, CustomerFactory


@pytest.fixture
def ada(store: Store) -> Customer:
    """Buys bread for her café on account, up to 100.00, and pays within 15 days."""
    return CustomerFactory(
        store=store,
        name="Ada Marsh",
        email="ada@example.com",
        is_account_enabled=True,
        credit_limit=Decimal("100.00"),
        payment_terms="net_15",
        addresses=[AddressFields(label="Café"), AddressFields(label="Stall", city="Manly")],
    )


@pytest.fixture
def ben(store: Store) -> Customer:
    """Buys now and then, without an account or an address."""
    return CustomerFactory(store=store, name="Ben Ode", email="ben@example.com")


@pytest.fixture
def named() -> Callable[[Customer], QuerySet]:
    """The queryset that names one customer, as every service takes it."""
    return lambda customer: Customer.objects.for_store(customer.store).filter(uid=customer.uid)


@pytest.fixture
def order_named() -> Callable[[Order], QuerySet]:
    return lambda order: Order.objects.for_store(order.store).filter(uid=order.uid)


def every_difference() -> Iterator[object]:
    yield from differences()
    yield from order_balance_differences()
    yield from charge_differences()
    yield from day_differences()


@pytest.fixture
def true_book(db: None) -> Iterator[None]:
    """After the test, balances, statistics and what each order holds on account must agree."""
    yield
    assert [str(found) for found in every_difference()] == []
