"""Update the daily sales of a store in the transaction that changes an order.

Each update locks the day's row until the commit. So do it late, but before the event, which locks the store. A
transaction that has locked a day then waits only for the store, and one that has locked the store waits
for nothing: no deadlocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal

from django.db.models import Count, F, Sum
from django.db.models.functions import TruncDate

from customers.money import round_half_up
from orders.models import DailySales, Order
from orders.models.order import NET, OrderQuerySet, Status, exact_amount
from stores.database.compiled import BindParam
from stores.database.updates import CompiledUpdate

MORE_ORDERS = BindParam("orders", DailySales._meta.get_field("orders"))
MORE_REVENUE = BindParam("revenue", DailySales._meta.get_field("revenue"))
ADDITION = CompiledUpdate(
    DailySales,
    "day",
    orders=F("orders") + MORE_ORDERS,
    revenue=exact_amount(F("revenue") + MORE_REVENUE),
)


@dataclass(frozen=True)
class DailyContribution:
    """The share of one order in the sales of its day."""

    orders: int
    revenue: Decimal


NO_CONTRIBUTION = DailyContribution(0, Decimal(0))


def contribution_of(order: Order) -> DailyContribution:
    if order.status == Status.CANCELLED:
        return NO_CONTRIBUTION
    return DailyContribution(1, order.net_amount)


def day_of(order: Order) -> date:
    return order.placed_at.astimezone(UTC).date()


def apply_change(order: Order, before: DailyContribution) -> None:
    """Update the order's day. `before` is what the order contributed until now."""
    now = contribution_of(order)
    if now != before:
        add(order.store_id, day_of(order), now.orders - before.orders, now.revenue - before.revenue)


def add(store_id: int, day: date, orders: int, revenue: Decimal) -> None:
    """Add to the sales of a day. Create its row if there is none."""
    change = {"orders": orders, "revenue": revenue}
    if not ADDITION.run(store_id, day, **change):
        # Another request may insert the row at the same time.
        first = DailySales(store_id=store_id, day=day)
        DailySales.objects.bulk_create([first], ignore_conflicts=True)
        ADDITION.run(store_id, day, **change)


def totals(orders: OrderQuerySet) -> Iterator[DailySales]:
    """Yield the sales of each day as the orders add up to. The database adds them."""
    day = TruncDate("placed_at", tzinfo=UTC)
    counting = orders.counting().order_by()
    by_day = counting.annotate(day=day).values_list("store_id", "day")
    sums = by_day.annotate(count=Count("pk"), revenue=Sum(NET))
    for store_id, date_, count, revenue in sums.iterator():
        yield DailySales(store_id=store_id, day=date_, orders=count, revenue=round_half_up(revenue))
