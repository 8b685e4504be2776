"""Move an order to another status, cancel it, or set the merchant's note."""

from __future__ import annotations

from django.utils import timezone

from customers.reads import Row
from orders.models.order import TRANSITIONS, OrderQuerySet, Status
from orders.services.editing import OrderEdit, editing_order
from orders.services.losses import require_received
from orders.services.points import take_back_points
from orders.services.statistics import uncount_cancelled
from stores.actors import Actor
from stores.errors import Conflict

TIME_FIELDS: dict[str, str] = {
    Status.SHIPPED: "shipped_at",
    Status.DELIVERED: "delivered_at",
    Status.CANCELLED: "cancelled_at",
}


def move_order(target: OrderQuerySet, actor: Actor, status: str) -> Row:
    """Set the status of the order that `target` names, as `TRANSITIONS` allows. The same status is no move.

    Raises NotFound, and Conflict `illegal_move` (with status and wanted) or `written_off`.
    """
    return update_order(target, actor, status=status)


def update_order(
    target: OrderQuerySet,
    actor: Actor,
    *,
    status: str | None = None,
    merchant_note: str | None = None,
) -> Row:
    """Set the status as `move_order` does, or the merchant's note, or both. None leaves either unchanged."""
    with editing_order(target, actor) as edit:
        if merchant_note is not None:
            edit.order.merchant_note = merchant_note
        if status is not None and status != edit.order.status:
            transition(edit, status)
        return edit.save_and_publish()


def transition(edit: OrderEdit, status: str) -> None:
    """Set status and time of the move, and cancel if that is the status.

    Raises Conflict `illegal_move`, or `written_off` when a debt of the order was: take that back first.
    """
    order = edit.order
    if status not in TRANSITIONS[order.status]:
        raise Conflict("illegal_move", "status", status=order.status, wanted=status)
    order.status = status
    if status in TIME_FIELDS:
        setattr(order, TIME_FIELDS[status], timezone.now())
    if status == Status.CANCELLED:
        cancel(edit)


def cancel(edit: OrderEdit) -> None:
    """Remove the order from the statistics, and what is not paid of it from the account.

    Payments that did not name the order are credits of the account again, and pay other charges. Payments of
    the order stay with it until `refund_order`: they go back the way they came, outside Clientele.
    """
    order, account = edit.order, edit.account
    require_received(order, order.refundable_amount)
    # Contract of pos: order counts and the last order leave out cancelled ones.
    uncount_cancelled(edit.customer, order)
    take_back_points(edit)
    charge = account.find_charge(order.uid)
    if charge is None:
        return
    account.release(charge, most=order.refundable_amount)
    if charge.open_amount:
        edit.post(-charge.open_amount, "cancellation")
    account.allocate_oldest_first()
