"""Group orders by the calendar months of a store, which begin at midnight in the store's time zone."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from customers.models import Customer
from orders.models import Order
from orders.models.order import NET
from stores.models import Store

MONTHS = 12


def monthly_spending(customer: Customer, store: Store) -> list[tuple[date, Any]]:
    """Return what a customer spent in each of the last twelve months."""
    first = first_of_months(timezone.now().astimezone(store.tzinfo).date())
    orders = orders_of(store).filter(customer=customer, placed_at__gte=midnight(store, first))
    return by_month(in_months(orders, store, "placed_at", Sum(NET)), first)


def in_months(rows: QuerySet[Any], store: Store, moment: str, value: Any) -> QuerySet[Any, Any]:
    """Return pairs of month and aggregated `value`, by the month of the column `moment`."""
    months = rows.order_by().annotate(month=TruncMonth(moment, tzinfo=store.tzinfo))
    values: QuerySet[Any, Any] = months.values("month").annotate(value=value).order_by("month")
    return values.values_list("month", "value")


def by_month(rows: QuerySet[Any, Any], first: date) -> list[tuple[date, Any]]:
    """Return a value for each of the twelve months from `first`, zero for a month without one."""
    values = {(month.year, month.month): value for month, value in rows}
    return [(month, values.get((month.year, month.month), 0)) for month in months_from(first)]


def first_of_months(today: date) -> date:
    """Return the first day of the last twelve months, the present month included."""
    months = today.year * 12 + today.month - MONTHS
    return date(months // 12, months % 12 + 1, 1)


def months_from(first: date, count: int = MONTHS) -> list[date]:
    months = [divmod(first.year * 12 + first.month - 1 + step, 12) for step in range(count)]
    return [date(year, month + 1, 1) for year, month in months]


def midnight(store: Store, day: date) -> datetime:
    return datetime.combine(day, time.min, store.tzinfo)


def orders_of(store: Store) -> QuerySet[Order]:
    return Order.objects.for_store(store).counting()
