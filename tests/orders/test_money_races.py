"""Concurrent payments, corrections and deletions of one account, in threads on PostgreSQL."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from customers.models import Customer
from customers.models.ledger import Account
from orders.models import Allocation, Credit, CreditNote, Order
from orders.models.payment import VoidCause
from orders.services.accounts import post_entry
from orders.services.crediting import NewCreditNote, credit_order
from orders.services.customers import delete_customer
from orders.services.paying import pay_order, refund_order
from orders.services.placing import place_order
from orders.services.voiding import Void, void_payment
from stores.actors import SYSTEM
from stores.errors import Conflict
from tests.factories import CustomerFactory, LineFields, StoreFactory
from tests.orders.conftest import every_difference
from tests.orders.test_races import APPS, as_queryset, conflicts, in_threads, run_together

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, available_apps=APPS),
]
BOUNCED = Void(VoidCause.BOUNCED)


@pytest.fixture
def account() -> Customer:
    return CustomerFactory(is_account_enabled=True)


def buy(customer: Customer, price: str) -> Any:
    items = [LineFields(quantity=1, unit_price=Decimal(price))]
    row = place_order(as_queryset(customer), SYSTEM, items, on_account=True)
    return Order.objects.filter(store=customer.store_id, pk=row["id"])


def settle(customer: Customer, amount: str) -> Any:
    return post_entry(as_queryset(customer), SYSTEM, Account.HOUSE, -Decimal(amount))


def assert_sound() -> None:
    assert [str(difference) for difference in every_difference()] == []


def test_one_credit_pays_parallel_orders_once(account):
    settle(account, "10")
    in_threads(5, [lambda: buy(account, "4")] * 5)
    account.refresh_from_db()
    assert account.account_balance == 10
    assert sum(Allocation.objects.values_list("amount", flat=True)) == 10
    assert Credit.objects.get().open_amount == 0
    assert_sound()


def test_void_and_refund_exclude_each_other(account):
    for _ in range(8):
        order = buy(account, "10")
        paid = pay_order(order, SYSTEM, Decimal(10), "cheque")["payments"][-1]["uid"]
        results = run_together(
            lambda o=order, p=paid: void_payment(o, SYSTEM, p, BOUNCED),
            lambda o=order: refund_order(o, SYSTEM),
        )
        assert len(conflicts(results)) == 1
    assert_sound()


def test_credit_note_and_payment_never_exceed_the_order(account):
    for _ in range(8):
        order = buy(account, "10")
        run_together(
            lambda o=order: credit_order(o, SYSTEM, NewCreditNote(Decimal(10))),
            lambda o=order: pay_order(o, SYSTEM, Decimal(10), "card"),
        )
        assert order.get().net_amount == 0
    assert_sound()


def test_parallel_credit_notes_get_numbers_without_gaps():
    store = StoreFactory()
    buyers = [CustomerFactory(store=store, is_account_enabled=True) for _ in range(5)]
    targets = [buy(buyer, "10") for buyer in buyers]
    note = NewCreditNote(Decimal(1))
    in_threads(8, [lambda o=order: credit_order(o, SYSTEM, note) for order in targets * 4])
    numbers = CreditNote.objects.filter(store=store).values_list("sequence", flat=True)
    assert sorted(numbers) == list(range(1, 4 * len(targets) + 1))
    assert_sound()


def test_settlement_and_deletion_leave_a_sound_account():
    for _ in range(8):
        customer = CustomerFactory(is_account_enabled=True)
        buy(customer, "10")
        results = run_together(
            lambda c=customer: settle(c, "10"),
            lambda c=customer: delete_customer(as_queryset(c), SYSTEM),
        )
        customer.refresh_from_db()
        assert customer.account_balance == 0
        assert bool(customer.deleted_at) is not isinstance(results[1], Conflict)
    assert_sound()


def test_eight_writers_keep_one_account_sound(account):
    def history(number: int) -> None:
        order = buy(account, "7")
        paid = pay_order(order, SYSTEM, Decimal(3), "cheque")["payments"][-1]["uid"]
        settle(account, "2")
        if number % 2:
            void_payment(order, SYSTEM, paid, BOUNCED)

    in_threads(8, [lambda n=number: history(n) for number in range(16)])
    account.refresh_from_db()
    assert account.account_balance == 16 * 7 - 16 * 2 - 8 * 3
    assert_sound()
