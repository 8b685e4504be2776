"""Compare charges, credits and orders with the ledger's entries, the allocations and the payments.

Everything is read for a batch of customers at a time, and compared in memory. Entries, allocations
and payments cannot be changed (a database trigger refuses), so the other tables are compared with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from customers.models import Charge, Customer
from customers.services.editing import lock
from orders.models import Credit
from orders.verification.account_rows import AccountRows, read_accounts
from orders.verification.credit_notes import faults_of_credit_notes
from orders.verification.expected_accounts import (
    expected_charges,
    expected_credits,
    faults_of_account,
)
from orders.verification.expected_orders import faults_of_orders
from orders.verification.moved_rows import Values
from orders.verification.order_times import faults_of_times
from stores.database.batches import batches
from stores.models import Store

OWNER_COLUMNS = ("store_id", "account_balance", "deleted_at", "withdrawn_at")


@dataclass(frozen=True)
class AllocationDifference:
    """A customer whose charges, credits or orders do not follow from entries, allocations and payments."""

    customer: Customer
    fault: str

    def __str__(self) -> str:
        return f"customer {self.customer.uid} of {self.customer.store}: {self.fault}"


def allocation_differences(store: Store | None = None) -> Iterator[AllocationDifference]:
    customers = Customer.objects.for_store(store).values("pk", *OWNER_COLUMNS)
    for rows in batches(customers):
        keys = Q(customer_id__gte=rows[0]["pk"], customer_id__lte=rows[-1]["pk"])
        accounts = read_accounts(store, keys)
        for row in rows:
            account = accounts.pop(row["pk"], None) or AccountRows()
            if next(faults(account, row), None):
                yield from recheck_locked(row["store_id"], row["pk"])
        for pk in accounts:  # rows that name a customer of another store
            yield from recheck_locked(None, pk)


def faults(account: AccountRows, owner: Values) -> Iterator[str]:
    """Yield what is wrong with the rows of a customer, given its `OWNER_COLUMNS`."""
    yield from faults_of_account(account, owner["store_id"], owner["account_balance"])
    yield from faults_of_orders(account)
    yield from faults_of_times(account, owner)
    yield from faults_of_credit_notes(account)


def repair_charges(difference: AllocationDifference) -> list[AllocationDifference]:
    """Set the charges and credits of a customer as entries and allocations say. Return what is still wrong."""
    customer = difference.customer
    with transaction.atomic():
        lock(customer.as_queryset())
        account = read_accounts(customer.store, Q(customer_id=customer.pk))[customer.pk]
        tables = ((Charge, expected_charges(account)), (Credit, expected_credits(account)))
        for table, expected in tables:
            rows = table.objects.filter(store=customer.store_id, customer=customer)
            for uid, columns in expected.items():
                rows.filter(uid=uid).update(**columns)
    return recheck_locked(customer.store_id, customer.pk)


def recheck_locked(store_id: int | None, pk: int) -> list[AllocationDifference]:
    """Return the differences of one customer, compared again under its lock."""
    keys = {"pk": pk} if store_id is None else {"pk": pk, "store": store_id}
    with transaction.atomic():
        customer = lock(Customer.objects.filter(**keys))
        account = read_accounts(None, Q(customer_id=pk)).get(pk, AccountRows())
    owner: Values = {name: getattr(customer, name) for name in OWNER_COLUMNS}
    return [AllocationDifference(customer, fault) for fault in faults(account, owner)]
