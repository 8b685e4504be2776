"""Take back the points that were given for an order, as it is refunded, credited or cancelled."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Q, Sum

from customers.models import LedgerEntry
from customers.models.ledger import Account
from customers.money import POINTS_DIGITS, round_half_up
from customers.services import accounts
from orders.models import Order
from orders.models.order import Status
from orders.services.editing import OrderEdit

TAKEN_BACK = "points_taken_back"
ZERO = Decimal(0)


def take_back_points(edit: OrderEdit) -> None:
    """Leave the order as many of its points as are in proportion to its revenue. None, if it is cancelled.

    Points that were spent meanwhile are not there to be taken back: the balance never goes below zero.
    """
    if not edit.customer.loyalty_balance:
        return
    given, taken = points_of(edit.order)  # without those that the customer redeemed
    surplus = given - taken - round_half_up(given * share_left(edit.order), POINTS_DIGITS)
    amount = min(surplus, edit.customer.loyalty_balance)
    if amount > 0:
        accounts.post(
            edit.edit, Account.LOYALTY, -amount, reason=TAKEN_BACK, order_uid=edit.order.uid
        )


def points_of(order: Order) -> tuple[Decimal, Decimal]:
    """Return how many points were given for an order, and how many of these were taken back."""
    entries = LedgerEntry.objects.filter(
        store=order.store_id, account=Account.LOYALTY, order_uid=order.uid
    )
    sums = entries.aggregate(
        given=Sum("amount", filter=Q(amount__gt=0)),
        taken=Sum("amount", filter=Q(reason=TAKEN_BACK)),
    )
    return round_half_up(sums["given"] or ZERO), -round_half_up(sums["taken"] or ZERO)


def share_left(order: Order) -> Decimal:
    if order.status == Status.CANCELLED or not order.total:
        return ZERO
    return order.net_amount / order.total
