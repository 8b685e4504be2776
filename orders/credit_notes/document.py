"""What a credit note says: the goods that it takes back, the amount, and where the money went."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from customers.money import round_half_up
from orders.models import CreditNote, CreditNoteLine, Order, Payment
from stores.currencies import digits_of

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
    def share(self) -> Decimal:
        """What discount, tax and rounding of the whole order add to the lines, or take off them."""
        return self.amount - sum((line.amount for line in self.lines), ZERO) if self.lines else ZERO


def document_of(note: CreditNote, order: Order) -> Document:
    """Return what a credit note of the order says."""
    payments = payments_of([note])
    credit, refund = payments.get(note.credit_uid), payments.get(note.refund_uid)
    first = credit or refund
    return Document(
        note,
        order,
        lines_of(note, order),
        credit.amount if credit else ZERO,
        refund.amount if refund else ZERO,
        first.reason if first else "",
        first.actor_name if first else "",
    )


def payments_of(notes: Iterable[CreditNote]) -> dict[uuid.UUID | None, Payment]:
    """Return the payments of credit notes of one store, by their uid."""
    uids = [uid for note in notes for uid in (note.credit_uid, note.refund_uid) if uid]
    stores = {note.store_id for note in notes}
    return {row.uid: row for row in Payment.objects.filter(store__in=stores, uid__in=uids)}


def lines_of(note: CreditNote, order: Order) -> list[Line]:
    rows = CreditNoteLine.objects.filter(store=note.store_id, note=note).select_related("line")
    digits = digits_of(order.currency)
    return [
        Line(
            row.line.product_name,
            row.quantity,
            row.line.unit_price,
            round_half_up(row.line.total * row.quantity / row.line.quantity, digits),
        )
        for row in rows.order_by("id")
    ]
