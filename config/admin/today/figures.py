"""The figures of the start page: of one store, in its currency and time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from customers.models import Customer
from orders import receivables
from orders.models import DailySales
from orders.models.order import NET
from orders.monthly import MONTHS, first_of_months, midnight, months_from, orders_of
from stores.models import Store


def figures(store: Store) -> dict[str, Any]:
    """Return all figures of the page. Revenue is the totals of orders not cancelled, less refunds."""
    today = timezone.now().astimezone(store.tzinfo).date()
    first = first_of_months(today)
    live = Customer.objects.for_store(store).live()
    buckets = receivables.aging_buckets(store, today)
    return {
        "today": today,
        "day": of_day(store, today),
        "revenue": revenue(store, first),
        "new_customers": new_customers(live, store, first),
        "aging_buckets": buckets,
        "owed": sum((bucket.amount for bucket in buckets), Decimal(0)),
        "overdue": sum((bucket.amount for bucket in buckets[1:]), Decimal(0)),
        "prepaid_balance": receivables.prepaid_balance(store),
    }


def of_day(store: Store, day: date) -> dict[str, Any]:
    orders = orders_of(store).filter(placed_at__gte=midnight(store, day))
    sums = orders.aggregate(count=Count("pk"), revenue=Sum(NET))
    return sums | {"revenue": sums["revenue"] or Decimal(0)}


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
