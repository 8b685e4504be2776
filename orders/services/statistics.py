"""What a customer's row says about its orders: counts, money spent, first and last order.

Spent is the totals of the orders that are not cancelled, less their refunds; cancelled ones count only in
`orders_ever`.
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
    customer.order_count += 1
    customer.orders_ever += 1
    customer.total_spent += order.total
    customer.first_order_at = min(customer.first_order_at or order.placed_at, order.placed_at)
    customer.last_order_at = max(customer.last_order_at or order.placed_at, order.placed_at)


def uncount_cancelled(customer: Customer, order: Order) -> None:
    """Takes an order out that is being cancelled, whether its row says so already or not."""
    others = statistics_of(orders_of(customer).exclude(pk=order.pk))
    assign(customer, others | {"orders_ever": customer.orders_ever})


def recount(customer: Customer) -> None:
    """Sets all of them to what the orders say."""
    assign(customer, statistics_of(orders_of(customer)))


def orders_of(customer: Customer) -> OrderQuerySet:
    return Order.objects.filter(store=customer.store_id, customer=customer)


def statistics_of(orders: OrderQuerySet) -> dict[str, Any]:
    found = orders.aggregate(**STATISTICS)
    return found | {"total_spent": round_half_up(found["total_spent"] or Decimal(0), 2)}


def assign(customer: Customer, statistics: dict[str, Any]) -> None:
    for name, value in statistics.items():
        setattr(customer, name, value)
