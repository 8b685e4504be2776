"""What a credit note says: the goods that it takes back, the amount, and where the money went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from orders.credit_notes.rows import payments_of
from orders.credit_notes.shares import Shares, split_notes
from orders.models import CreditNote, CreditNoteLine, Order
from orders.tax_rates import tax_label

ZERO = Decimal(0)


@dataclass(frozen=True)
class Line:
    """Goods that were taken back: their quantity, price, and amount less the discount of the line."""

    name: str
    quantity: Decimal
    price: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Document:
    """A credit note of an order. `owed` was taken off what was owed, `returned` was given back."""

    note: CreditNote
    order: Order
    lines: list[Line]
    shares: Shares
    owed: Decimal
    returned: Decimal
    reason: str  # for staff
    actor_name: str

    @property
    def amount(self) -> Decimal:
        return self.owed + self.returned

    @property
    def day(self) -> date:
        return timezone.localdate(self.note.created_at, self.order.store.tzinfo)

    @property
    def placed_on(self) -> date:
        return timezone.localdate(self.order.placed_at, self.order.store.tzinfo)

    @property
    def words_of_return(self) -> str:
        is_kept = self.note.refund_entry_uid is not None
        return "Stays on the account as a credit" if is_kept else "Given back"

    @property
    def words_of_goods(self) -> str:
        """The line of a note without lines."""
        return f"Goods of order {self.order.number}"

    def parts(self) -> Iterator[tuple[str, Decimal]]:
        """Yield what follows the goods, with its sign: discount, shipping, tax by its rate, and rounding."""
        shares = self.shares
        parts = {
            "Discount": -shares.discount,
            "Shipping": shares.shipping,
            tax_label(self.order): shares.tax,
            "Rounding": shares.rounding,
        }
        yield from ((label, amount) for label, amount in parts.items() if amount)


def document_of(note: CreditNote, order: Order) -> Document:
    """Return what a credit note of the order says."""
    credit, refund = map(payments_of([note]).get, (note.credit_uid, note.refund_uid))
    first, split = credit or refund, split_notes([order])[note.pk]
    return Document(
        note,
        order,
        lines_of(note, split.goods),
        split.shares,
        credit.amount if credit else ZERO,
        refund.amount if refund else ZERO,
        first.reason if first else "",
        first.actor_name if first else "",
    )


def lines_of(note: CreditNote, goods: Mapping[int, Decimal]) -> list[Line]:
    rows = CreditNoteLine.objects.filter(store=note.store_id, note=note).select_related("line")
    return [
        Line(row.line.product_name, row.quantity, row.line.unit_price, goods[row.line_id])
        for row in rows.order_by("id")
    ]
