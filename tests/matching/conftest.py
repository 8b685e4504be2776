from __future__ import annotations

from collections.abc import Callable

import pytest

from customers.models import Customer
from stores.models import Store
from tests.factories import AddressFields, CustomerFactory

Create = Callable[..., Customer]


@pytest.fixture
def brigid(store: Store) -> Customer:
    return CustomerFactory(
        store=store,
        name="Brigid Castellanos",
        email="brigid@example.com",
        phone="03 5550 1468",
        addresses=[home()],
    )


@pytest.fixture
def bridget(store: Store) -> Customer:
    """Create the same person as `brigid`, spelled otherwise and with another e-mail."""
    return CustomerFactory(
        store=store,
        name="Bridget Castelanos",
        email="bridget.c@example.org",
        phone="+61 3 5550 1468",
        addresses=[home(line1="101 King St")],
    )


def home(**fields: str) -> dict[str, str]:
    return AddressFields(
        **{"line1": "101 King Street", "city": "Essendon", "state": "VIC", "postcode": "3040"}
        | fields
    )
