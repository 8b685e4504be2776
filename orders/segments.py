"""Which kind of customer it is, compared with the others of its store.

`new`: no order, or the first one within 30 days. `at_risk`: silent for more than 60 days and more than
twice its usual gap between orders. Else by revenue of the last 365 days: `low_value` in the lowest third of
the store's customers who ordered in that time, `high_value` in the highest, `medium_value` between them.
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
OWN_CACHE_SECONDS = 600  # of what no worker measured
CACHE_SECONDS = 60  # of what a worker measured
MAX_AGE = timedelta(hours=2)  # older ones mean that no worker runs


def segment_of(customer: Customer, year_revenue: Decimal, now: datetime) -> str:
    """`year_revenue` is the customer's own, of the last 365 days."""
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
    """The mean time between orders; none for a single one."""
    return (last - first) / (orders - 1) if orders > 1 else timedelta(0)


def revenue_thirds(store: Store, now: datetime) -> tuple[Decimal, Decimal]:
    """The bounds of the thirds: the least yearly revenue in the middle third and in the highest third.

    For a large store they are what a worker measured last, or else are cached for ten minutes.
    """
    key = f"revenue-thirds-{store.pk}"
    kept: tuple[Decimal, Decimal] | None = cache_get(key)
    if kept is not None:
        return kept
    measured = RevenueThirds.objects.for_store(store).filter(
        customers__gt=LARGE_STORE, measured_at__gt=now - MAX_AGE
    )
    found = measured.values_list("middle", "high").first()
    if found is not None:
        cache_set(key, found, CACHE_SECONDS)
        return found
    bounds, everyone = measure_revenue_thirds(store, now)
    if everyone > LARGE_STORE:
        cache_set(key, bounds, OWN_CACHE_SECONDS)
    return bounds


def measure_revenue_thirds(store: Store, now: datetime) -> tuple[tuple[Decimal, Decimal], int]:
    """The bounds, and the number of customers they divide."""
    orders = Order.objects.for_store(store).visible().counting().filter(placed_at__gte=now - YEAR)
    sums = orders.order_by().values("customer_id").annotate(revenue=Sum(NET))
    everyone = sums.count()
    if not everyone:
        return (Decimal(0), Decimal(0)), 0
    ranked = sums.annotate(rank=Window(RowNumber(), order_by="revenue"))
    ranks = {everyone // 3 + 1, everyone * 2 // 3 + 1}
    bounds = sorted(row["revenue"] for row in ranked.filter(rank__in=ranks))
    return (round_half_up(bounds[0], 2), round_half_up(bounds[-1], 2)), everyone
