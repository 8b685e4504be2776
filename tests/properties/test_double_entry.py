"""After any operations with money, the book says what plain double-entry bookkeeping says.

Ten examples of 30 steps by default; `MONEY_EXAMPLES=340` in the environment makes it 10,000 steps.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from customers.models import Customer, LedgerEntry
from customers.models.ledger import OF_ORDER, WRITE_OFF, Account
from customers.services.customers import restore_customer, update_customer
from orders.models import Order, Payment
from orders.models.order import ON_ACCOUNT, Status
from orders.services.accounts import post_entry
from orders.services.crediting import NewCreditNote, credit_order
from orders.services.customers import delete_customer
from orders.services.losses import written_off
from orders.services.moving import move_order
from orders.services.paying import pay_order, refund_order
from orders.services.placing import place_order
from orders.services.voiding import Void, void_entry, void_payment
from orders.services.writing_off import write_off
from orders.verification.allocations import allocation_differences
from orders.verification.balances import differences
from orders.verification.days import day_differences
from orders.verification.numbers import number_differences
from stores.actors import SYSTEM
from stores.errors import DomainError
from tests.factories import CustomerFactory, LineFields, StoreFactory
from tests.properties import double_entry as plain

AMOUNTS = st.sampled_from(["0.01", "0.1", "9.99", "10", "25.50", "50", "100"]).map(Decimal)
LIMITS = st.sampled_from([None, Decimal(0), Decimal(100), Decimal(1000)])
CAUSES = st.sampled_from(["bounced", "wrong_customer", "chargeback"])
ZERO = Decimal(0)
BOUNDED = settings(
    max_examples=int(os.environ.get("MONEY_EXAMPLES", "10")),
    stateful_step_count=30,
    derandomize="MONEY_EXAMPLES" not in os.environ,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def accepted(operation: Callable[[], Any]) -> Any:
    """Return the result of an operation, or None when a service refuses it."""
    try:
        return operation()
    except DomainError:
        return None


class MoneyMachine(RuleBasedStateMachine):
    """State machine whose bundles pair keys of real rows with the model's objects."""

    customers: Bundle = Bundle("customers")
    orders: Bundle = Bundle("orders")
    payments: Bundle = Bundle("payments")
    settlements: Bundle = Bundle("settlements")
    losses: Bundle = Bundle("losses")

    @initialize(target=customers)
    def open_store(self):
        self.store, self.journal = StoreFactory(), plain.Journal()
        pairs = [
            (CustomerFactory(store=self.store, is_account_enabled=True).pk, plain.Customer())
            for _ in range(2)
        ]
        self.twins, self.order_twins = dict(pairs), {}
        return multiple(*pairs)

    def target(self, key):
        return Customer.objects.filter(store=self.store, pk=key)

    def order_target(self, key):
        return Order.objects.filter(store=self.store, pk=key)

    # --- customers

    @rule(
        one=customers, enabled=st.booleans(), limit=LIMITS, hold=st.sampled_from(["", "", "Late"])
    )
    def change_terms(self, one, enabled, limit, hold):
        key, twin = one
        fields = {"is_account_enabled": enabled, "credit_limit": limit, "hold_reason": hold}
        if accepted(lambda: update_customer(self.target(key), SYSTEM, fields)):
            twin.enabled, twin.limit, twin.hold = enabled, limit, hold

    @rule(one=customers)
    def delete(self, one):
        """A customer who owes, or is owed, a cent cannot be deleted."""
        key, twin = one
        own = [order for order in self.order_twins.values() if order.owner is twin]
        is_settled = not self.journal.owed(twin) and not any(map(self.journal.to_give_back, own))
        deleted = accepted(lambda: delete_customer(self.target(key), SYSTEM)) is not None
        assert deleted == (twin.live and is_settled)
        twin.live = twin.live and not deleted

    @rule(one=customers)
    def restore(self, one):
        key, twin = one
        twin.live = accepted(lambda: restore_customer(self.target(key), SYSTEM)) is not None

    # --- orders

    @rule(
        target=orders,
        one=customers,
        price=AMOUNTS,
        on_account=st.booleans(),
        override=st.booleans(),
    )
    def place(self, one, price, on_account, override):
        key, owner = one
        lines = [LineFields(quantity=2, unit_price=price)]
        reason = "The manager knows." if override else ""
        may = self.journal.may_charge(owner, 2 * price, override=override) or not on_account
        row = accepted(
            lambda: place_order(
                self.target(key), SYSTEM, lines, on_account=on_account, override=reason
            )
        )
        assert (row is not None) == (owner.live and may)
        if row is None:
            return multiple()
        order = self.order_twins[row["id"]] = plain.Order(owner, 2 * price)
        self.journal.place(order, on_account=on_account)
        return row["id"], order

    @rule(one=orders, amount=AMOUNTS)
    def put_on_account(self, one, amount):
        key, order = one
        due = self.order_target(key).get().due_amount
        moved = min(amount, self.journal.due(order))
        may = moved <= 0 or self.journal.may_charge(order.owner, moved)
        row = accepted(lambda: pay_order(self.order_target(key), SYSTEM, amount, ON_ACCOUNT))
        assert (row is not None) == (amount <= due and may)
        if row is not None:
            self.journal.put_on_account(order, amount)

    @rule(target=payments, one=orders, amount=AMOUNTS, pays_all=st.booleans())
    def pay(self, one, amount, pays_all):
        key, order = one
        due = self.order_target(key).get().due_amount
        amount = due if pays_all else amount
        row = accepted(lambda: pay_order(self.order_target(key), SYSTEM, amount, "cash"))
        assert (row is not None) == (0 < amount <= due)
        if row is None:
            return multiple()
        uid = row["payments"][-1]["uid"]
        self.journal.pay(order, uid, amount)
        return key, order, uid

    @rule(one=orders, amount=AMOUNTS)
    def refund(self, one, amount):
        key, order = one
        row = self.order_target(key).get()
        left = row.refundable_amount - written_off(row)
        row = accepted(lambda: refund_order(self.order_target(key), SYSTEM, amount))
        assert (row is not None) == (amount <= left)
        if row is not None:
            self.journal.refund(order, amount)

    @rule(one=orders, amount=st.none() | AMOUNTS, keeps=st.booleans())
    def credit(self, one, amount, keeps):
        key, order = one
        row = self.order_target(key).get()
        whole = amount if amount is not None else row.net_amount
        note = NewCreditNote(amount, keeps_credit=keeps)
        done = accepted(lambda: credit_order(self.order_target(key), SYSTEM, note))
        rest = whole - min(whole, row.due_amount)
        is_received = not rest or rest <= row.refundable_amount - written_off(row)
        may = not order.cancelled and 0 < whole <= row.net_amount and is_received
        assert (done is not None) == may
        if done is not None:
            self.journal.credit(order, whole, row.due_amount, keeps=keeps)

    @rule(one=orders)
    def cancel(self, one):
        key, order = one
        row = accepted(lambda: move_order(self.order_target(key), SYSTEM, "cancelled"))
        if row is not None and not order.cancelled:
            self.journal.cancel(order)

    @rule(one=consumes(payments), cause=CAUSES)
    def void(self, one, cause):
        key, order, uid = one
        amount = sum(order.payments[uid])
        left = self.order_target(key).get().refundable_amount
        row = accepted(lambda: void_payment(self.order_target(key), SYSTEM, uid, Void(cause)))
        assert (row is not None) == (amount <= left)
        if row is not None:
            self.journal.void(order, uid)

    # --- accounts

    @rule(target=settlements, one=customers, amount=AMOUNTS)
    def settle(self, one, amount):
        key, twin = one
        entry = post_entry(self.target(key), SYSTEM, Account.HOUSE, -amount)
        self.journal.settle(twin, amount)
        return key, twin, entry.uid, amount

    @rule(one=customers, amount=AMOUNTS)
    def charge(self, one, amount):
        key, twin = one
        may = self.journal.may_charge(twin, amount)
        is_pay_out = amount <= -self.journal.owed(twin)
        entry = accepted(lambda: post_entry(self.target(key), SYSTEM, Account.HOUSE, amount))
        assert (entry is not None) == (may and (twin.live or is_pay_out))
        if entry is not None:
            self.journal.charge(twin, amount)

    @rule(one=consumes(settlements), cause=CAUSES)
    def void_settlement(self, one, cause):
        key, twin, uid, amount = one
        if accepted(lambda: void_entry(self.target(key), SYSTEM, uid, Void(cause))):
            self.journal.settle(twin, -amount)

    @rule(target=losses, one=customers, amount=AMOUNTS)
    def write_off(self, one, amount):
        key, twin = one
        entry = accepted(lambda: write_off(self.target(key), SYSTEM, amount, "Insolvent"))
        assert (entry is not None) == (amount <= self.journal.owed(twin))
        if entry is None:
            return multiple()
        self.journal.write_off(twin, amount)
        return key, twin, entry.uid, amount

    @rule(one=consumes(losses), cause=CAUSES)
    def void_loss(self, one, cause):
        key, twin, uid, amount = one
        if accepted(lambda: void_entry(self.target(key), SYSTEM, uid, Void(cause))):
            self.journal.write_off(twin, -amount)

    # --- what must hold

    @invariant()
    def customers_owe_what_the_journal_says(self):
        for row in Customer.objects.filter(store=self.store):
            twin = self.twins[row.pk]
            assert row.account_balance == self.journal.owed(twin)
            assert row.total_spent == -self.journal.balances[plain.REVENUE, twin]
            assert (row.deleted_at is None) == twin.live

    @invariant()
    def orders_are_due_what_the_journal_says(self):
        for row in Order.objects.filter(store=self.store):
            twin = self.order_twins[row.pk]
            assert (row.refunded_amount, row.credited_amount) == (twin.refunded, twin.credited)
            assert row.charged_amount >= 0
            if row.status == Status.CANCELLED:
                assert row.refundable_amount == self.journal.to_give_back(twin)
                assert not self.journal.due(twin)
            else:
                assert row.due_amount - row.charged_amount == self.journal.due(twin)

    @invariant()
    def cash_is_what_came_and_went(self):
        signs = {"payment": 1, "void": -1, "refund": -1}
        payments = Payment.objects.filter(store=self.store, kind__in=signs)
        rows = payments.exclude(kind="refund", method=ON_ACCOUNT).values_list("kind", "amount")
        cash = sum((signs[kind] * amount for kind, amount in rows), ZERO)
        entries = (
            LedgerEntry.objects.filter(store=self.store).exclude(OF_ORDER).exclude(reason=WRITE_OFF)
        )
        by_hand = entries.filter(amount__lt=0) | entries.filter(
            reverses_uid__isnull=False, order_uid=None
        )
        cash -= sum(by_hand.values_list("amount", flat=True), ZERO)
        assert cash == self.journal.balances[plain.CASH]

    @invariant()
    def book_agrees_with_itself(self):
        assert sum(self.journal.balances.values()) == 0
        for find in (differences, allocation_differences, day_differences, number_differences):
            assert [str(found) for found in find(self.store)] == []


def test_book_agrees_with_double_entry(db):
    run_state_machine_as_test(MoneyMachine, settings=BOUNDED)
