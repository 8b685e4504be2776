"""What goods, discount, shipping and tax come to in each credit note of an order, so that it can be posted.

The shares follow from the order's amounts and from its credit notes, which never change. All notes of an order
that is credited to the last cent have together its goods, discount, shipping and tax.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import NamedTuple

from customers.money import round_half_up
from orders.credit_notes.rows import amounts_of, quantities_of
from orders.models import CreditNote, Order, OrderLine
from stores.currencies import digits_of

ZERO = Decimal(0)


@dataclass(frozen=True)
class Shares:
    """Parts of an order, or of a credit note. They add up to its amount, once the discount is taken off."""

    goods: Decimal = ZERO
    discount: Decimal = ZERO
    shipping: Decimal = ZERO
    tax: Decimal = ZERO
    rounding: Decimal = ZERO

    @property
    def amount(self) -> Decimal:
        return self.goods - self.discount + self.shipping + self.tax + self.rounding

    def __sub__(self, other: Shares) -> Shares:
        names = [part.name for part in fields(Shares)]
        return Shares(*(getattr(self, name) - getattr(other, name) for name in names))


class Split(NamedTuple):
    """The shares of a credit note, and what the goods of each of its lines come to, by the line's key."""

    shares: Shares
    goods: dict[int, Decimal]


@dataclass
class Splitter:
    """Splits the credit notes of one order. Call `split` for each, in the order of their making."""

    order: Order
    lines: dict[int, OrderLine]
    left: Shares = field(init=False)
    """What no credit note has yet."""
    credited: dict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    """Quantities of lines by their key, of the notes so far."""

    def __post_init__(self) -> None:
        order = self.order
        self.left = Shares(
            order.subtotal, order.discount_amount, order.shipping_amount, order.tax_amount
        )

    def split(self, amount: Decimal, quantities: Mapping[int, Decimal]) -> Split:
        """Split the next note: an amount, for quantities of lines by their key or for none."""
        if quantities and self.order.subtotal:
            note = self.of_lines(amount, quantities)
        else:
            note = Split(self.of_amount(amount), {})
        self.left -= note.shares
        return note

    def of_lines(self, amount: Decimal, quantities: Mapping[int, Decimal]) -> Split:
        """Split by what all credited quantities come to, less what they came to before this note.

        Rounded note by note, the shares could come to more than those of the order.
        """
        before, goods_before = self.of_credited(), {key: self.goods_of(key) for key in quantities}
        for key, quantity in quantities.items():
            self.credited[key] += quantity
        shares = self.of_credited() - before
        goods = {key: self.goods_of(key) - goods_before[key] for key in quantities}
        shares = replace(
            shares,
            goods=sum(goods.values(), ZERO),
            # A note of an amount may have taken some of it already.
            discount=min(shares.discount, self.left.discount),
            tax=min(shares.tax, self.left.tax),
        )
        return Split(replace(shares, rounding=amount - shares.amount), goods)

    def of_credited(self) -> Shares:
        """Return the shares of all credited quantities, without their goods."""
        order, lines = self.order, self.lines
        parts = (
            lines[key].total * part / lines[key].quantity for key, part in self.credited.items()
        )
        goods = sum(parts, ZERO)
        return Shares(
            discount=self.rounded(goods * order.discount_amount / order.subtotal),
            tax=self.rounded(goods * order.tax_amount / order.subtotal),
        )

    def goods_of(self, key: int) -> Decimal:
        line = self.lines[key]
        return self.rounded(line.total * self.credited[key] / line.quantity)

    def of_amount(self, amount: Decimal) -> Shares:
        """Return the shares of a bare amount, in the proportion of what is left."""
        whole = self.left.amount
        if amount == whole:
            return self.left
        parts = {
            name: self.rounded(getattr(self.left, name) * amount / whole)
            for name in ("discount", "shipping", "tax")
        }
        shares = Shares(**parts)
        return replace(shares, goods=amount - shares.amount)

    def rounded(self, amount: Decimal) -> Decimal:
        return round_half_up(amount, digits_of(self.order.currency))


def split_notes(orders: Iterable[Order]) -> dict[int, Split]:
    """Return the parts of all credit notes of these orders of one store, by the key of the note."""
    rows = {order.pk: order for order in orders}
    stores = {order.store_id for order in rows.values()}
    of_orders = {"store__in": stores, "order__in": [*rows]}
    notes = list(CreditNote.objects.filter(**of_orders).order_by("id"))
    splitters = {pk: Splitter(order, {}) for pk, order in rows.items()}
    for line in OrderLine.objects.filter(**of_orders).order_by("id"):
        splitters[line.order_id].lines[line.pk] = line
    amounts, quantities = amounts_of(notes), quantities_of(notes)
    return {
        note.pk: splitters[note.order_id].split(amounts[note.pk], quantities[note.pk])
        for note in notes
    }
