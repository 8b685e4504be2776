"""Prove statements: they close with the balance, and their ages of today are what charges say is open.

Both are computed from entries, allocations and their days, as for a statement of any day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from customers.models import Charge, Customer, LedgerEntry
from customers.models.ledger import Account
from customers.money import round_half_up
from customers.services.editing import lock
from orders.open_charges import entries_until, open_on
from orders.verification.comparing import as_text
from stores.database.batches import batches
from stores.models import Store

ZERO = Decimal(0)
Sums = dict[int, Decimal]


@dataclass(frozen=True)
class StatementDifference:
    """A customer whose statement of today would not say what is owed."""

    customer: Customer
    fault: str

    def __str__(self) -> str:
        return f"customer {self.customer.uid} of {self.customer.store}: {self.fault}"


@dataclass(frozen=True)
class AccountSums:
    """Sums by the key of the customer, all as of the end of today."""

    closing: Sums  # of the entries until today
    open_then: Sums  # of charges, found as for any day
    open_now: Sums  # of charges, as they say

    def fault(self, customer: int, balance: Decimal) -> str:
        """Return what is wrong with a customer's account, or nothing."""
        closing = self.closing.get(customer, ZERO)
        if closing != balance:
            return (
                f"a statement closes with {as_text(closing)}, but the balance is {as_text(balance)}"
            )
        then, now = self.open_then.get(customer, ZERO), self.open_now.get(customer, ZERO)
        if then != now:
            return f"{as_text(now)} is open, but a statement of today says {as_text(then)}"
        return ""


def statement_differences(store: Store | None = None) -> Iterator[StatementDifference]:
    stores = [store] if store else Store.objects.order_by("pk")
    for each in stores:
        customers = Customer.objects.for_store(each).values("pk", "account_balance")
        for rows in batches(customers):
            sums = sums_of(each, Q(customer_id__gte=rows[0]["pk"], customer_id__lte=rows[-1]["pk"]))
            for row in rows:
                if sums.fault(row["pk"], row["account_balance"]):
                    yield from recheck_locked(each, row["pk"])


def recheck_locked(store: Store, pk: int) -> Iterator[StatementDifference]:
    """Yield the difference of one customer, compared again under its lock."""
    with transaction.atomic():
        customer = lock(Customer.objects.filter(store=store, pk=pk))
        fault = sums_of(store, Q(customer_id=pk)).fault(pk, customer.account_balance)
    if fault:
        yield StatementDifference(customer, fault)


def sums_of(store: Store, keys: Q) -> AccountSums:
    today = timezone.localdate(timezone=store.tzinfo)
    entries = LedgerEntry.objects.for_store(store).filter(keys, account=Account.HOUSE)
    charges = Charge.objects.filter(keys, store=store.pk)
    open_then = open_on(charges, today, store.tzinfo)
    return AccountSums(
        by_customer(entries_until(entries, today, store.tzinfo), "amount"),
        by_customer(open_then, "open_then"),
        by_customer(charges.filter(open_amount__gt=0), "open_amount"),
    )


def by_customer(rows: QuerySet[Any], column: str) -> Sums:
    """Return the sums of a column that are not zero, by the key of the customer."""
    sums: QuerySet[Any, Any] = rows.order_by().values("customer_id").annotate(sum=Sum(column))
    return {row["customer_id"]: round_half_up(row["sum"]) for row in sums if row["sum"]}
