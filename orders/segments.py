"""Put a customer into a segment, compared with the other customers of its store. From the contract of erp.

- `new`: no order, or the first one within 30 days.
- `at_risk`: no order for more than 60 days, and for more than twice the customer's usual gap between orders.
- `low_value`, `medium_value`, `high_value`: the third, by revenue of the last 365 days, among the store's
  customers who ordered in that time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Sum, Window
from django.db.models.functions import RowNumber

from customers.models import Customer
from customers.money import round_half_up
from orders.models import Order, RevenueThirds
from orders.models.order import NET
from stores.cache import cache_get, cache_set
from stores.models import Store

YOUNG = timedelta(days=30)
SILENT = timedelta(days=60)
YEAR = timedelta(days=365)
LARGE_STORE = 1_000  # customers; with more than that, the bounds of the thirds hardly move
OWN_CACHE_SECONDS = 600  # for bounds that a request measured itself
CACHE_SECONDS = 60  # for bounds that a worker measured
MAX_AGE = timedelta(hours=2)  # older bounds mean that no worker runs


def segment_of(customer: Customer, year_revenue: Decimal, now: datetime) -> str:
    """Return the segment of a customer with this revenue of the last 365 days."""
    first, last = customer.first_order_at, customer.last_order_at
    if first is None or last is None or now - first <= YOUNG:
        return "new"
    if now - last > max(SILENT, 2 * usual_gap(customer.order_count, first, last)):
        return "at_risk"
    middle, high = revenue_thirds(customer.store, now)
    if year_revenue >= high:
        return "high_value"
    return "medium_value" if year_revenue >= middle else "low_value"


def usual_gap(orders: int, first: datetime, last: datetime) -> timedelta:
    """Return the mean time between orders; zero for a single order."""
    return (last - first) / (orders - 1) if orders > 1 else timedelta(0)


def revenue_thirds(store: Store, now: datetime) -> tuple[Decimal, Decimal]:
    """Return the bounds of the thirds: the least yearly revenue in the middle third and in the highest third.

    For a large store, return what a worker measured last; without a worker, cache the bounds for ten minutes.
    """
    key = f"revenue-thirds-{store.pk}"
    cached: tuple[Decimal, Decimal] | None = cache_get(key)
    if cached is not None:
        return cached
    measured = RevenueThirds.objects.for_store(store).filter(
        customers__gt=LARGE_STORE, measured_at__gt=now - MAX_AGE
    )
    from_worker = measured.values_list("middle", "high").first()
    if from_worker is not None:
        cache_set(key, from_worker, CACHE_SECONDS)
        return from_worker
    bounds, customers = measure_revenue_thirds(store, now)
    if (
        customers > LARGE_STORE
    ):  # a small store is measured quickly, and each order moves its bounds
        cache_set(key, bounds, OWN_CACHE_SECONDS)
    return bounds


def measure_revenue_thirds(store: Store, now: datetime) -> tuple[tuple[Decimal, Decimal], int]:
    """Return the bounds, and the number of customers that they divide."""
    orders = Order.objects.for_store(store).counting().filter(placed_at__gte=now - YEAR)
    sums = orders.order_by().values("customer_id").annotate(revenue=Sum(NET))
    customers = sums.count()
    if not customers:
        return (Decimal(0), Decimal(0)), 0
    ranked = sums.annotate(rank=Window(RowNumber(), order_by="revenue"))
    ranks = {customers // 3 + 1, customers * 2 // 3 + 1}
    bounds = sorted(row["revenue"] for row in ranked.filter(rank__in=ranks))
    return (round_half_up(bounds[0]), round_half_up(bounds[-1])), customers
