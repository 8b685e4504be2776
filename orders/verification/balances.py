"""Compare balances with the ledger's entries, and statistics with the orders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from customers.models import Customer, LedgerEntry
from customers.money import round_half_up
from customers.services.accounts import BALANCES
from customers.services.editing import editing, lock
from orders.models import Order
from orders.services.statistics import STATISTICS, recount
from orders.verification.comparing import as_text
from stores.actors import SYSTEM
from stores.database.batches import batches
from stores.models import Store

COLUMNS = (*BALANCES.values(), *STATISTICS)
NOTHING = {name: None if name.endswith("_at") else Decimal(0) for name in COLUMNS}

Values = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """A column of a customer whose value is not the expected one."""

    customer: Customer
    column: str
    actual: Any
    expected: Any

    @property
    def is_statistic(self) -> bool:
        return self.column in STATISTICS

    def __str__(self) -> str:
        source = "its orders say" if self.is_statistic else "the sum of its entries is"
        return (
            f"customer {self.customer.uid} of {self.customer.store}: "
            f"{self.column} is {as_text(self.actual)}, {source} {as_text(self.expected)}"
        )


def differences(store: Store | None = None) -> Iterator[Difference]:
    """Yield every difference in one store or in all, in the order of the customers' keys."""
    customers = Customer.objects.for_store(store).values("pk", "store_id", *COLUMNS)
    for rows in batches(customers):
        keys = Q(customer_id__gte=rows[0]["pk"], customer_id__lte=rows[-1]["pk"])
        expected = expectations(
            LedgerEntry.objects.for_store(store).filter(keys),
            Order.objects.for_store(store).filter(keys),
        )
        for row in rows:
            pk, store_id = row.pop("pk"), row.pop("store_id")
            if row != NOTHING | expected.get(pk, {}):
                yield from recheck_locked(store_id, pk)


def expectations(entries: QuerySet[LedgerEntry], orders: QuerySet[Order]) -> dict[int, Values]:
    """Return the expected columns by the key of the customer. Without entries, or orders, they are missing."""
    sums = {name: Sum("amount", filter=Q(account=account)) for account, name in BALANCES.items()}
    expected: dict[int, Values] = {}
    for rows, aggregates in ((entries, sums), (orders, STATISTICS)):
        grouped: Iterable[Any] = rows.order_by().values("customer_id").annotate(**aggregates)
        for row in grouped:
            expected.setdefault(row.pop("customer_id"), {}).update(exact(row))
    return expected


def exact(row: Values) -> Values:
    """Round sums of money, because SQLite adds in binary fractions. Without rows the sum is None: make it 0."""
    money = {name: row[name] for name in (*BALANCES.values(), "total_spent") if name in row}
    return row | {name: round_half_up(value or Decimal(0)) for name, value in money.items()}


def recheck_locked(store_id: int, pk: int) -> list[Difference]:
    """Return the differences of one customer, compared again under its lock."""
    with transaction.atomic():
        customer = lock(Customer.objects.filter(store=store_id, pk=pk))
        keys = {"store": customer.store, "customer": customer}
        sums = expectations(LedgerEntry.objects.filter(**keys), Order.objects.filter(**keys))
        expected = NOTHING | sums.get(pk, {})
    return [
        Difference(customer, name, getattr(customer, name), expected[name])
        for name in COLUMNS
        if getattr(customer, name) != expected[name]
    ]


def repair(customer: Customer) -> None:
    """Set the statistics of one customer from its orders, with a new version and an event."""
    with editing(customer.as_queryset(), SYSTEM) as edit:
        recount(edit.customer)
        edit.save_and_publish()
