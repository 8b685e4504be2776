from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from django.db.models import QuerySet

from customers.models import Customer
from orders.models import Order
from orders.verification.allocations import allocation_differences
from orders.verification.balances import differences
from orders.verification.days import day_differences
from orders.verification.numbers import number_differences
from orders.verification.statements import statement_differences
from stores.models import Store
from tests.factories import AddressFields, CustomerFactory


@pytest.fixture
def ada(store: Store) -> Customer:
    """Create a customer with an account up to 100.00 and terms of 15 days."""
    return CustomerFactory(
        store=store,
        name="Ada Marsh",
        email="ada@example.com",
        is_account_enabled=True,
        credit_limit=Decimal("100.00"),
        payment_terms="net_15",
        is_loyalty_enabled=True,
        addresses=[AddressFields(label="Café"), AddressFields(label="Stall", city="Manly")],
    )


@pytest.fixture
def ben(store: Store) -> Customer:
    """Create a customer without an account and without addresses."""
    return CustomerFactory(
        store=store, name="Ben Ode", email="ben@example.com", is_loyalty_enabled=True
    )


@pytest.fixture
def as_queryset() -> Callable[[Customer], QuerySet]:
    """Return a function from a customer to the queryset that services take."""
    return lambda customer: Customer.objects.for_store(customer.store).filter(uid=customer.uid)


@pytest.fixture
def order_queryset() -> Callable[[Order], QuerySet]:
    return lambda order: Order.objects.for_store(order.store).filter(uid=order.uid)


def every_difference() -> Iterator[object]:
    yield from differences()
    yield from allocation_differences()
    yield from statement_differences()
    yield from number_differences()
    yield from day_differences()


@pytest.fixture
def ledger_agrees(db: None) -> Iterator[None]:
    """Check after the test that balances, statistics and allocations agree."""
    yield
    assert [str(found) for found in every_difference()] == []
