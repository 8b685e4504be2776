"""What a new order comes to: its goods, the customer's discount, and tax by rate."""

from __future__ import annotations

from decimal import Decimal

from customers.models import Customer
from customers.money import round_half_up
from orders.services.lines import Item, build_lines
from orders.services.totals import totals
from stores.currencies import digits_of

ZERO = Decimal(0)


def quote(
    customer: Customer,
    items: list[Item],
    *,
    discount_amount: Decimal | None = None,
    tax_amount: Decimal | None = None,
    tax_rate: Decimal | None = None,
    shipping_amount: Decimal | None = None,
) -> dict[str, Decimal]:
    """Return `discount_amount`, `tax_amount`, `shipping_amount`, `subtotal` and `total` of an order.

    Without an amount, the discount is the customer's rate of the goods, and the tax is `tax_rate` percent of
    goods less discount, and shipping. Raises Invalid naming the field, as `place_order` does.
    """
    currency = customer.store.currency
    lines = build_lines(items, currency)
    goods = sum((line.total for line in lines), ZERO)
    if discount_amount is None:
        discount_amount = percent(goods, customer.discount_rate, currency)
    shipping_amount = shipping_amount or ZERO
    if tax_amount is None:
        taxed = max(goods - discount_amount + shipping_amount, ZERO)
        tax_amount = percent(taxed, tax_rate, currency)
    amounts = {
        "discount_amount": discount_amount,
        "tax_amount": tax_amount,
        "shipping_amount": shipping_amount,
    }
    return amounts | totals(lines, amounts, currency)


def percent(amount: Decimal, rate: Decimal | None, currency: str) -> Decimal:
    return round_half_up(amount * (rate or ZERO) / 100, digits_of(currency))
