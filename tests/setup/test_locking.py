"""A customer is locked and loaded with SQL that is compiled once."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from customers.models import Customer
from stores.database.locking import conditions_of, lock_first
from stores.database.updates import CompiledUpdate
from stores.models import Store
from tests.factories import CustomerFactory


@pytest.fixture
def customer(store: Store) -> Customer:
    return CustomerFactory(store=store)


def test_row_comes_with_its_parent_as_the_orm_loads_it(customer: Customer) -> None:
    rows = Customer.objects.filter(store=customer.store_id, uid=customer.uid).live()
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        locked = lock_first(rows, "store")
        assert locked.store.name == customer.store.name
    plain = Customer.objects.get(pk=customer.pk)
    assert [getattr(locked, field.attname) for field in Customer._meta.concrete_fields] == [
        getattr(plain, field.attname) for field in Customer._meta.concrete_fields
    ]
    locking = [query["sql"] for query in queries if "SELECT" in query["sql"]]
    assert len(locking) == 1
    if connection.vendor == "postgresql":
        assert 'FOR NO KEY UPDATE OF "customers_customer"' in locking[0]


def test_nothing_is_found_in_another_store(customer: Customer, other_store: Store) -> None:
    with transaction.atomic():
        rows = Customer.objects.filter(pk=customer.pk)
        assert lock_first(rows.filter(store=other_store), "store") is None
        assert (
            lock_first(rows.filter(store=customer.store, deleted_at__isnull=False), "store") is None
        )
        assert lock_first(rows.filter(store=customer.store), "store") == customer


@pytest.mark.parametrize(
    "condition",
    [
        Q(name__startswith="") & Q(version=1),
        Q(version=1) | Q(version=2),
        ~Q(version=7),
        Q(store__name="Harbour Bakery"),
        Q(version__in=[1, 2]),
    ],
    ids=str,
)
def test_any_other_condition_is_left_to_the_orm(customer: Customer, condition: Q) -> None:
    rows = Customer.objects.filter(condition, store=customer.store)
    assert conditions_of(rows.query) is None
    with transaction.atomic():
        assert lock_first(rows, "store") == customer


def test_update_tells_whether_there_is_a_row(customer: Customer, other_store: Store) -> None:
    renaming = CompiledUpdate(Customer, "uid", notes="compiled")
    assert renaming.run(customer.store_id, customer.uid)
    assert not renaming.run(other_store.pk, customer.uid)
    customer.refresh_from_db()
    assert customer.notes == "compiled"
