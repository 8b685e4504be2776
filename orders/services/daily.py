"""Keeps the daily sales of a store up to date, in the transaction that changes an order.

The day's row is locked until the commit, so it is written late, but before the event. A transaction that has
locked it waits only for the store's lock, and one that has that lock waits for nothing: no deadlocks.
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
class DailyContribution:
    """What one order adds to the sales of its day."""

    orders: int
    revenue: Decimal


NO_CONTRIBUTION = DailyContribution(0, Decimal(0))


def contribution_of(order: Order) -> DailyContribution:
    if order.status == Status.CANCELLED or order.withdrawn_at:
        return NO_CONTRIBUTION
    return DailyContribution(1, order.net_amount)


def day_of(order: Order) -> date:
    return order.placed_at.astimezone(UTC).date()


def apply_change(order: Order, before: DailyContribution) -> None:
    """Updates the order's day; `before` is what the order contributed until now."""
    now = contribution_of(order)
    if now != before:
        add(order.store_id, day_of(order), now.orders - before.orders, now.revenue - before.revenue)


def remove_orders(store_id: int, orders: Iterable[Order]) -> None:
    """Takes orders, of any days, out of the sales; day after day, so that two calls cannot deadlock."""
    days: dict[date, list[DailyContribution]] = defaultdict(list)
    for order in orders:
        days[day_of(order)].append(contribution_of(order))
    for day, contributions in sorted(days.items()):
        revenue = sum((one.revenue for one in contributions), Decimal(0))
        add(store_id, day, -sum(one.orders for one in contributions), -revenue)


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
