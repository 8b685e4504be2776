"""Add up an order, and refuse amounts that it cannot have."""

from __future__ import annotations

from decimal import Decimal

from customers.money import LIMIT
from customers.services.amounts import require_digits
from orders.models import OrderLine
from stores.errors import Invalid

ZERO = Decimal(0)


def totals(
    lines: list[OrderLine], amounts: dict[str, Decimal], currency: str
) -> dict[str, Decimal]:
    """Return `subtotal` and `total`. Raises Invalid for amounts below zero or too large for their column."""
    for name, amount in amounts.items():
        require_amount(amount, name, currency)
        require_in_range(amount, name)
    subtotal = sum((line.total for line in lines), ZERO)
    additions = amounts["tax_amount"] + amounts["shipping_amount"]
    total = subtotal - amounts["discount_amount"] + additions
    if total < 0:  # a discount larger than the rest
        raise Invalid("total", "total")
    return {"subtotal": require_in_range(subtotal), "total": require_in_range(total)}


def require_amount(amount: Decimal, field: str, currency: str) -> None:
    if amount < 0:
        raise Invalid("not_negative", field)
    require_digits(currency, amount, field)


def require_in_range(amount: Decimal, field: str = "total") -> Decimal:
    if amount >= LIMIT:
        raise Invalid("amount_too_large", field)
    return amount
