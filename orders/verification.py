"""Proving the book: balances against the ledger's entries, statistics against the orders.

The database adds up, a range of customers at a time, so that a million of them take little memory and no
statement takes long. What looks wrong is looked at again under the customer's lock, because the book may be
in use meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from customers.models import Customer, LedgerEntry
from customers.money import round_half_up
from customers.services.accounts import BALANCES
from customers.services.editing import editing, lock
from orders.models import DailySales, Order
from orders.services import daily
from orders.services.statistics import STATISTICS, recount
from stores.actors import SYSTEM
from stores.batches import batches
from stores.models import Store

COLUMNS = (*BALANCES.values(), *STATISTICS)
NO_SALES = (0, Decimal(0))
NOTHING = {name: None if name.endswith("_at") else Decimal(0) for name in COLUMNS}

Values = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """One column of one customer's row that is not what it should be."""

    customer: Customer
    column: str
    stands: Any
    should_be: Any

    @property
    def is_statistic(self) -> bool:
        return self.column in STATISTICS

    def __str__(self) -> str:
        source = "its orders say" if self.is_statistic else "the sum of its entries is"
        return (
            f"customer {self.customer.uid} of {self.customer.store}: "
            f"{self.column} is {self.stands}, {source} {self.should_be}"
        )


def differences(store: Store | None = None) -> Iterator[Difference]:
    """Every difference in one store or in all, in the order of the customers' keys."""
    kept = Customer.objects.for_store(store).values("pk", *COLUMNS)
    for rows in batches(kept):
        keys = Q(customer_id__gte=rows[0]["pk"], customer_id__lte=rows[-1]["pk"])
        expected = expectations(
            LedgerEntry.objects.for_store(store).filter(keys),
            Order.objects.for_store(store).filter(keys),
        )
        for row in rows:
            pk = row.pop("pk")
            if row != NOTHING | expected.get(pk, {}):
                yield from confirmed(pk)


def expectations(entries: QuerySet, orders: QuerySet) -> dict[int, Values]:
    """What the columns should be, by the key of the customer, as far as there is anything to add up."""
    sums = {name: Sum("amount", filter=Q(account=account)) for account, name in BALANCES.items()}
    found: dict[int, Values] = {}
    for rows, aggregates in ((entries, sums), (orders, STATISTICS)):
        grouped = rows.order_by().values("customer_id").annotate(**aggregates)
        for row in grouped:
            found.setdefault(row.pop("customer_id"), {}).update(exact(row))
    return found


def exact(row: Values) -> Values:
    """SQLite adds money up in binary fractions, and both engines find no sum in no rows."""
    money = {name: row[name] for name in (*BALANCES.values(), "total_spent") if name in row}
    return row | {name: round_half_up(value or Decimal(0), 2) for name, value in money.items()}


def confirmed(pk: int) -> list[Difference]:
    """The differences of one customer while nobody can change it."""
    with transaction.atomic():
        customer = lock(Customer.objects.filter(pk=pk))
        own = {"store": customer.store, "customer": customer}
        found = expectations(LedgerEntry.objects.filter(**own), Order.objects.filter(**own))
        expected = NOTHING | found.get(pk, {})
    return [
        Difference(customer, name, getattr(customer, name), expected[name])
        for name in COLUMNS
        if getattr(customer, name) != expected[name]
    ]


@dataclass(frozen=True)
class DayDifference:
    """A day of a store whose sums are not those of its orders."""

    store: Store
    day: date
    stands: tuple[int, Decimal]
    should_be: tuple[int, Decimal]

    def __str__(self) -> str:
        (orders, revenue), (counted, summed) = self.stands, self.should_be
        return (
            f"{self.day} of {self.store}: {orders} orders of {revenue}, "
            f"its orders say {counted} of {summed}"
        )


def day_differences(store: Store | None = None) -> Iterator[DayDifference]:
    """The same for what each store sold on each day."""
    for one in Store.objects.filter(pk=store.pk) if store else Store.objects.order_by("pk"):
        expected = sums_by_day(daily.totals(Order.objects.for_store(one)))
        standing = sums_by_day(DailySales.objects.for_store(one))
        for day in sorted(expected.keys() | standing.keys()):
            if standing.get(day, NO_SALES) != expected.get(day, NO_SALES):
                yield from confirmed_day(one, day)


def sums_by_day(rows: Iterable[DailySales]) -> dict[date, tuple[int, Decimal]]:
    return {row.day: (row.orders, row.revenue) for row in rows}


def confirmed_day(store: Store, day: date) -> list[DayDifference]:
    """The difference of one day while nobody can change it."""
    with transaction.atomic():
        row, should_be = held_day(store, day)
    stands = row.orders, row.revenue
    return [] if stands == should_be else [DayDifference(store, day, stands, should_be)]


def held_day(store: Store, day: date) -> tuple[DailySales, tuple[int, Decimal]]:
    """A day's row, made if there is none and held until the commit, and what it should say."""
    daily.add(store.pk, day, 0, Decimal(0))
    start = datetime.combine(day, time.min, UTC)
    placed = Q(placed_at__gte=start, placed_at__lt=start + timedelta(days=1))
    expected = sums_by_day(daily.totals(Order.objects.for_store(store).filter(placed)))
    return DailySales.objects.get(store=store, day=day), expected.get(day, NO_SALES)


def repair_day(found: DayDifference) -> None:
    with transaction.atomic():
        row, should_be = held_day(found.store, found.day)
        row.orders, row.revenue = should_be
        row.save(update_fields=["orders", "revenue"])


def repair(customer: Customer) -> None:
    """Sets the statistics of one customer to what its orders say, as a change like any other."""
    with editing(Customer.objects.filter(store=customer.store_id, pk=customer.pk), SYSTEM) as edit:
        recount(edit.customer)
        edit.finish()
