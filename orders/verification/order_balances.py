"""Compare the ledger's entries for each order with the order's amounts on the customer's account."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from customers.models import Customer, LedgerEntry
from customers.models.ledger import OF_ORDER, Account
from customers.money import round_half_up
from customers.services.editing import lock
from orders.models import Order
from stores.database.batches import batches
from stores.models import Store

KEY = ("store_id", "customer_id", "order_uid")
Amounts = dict[tuple[int, int, uuid.UUID], Decimal]


@dataclass(frozen=True)
class OrderBalanceDifference:
    """An order whose amount on the account is not the sum of its ledger entries."""

    store: Store
    order_uid: uuid.UUID
    actual: Decimal
    expected: Decimal

    def __str__(self) -> str:
        return (
            f"order {self.order_uid} of {self.store}: {self.actual} of it is on the account, "
            f"its entries come to {self.expected}"
        )


def order_balance_differences(store: Store | None = None) -> Iterator[OrderBalanceDifference]:
    for rows in batches(Customer.objects.for_store(store).values("pk")):
        keys = Q(customer_id__gte=rows[0]["pk"], customer_id__lte=rows[-1]["pk"])
        totals = ledger_totals(LedgerEntry.objects.for_store(store).filter(keys))
        recorded = recorded_amounts(Order.objects.for_store(store).filter(keys))
        for key in sorted({key for key, _ in totals.items() ^ recorded.items()}):
            yield from recheck_locked(*key)


def recheck_locked(
    store_id: int, customer_id: int, order_uid: uuid.UUID
) -> list[OrderBalanceDifference]:
    """Return the difference of one order, compared again under the customer's lock."""
    key = (store_id, customer_id, order_uid)
    with transaction.atomic():
        customer = lock(Customer.objects.filter(store=store_id, pk=customer_id))
        keys = {"store": customer.store, "customer": customer}
        totals = ledger_totals(LedgerEntry.objects.filter(**keys, order_uid=order_uid))
        recorded = recorded_amounts(Order.objects.filter(**keys, uid=order_uid))
    actual, expected = recorded.get(key, Decimal(0)), totals.get(key, Decimal(0))
    if actual == expected:
        return []
    return [OrderBalanceDifference(customer.store, order_uid, actual, expected)]


def ledger_totals(entries: QuerySet[LedgerEntry]) -> Amounts:
    """Return the sum of the entries of each order, where it is not zero."""
    of_orders = entries.filter(OF_ORDER, account=Account.HOUSE).order_by()
    sums = of_orders.values(*KEY).annotate(sum=Sum("amount")).values_list(*KEY, "sum")
    # SQLite adds in binary fractions.
    totals = {tuple(key): round_half_up(amount, 2) for *key, amount in sums}
    return {key: amount for key, amount in totals.items() if amount}


def recorded_amounts(orders: QuerySet[Order]) -> Amounts:
    """Return what each order says is on the account, where it is not zero."""
    charged = orders.exclude(charged_amount=0, account_paid_amount=0).order_by()
    rows = charged.values_list(
        "store_id", "customer_id", "uid", "charged_amount", "account_paid_amount"
    )
    return {(store, customer, uid): unpaid + paid for store, customer, uid, unpaid, paid in rows}
