"""Verify that nothing of erased customers has come back, for example with a restored backup.

The customers of a store are checked many at a time, a statement for each table. Only where something may be
left are they checked one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from customers.models import Customer
from customers.privacy.models import Erasure
from customers.privacy.personal_data import PERSONAL_TABLES, PersonalTable
from customers.privacy.personal_data.tables import RowsBy
from customers.privacy.services.rows import count_rows, differs_from_constants
from stores.database.batches import batches, in_parts

AT_A_TIME = 500  # customers


def findings() -> Iterator[str]:
    """Yield a sentence for each table that has personal data of a customer that was erased."""
    for customers in groups():
        for table in PERSONAL_TABLES:
            for customer in suspects(table, customers):
                if number := remaining(table, customer):
                    yield f"customer {customer.uid}: {number} rows left in {table.title}"


def groups() -> Iterator[list[Customer]]:
    """Yield all erased customers, some of one store at a time."""
    for batch in batches(Erasure.objects.values("pk", "store_id", "customer_id")):
        batch.sort(key=lambda row: row["store_id"])
        for store, rows in groupby(batch, lambda row: row["store_id"]):
            keys = [row["customer_id"] for row in rows]
            for part in in_parts(keys, AT_A_TIME):
                customers = Customer.objects.filter(store=store, pk__in=part)
                yield list(customers.select_related("store"))


def suspects(table: PersonalTable, customers: Sequence[Customer]) -> Sequence[Customer]:
    """Return the customers of a store that this table may have something of."""
    among = getattr(table.rows, "among", None)
    if among is None:
        return customers
    rows = among(customers)
    if not table.deletes_rows:
        if not table.erased:
            return ()
        if any(map(callable, table.erased.values())):
            return computed_suspects(table, customers, rows)
        rows = rows.filter(differs_from_constants(table))
    return customers if rows.exists() else ()


def computed_suspects(
    table: PersonalTable, customers: Sequence[Customer], rows: Any
) -> Sequence[Customer]:
    """Compare each row with what an erasure of its customer leaves, where a column names the customer."""
    if not isinstance(table.rows, RowsBy):
        return customers if has_others(table, customers, rows) else ()
    owners = {table.rows.key(customer): customer for customer in customers}
    found: dict[int, Customer] = {}
    values = rows.order_by().values(table.rows.column, *table.erased)
    for row in values.iterator(chunk_size=500):
        owner = owners[row[table.rows.column]]
        if table.erased_values(owner, row) != {name: row[name] for name in table.erased}:
            found[owner.pk] = owner
    return [*found.values()]


def has_others(table: PersonalTable, customers: Sequence[Customer], rows: Any) -> bool:
    """Tell whether a row differs from what the erasure of any of these customers leaves."""
    nothing = dict.fromkeys(table.erased)
    left = {tuple(table.erased_values(customer, nothing).values()) for customer in customers}
    values = rows.order_by().values_list(*table.erased).iterator(chunk_size=500)
    return any(row not in left for row in values)


def remaining(table: PersonalTable, customer: Customer) -> int:
    """Return how many rows have a value that an erasure changes."""
    if table.deletes_rows or not any(map(callable, table.erased.values())):
        return count_rows(table, customer)
    rows = table.rows(customer).iterator(chunk_size=500)
    return sum(1 for row in rows if differs(table, customer, row))


def differs(table: PersonalTable, customer: Customer, row: object) -> bool:
    former = {name: getattr(row, name) for name in table.erased}
    return table.erased_values(customer, former) != former
