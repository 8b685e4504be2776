"""Orders on account, and what they and their customers owe now."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from customers.models import Customer
from orders.models import Order
from tests.factories import LineFields, OrderFactory


def order_of(customer: Customer, price: str, **wishes: Any) -> Order:
    """Place an order of one piece at this price, on account by default."""
    line = LineFields(quantity=1, unit_price=Decimal(price))
    order: Order = OrderFactory(customer=customer, items=[line], **{"on_account": True, **wishes})
    return order


def state(order: Order) -> tuple[str, Decimal, Decimal]:
    """Return payment status, paid amount and charged amount, as they are in the database."""
    order.refresh_from_db()
    return order.payment_status, order.paid_amount, order.charged_amount


def owed(customer: Customer) -> Decimal:
    customer.refresh_from_db()
    return customer.account_balance
