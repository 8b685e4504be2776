"""Take payments back: a cheque bounced, the money was another customer's, the bank charged it back.

The order is open again, with its old due day. Revenue stays, and nothing is deleted.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from customers.models import LedgerEntry
from customers.models.customer_queryset import CustomerQuerySet
from customers.models.ledger import TRANSFERS, WRITE_OFF, Account
from customers.reads import Row
from customers.services.editing import editing
from orders.models import Order, Payment
from orders.models.order import OrderQuerySet
from orders.models.payment import PaymentKind
from orders.services.accounts import save_and_publish
from orders.services.editing import OrderEdit, editing_order
from orders.services.house_account import HouseAccount
from stores.actors import Actor
from stores.errors import Conflict, NotFound


@dataclass(frozen=True)
class Void:
    """Why a payment is taken back, and on which day; today by default."""

    cause: str
    """One of `orders.models.payment.VoidCause`."""
    reason: str = ""
    day: date | None = None


def void_payment(target: OrderQuerySet, actor: Actor, payment_uid: uuid.UUID, void: Void) -> Row:
    """Take back a payment of the order that `target` names. Return the order's row.

    Raises NotFound, Invalid `future`, and Conflict `voided`, or `refunded_already` when the money went back.
    """
    with editing_order(target, actor) as edit:
        order, payment = edit.order, get_payment(edit.order, payment_uid)
        day = edit.account.past_day(void.day)
        # What went back to the customer cannot bounce as well.
        if payment.amount > order.refundable_amount:
            raise Conflict("refunded_already", number=order.number)
        if payment.entry_uid is None:
            order.paid_amount -= payment.amount
        else:
            void_entry_of(edit, payment, void, day)
        edit.record_void(payment, void.cause, void.reason, day)
        return edit.save_and_publish()


def get_payment(order: Order, uid: uuid.UUID) -> Payment:
    """Return a payment that was not taken back. Raises NotFound and Conflict `voided`."""
    payments = Payment.objects.filter(store=order.store_id, order=order)
    payment = payments.filter(uid=uid, kind=PaymentKind.PAYMENT).first()
    if payment is None:
        raise NotFound
    if payments.filter(voids_uid=uid).exists():
        raise Conflict("voided")
    return payment


def void_entry_of(edit: OrderEdit, payment: Payment, void: Void, day: date) -> None:
    """Take back what a payment paid of the account, and the rest beside it."""
    entries = LedgerEntry.objects.filter(store=payment.store_id)
    entry = entries.get(uid=payment.entry_uid)  # type: ignore[misc] # it has one, see the caller
    if entry.customer_id != edit.customer.pk:
        # A merge moved the order since. The account that was paid is settled for good: owe it to this one.
        edit.order.paid_amount -= payment.amount
        edit.post(-entry.amount, "merge")
        return
    edit.order.paid_amount -= payment.amount + entry.amount  # the amount of the entry is negative
    edit.account.take_back(entry, void.cause, void.reason, day)


def void_entry(
    target: CustomerQuerySet, actor: Actor, entry_uid: uuid.UUID, void: Void
) -> LedgerEntry:
    """Take back a payment, or a write-off, that no order's operation posted to the house account.

    Return the entry that takes it back.

    Raises NotFound, Invalid `future`, and Conflict `voided`, or `refunded_already` when an order that it paid
    was refunded.
    """
    with editing(target.with_deleted(), actor) as edit:
        house = HouseAccount(edit)
        day = house.past_day(void.day)
        entry = get_settlement(house, entry_uid)
        # A write-off has no bank: taking it back is a posting of the same kind.
        cause = WRITE_OFF if entry.reason == WRITE_OFF else void.cause
        taken_back = house.take_back(entry, cause, void.reason, day)
        save_and_publish(edit, house)
    return taken_back


def get_settlement(house: HouseAccount, uid: uuid.UUID) -> LedgerEntry:
    """Return a payment to the account that was not taken back. Raises NotFound and Conflict `voided`."""
    keys = {"store": house.customer.store_id, "customer": house.customer}
    entries = LedgerEntry.objects.filter(**keys, account=Account.HOUSE)
    entry = entries.filter(uid=uid, amount__lt=0).first()
    if entry is None or entry.is_of_order or entry.reason in TRANSFERS:
        raise NotFound
    if entries.filter(reverses_uid=uid).exists():
        raise Conflict("voided")
    return entry
