"""Keeps what a store sells in a day true, in the transaction that changes an order.

The day's row is held until the commit, so it is written late, but before the event: who holds it waits for
the store's lock alone, and who has that one waits for nobody any more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal

from django.db.models import Count, F, Sum
from django.db.models.functions import TruncDate

from customers.money import round_half_up
from orders.models import DailySales, Order
from orders.models.order import NET, OrderQuerySet, Status, cents


@dataclass(frozen=True)
class Share:
    """What one order adds to its day."""

    orders: int
    revenue: Decimal


NONE = Share(0, Decimal(0))


def share_of(order: Order) -> Share:
    if order.status == Status.CANCELLED or order.withdrawn_at:
        return NONE
    return Share(1, order.net_amount)


def day_of(order: Order) -> date:
    return order.placed_at.astimezone(UTC).date()


def count(order: Order, before: Share) -> None:
    """Brings the order's day up to date; `before` is what it added until now."""
    now = share_of(order)
    if now != before:
        add(order.store_id, day_of(order), now.orders - before.orders, now.revenue - before.revenue)


def uncount(store_id: int, orders: Iterable[Order]) -> None:
    """Takes the orders, of any days, out; the days in their order, so that no two wait for each other."""
    days: dict[date, list[Share]] = defaultdict(list)
    for order in orders:
        days[day_of(order)].append(share_of(order))
    for day, shares in sorted(days.items()):
        revenue = sum((share.revenue for share in shares), Decimal(0))
        add(store_id, day, -sum(share.orders for share in shares), -revenue)


def add(store_id: int, day: date, orders: int, revenue: Decimal) -> None:
    own = DailySales.objects.filter(store=store_id, day=day)
    change = {"orders": F("orders") + orders, "revenue": cents(F("revenue") + revenue)}
    if not own.update(**change):
        first = DailySales(store_id=store_id, day=day)
        DailySales.objects.bulk_create([first], ignore_conflicts=True)
        own.update(**change)


def totals(orders: OrderQuerySet) -> Iterator[DailySales]:
    """What the days' rows should say, added up by the database."""
    day = TruncDate("placed_at", tzinfo=UTC)
    counting = orders.visible().counting().order_by()
    found = counting.annotate(day=day).values_list("store_id", "day")
    sums = found.annotate(count=Count("pk"), revenue=Sum(NET))
    for store, on, count, revenue in sums.iterator():
        yield DailySales(store_id=store, day=on, orders=count, revenue=round_half_up(revenue, 2))
