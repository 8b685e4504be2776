"""What was open at the end of a day, as later payments and their corrections leave it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine

from customers.models import Charge, Customer
from customers.models.ledger import Account
from orders.models import Payment
from orders.models.order import ON_ACCOUNT
from orders.models.payment import PaymentKind
from orders.open_charges import open_on
from orders.services.accounts import post_entry
from orders.services.paying import pay_order
from orders.services.voiding import Void, void_payment
from stores.actors import SYSTEM
from tests.orders.accounts import order_of

pytestmark = pytest.mark.usefixtures("ledger_agrees")


def on_day(day: int) -> time_machine.travel:
    """Travel to noon in Sydney of a day in June 2026."""
    return time_machine.travel(datetime(2026, 6, day, 2, tzinfo=UTC), tick=False)


def open_amounts(customer: Customer, day: int) -> list[Decimal]:
    """Return what was open of each charge, in the order of their posting."""
    charges = Charge.objects.filter(store=customer.store_id, customer=customer).order_by("id")
    return open_on(charges, date(2026, 6, day), customer.store.tzinfo).column("open_then")


def post(customer: Customer, amount: str, day: int | None = None) -> None:
    paid_on = date(2026, 6, day) if day else None
    post_entry(customer.as_queryset(), SYSTEM, Account.HOUSE, Decimal(amount), paid_on=paid_on)


def test_charge_is_open_until_the_day_of_the_bank(ada):
    with on_day(2):
        order_of(ada, "40")
    with on_day(12):
        post(ada, "-30", day=8)
    assert [open_amounts(ada, day) for day in (1, 2, 7, 8, 12)] == [[], [40], [40], [10], [10]]


def test_settled_charge_was_open_before(ada):
    with on_day(2):
        order_of(ada, "40")
        post(ada, "25")
    with on_day(9):
        post(ada, "-65")
    assert [open_amounts(ada, day) for day in (2, 8, 9)] == [[40, 25], [40, 25], []]


def test_credit_pays_a_later_charge_on_the_day_of_the_charge(ada):
    with on_day(3):
        post(ada, "-15")
    with on_day(5):
        order_of(ada, "40")
    assert [open_amounts(ada, day) for day in (3, 4, 5)] == [[], [], [25]]


def test_order_put_on_account_in_parts(ada, order_queryset):
    with on_day(2):
        order = order_of(ada, "80", on_account=False)
        pay_order(order_queryset(order), SYSTEM, Decimal(30), ON_ACCOUNT)
    with on_day(6):
        pay_order(order_queryset(order), SYSTEM, Decimal(50), ON_ACCOUNT)
    assert [open_amounts(ada, day) for day in (1, 2, 5, 6)] == [[], [30], [30], [80]]


def test_bounced_payment_had_paid_until_then(ada, order_queryset):
    with on_day(2):
        order = order_of(ada, "40")
    with on_day(4):
        pay_order(order_queryset(order), SYSTEM, Decimal(40), "cheque")
    with on_day(5):
        post(ada, "-10")
    with on_day(9):
        uid = Payment.objects.get(kind=PaymentKind.PAYMENT).uid
        void_payment(order_queryset(order), SYSTEM, uid, Void("bounced"))
    # The ten of the fifth are a credit until the cheque bounces. Then they pay.
    assert [open_amounts(ada, day) for day in (3, 4, 5, 8, 9)] == [[40], [], [], [], [30]]


def test_day_is_that_of_the_store(ada):
    with time_machine.travel(datetime(2026, 6, 15, 22, tzinfo=UTC), tick=False):
        order_of(ada, "40")  # the morning of the 16th in Sydney
    assert [open_amounts(ada, day) for day in (15, 16)] == [[], [40]]
    charges = Charge.objects.filter(store=ada.store_id)
    assert open_on(charges, date(2026, 6, 15), ZoneInfo("Europe/Berlin")).count() == 0
    assert open_on(charges, date(2026, 6, 15), ZoneInfo("America/New_York")).count() == 1


@pytest.mark.parametrize("amounts", [["0.10", "0.20", "-0.30"], ["0.70", "0.10", "-0.80"]])
def test_amounts_are_exact(ada, amounts):
    with on_day(2):
        for amount in amounts:
            post(ada, amount)
    assert open_amounts(ada, 2) == []
    assert open_amounts(ada, 30) == []
