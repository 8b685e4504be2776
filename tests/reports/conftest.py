"""A random history of money, with what a plain tally says of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from customers.models import Customer, LedgerEntry
from customers.models.ledger import Account
from orders.models import Order, Payment
from orders.receivables import aging_buckets
from orders.reports.period import Period
from orders.reports.sales import turnover
from orders.services.accounts import post_entry
from orders.services.crediting import NewCreditNote, credit_order
from orders.services.moving import move_order
from orders.services.paying import pay_order, refund_order
from orders.services.placing import place_order
from orders.services.voiding import Void, void_entry, void_payment
from orders.services.writing_off import write_off
from stores.actors import SYSTEM
from stores.errors import DomainError
from stores.models import Store
from tests.admin.conftest import owner, quick_passwords, sign_in
from tests.factories import CustomerFactory, LineFields, StoreFactory

__all__ = ["history", "owner", "quick_passwords", "sign_in"]

# Just after midnight in Sydney: each day is in two days of UTC.
BEGIN = datetime(2026, 3, 20, 14, 30, tzinfo=UTC)
DAYS = 60
BOUNCED = Void("bounced")


@dataclass
class History:
    """A store, the money that its tally has, and what it owed at the end of each day, by age."""

    store: Store
    chance: random.Random = field(default_factory=lambda: random.Random(20))
    money: Decimal = Decimal(0)
    owed: dict[date, list[Decimal]] = field(default_factory=dict)
    balances: dict[date, Decimal] = field(default_factory=dict)
    months: dict[str, Any] = field(default_factory=dict)

    def amount(self) -> Decimal:
        return Decimal(self.chance.randint(1, 9000)) / 100

    def customer(self) -> Customer:
        return self.chance.choice(list(Customer.objects.filter(store=self.store).order_by("pk")))

    def order(self) -> Order:
        return self.chance.choice(list(Order.objects.filter(store=self.store).order_by("pk")))

    def act(self) -> None:
        with suppress(DomainError, Payment.DoesNotExist, LedgerEntry.DoesNotExist):
            self.chance.choice(ACTS)(self)

    def snapshot(self, today: date) -> None:
        self.owed[today] = [bucket.amount for bucket in aging_buckets(self.store, today)]
        rows = Customer.objects.filter(store=self.store).values_list("account_balance", flat=True)
        self.balances[today] = sum(rows, Decimal(0))
        first = today.replace(day=1)
        months = {row[0]: row for row in turnover(Period(self.store, first, today)).rows(None)}
        self.months |= months


def place(history: History) -> None:
    lines = [LineFields(quantity=1, unit_price=history.amount()) for _ in range(2)]
    on_account = history.chance.random() < 0.6
    place_order(history.customer().as_queryset(), SYSTEM, lines, on_account=on_account)


def pay(history: History) -> None:
    order = history.order()
    amount = history.chance.choice([order.due_amount, history.amount()])
    pay_order(order.as_queryset(), SYSTEM, amount, history.chance.choice(["cash", "card"]))
    history.money += amount


def put_on_account(history: History) -> None:
    pay_order(history.order().as_queryset(), SYSTEM, history.amount(), "on account")


def refund(history: History) -> None:
    amount = history.amount()
    refund_order(history.order().as_queryset(), SYSTEM, amount)
    history.money -= amount


def credit(history: History) -> None:
    order, keeps = history.order(), history.chance.random() < 0.5
    before = order.refunded_amount
    amount = history.chance.choice([None, history.amount()])
    credit_order(order.as_queryset(), SYSTEM, NewCreditNote(amount, keeps_credit=keeps))
    order.refresh_from_db()
    if not keeps:
        history.money -= order.refunded_amount - before


def cancel(history: History) -> None:
    move_order(history.order().as_queryset(), SYSTEM, "cancelled")


def bounce(history: History) -> None:
    payments = Payment.objects.filter(store=history.store, kind="payment").order_by("pk")
    payment = history.chance.choice(list(payments) or [None])
    if payment:
        void_payment(payment.order.as_queryset(), SYSTEM, payment.uid, BOUNCED)
        history.money -= payment.amount


def settle(history: History) -> None:
    amount = history.amount()
    post_entry(history.customer().as_queryset(), SYSTEM, Account.HOUSE, -amount)
    history.money += amount


def charge(history: History) -> None:
    post_entry(history.customer().as_queryset(), SYSTEM, Account.HOUSE, history.amount())


def bounce_settlement(history: History) -> None:
    entries = LedgerEntry.objects.filter(
        store=history.store, account=Account.HOUSE, amount__lt=0, reason="adjustment"
    )
    entry = history.chance.choice(list(entries.order_by("pk")) or [None])
    if entry:
        void_entry(entry.customer.as_queryset(), SYSTEM, entry.uid, BOUNCED)
        history.money += entry.amount


def give_up(history: History) -> None:
    write_off(history.customer().as_queryset(), SYSTEM, history.amount(), "Insolvent")


ACTS = (
    place, place, place, place, pay, pay, pay, put_on_account, refund, credit, cancel, bounce, settle,
    settle, charge, bounce_settlement, give_up,
)  # fmt: skip


@pytest.fixture
def history(db: None) -> Iterator[History]:
    """Act for sixty days of a store far from UTC; what happened stands in the tally."""
    history = History(StoreFactory(name="Harbour Bakery"))
    with time_machine.travel(BEGIN, tick=False) as clock:
        for name in ("Ann Lee", "=Bo+1", "Cy"):
            CustomerFactory(
                store=history.store, name=name, is_account_enabled=True, payment_terms="net_15"
            )
        place(history)
        for day in range(DAYS):
            clock.move_to(BEGIN + timedelta(days=day))
            for _ in range(history.chance.randint(0, 4)):
                clock.shift(timedelta(minutes=history.chance.randint(1, 150)))
                history.act()
            history.snapshot(timezone.localdate(timezone=history.store.tzinfo))
        yield history


@pytest.fixture
def everything(history: History) -> Period:
    return Period(history.store, date(2026, 1, 1), date(2026, 12, 31))
