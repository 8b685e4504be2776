"""Change one order: lock its customer, then the order, let the caller change it, save, publish an event."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from customers.models import Customer, LedgerEntry
from customers.reads import Row
from customers.services.editing import Edit, RowEdit, Subject, lock, unit_of_work
from orders.models import Order, Payment
from orders.models.order import OrderQuerySet
from orders.models.payment import PaymentKind
from orders.reads import full_order_row
from orders.services import daily
from orders.services.house_account import HouseAccount
from orders.services.payment_state import update_payment_state
from stores.actors import Actor
from stores.errors import NotFound


class OrderEdit(RowEdit):
    """A locked order of a locked customer. Set attributes on `order` and `customer`."""

    derived = frozenset({"updated_at"})

    def __init__(self, edit: Edit, order: Order) -> None:
        super().__init__(order)
        self.edit, self.order = edit, order
        self.customer, self.actor = edit.customer, edit.actor
        self.account = HouseAccount(edit)
        self._contribution = daily.contribution_of(order)

    def post(self, amount: Decimal, reason: str, paid_on: date | None = None) -> LedgerEntry:
        """Post to the customer's house account for this order. Raises Conflict."""
        return post(self.account, self.order, amount, reason, paid_on)

    def record_payment(
        self,
        kind: str,
        amount: Decimal,
        method: str = "",
        reason: str = "",
        paid_on: date | None = None,
        entry_uid: uuid.UUID | None = None,
        voids_uid: uuid.UUID | None = None,
        cause: str | None = None,
    ) -> uuid.UUID:
        """Add one payment, refund or void. Return its uid. The caller updates the order's amounts."""
        payment = Payment(
            store_id=self.order.store_id,
            order=self.order,
            kind=kind,
            amount=amount,
            method=method,
            reason=reason,
            paid_on=paid_on or self.account.today,
            entry_uid=entry_uid,
            voids_uid=voids_uid,
            cause=cause,
            actor_name=self.actor.name,
        )
        payment.insert()
        return payment.uid

    def record_void(self, payment: Payment, cause: str, reason: str, day: date) -> None:
        """Add the row that takes a payment back."""
        self.record_payment(
            PaymentKind.VOID,
            payment.amount,
            payment.method,
            reason,
            day,
            voids_uid=payment.uid,
            cause=cause,
        )

    def save_and_publish(self, paid_on: date | None = None) -> Row:
        """Save the order and those that its account pays now; publish an event about each that changed.

        `paid_on` is the day of a payment beside the account. Return the order's row.
        """
        update_payment_state(self.order, self.account, paid_on)
        changed = self.changed()
        if not changed:
            return full_order_row(self.order.store_id, self.order.pk)
        self.order.updated_at = timezone.now()
        self.order.save(update_fields=[*changed, "updated_at"])
        others = self.account.save_orders(but=self.order.uid)
        # Late, because it locks the day of the store; but before the event, which locks the store.
        daily.apply_change(self.order, before=self._contribution)
        row = publish_event(self.edit, "order.updated", self.order, self.before(changed))
        self.account.publish_orders(others)
        return row


def post(
    account: HouseAccount,
    order: Order,
    amount: Decimal,
    reason: str,
    paid_on: date | None = None,
    override: str = "",
) -> LedgerEntry:
    """Post to a house account for an order. Raises Conflict."""
    return account.post(
        amount,
        reason=reason,
        order_uid=order.uid,
        due_on=order.due_on,
        paid_on=paid_on,
        override=override,
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
    orders = target.visible().of_one_store()
    while True:
        with unit_of_work():
            owner = orders.values("store_id", "customer_id").first()
            if owner is None:
                raise NotFound
            # The customer first, as everywhere: a payment changes its account and statistics too.
            customer = Customer.objects.filter(store=owner["store_id"], pk=owner["customer_id"])
            edit = Edit(lock(customer), actor)
            order = orders.select_for_update(of=("self",), no_key=True).first()
            if order is None:  # deleted together with its customer since the first query
                raise NotFound
            # A merge may have given the order to another customer while this waited for the lock. Then start
            # over in a new transaction: it must not lock a second customer while it holds the first.
            if order.customer_id != edit.customer.pk:
                continue
            yield OrderEdit(edit, order)
            return
