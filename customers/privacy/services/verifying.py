"""Verify that nothing of erased customers has come back, for example with a restored backup."""

from __future__ import annotations

from collections.abc import Iterator

from customers.models import Customer
from customers.privacy.models import Erasure
from customers.privacy.personal_data import PERSONAL_TABLES, PersonalTable
from customers.privacy.services.rows import count_rows
from stores.database.batches import each


def findings() -> Iterator[str]:
    """Yield a sentence for each table that has personal data of a customer that was erased."""
    for row in each(Erasure.objects.values("pk", "store_id", "customer_id")):
        customers = Customer.objects.filter(store=row["store_id"], pk=row["customer_id"])
        customer = customers.select_related("store").get()
        for table in PERSONAL_TABLES:
            if number := remaining(table, customer):
                yield f"customer {customer.uid}: {number} rows left in {table.title}"


def remaining(table: PersonalTable, customer: Customer) -> int:
    """Return how many rows have a value that an erasure changes."""
    if table.deletes_rows or not any(map(callable, table.erased.values())):
        return count_rows(table, customer)
    rows = table.rows(customer).iterator(chunk_size=500)
    return sum(1 for row in rows if differs(table, customer, row))


def differs(table: PersonalTable, customer: Customer, row: object) -> bool:
    former = {name: getattr(row, name) for name in table.erased}
    erased = table.erased_values(customer, former)
    return erased != former
