"""Which rate of tax an order was taxed by. An order keeps its tax as an amount."""

from __future__ import annotations

from decimal import Decimal

from orders.models import Order
from stores.currencies import digits_of

CERTAIN = Decimal("0.2")  # of the step between two rates: less is no coincidence
STEPS = (Decimal(1), Decimal("0.1"), Decimal("0.01"))


def tax_rate(order: Order) -> Decimal | None:
    """Return the percentage that gives the order's tax, or None where more than one may have done so.

    Tax is of the goods less the discount, with or without the shipping. The roundest rate is the right one.
    """
    goods = order.subtotal - order.discount_amount
    bases = dict.fromkeys((goods + order.shipping_amount, goods))
    if not order.tax_amount:
        return None
    rates = (rate_of(order, base, step) for step in STEPS for base in bases if base > 0)
    return next((rate for rate in rates if rate is not None), None)


def rate_of(order: Order, base: Decimal, step: Decimal) -> Decimal | None:
    """Return the only multiple of `step` percent of `base` that rounds to the tax, or None."""
    half = Decimal(1).scaleb(-digits_of(order.currency)) / 2
    least, most = ((order.tax_amount + part) * 100 / base for part in (-half, half))
    rate = (order.tax_amount * 100 / base / step).to_integral_value() * step
    return rate if least <= rate < most and most - least <= step * CERTAIN else None


def tax_label(order: Order) -> str:
    """Return "Tax", with the rate if it is certain."""
    rate = tax_rate(order)
    return "Tax" if rate is None else f"Tax, {rate.normalize():f}%"
