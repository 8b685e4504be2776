"""Statements of house accounts: they agree with the ledger on every day, whatever was taken back later."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import transaction

from customers.models import Customer
from customers.models.ledger import Account
from orders.models import CreditNote, Payment
from orders.models.payment import PaymentKind
from orders.open_charges import balance_on
from orders.services.accounts import post_entry
from orders.services.crediting import NewCreditNote, credit_order
from orders.services.moving import move_order
from orders.services.paying import pay_order
from orders.services.voiding import Void, void_entry, void_payment
from orders.statements.periods import Period, usual_periods
from orders.statements.statement import Statement, statement_of
from orders.verification.statements import statement_differences
from stores.actors import SYSTEM
from stores.errors import Invalid
from tests.factories import CustomerFactory, StoreFactory
from tests.orders.accounts import order_of

pytestmark = pytest.mark.usefixtures("ledger_agrees")


def on_day(day: int, hour: int = 2) -> time_machine.travel:
    """Travel to a day in June 2026, by default to noon in Sydney."""
    return time_machine.travel(datetime(2026, 6, day, hour, tzinfo=UTC), tick=False)


def post(customer: Customer, amount: str, day: int | None = None, notes: str = ""):
    paid_on = date(2026, 6, day) if day else None
    target = customer.as_queryset()
    return post_entry(target, SYSTEM, Account.HOUSE, Decimal(amount), paid_on=paid_on, notes=notes)


def statement(customer: Customer, first: int, last: int) -> Statement:
    return statement_of(customer, Period(date(2026, 6, first), date(2026, 6, last)))


def lines(found: Statement) -> list[tuple[int, str, Decimal, Decimal]]:
    return [(line.day.day, line.kind, line.amount, line.balance) for line in found.lines]


def ages(found: Statement) -> dict[str, Decimal]:
    return {bucket.name: bucket.amount for bucket in found.ageing if bucket.amount}


@pytest.fixture
def busy(ada: Customer, order_queryset) -> Customer:
    """Give Ada a month with all that can happen to an account."""
    with on_day(2):
        first = order_of(ada, "40")
    with on_day(4):
        pay_order(order_queryset(first), SYSTEM, Decimal(40), "cheque")
        post(ada, "15", notes="Catering")
    with on_day(6):
        second = order_of(ada, "30")
        settlement = post(ada, "-20", notes="transfer 71")
    with on_day(9):
        uid = Payment.objects.get(kind=PaymentKind.PAYMENT).uid
        void_payment(order_queryset(first), SYSTEM, uid, Void("bounced"))
    with on_day(12):
        credit_order(order_queryset(second), SYSTEM, NewCreditNote(amount=Decimal(10)))
        post(ada, "-100", day=8)
    with on_day(14):
        void_entry(ada.as_queryset(), SYSTEM, settlement.uid, Void("wrong_customer"))
        third = order_of(ada, "12.50")
    with on_day(16):
        move_order(order_queryset(third), SYSTEM, "cancelled")
        post(ada, "-3")
    return ada


def test_lines_in_the_order_of_their_days(busy):
    assert lines(statement(busy, 1, 30)) == [
        (2, "Order", 40, 40),
        (4, "Payment by cheque", -40, 0),
        (4, "Charge", 15, 15),
        (6, "Order", 30, 45),
        (6, "Payment", -20, 25),
        (8, "Payment", -100, -75),
        (9, "Bounced payment", 40, -35),
        (12, f"Credit note {CreditNote.objects.get()}", -10, -45),
        (14, "Payment of another customer", 20, -25),
        (14, "Order", Decimal("12.50"), Decimal("-12.50")),
        (16, "Cancelled order", Decimal("-12.50"), -25),
        (16, "Payment", -3, -28),
    ]


def test_closing_is_the_next_opening_on_every_day(busy):
    days = [statement(busy, day, day) for day in range(1, 30)]
    assert [found.closing for found in days[:-1]] == [found.opening for found in days[1:]]
    month = statement(busy, 1, 29)
    assert month.opening == 0
    assert month.closing == days[-1].closing == Customer.objects.get(pk=busy.pk).account_balance
    assert month.charged - month.paid == month.closing


def test_ages_and_prepayment_are_the_balance_on_every_day(busy):
    for day in range(1, 30):
        found = statement(busy, 1, day)
        owed = sum(ages(found).values())
        assert owed - found.in_advance == found.closing == balance_on(busy, date(2026, 6, day))
        assert found.in_advance >= 0
        assert all(0 < charge.open_amount <= charge.amount for charge in found.open_charges)


def test_ages_on_the_last_day(ada):
    with on_day(1):
        order_of(ada, "40")  # due on the 16th
    with on_day(20):
        post(ada, "25")  # due at once
    assert ages(statement(ada, 1, 20)) == {"1-30": 40, "current": 25}
    assert ages(statement(ada, 1, 16)) == {"current": 40}
    assert statement(ada, 1, 20).overdue == 40
    assert statement(ada, 1, 20).next_due == (date(2026, 6, 20), 25)
    assert [charge.days_overdue for charge in statement(ada, 1, 20).open_charges] == [4, 0]


def test_payment_names_what_it_paid(ada):
    with on_day(2):
        first, second = order_of(ada, "40"), order_of(ada, "30")
        post(ada, "5")
    with on_day(5):
        post(ada, "-73", notes="transfer 71")
    line = statement(ada, 5, 5).lines[0]
    assert line.reference == "transfer 71"
    paid = {payee.title: payee.amount for payee in line.payees}
    assert paid == {"Charge": 5, first.number: 40, second.number: 28}


def test_payment_that_was_taken_back_pays_nothing(busy):
    bounced = statement(busy, 1, 30).lines[1]
    assert bounced.payees == ()
    assert [payee.amount for payee in statement(busy, 1, 8).lines[1].payees] == [40]


def test_lines_name_order_due_day_and_reference(busy):
    order, _, charge, *_ = found = statement(busy, 1, 30).lines
    assert order.number == busy.orders.order_by("id")[0].number
    assert order.due_on == date(2026, 6, 17)
    assert charge.reference == "Catering"
    assert found[4].due_on is None  # a payment
    assert (found[6].number, found[6].due_on) == (order.number, order.due_on)  # it bounced
    assert found[8].reference == "transfer 71"  # of the payment that it takes back


def test_day_is_that_of_the_store(ada):
    with on_day(15, hour=22):  # the morning of the 16th in Sydney
        order_of(ada, "40")
    assert statement(ada, 15, 15).closing == 0
    assert lines(statement(ada, 16, 16)) == [(16, "Order", 40, 40)]


def test_reason_for_an_override_is_not_told(ada):
    ada.as_queryset().update(hold_reason="Pays late")
    with on_day(2):
        order_of(ada, "40", override="The boss said so")
    assert statement(ada, 1, 3).lines[0].reference == ""


def test_void_before_the_payment_counts_on_the_day_of_the_payment(ada, order_queryset):
    with on_day(2):
        order = order_of(ada, "40")
    with on_day(9):
        pay_order(order_queryset(order), SYSTEM, Decimal(40), "cheque", date(2026, 6, 8))
        void = Void("bounced", day=date(2026, 6, 5))
        void_payment(order_queryset(order), SYSTEM, Payment.objects.get().uid, void)
    for day in (4, 5, 7, 8, 9):
        assert ages(statement(ada, 1, day)) == {"current": 40}


def test_credit_that_a_cancelled_order_frees_pays_from_that_day(ada, order_queryset):
    with on_day(2):
        first = order_of(ada, "40")
    with on_day(3):
        order_of(ada, "30")
    with on_day(4):
        post(ada, "-40")
    with on_day(8):
        move_order(order_queryset(first), SYSTEM, "cancelled")
    found = [statement(ada, 1, day) for day in (3, 4, 7, 8)]
    assert [sum(ages(one).values()) for one in found] == [70, 30, 30, 0]
    assert [one.in_advance for one in found] == [0, 0, 0, 10]


@pytest.mark.parametrize(("currency", "price"), [("JPY", "1200"), ("KWD", "12.345")])
def test_currency_of_other_digits(currency, price, request):
    store = StoreFactory(currency=currency, timezone="Asia/Tokyo")
    customer = CustomerFactory(store=store, is_account_enabled=True)
    with on_day(2):
        order_of(customer, price)
    assert statement(customer, 1, 3).closing == Decimal(price)
    assert ages(statement(customer, 1, 3)) == {"current": Decimal(price)}


def test_deleted_customer_keeps_the_statement(busy):
    busy.as_queryset().update(deleted_at=datetime(2026, 6, 20, tzinfo=UTC))
    assert len(statement(busy, 1, 30).lines) == 12


def test_points_are_not_on_it(ada):
    ada.as_queryset().update(is_loyalty_enabled=True)
    with on_day(2):
        post_entry(ada.as_queryset(), SYSTEM, Account.LOYALTY, Decimal(50))
    assert statement(ada, 1, 3).lines == []


def test_too_many_lines(busy, monkeypatch):
    monkeypatch.setattr("orders.statements.statement.MAX_LINES", 11)
    with pytest.raises(Invalid, match="too_many_lines"):
        statement(busy, 1, 30)
    assert len(statement(busy, 1, 15).lines) == 10


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2024, 2, 29), date(2026, 12, 31)])
def test_usual_periods_are_in_order(today):
    month, before, *longer = usual_periods(today)
    assert month.first.day == 1
    assert before.last + timedelta(days=1) == month.first
    assert all(period.first <= month.first and period.last == today for period in longer)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda ada: ada.charges.update(posted_at=datetime(2031, 1, 1, tzinfo=UTC)), "is open"),
        (lambda ada: ada.as_queryset().update(account_balance=7), "a statement closes with"),
    ],
)
def test_verify_ledger_proves_statements(ada, spoil, said):
    with on_day(2):
        order_of(ada, "40")
    assert list(statement_differences()) == []
    with transaction.atomic():
        spoil(ada)
        [difference] = statement_differences(ada.store)
        assert said in str(difference)
        transaction.set_rollback(True)
