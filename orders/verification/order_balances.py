"""What the ledger holds for each order, against what the order says stands on the account."""

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
from stores.batches import batches
from stores.models import Store

KEY = ("store_id", "customer_id", "order_uid")
Amounts = dict[tuple[int, int, uuid.UUID], Decimal]


@dataclass(frozen=True)
class HeldDifference:
    """An order that is not on the account with what its entries come to."""

    store: Store
    order_uid: uuid.UUID
    stands: Decimal
    held: Decimal

    def __str__(self) -> str:
        return (
            f"order {self.order_uid} of {self.store}: {self.stands} of it is on the account, "
            f"its entries come to {self.held}"
        )


def held_differences(store: Store | None = None) -> Iterator[HeldDifference]:
    for rows in batches(Customer.objects.for_store(store).values("pk")):
        keys = Q(customer_id__gte=rows[0]["pk"], customer_id__lte=rows[-1]["pk"])
        held = held_by(LedgerEntry.objects.for_store(store).filter(keys))
        standing = standing_of(Order.objects.for_store(store).filter(keys))
        for key in sorted({key for key, _ in held.items() ^ standing.items()}):
            yield from confirmed(*key)


def confirmed(store_id: int, customer_id: int, order_uid: uuid.UUID) -> list[HeldDifference]:
    """The difference of one order while nobody can change it."""
    key = (store_id, customer_id, order_uid)
    with transaction.atomic():
        customer = lock(Customer.objects.filter(store=store_id, pk=customer_id))
        own = {"store": customer.store, "customer": customer}
        held = held_by(LedgerEntry.objects.filter(**own, order_uid=order_uid))
        standing = standing_of(Order.objects.filter(**own, uid=order_uid))
    stands, should_be = standing.get(key, Decimal(0)), held.get(key, Decimal(0))
    if stands == should_be:
        return []
    return [HeldDifference(customer.store, order_uid, stands, should_be)]


def held_by(entries: QuerySet[LedgerEntry]) -> Amounts:
    """The sums of the entries of each order; SQLite adds them up in binary fractions."""
    own = entries.filter(OF_ORDER, account=Account.HOUSE).order_by()
    sums = own.values(*KEY).annotate(sum=Sum("amount")).values_list(*KEY, "sum")
    found = {tuple(key): round_half_up(amount, 2) for *key, amount in sums}
    return {key: amount for key, amount in found.items() if amount}


def standing_of(orders: QuerySet[Order]) -> Amounts:
    some = orders.exclude(charged_amount=0, account_paid_amount=0).order_by()
    rows = some.values_list(
        "store_id", "customer_id", "uid", "charged_amount", "account_paid_amount"
    )
    return {(store, customer, uid): charged + paid for store, customer, uid, charged, paid in rows}
