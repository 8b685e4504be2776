"""Derive from an order's amounts whether it is paid, and when it was."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db.models import Max
from django.utils import timezone

from orders.models import Order, Payment
from orders.models.order import PaymentStatus, Status
from orders.models.payment import PaymentKind
from orders.services.allocating import Allocator


def update_payment_state(order: Order, account: Allocator, paid_on: date | None = None) -> None:
    """Set the amounts that the account paid, the payment status, and the moment of full payment.

    `paid_on` is the day of a payment beside the account.
    """
    charge = account.charges.get(order.uid)
    if charge is not None:
        order.charged_amount = charge.open_amount
        # Taken out, so that the order's next save does not add it again.
        order.paid_amount += account.paid.pop(order.uid, 0)
    order.payment_status = payment_status(order)
    if order.open_amount:
        order.paid_at = None
    elif order.paid_at is None:
        settled_on = charge.settled_on if charge else None
        order.paid_at = paid_at(order, account, [day for day in (settled_on, paid_on) if day])


def paid_at(order: Order, account: Allocator, days: list[date]) -> datetime:
    """Return when an order was paid in full: now, or at noon of the last payment's day if that is earlier."""
    if not days or account.today in days:
        return timezone.now()
    payments = Payment.objects.filter(store=order.store_id, order=order, kind=PaymentKind.PAYMENT)
    earlier: date | None = payments.aggregate(on=Max("paid_on"))["on"]
    day = max([*days, earlier] if earlier else days)
    # Only the day is known. At noon it is the same day in most other time zones.
    return datetime.combine(day, time(12), account.customer.store.tzinfo)


def payment_status(order: Order) -> str:
    """Return the payment status that follows from the order's amounts. A free order is paid from the start."""
    if order.status == Status.CANCELLED:
        return status_of_cancelled(order)
    if order.due_amount:
        # Also after a refund: what is still owed keeps the order among the unpaid ones.
        return PaymentStatus.PARTIALLY_PAID if order.refundable_amount else PaymentStatus.PENDING
    if not order.refunded_amount + order.credited_amount:
        return PaymentStatus.SUCCEEDED
    return PaymentStatus.PARTIALLY_REFUNDED if order.net_amount else PaymentStatus.REFUNDED


def status_of_cancelled(order: Order) -> str:
    """Return the payment status of a cancelled order: it shows whether its money went back."""
    if order.refunded_amount + order.credited_amount:
        is_whole = not order.refundable_amount
        return PaymentStatus.REFUNDED if is_whole else PaymentStatus.PARTIALLY_REFUNDED
    if not order.paid_amount:
        return PaymentStatus.CANCELLED
    return PaymentStatus.PARTIALLY_PAID if order.open_amount else PaymentStatus.SUCCEEDED
