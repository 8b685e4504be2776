"""What of an order was written off: it counts as paid, but nobody has that money to give back."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from decimal import Decimal

from customers.models import LedgerEntry
from customers.models.ledger import WRITE_OFF
from orders.models import Allocation, Order
from stores.errors import Conflict

ZERO = Decimal(0)


def written_off(order: Order) -> Decimal:
    """Return how much of the order is written off now, whoever's account it was on at the time."""
    allocations = Allocation.objects.filter(store=order.store_id, charge__uid=order.uid)
    amounts = list(allocations.order_by().values_list("credit__uid", "amount"))
    losses = write_offs_among(order.store_id, {uid for uid, _ in amounts})
    return sum((amount for uid, amount in amounts if uid in losses), ZERO)


def write_offs_among(store: int, uids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return those of the ledger's entries that wrote a debt off."""
    if not uids:
        return set()
    entries = LedgerEntry.objects.filter(store=store, uid__in=uids, reason=WRITE_OFF)
    return set(entries.column("uid"))


def require_received(order: Order, amount: Decimal) -> None:
    """Raise Conflict `written_off` unless the store received this amount for the order and still has it."""
    lost = written_off(order)
    if amount > order.refundable_amount - lost:
        raise Conflict("written_off", "amount", number=order.number, lost=lost)
