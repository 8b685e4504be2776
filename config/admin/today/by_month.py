"""The figures of each month: revenue and new customers."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet, Sum

from customers.models import Customer
from orders.models import DailySales
from orders.models.order import NET
from orders.monthly import MONTHS, midnight, months_from, orders_of
from stores.models import Store


def revenue(store: Store, first: date) -> list[tuple[date, Any]]:
    """Return the revenue of each month, from sums of UTC days.

    The hours between UTC's midnight and the store's are read from the orders.
    """
    months = months_from(first, MONTHS + 1)
    bounds = [midnight(store, month).astimezone(UTC) for month in months]
    days = DailySales.objects.for_store(store).filter(day__gte=bounds[0].date())
    sums = list(days.values_list("day", "revenue"))
    return [
        (
            month,
            sum((net for day, net in sums if start.date() <= day < end.date()), Decimal(0))
            - since_midnight(store, start)
            + since_midnight(store, end),
        )
        for month, (start, end) in zip(months, pairwise(bounds), strict=False)
    ]


def since_midnight(store: Store, moment: datetime) -> Decimal:
    """Return the revenue from UTC's last midnight to `moment`."""
    start = datetime.combine(moment.date(), time.min, UTC)
    if start == moment:
        return Decimal(0)
    placed = orders_of(store).filter(placed_at__gte=start, placed_at__lt=moment).order_by()
    return placed.aggregate(sum=Sum(NET))["sum"] or Decimal(0)


def new_customers(live: QuerySet[Customer], store: Store, first: date) -> list[tuple[date, int]]:
    """Return the new customers of each month. A count per month uses an index; grouping by month does not."""
    months = months_from(first, MONTHS + 1)
    return [
        (month, created_between(live, midnight(store, month), midnight(store, following)))
        for month, following in pairwise(months)
    ]


def created_between(live: QuerySet[Customer], start: datetime, end: datetime) -> int:
    return live.filter(created_at__gte=start, created_at__lt=end).order_by().count()
