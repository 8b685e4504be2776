"""Update the statistics on a customer's row: counts of orders, money spent, first and last order.

`total_spent` is the totals of the orders that are not cancelled, less their refunds. Cancelled orders count
only in `orders_ever`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, Q, Sum

from customers.models import Customer
from customers.money import round_half_up
from orders.models import Order
from orders.models.order import NET, OrderQuerySet, Status

COUNTING = ~Q(status=Status.CANCELLED)
STATISTICS: dict[str, Any] = {
    "order_count": Count("pk", filter=COUNTING),
    "orders_ever": Count("pk"),
    "total_spent": Sum(NET, filter=COUNTING),
    "first_order_at": Min("placed_at", filter=COUNTING),
    "last_order_at": Max("placed_at", filter=COUNTING),
}


def count_placed(customer: Customer, order: Order) -> None:
    """Count a new order without reading the others: a customer may have thousands."""
    customer.order_count += 1
    customer.orders_ever += 1
    customer.total_spent += order.total
    customer.first_order_at = min(customer.first_order_at or order.placed_at, order.placed_at)
    customer.last_order_at = max(customer.last_order_at or order.placed_at, order.placed_at)


def uncount_cancelled(customer: Customer, order: Order) -> None:
    """Count the other orders anew when this one is being cancelled. Its row need not be saved yet."""
    others = statistics_of(orders_of(customer).exclude(pk=order.pk))
    assign(customer, others | {"orders_ever": customer.orders_ever})


def recount(customer: Customer) -> None:
    """Set all statistics from the orders."""
    assign(customer, statistics_of(orders_of(customer)))


def orders_of(customer: Customer) -> OrderQuerySet:
    return Order.objects.filter(store=customer.store_id, customer=customer)


def statistics_of(orders: OrderQuerySet) -> dict[str, Any]:
    sums = orders.aggregate(**STATISTICS)
    # SQLite adds in binary fractions.
    return sums | {"total_spent": round_half_up(sums["total_spent"] or Decimal(0))}


def assign(customer: Customer, statistics: dict[str, Any]) -> None:
    for name, value in statistics.items():
        setattr(customer, name, value)
