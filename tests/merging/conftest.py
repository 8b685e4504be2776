from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from customers.models import Customer
from stores.models import Store
from tests.factories import AddressFields, CustomerFactory
from tests.merging.book import run


@pytest.fixture
def anna(store: Store) -> Customer:
    return CustomerFactory(
        store=store,
        name="Anna Baker",
        email="anna@example.com",
        is_account_enabled=True,
        credit_limit=Decimal(500),
        is_loyalty_enabled=True,
        tags=["VIP"],
        addresses=[AddressFields(line1="1 King Street")],
        contacts=[{"name": "Carl", "is_primary": True}],
        marketing_opt_in=True,
    )


@pytest.fixture
def bella(store: Store) -> Customer:
    """The same person as Anna, with other data."""
    return CustomerFactory(
        store=store,
        name="Bella Baker",
        email="bella@example.com",
        phone="03 5550 1468",
        is_account_enabled=True,
        credit_limit=Decimal(500),
        is_loyalty_enabled=True,
        tags=["VIP", "Wholesale"],
        addresses=[AddressFields(line1="1 KING Street"), AddressFields(line1="9 Queen Street")],
        contacts=[{"name": "Dora", "is_primary": True}],
        notes="Rings twice.",
    )


@pytest.fixture
def book_agrees(db: None) -> Iterator[None]:
    """After the test, the ledger and the outbox are proved."""
    yield
    prove()


def prove() -> None:
    run("verify_ledger")
    run("verify_outbox")
