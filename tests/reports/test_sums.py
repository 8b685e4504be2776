"""The sums of every report equal the ledger, in a random history, on each of its days."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

import pytest

from customers.merging.models import Merge
from customers.merging.services.merging import merge_customers
from customers.merging.services.unmerging import unmerge_customers
from customers.models import Customer, LedgerEntry
from customers.models.ledger import Account
from orders.models import DailySales, Order
from orders.models.order import Status
from orders.reports.ledger import ledger
from orders.reports.payments import close_of_day, payments
from orders.reports.period import Period
from orders.reports.receivables import ageing_by_customer, ageing_by_document
from orders.reports.report import Report
from orders.reports.sales import orders_of, turnover
from stores.actors import SYSTEM
from tests.former_rows import writing_former_rows
from tests.reports.conftest import History

ZERO = Decimal(0)
OF_PERIODS = (orders_of, turnover, payments, close_of_day, ledger)


def total(report: Report, heading: str) -> Decimal:
    """Return the sum of a column, after checking that it adds up its rows."""
    [place] = [n for n, column in enumerate(report.columns) if column.heading == heading]
    [sums] = report.sums
    assert sums.values[place] == sum((row[place] for row in report.rows(None)), ZERO)
    return sums.values[place]


def test_ageing_as_of_each_day_is_what_it_was_on_that_day(history: History) -> None:
    assert any(any(ages[1:]) for ages in history.owed.values())
    for day, ages in history.owed.items():
        by_customer = ageing_by_customer(history.store, day)
        [sums] = by_customer.sums
        assert list(sums.values[1:6]) == ages
        assert total(by_customer, "Balance") == history.balances[day]
        assert total(by_customer, "Owed") == sum(ages)
        debtors = [row for row in by_customer.rows(None) if row[6]]
        assert list(by_customer.rows(2))[: len(debtors)] == debtors[:2]  # a page has the first ones
        assert total(by_customer, "Unused credit") == sum(ages) - history.balances[day]
        by_document = ageing_by_document(history.store, day)
        assert [total(by_document, column.heading) for column in by_document.columns[6:11]] == ages
        assert total(by_document, "Open") == sum(ages)


def test_customers_add_up_on_each_day(history: History) -> None:
    for day in history.owed:
        for row in ageing_by_customer(history.store, day).rows(None):
            _, *ages, owed, unused, balance = row
            assert (sum(ages), owed - unused) == (owed, balance)
            assert min(*ages, unused) >= 0


def test_turnover_is_the_revenue_of_the_orders(history: History, everything: Period) -> None:
    counting = Order.objects.filter(store=history.store).exclude(status=Status.CANCELLED)
    revenue = sum((order.net_amount for order in counting), ZERO)
    assert revenue
    assert total(turnover(everything), "Turnover") == revenue
    assert total(orders_of(everything), "Turnover") == revenue
    assert sum(DailySales.objects.values_list("revenue", flat=True)) == revenue
    for heading in ("Orders", "Ordered", "Refunded", "Credited", "Cancelled"):
        assert total(turnover(everything), heading)


def test_months_that_are_over_change_no_more(history: History, everything: Period) -> None:
    assert len(history.months) == 3
    assert {row[0]: row for row in turnover(everything).rows(None)} == history.months


def test_payments_are_the_money_of_the_tally(history: History, everything: Period) -> None:
    assert total(payments(everything), "Amount") == history.money
    assert total(close_of_day(everything), "Left") == history.money
    for heading in ("Received", "Taken back", "Refunded"):
        assert total(close_of_day(everything), heading)


def test_ledger_goes_from_balance_to_balance(history: History, everything: Period) -> None:
    entries = LedgerEntry.objects.filter(account=Account.HOUSE).values_list("amount", flat=True)
    assert total_change(ledger(everything)) == sum(entries) == [*history.balances.values()][-1]
    days = sorted(history.balances)
    for before, day in pairwise(days):
        change = total_change(ledger(Period(history.store, day, day)))
        assert history.balances[day] - history.balances[before] == change


def total_change(report: Report) -> Decimal:
    [sums] = report.sums
    assert sums.values[8] == sum((row[8] for row in report.rows(None)), ZERO)
    return sums.values[8]


@pytest.mark.parametrize("make", OF_PERIODS, ids=lambda make: make.__name__)
def test_days_add_up_to_the_period(
    history: History, everything: Period, make: Callable[[Period], Report]
) -> None:
    """No movement is missing or in two days, whatever the store's time zone."""
    place = {turnover: 7, orders_of: 13, payments: 9, close_of_day: 7, ledger: 8}[make]
    days = [make(Period(history.store, day, day)) for day in history.owed]
    by_day = sum((sums.values[place] for report in days for sums in report.sums), ZERO)
    [sums] = make(everything).sums
    assert by_day == sums.values[place]


def test_currencies_are_never_added(history: History, everything: Period) -> None:
    with writing_former_rows():
        Order.objects.filter(pk=Order.objects.earliest("pk").pk).update(currency="JPY")
    for make in (orders_of, turnover):
        assert [sums.currency for sums in make(everything).sums] == ["AUD", "JPY"]


def test_days_before_a_merge_and_after_it_stay_as_they_were(history: History) -> None:
    """What a merge moves, and what comes back, is open on each day where it was on that day."""
    first, second, _ = Customer.objects.filter(store=history.store).order_by("pk")
    merge = merge_customers(first.as_queryset(), second.as_queryset(), SYSTEM)
    require_same(history)
    unmerge_customers(Merge.objects.filter(store=history.store, pk=merge.pk), SYSTEM)
    require_same(history)


def require_same(history: History) -> None:
    for day, ages in history.owed.items():
        report = ageing_by_customer(history.store, day)
        assert list(report.sums[0].values[1:6]) == ages
        assert total(report, "Balance") == history.balances[day]
        assert total(ageing_by_document(history.store, day), "Open") == sum(ages)
