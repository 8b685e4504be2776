"""Build the lines of a new order and add up its totals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from customers.money import LIMIT
from orders.models import OrderLine
from stores.errors import Invalid

Item = dict[str, Any]

ZERO = Decimal(0)
MAX_ITEMS = 1_000
MAX_UNITS = 10**6


def build_lines(items: list[Item]) -> list[OrderLine]:
    """Return unsaved lines. Raises Invalid naming the item."""
    if not items:
        raise Invalid("required", "items")
    if len(items) > MAX_ITEMS:
        raise Invalid("too_many", "items", most=MAX_ITEMS)
    return [build_line(index, item) for index, item in enumerate(items)]


def build_line(index: int, item: Item) -> OrderLine:
    quantity, unit_price = item["quantity"], item["unit_price"]
    if not 1 <= quantity <= MAX_UNITS:
        raise Invalid("range", f"items.{index}.quantity", low=1, high=MAX_UNITS)
    if unit_price < 0:
        raise Invalid("not_negative", f"items.{index}.unit_price")
    return OrderLine(
        position=index,
        product_id=item["product_id"],
        product_name=item["product_name"],
        quantity=quantity,
        unit_price=unit_price,
        total=require_in_range(quantity * unit_price, f"items.{index}.unit_price"),
    )


def totals(lines: list[OrderLine], amounts: dict[str, Decimal]) -> dict[str, Decimal]:
    """Return `subtotal` and `total`. Raises Invalid for amounts below zero or too large for their column."""
    for name, amount in amounts.items():
        if amount < 0:
            raise Invalid("not_negative", name)
        require_in_range(amount, name)
    subtotal = sum((line.total for line in lines), ZERO)
    additions = amounts["tax_amount"] + amounts["shipping_amount"]
    total = subtotal - amounts["discount_amount"] + additions
    if total < 0:  # a discount larger than the rest
        raise Invalid("total", "total")
    return {"subtotal": require_in_range(subtotal), "total": require_in_range(total)}


def require_in_range(amount: Decimal, field: str = "total") -> Decimal:
    if amount >= LIMIT:
        raise Invalid("amount_too_large", field)
    return amount
