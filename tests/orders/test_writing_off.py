from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from customers.models import Customer, LedgerEntry
from customers.models.ledger import Account
from orders.reports.payments import payments
from orders.reports.period import Period
from orders.reports.sales import turnover
from orders.reports.write_offs import write_offs
from orders.services.accounts import post_entry
from orders.services.credit_checks import check_credit
from orders.services.crediting import NewCreditNote, credit_order
from orders.services.moving import move_order
from orders.services.paying import pay_order, refund_order
from orders.services.voiding import Void, void_entry
from orders.services.writing_off import write_off
from stores.actors import SYSTEM
from stores.errors import Conflict, Invalid
from tests.factories import CustomerFactory
from tests.orders.accounts import order_of, owed, state

WHY = "Insolvent, file 12 IN 7"


def written_off(customer: Customer, amount: str, **wishes) -> LedgerEntry:
    return write_off(customer.as_queryset(), SYSTEM, Decimal(amount), WHY, **wishes)


def this_month(customer: Customer) -> Period:
    today = timezone.localdate(timezone=customer.store.tzinfo)
    return Period(customer.store, today - timedelta(days=31), today)


def score(customer: Customer) -> int:
    return check_credit(customer.as_queryset(), SYSTEM).score


def test_orders_are_no_longer_unpaid_and_nothing_is_owed(ada: Customer) -> None:
    order = order_of(ada, "100")
    written_off(ada, "100")
    assert state(order) == ("succeeded", 100, 0)
    assert owed(ada) == 0


def test_what_is_written_off_is_chosen(ada: Customer) -> None:
    first, second = order_of(ada, "60"), order_of(ada, "40")
    written_off(ada, "40", spread={second.uid: Decimal(40)})
    assert (state(first)[0], state(second)[0]) == ("pending", "succeeded")


def test_no_money_came_and_turnover_stays(ada: Customer) -> None:
    order_of(ada, "100")
    before = list(turnover(this_month(ada)).rows(None))
    written_off(ada, "70")
    assert list(turnover(this_month(ada)).rows(None)) == before
    assert list(payments(this_month(ada)).rows(None)) == []


def test_report_lists_what_was_written_off_and_taken_back(ada: Customer) -> None:
    order_of(ada, "100")
    entry = written_off(ada, "70")
    written_off(ada, "10")
    void_entry(ada.as_queryset(), SYSTEM, entry.uid, Void("wrong_customer", "Paid after all"))
    report = write_offs(this_month(ada))
    assert [row[-2:] for row in report.rows(None)] == [
        (WHY, 70),
        (WHY, 10),
        ("Paid after all", -70),
    ]
    assert report.sums[0].values[-1] == 10
    assert list(payments(this_month(ada)).rows(None)) == []
    assert owed(ada) == 90


def test_nobody_gets_money_back_that_never_came(ada: Customer) -> None:
    order = order_of(ada, "100")
    pay_order(order.as_queryset(), SYSTEM, Decimal(60), "cash")
    entry = written_off(ada, "40")
    for give_back in (
        lambda: refund_order(order.as_queryset(), SYSTEM),
        lambda: credit_order(order.as_queryset(), SYSTEM, NewCreditNote()),
        lambda: move_order(order.as_queryset(), SYSTEM, "cancelled"),
    ):
        with pytest.raises(Conflict, match="written_off"):
            give_back()
    refund_order(order.as_queryset(), SYSTEM, Decimal(60))
    void_entry(ada.as_queryset(), SYSTEM, entry.uid, Void("wrong_customer"))
    move_order(order.as_queryset(), SYSTEM, "cancelled")
    assert owed(ada) == 0


@pytest.mark.parametrize("amount", ["100.01", "1000"])
def test_more_than_is_owed_is_refused(ada: Customer, amount: str) -> None:
    order_of(ada, "100")
    with pytest.raises(Conflict, match="over_owed"):
        written_off(ada, amount)
    assert owed(ada) == 100


@pytest.mark.parametrize("amount", ["0", "-5", "0.001"])
def test_amounts_that_are_none_are_refused(ada: Customer, amount: str) -> None:
    order_of(ada, "100")
    with pytest.raises(Invalid):
        written_off(ada, amount)


def test_credit_score_counts_it_like_a_bounce_until_it_is_taken_back(ada: Customer) -> None:
    ben = CustomerFactory(store=ada.store, is_account_enabled=True, credit_limit=ada.credit_limit)
    for customer in (ada, ben):
        order_of(customer, "100")
    entry = written_off(ada, "100")
    post_entry(ben.as_queryset(), SYSTEM, Account.HOUSE, Decimal(-100))
    assert score(ada) == score(ben) - 60
    void_entry(ada.as_queryset(), SYSTEM, entry.uid, Void("wrong_customer"))
    post_entry(ada.as_queryset(), SYSTEM, Account.HOUSE, Decimal(-100))
    assert score(ada) == score(ben)
