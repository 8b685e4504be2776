"""Field names passed to services: unknown names are refused before any change."""

from __future__ import annotations

from typing import Any

import pytest

from customers.models import Customer
from customers.services.addresses.one_address import add_address
from customers.services.contacts import add_contact
from customers.services.customers import create_customer, update_customer
from stores.actors import SYSTEM
from stores.models import Event, Store
from tests.factories import AddressFields, CustomerFactory, StoreFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    return StoreFactory()


@pytest.mark.parametrize(
    "fields",
    [
        {"nmae": "Ann"},
        {"name": "Ann", "contacts": [{"name": "Ben", "mail": "ben@example.com"}]},
        {"name": "Ann", "addresses": [{"line1": "1 High Street", "zip": "3000"}]},
        {"name": "Ann", "billing_address": {"street": "1 High Street"}},
    ],
)
def test_unknown_names_create_no_customer(store: Store, fields: Any) -> None:
    with pytest.raises(TypeError, match="has no"):
        create_customer(store, SYSTEM, fields)
    assert not Customer.objects.exists()


def test_unknown_names_change_nothing(store: Store) -> None:
    customer = CustomerFactory(store=store)
    misspelt: Any = {"name": "Ann", "compnay": "Firm"}
    target = customer.as_queryset()
    for change in (
        lambda: update_customer(target, SYSTEM, misspelt),
        lambda: add_contact(target, SYSTEM, misspelt),
        lambda: add_address(target, SYSTEM, misspelt),
    ):
        with pytest.raises(TypeError, match="compnay"):
            change()
    assert target.get().version == customer.version


def test_event_of_changed_addresses_has_old_values(store: Store) -> None:
    customer = CustomerFactory(store=store, addresses=[AddressFields(line1="1 Old Street")])
    (address,) = customer.addresses.all()
    item: Any = {"uid": address.uid, "line1": "2 New Street"}
    update_customer(customer.as_queryset(), SYSTEM, {"addresses": [item]})
    (former,) = Event.objects.filter(customer_uid=customer.uid).latest("id").before["addresses"]
    assert former == str(address)
    assert "1 Old Street" in former
