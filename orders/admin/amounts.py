"""Amounts of orders, in the order's currency and as its store writes numbers."""

from __future__ import annotations

from decimal import Decimal

from orders.models import Order
from stores.admin.display import amount, number


def order_amount(order: Order, value: Decimal) -> str:
    """Return an amount in the currency of the order, as its store writes it."""
    return amount(value, order.currency, order.store.country)


def order_number(order: Order, value: Decimal) -> str:
    return number(value, order.currency, order.store.country)
