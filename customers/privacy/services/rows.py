"""Count and erase the rows that a table of the registry has about a customer."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from customers.models import Customer
from customers.privacy.personal_data import PersonalTable

BATCH_SIZE = 200


def count_rows(table: PersonalTable, customer: Customer) -> int:
    """Return how many rows an erasure would change or delete."""
    if table.deletes_rows:
        return table.rows(customer).count()
    if not table.erased:
        return 0
    return changed_rows(table, customer).count()


def erase_rows(table: PersonalTable, customer: Customer) -> int:
    """Erase the rows, and return how many were changed or deleted."""
    if table.deletes_rows:
        # On a distributed database a DELETE locks the whole table, even when it finds no row.
        number = table.rows(customer).count()
        if number:
            table.rows(customer).delete()
        return number
    if not table.erased:
        return 0
    if any(map(callable, table.erased.values())):
        return rewrite_rows(table, customer)
    return changed_rows(table, customer).update(**table.erased)


def changed_rows(table: PersonalTable, customer: Customer) -> QuerySet[Any]:
    """Return the rows that differ from what an erasure leaves, or may differ from what it computes."""
    if any(map(callable, table.erased.values())):
        return table.rows(customer)
    return table.rows(customer).filter(differs_from_constants(table))


def differs_from_constants(table: PersonalTable) -> Q:
    """Return the condition that a column has another value than the one that every erasure leaves."""
    differs = Q()
    for name, value in table.erased.items():
        if not callable(value):
            differs |= ~Q(**{name: value})
    return differs


def rewrite_rows(table: PersonalTable, customer: Customer) -> int:
    """Compute each row's values from its former ones, a batch at a time: a customer may have many events."""
    number = last = 0
    rows = table.rows(customer)
    while True:
        batch = list(rows.filter(pk__gt=last).order_by("pk")[:BATCH_SIZE])
        changed = [row for row in batch if assign_erased(table, customer, row)]
        if changed:
            number += rows.bulk_update(changed, [*table.erased], batch_size=BATCH_SIZE)
        if len(batch) < BATCH_SIZE:
            return number
        last = batch[-1].pk


def assign_erased(table: PersonalTable, customer: Customer, row: Any) -> bool:
    """Set the erased values on a row. Return whether any of them differs from the former one."""
    former = {name: getattr(row, name) for name in table.erased}
    erased = table.erased_values(customer, former)
    for name, value in erased.items():
        setattr(row, name, value)
    return erased != former
