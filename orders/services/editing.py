"""Change one order: lock its customer, then the order, let the caller change it, save, publish an event."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.utils import timezone

from customers.models import Customer
from customers.models.ledger import Account
from customers.reads import Row
from customers.services import accounts
from customers.services.editing import Edit, RowEdit, Subject, lock, unit_of_work
from orders.models import Order, Payment
from orders.models.order import OrderQuerySet, PaymentStatus, Status
from orders.reads import full_order_row
from orders.services import daily
from stores.actors import Actor
from stores.errors import NotFound


class OrderEdit(RowEdit):
    """A locked order of a locked customer. Set attributes on `order` and `customer`."""

    derived = frozenset({"updated_at"})

    def __init__(self, edit: Edit, order: Order) -> None:
        super().__init__(order)
        self.edit, self.order = edit, order
        self.customer, self.actor = edit.customer, edit.actor
        self._contribution = daily.contribution_of(order)

    def post(self, amount: Decimal, reason: str) -> None:
        """Post to the customer's house account for this order. Raises Conflict."""
        post(self.edit, self.order, amount, reason)

    def record_payment(
        self, kind: str, amount: Decimal, method: str = "", reason: str = ""
    ) -> None:
        """Add one payment or refund. The caller updates the order's amounts."""
        Payment.objects.create(
            store=self.order.store,
            order=self.order,
            kind=kind,
            amount=amount,
            method=method,
            reason=reason,
            actor_name=self.actor.name,
        )

    def save_and_publish(self) -> Row:
        """Save the order and publish an event, if anything changed. Return the order's row."""
        self.order.payment_status = payment_status(self.order)
        changed = self.changed()
        if not changed:
            return full_order_row(self.order.store_id, self.order.pk)
        self.order.updated_at = timezone.now()
        self.order.save(update_fields=[*changed, "updated_at"])
        # Late, because it locks the day of the store; but before the event, which locks the store.
        daily.apply_change(self.order, before=self._contribution)
        return publish_event(self.edit, "order.updated", self.order, self.before(changed))


def post(edit: Edit, order: Order, amount: Decimal, reason: str) -> None:
    """Post to the customer's house account for an order. Raises Conflict."""
    accounts.post(
        edit, Account.HOUSE, amount, reason=reason, order_uid=order.uid, due_on=order.due_on
    )


def publish_event(edit: Edit, event: str, order: Order, before: dict[str, Any]) -> Row:
    """Save the customer's next version and publish an event about the order. Return the order's row."""
    row = full_order_row(order.store_id, order.pk)
    edit.save_and_publish_about(event, Subject(order.uid, [*before], before, row))
    return row


@contextmanager
def editing_order(target: OrderQuerySet, actor: Actor) -> Iterator[OrderEdit]:
    """Open a transaction that changes the order that `target` names. End it with `save_and_publish`.

    The customer may be deleted: its orders are still shipped, paid and refunded. Raises NotFound.
    """
    with unit_of_work():
        orders = target.visible().of_one_store()
        owner = orders.values("store_id", "customer_id").first()
        if owner is None:
            raise NotFound
        # The customer first, as everywhere: a payment changes its account and statistics too.
        customer = Customer.objects.filter(store=owner["store_id"], pk=owner["customer_id"])
        edit = Edit(lock(customer), actor)
        order = orders.select_for_update(of=("self",), no_key=True).first()
        if order is None:  # deleted together with its customer since the first query
            raise NotFound
        yield OrderEdit(edit, order)


def payment_status(order: Order) -> str:
    """Return the payment status that follows from the order's amounts. A free order is paid from the start."""
    # Refunds first: a cancelled order that was paid shows whether its money went back.
    if order.refunded_amount:
        whole = order.refunded_amount == order.paid_amount
        return PaymentStatus.REFUNDED if whole else PaymentStatus.PARTIALLY_REFUNDED
    if order.status == Status.CANCELLED and not order.paid_amount:
        return PaymentStatus.CANCELLED
    if not order.due_amount:
        return PaymentStatus.SUCCEEDED
    return PaymentStatus.PARTIALLY_PAID if order.paid_amount else PaymentStatus.PENDING
