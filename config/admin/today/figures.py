"""The figures of the start page: of one store, in its currency and time zone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.utils import timezone

from config.admin.today.by_month import new_customers, revenue
from customers.models import Customer
from orders import receivables
from orders.models.order import NET
from orders.monthly import first_of_months, midnight, orders_of
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
