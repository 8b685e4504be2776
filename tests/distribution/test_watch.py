"""The watch sees what the product does, says where, and judges nothing that a test does itself."""

from __future__ import annotations

import pytest

from customers.models import Customer
from orders.services.customers import delete_customer
from stores.actors import SYSTEM
from stores.models import Store
from tests.distribution import exceptions, watch
from tests.distribution.watch import watching
from tests.factories import CustomerFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def statements_run_on_a_distributed_book() -> None:
    """Nothing, in place of the one around every other test."""


def test_a_statement_of_the_product_is_named_with_its_place(
    monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    customer = CustomerFactory(store=store)
    monkeypatch.setattr(watch, "is_excepted", lambda fault, frames: False)
    with (
        pytest.raises(AssertionError, match=r"customers/services/editing.py:\d+ lock: a table"),
        watching(),
    ):
        delete_customer(Customer.objects.filter(pk=customer.pk), SYSTEM)


def test_an_exception_is_for_a_function_and_a_rule(store: Store) -> None:
    customer = CustomerFactory(store=store)
    with watching():
        delete_customer(Customer.objects.filter(pk=customer.pk), SYSTEM)


def test_what_a_test_asks_itself_is_not_judged(store: Store) -> None:
    with watching():
        assert not Customer.objects.filter(name="nobody").exists()


def test_every_exception_has_a_reason() -> None:
    assert all(one.reason.endswith(".") for one in exceptions.EXCEPTIONS)
