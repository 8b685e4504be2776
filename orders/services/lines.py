"""Build the lines of a new order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from customers.money import round_half_up
from customers.services.amounts import require_places
from orders.models import OrderLine
from orders.services.totals import ZERO, require_amount, require_in_range
from stores.currencies import digits_of
from stores.errors import Invalid

Item = dict[str, Any]

MAX_ITEMS = 1_000
UNIT_DIGITS = 3  # decimal places of a quantity
MIN_UNITS, MAX_UNITS = Decimal("0.001"), 10**6


def build_lines(items: list[Item], currency: str) -> list[OrderLine]:
    """Return unsaved lines with amounts in this currency. Raises Invalid naming the item."""
    if not items:
        raise Invalid("required", "items")
    if len(items) > MAX_ITEMS:
        raise Invalid("too_many", "items", most=MAX_ITEMS)
    return [build_line(f"items.{index}", index, item, currency) for index, item in enumerate(items)]


def build_line(path: str, position: int, item: Item, currency: str) -> OrderLine:
    quantity, unit_price = Decimal(item["quantity"]), item["unit_price"]
    discount = item.get("discount_amount") or ZERO
    if not MIN_UNITS <= quantity <= MAX_UNITS:
        raise Invalid("range", f"{path}.quantity", low=MIN_UNITS, high=MAX_UNITS)
    require_places(UNIT_DIGITS, quantity, f"{path}.quantity")
    require_amount(unit_price, f"{path}.unit_price", currency)
    require_amount(discount, f"{path}.discount_amount", currency)
    # A part of a unit may cost a part of the smallest coin: round it as a till does.
    price = round_half_up(quantity * unit_price, digits_of(currency))
    require_in_range(price, f"{path}.unit_price")
    if discount > price:
        raise Invalid("total", f"{path}.discount_amount")
    return OrderLine(
        position=position,
        product_id=item["product_id"],
        product_name=item["product_name"],
        quantity=quantity,
        unit_price=unit_price,
        discount_amount=discount,
        total=price - discount,
    )
