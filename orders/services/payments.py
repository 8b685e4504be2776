"""The rows of money that came in for an order, or went back."""

from __future__ import annotations

from decimal import Decimal

from orders.models import Payment
from orders.services.editing import OrderEdit


def record(edit: OrderEdit, kind: str, amount: Decimal, method: str = "", reason: str = "") -> None:
    """Adds one payment or refund; the order's amounts are the caller's business."""
    Payment.objects.create(
        store=edit.order.store,
        order=edit.order,
        kind=kind,
        amount=amount,
        method=method,
        reason=reason,
        actor_name=edit.actor.name,
    )
