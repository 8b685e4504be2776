"""Post to a customer's house account, and update the orders that the posting pays."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from django.utils import timezone

from customers.models import LedgerEntry
from customers.models.ledger import TRANSFERS, Account
from customers.services import accounts
from customers.services.editing import Edit, RowEdit, Subject
from orders.models import Order
from orders.models.order import OrderQuerySet, Status
from orders.reads import ORDERS
from orders.services.allocating import Allocator
from orders.services.holds import require_no_hold
from orders.services.payment_state import update_payment_state
from stores.database.bulk_updates import update_many
from stores.errors import Conflict, Invalid


class HouseAccount(Allocator):
    """The house account of a customer that is being edited."""

    def __init__(self, edit: Edit) -> None:
        super().__init__(edit.customer, edit.actor.name)
        self.edit = edit

    def post(
        self,
        amount: Decimal,
        *,
        reason: str,
        notes: str = "",
        order_uid: uuid.UUID | None = None,
        due_on: date | None = None,
        paid_on: date | None = None,
        method: str = "",
        spread: Mapping[uuid.UUID, Decimal] = MappingProxyType({}),
        override: str = "",
    ) -> LedgerEntry:
        """Post and allocate. The caller saves the edit, then the orders with `save_orders`.

        `override` is why a manager charges a customer on hold. A payment pays what `spread` says, then the
        order that it names, then what is due first.

        Raises Conflict as `holds` says, Invalid `unknown_id` and Conflict `over_spread` for what it cannot pay,
        Invalid `future` for a payment of a later day, and as `accounts.post` does.
        """
        is_charge = amount > 0
        # What only uses up a credit makes no debt, and a merge moves debts that there are.
        is_debt = is_charge and self.customer.account_balance + amount > 0
        if is_debt and not override and reason not in TRANSFERS:
            require_no_hold(self.customer, self.today)
        entry = accounts.post(
            self.edit,
            Account.HOUSE,
            amount,
            reason=reason,
            notes=override or notes,
            order_uid=order_uid,
            due_on=due_on or self.today if is_charge else None,
            paid_on=None if is_charge else self.past_day(paid_on),
            method=method,
        )
        if is_charge:
            self.add_charge(entry)
        else:
            credit = self.add_credit(entry, spread)
            if entry.balance_after - entry.amount > 0:  # something was owed
                self.allocate([credit], self.open_charges())
        return entry

    def take_back(self, entry: LedgerEntry, cause: str, notes: str, day: date) -> LedgerEntry:
        """Post the counter-entry of a payment. What it paid is open again, with its old due day.

        The day is not before that of the payment.
        """
        credit = self.credits().get(uid=entry.uid)
        day = max(day, credit.paid_on)
        taken_back = accounts.post(
            self.edit,
            Account.HOUSE,
            credit.amount,
            reason=cause,
            notes=notes,
            # A till's payment may name an order, too. It is no posting of the order's own.
            order_uid=entry.order_uid if entry.is_of_order else None,
            paid_on=day,
            method=entry.method,
            reverses_uid=entry.uid,
        )
        self.release_all(credit, day)
        self.cancel_reopened_charges()
        self.allocate_oldest_first()
        return taken_back

    def cancel_reopened_charges(self) -> None:
        """Take charges of cancelled orders off the account: nothing is owed of such an order.

        Call it before other credits are allocated, or they would pay a cancelled order.
        """
        for uid in self.orders(self.charges).filter(status=Status.CANCELLED).column("uid"):
            if amount := self.charges[uid].open_amount:
                self.post(-amount, reason="cancellation", order_uid=uid)

    def past_day(self, day: date | None) -> date:
        """Return the day of a payment, today by default. Raises Invalid `future`."""
        if day is not None and day > self.today:
            raise Invalid("future", "paid_on")
        return day or self.today

    def save_orders(self, *, but: uuid.UUID | None = None) -> list[Subject]:
        """Save the orders that the postings paid or opened again, but not the caller's. Return their changes.

        Call it before an event locks the store.
        """
        uids = self.charges.keys() - {but}
        if not uids:
            return []
        orders = self.orders(uids).select_for_update(no_key=True)
        edits = [(order, RowEdit(order)) for order in orders]
        for order, _ in edits:
            update_payment_state(order, self)
            if order.refundable_amount < 0:  # it was refunded by more than is paid now
                raise Conflict("refunded_already", number=order.number)
            order.updated_at = timezone.now()
        # One statement writes them all, so each row needs every column that any of them changed.
        columns = {name for _, change in edits for name in change.changed_values()}
        update_many([order for order, _ in edits], sorted(columns))
        return subjects(edits)

    def orders(self, uids: Iterable[uuid.UUID]) -> OrderQuerySet:
        keys = {"store": self.customer.store_id, "customer": self.customer}
        return Order.objects.filter(**keys, uid__in=list(uids)).order_by("pk")

    def publish_orders(self, changes: list[Subject]) -> None:
        """Publish the changes that `save_orders` returned, after the caller's own event."""
        if changes:
            edit = Edit(self.customer, self.edit.actor)  # the next versions of the customer
            edit.save_and_publish_about_each("order.updated", changes)


def subjects(edits: list[tuple[Order, RowEdit]]) -> list[Subject]:
    """Return what the events of these orders show. Those deleted with their customer have none."""
    visible = {order.pk: (order, edit) for order, edit in edits if order.withdrawn_at is None}
    if not visible:
        return []
    store = next(iter(visible.values()))[0].store_id
    rows = ORDERS.full.rows(Order.objects.filter(store=store, pk__in=visible).order_by("pk"))
    return [subject(*visible[row["id"]], row) for row in rows]


def subject(order: Order, edit: RowEdit, row: dict[str, object]) -> Subject:
    changed = [name for name in edit.changed() if name != "updated_at"]
    return Subject(order.uid, changed, edit.before(changed), row)
