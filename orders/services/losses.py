"""What of an order was written off: it counts as paid, but nobody has that money to give back."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Sum

from customers.models import LedgerEntry
from customers.models.ledger import WRITE_OFF
from orders.models import Allocation, Order
from stores.errors import Conflict

ZERO = Decimal(0)


def written_off(order: Order) -> Decimal:
    """Return how much of the order is written off now, whoever's account it was on at the time."""
    entries = LedgerEntry.objects.filter(store=order.store_id, reason=WRITE_OFF)
    allocations = Allocation.objects.filter(store=order.store_id, charge__uid=order.uid)
    losses = allocations.filter(credit__uid__in=entries.values("uid"))
    amount: Decimal | None = losses.order_by().aggregate(sum=Sum("amount"))["sum"]
    return amount or ZERO


def require_received(order: Order, amount: Decimal) -> None:
    """Raise Conflict `written_off` unless the store received this amount for the order and still has it."""
    lost = written_off(order)
    if amount > order.refundable_amount - lost:
        raise Conflict("written_off", "amount", number=order.number, lost=lost)
