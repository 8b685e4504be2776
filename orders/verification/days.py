"""Compare the daily sales of each store with its orders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from customers.money import plain_amount
from orders.models import DailySales, Order
from orders.services import daily
from stores.models import Store

NO_SALES = (0, Decimal(0))


@dataclass(frozen=True)
class DayDifference:
    """A day of a store whose sales are not the sum of its orders."""

    store: Store
    day: date
    actual: tuple[int, Decimal]
    expected: tuple[int, Decimal]

    def __str__(self) -> str:
        (orders, revenue), (counted, summed) = self.actual, self.expected
        return (
            f"{self.day} of {self.store}: {orders} orders of {plain_amount(revenue)}, "
            f"its orders say {counted} of {plain_amount(summed)}"
        )


def day_differences(store: Store | None = None) -> Iterator[DayDifference]:
    """Yield every difference in one store or in all, day by day."""
    for each_store in Store.objects.filter(pk=store.pk) if store else Store.objects.order_by("pk"):
        expected = sums_by_day(daily.totals(Order.objects.for_store(each_store)))
        recorded = sums_by_day(DailySales.objects.for_store(each_store))
        for day in sorted(expected.keys() | recorded.keys()):
            if recorded.get(day, NO_SALES) != expected.get(day, NO_SALES):
                yield from recheck_locked_day(each_store, day)


def sums_by_day(rows: Iterable[DailySales]) -> dict[date, tuple[int, Decimal]]:
    return {row.day: (row.orders, row.revenue) for row in rows}


def recheck_locked_day(store: Store, day: date) -> list[DayDifference]:
    """Return the difference of one day, compared again under its lock."""
    with transaction.atomic():
        row, expected = locked_day(store, day)
        transaction.set_rollback(True)  # a check must not leave a new row
    actual = row.orders, row.revenue
    return [] if actual == expected else [DayDifference(store, day, actual, expected)]


def locked_day(store: Store, day: date) -> tuple[DailySales, tuple[int, Decimal]]:
    """Lock a day's row until the commit. Return it and the expected sums. Create it if there is none."""
    daily.add(store.pk, day, 0, Decimal(0))
    start = datetime.combine(day, time.min, UTC)
    placed = Q(placed_at__gte=start, placed_at__lt=start + timedelta(days=1))
    expected = sums_by_day(daily.totals(Order.objects.for_store(store).filter(placed)))
    return DailySales.objects.get(store=store, day=day), expected.get(day, NO_SALES)


def repair_day(difference: DayDifference) -> None:
    """Set the sales of a day to the sum of its orders."""
    with transaction.atomic():
        row, expected = locked_day(difference.store, difference.day)
        row.orders, row.revenue = expected
        row.save(update_fields=["orders", "revenue"])
