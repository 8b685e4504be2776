"""Credit notes: take an order back wholly, or some of its lines. What is owed falls first.

What was paid beyond that goes back to the customer, or stays on the account as a credit. Revenue falls by the
whole amount.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from customers.money import round_half_up
from customers.reads import Row
from customers.services.amounts import require_places
from orders.models import CreditNote, Order, OrderLine
from orders.models.order import ON_ACCOUNT, OrderQuerySet, Status
from orders.models.payment import PaymentKind
from orders.services.credit_notes import issue
from orders.services.editing import OrderEdit, editing_order
from orders.services.lines import UNIT_DIGITS
from orders.services.losses import require_received
from orders.services.paying import require_positive
from orders.services.points import take_back_points
from stores.actors import Actor
from stores.currencies import digits_of
from stores.errors import Conflict, Invalid

ZERO = Decimal(0)


@dataclass(frozen=True)
class NewCreditNote:
    """What is credited: an amount, quantities of lines, or for neither all that is left of the order."""

    amount: Decimal | None = None
    quantities: Mapping[uuid.UUID, Decimal] = field(default_factory=dict)
    """By the uid of the line."""
    reason: str = ""
    keeps_credit: bool = False
    """What was paid stays on the account, instead of going back."""
    method: str = ""
    """How the money goes back."""


def credit_order(target: OrderQuerySet, actor: Actor, note: NewCreditNote) -> Row:
    """Credit the order that `target` names, and number the credit note. Return the order's row.

    Raises NotFound, Invalid `positive`, `digits` and `unknown_id` (of a line), and Conflict `order_cancelled`,
    `over_credited` (with left and requested), `line_credited` or `written_off`.
    """
    with editing_order(target, actor) as edit:
        if edit.order.status == Status.CANCELLED:
            raise Conflict("order_cancelled")
        amount = amount_of(edit.order, note)
        require_creditable(edit.order, amount)
        owed = min(amount, edit.order.due_amount)
        document = CreditNote(order=edit.order)
        take_off(edit, document, owed, note.reason)
        give_back(edit, document, amount - owed, note)
        edit.customer.total_spent -= amount
        take_back_points(edit)  # in proportion to the revenue that is left now
        issue(document, note.quantities)
        return edit.save_and_publish()


def amount_of(order: Order, note: NewCreditNote) -> Decimal:
    if note.quantities:
        return credit_lines(order, note.quantities)
    if note.amount is None:
        return order.net_amount
    require_positive(order, note.amount)
    return note.amount


def credit_lines(order: Order, quantities: Mapping[uuid.UUID, Decimal]) -> Decimal:
    """Mark quantities of lines as credited. Return what they cost, with their share of discount and tax."""
    rows = OrderLine.objects.filter(store=order.store_id, order=order)
    lines = {line.uid: line for line in rows}
    # What the sum grows by: rounded for itself, note after note could come to more than the order.
    before = credited_goods(order, lines.values())
    for uid, quantity in quantities.items():
        if uid not in lines:
            raise Invalid("unknown_id", "lines")
        credit_line(lines[uid], quantity)
    return credited_goods(order, lines.values()) - before


def credit_line(line: OrderLine, quantity: Decimal) -> None:
    if quantity <= 0:
        raise Invalid("positive", "lines")
    require_places(UNIT_DIGITS, quantity, "lines")
    line.credited_quantity += quantity
    if line.credited_quantity > line.quantity:
        raise Conflict("line_credited", "lines", product=line.product_name)
    line.save(update_fields=["credited_quantity"])


def credited_goods(order: Order, lines: Iterable[OrderLine]) -> Decimal:
    """Return what the credited quantities of all lines cost, with their share of discount and tax.

    Only the sum is rounded: line after line, the shares could come to more than the order.
    """
    if not order.subtotal:
        return ZERO
    goods = order.subtotal - order.discount_amount + order.tax_amount
    credited = sum((line.total * line.credited_quantity / line.quantity for line in lines), ZERO)
    return round_half_up(credited * goods / order.subtotal, digits_of(order.currency))


def require_creditable(order: Order, amount: Decimal) -> None:
    if amount <= 0:
        raise Invalid("positive", "amount")
    if amount > order.net_amount:
        raise Conflict("over_credited", "amount", left=order.net_amount, requested=amount)


def take_off(edit: OrderEdit, document: CreditNote, amount: Decimal, reason: str) -> None:
    """Take the amount off what is owed: first what is not on the account, then the charge there."""
    if not amount:
        return
    order = edit.order
    beside = min(amount, order.due_amount - order.charged_amount)
    order.credited_amount += amount
    if amount > beside:
        document.credit_entry_uid = edit.post(beside - amount, "credit_note").uid
    document.credit_uid = edit.record_payment(PaymentKind.CREDIT, amount, reason=reason)


def give_back(edit: OrderEdit, document: CreditNote, amount: Decimal, note: NewCreditNote) -> None:
    """Give back what was paid: as money, or as a credit of the account, which pays what is due there."""
    if not amount:
        return
    require_received(edit.order, amount)
    edit.order.refunded_amount += amount
    if note.keeps_credit:
        document.refund_entry_uid = edit.post(-amount, "refund").uid
    method, entry = ON_ACCOUNT if note.keeps_credit else note.method, document.refund_entry_uid
    document.refund_uid = edit.record_payment(
        PaymentKind.REFUND, amount, method, note.reason, entry_uid=entry
    )
