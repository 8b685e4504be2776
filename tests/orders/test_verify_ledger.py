from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Charge, Customer
from customers.models.ledger import Account
from orders.models import DailySales, Order
from orders.services.accounts import post_entry
from orders.services.moving import move_order
from orders.services.paying import pay_order, refund_order
from stores.actors import SYSTEM
from stores.models import Store
from tests.factories import CustomerFactory, LineFields, OrderFactory


@pytest.fixture
def history(ada, ben, as_queryset, order_queryset):
    """Create charges, points, payments, refunds and a cancellation."""
    OrderFactory(customer=ada, on_account=True)
    paid = order_queryset(OrderFactory(customer=ada, on_account=True))
    pay_order(paid, SYSTEM, Decimal("25.00"), "card")
    refund_order(paid, SYSTEM, Decimal("0.10"))
    move_order(order_queryset(OrderFactory(customer=ada)), SYSTEM, "cancelled")
    for _ in range(3):
        post_entry(as_queryset(ben), SYSTEM, Account.LOYALTY, Decimal("0.10"))
    return ada, ben


def spoil(customer: Customer, **columns) -> None:
    """Write columns without the services, as only a defect would."""
    Customer.objects.filter(pk=customer.pk).update(**columns)


def test_consistent_ledger_passes(history, capsys):
    call_command("verify_ledger")
    assert "2 customers" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("account_balance", Decimal("25.01")),
        ("loyalty_balance", Decimal("0.31")),
        ("order_count", 1),
        ("orders_ever", 4),
        ("total_spent", Decimal("49.91")),
        ("first_order_at", None),
        ("last_order_at", datetime(2020, 1, 1, tzinfo=UTC)),
    ],
)
def test_wrong_column_is_named(history, column, value):
    customer = history[0]
    spoil(customer, **{column: value})
    with pytest.raises(CommandError) as told:
        call_command("verify_ledger")
    assert str(customer.uid) in str(told.value)
    assert f"{column} is {value}" in str(told.value)


@pytest.mark.parametrize("column", ["charged_amount", "paid_amount"])
def test_order_that_disagrees_with_its_payments_is_named(history, column):
    order = Order.objects.filter(customer=history[0]).earliest("pk")
    Order.objects.filter(pk=order.pk).update(charged_amount=20)
    Order.objects.filter(pk=order.pk).update(**{column: Decimal("1.00")})
    with pytest.raises(CommandError, match=rf"{order.number}: {column} is 1\.00, it should be"):
        call_command("verify_ledger")


def test_thousandth_that_is_wrong_is_shown(history):
    Charge.objects.update(amount=Decimal("25.001"), open_amount=Decimal("0.001"))
    with pytest.raises(CommandError, match=r"is 25\.001, its entries say 25\.00"):
        call_command("verify_ledger")


def test_later_batches_are_checked(history, monkeypatch):
    monkeypatch.setattr("stores.database.batches.BATCH_SIZE", 1)
    spoil(history[1], orders_ever=5)
    with pytest.raises(CommandError, match="orders_ever is 5, its orders say 0"):
        call_command("verify_ledger")


def test_parameters_are_independent_of_order_count(ada):
    """PostgreSQL takes 65,535 parameters; 5,000 customers have more orders than that."""

    def statements() -> list[int]:
        with CaptureQueriesContext(connection) as queries:
            call_command("verify_ledger")
        return [len(query["sql"]) // 10 for query in queries]

    OrderFactory(customer=ada, on_account=True, items=[LineFields(quantity=1)])
    few = statements()
    for _ in range(8):
        OrderFactory(customer=ada, on_account=True, items=[LineFields(quantity=1)])
    assert statements() == few


def test_repaired_statistics_make_a_new_version(history):
    ada, _ = history
    ada.refresh_from_db()
    spoil(ada, total_spent=Decimal("1.00"), first_order_at=None)
    call_command("verify_ledger", repair=True)
    call_command("verify_ledger")
    version, spent = ada.version, ada.total_spent
    ada.refresh_from_db()
    assert (ada.version, ada.total_spent) == (version + 1, spent)


def test_balances_are_never_repaired(history):
    spoil(history[0], account_balance=Decimal("1.00"), total_spent=Decimal("1.00"))
    with pytest.raises(CommandError, match="account_balance"):
        call_command("verify_ledger", repair=True)
    history[0].refresh_from_db()
    assert history[0].account_balance == Decimal("1.00")


def test_due_date_survives_a_change_of_time_zone(ada, as_queryset):
    Customer.objects.update(is_account_enabled=True)
    with time_machine.travel(datetime(2026, 6, 15, 22, 0, tzinfo=UTC), tick=False):
        post_entry(as_queryset(ada), SYSTEM, Account.HOUSE, Decimal(10))
    assert Charge.objects.get().due_on == date(2026, 6, 16)  # in Sydney
    call_command("verify_ledger")
    Store.objects.update(timezone="America/Los_Angeles")
    call_command("verify_ledger")

    Charge.objects.update(due_on=date(2026, 6, 18))
    with pytest.raises(CommandError, match="due_on is 2026-06-18, its entries say 2026-06-16"):
        call_command("verify_ledger")
    call_command("verify_ledger", repair=True)
    call_command("verify_ledger")


def test_one_store_can_be_verified_alone(history, other_store):
    spoil(CustomerFactory(store=other_store), orders_ever=1)
    call_command("verify_ledger", store=str(history[0].store.uid))
    with pytest.raises(CommandError, match="orders_ever"):
        call_command("verify_ledger", store=str(other_store.uid))


@pytest.mark.parametrize("unknown", ["", "nowhere", "01890000-0000-7000-8000-000000000000"])
def test_unknown_store_is_refused(db, unknown):
    with pytest.raises(CommandError, match="no store"):
        call_command("verify_ledger", store=unknown)


def test_wrong_daily_sales_are_named_and_repaired(history):
    DailySales.objects.update(revenue=Decimal("1.00"))
    with pytest.raises(CommandError, match=r"2 orders of 1\.00, its orders say 2 of 49\.90"):
        call_command("verify_ledger")
    call_command("verify_ledger", repair=True)
    call_command("verify_ledger")
    DailySales.objects.all().delete()
    with pytest.raises(CommandError, match=r"0 orders of 0\.00, its orders say 2 of 49\.90"):
        call_command("verify_ledger")
    assert not DailySales.objects.exists(), "to look changes nothing"


def test_wrong_charges_are_named_and_rebuilt(history):
    Charge.objects.update(open_amount=Decimal("3.00"))
    with pytest.raises(
        CommandError, match=f"{history[0].uid}.*open_amount is 3.00, its entries say"
    ):
        call_command("verify_ledger")
    call_command("verify_ledger", repair=True)
    call_command("verify_ledger")
