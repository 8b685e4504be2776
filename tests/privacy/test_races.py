"""Erasures at the same time as other changes of the customer."""

from __future__ import annotations

import pytest

from customers.models import Customer
from customers.privacy.models import Erasure
from customers.privacy.services.erasing import erase_customer
from customers.services.customers import restore_customer, update_customer
from orders.models import Order
from orders.services.placing import place_order
from stores.actors import SYSTEM
from stores.errors import DomainError
from stores.models import Event
from tests.factories import CustomerFactory, LineFields
from tests.orders.test_races import as_queryset, run_together

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(
        transaction=True, available_apps=["stores", "customers", "orders", "customers.privacy"]
    ),
]


def erased(customer: Customer) -> bool:
    return Erasure.objects.filter(customer=customer).exists()


@pytest.mark.parametrize("turn", range(4))
def test_an_order_or_the_erasure_but_not_both(turn: int) -> None:
    customer = CustomerFactory()
    target = as_queryset(customer)
    run_together(
        lambda: erase_customer(target.all(), SYSTEM),
        lambda: place_order(target.all(), SYSTEM, [LineFields()]),
    )
    assert erased(customer) != Order.objects.filter(customer=customer).exists()


@pytest.mark.parametrize("turn", range(4))
def test_a_change_at_the_same_time_leaves_nothing(turn: int) -> None:
    customer = CustomerFactory(name="Former Zebrabaum")
    target = as_queryset(customer)
    results = run_together(
        lambda: update_customer(target.all(), SYSTEM, {"name": "Later Zebrabaum"}),
        lambda: erase_customer(target.all(), SYSTEM),
        lambda: restore_customer(target.all(), SYSTEM),
    )
    assert isinstance(results[1], Erasure)
    customer.refresh_from_db()
    assert customer.name.startswith("Erased")
    assert customer.deleted_at is not None
    texts = [str(pair) for pair in Event.objects.values_list("before", "snapshot")]
    assert not any("Zebrabaum" in text for text in texts)


def test_two_erasures_are_one() -> None:
    customer = CustomerFactory()
    target = as_queryset(customer)
    results = run_together(*(lambda: erase_customer(target.all(), SYSTEM) for _ in range(4)))
    assert not any(isinstance(result, DomainError) for result in results)
    assert len({result.pk for result in results}) == 1
