"""Money that came and went: payments of orders, settlements of accounts, refunds, and what was taken back."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from customers.models.ledger import OF_ORDER, OPENING, PAY_OUT, WRITE_OFF
from orders.credit_notes.numbers import number_of_refund
from orders.models import Payment
from orders.models.order import ON_ACCOUNT
from orders.models.payment import PaymentKind
from orders.reports.columns import CURRENCY, Column, Kind, money
from orders.reports.ledger import house_entries
from orders.reports.period import Period
from orders.reports.report import Line, Report, Sums, sums_of_currencies

ZERO = Decimal(0)
ACCOUNT = "On account"  # where an order would stand
NOT_SAID = "Not said"
COLUMNS = (
    Column("Recorded", Kind.MOMENT),
    Column("Day of the bank", Kind.DAY),
    Column("For"),
    Column("Customer"),
    Column("What"),
    Column("Method"),
    Column("By"),
    Column("Reference"),
    CURRENCY,
    money("Amount"),
)
CLOSE = (
    Column("Method"),
    Column("By"),
    CURRENCY,
    Column("Number", Kind.COUNT),
    money("Received"),
    money("Taken back"),
    money("Refunded"),
    money("Left"),
)


OF_ACCOUNT = (
    "created_at", "paid_on", "customer__name", "reason", "notes", "method", "actor_name", "amount",
)  # fmt: skip


class Movement(NamedTuple):
    """Money that came (a positive amount) or went."""

    at: datetime
    paid_on: date | None
    document: str
    customer: str
    kind: str
    method: str
    person: str
    reference: str
    currency: str
    amount: Decimal


WORDS = {
    PaymentKind.PAYMENT: "Payment",
    PaymentKind.VOID: "Payment taken back",
    PaymentKind.REFUND: "Refund",
}
RECEIVED, TAKEN_BACK, REFUNDED = WORDS.values()


def payments(period: Period) -> Report:
    """Report each movement of money that was recorded in the period."""
    return Report(
        "Payments",
        period.store,
        COLUMNS,
        lambda most: islice(movements(period), most),
        sums_by_currency(period),
        ("Refunds that stay on the account, and orders put on account, move no money.",),
    )


def sums_by_currency(period: Period) -> list[Sums]:
    amounts: dict[str, Decimal] = {}
    for row in movements(period):
        amounts[row.currency] = amounts.get(row.currency, ZERO) + row.amount
    return [Sums(currency, (*[None] * 9, amounts[currency])) for currency in sorted(amounts)]


def close_of_day(period: Period) -> Report:
    """Report what each person took by each method of payment."""
    lines = list(closing_lines(period))
    return Report(
        "Close of day",
        period.store,
        CLOSE,
        lambda most: lines[:most],
        sums_of_currencies(lines, 2),
        (
            f"“{NOT_SAID}” is money that a person, a till or another program recorded without its method.",
        ),
    )


def closing_lines(period: Period) -> Iterator[Line]:
    totals: dict[tuple[str, str, str], dict[str, Decimal]] = {}
    for row in movements(period):
        key = row.method or NOT_SAID, row.person, row.currency
        total = totals.setdefault(key, dict.fromkeys(("count", *WORDS.values()), ZERO))
        total["count"] += 1
        total[row.kind] += row.amount
    for key in sorted(totals):
        total = totals[key]
        amounts = [total[kind] for kind in (RECEIVED, TAKEN_BACK, REFUNDED)]
        yield (*key, int(total["count"]), *amounts, sum(amounts, ZERO))


# --- movements


def movements(period: Period) -> Iterator[Movement]:
    """Yield all movements of the period, in the order in which they were recorded."""
    return heapq.merge(of_orders(period), of_accounts(period), key=attrgetter("at"))


def of_orders(period: Period) -> Iterator[Movement]:
    """Yield payments of orders, and what took them back."""
    rows = Payment.objects.for_store(period.store).filter(
        period.holds("created_at"), kind__in=WORDS
    )
    moving = rows.exclude(kind=PaymentKind.REFUND, method=ON_ACCOUNT)
    moving = moving.annotate(credit_note=number_of_refund(period.store))
    columns = (
        "credit_note", "created_at", "paid_on", "order__number", "order__customer__name", "kind", "method",
        "actor_name", "reason", "order__currency", "amount",
    )  # fmt: skip
    for number, *row in ordered(moving).values_list(*columns).iterator():
        *said, kind, method, person, reason, currency, amount = row
        signed = amount if kind == PaymentKind.PAYMENT else -amount
        reference = " ".join(filter(None, (number, reason)))
        yield Movement._make(
            (*said, WORDS[PaymentKind(kind)], method, person, reference, currency, signed)
        )


def of_accounts(period: Period) -> Iterator[Movement]:
    """Yield settlements of accounts by hand, what took them back, and credit that was paid out."""
    entries = house_entries(period).filter(period.holds("created_at"))
    settlements = Q(amount__lt=0, reason="adjustment") | Q(reverses_uid__isnull=False)
    moving = entries.filter(settlements | Q(reason=PAY_OUT)).exclude(OF_ORDER)
    # What an order's payment paid on account, and its taking back, are rows of the order.
    moving = moving.exclude(reverses_uid__isnull=False, order_uid__isnull=False)
    moving = moving.exclude(reason__in=(WRITE_OFF, OPENING))
    currency, rows = period.store.currency, ordered(moving).values_list(*OF_ACCOUNT)
    for at, paid_on, name, reason, notes, method, person, amount in rows.iterator():
        kind = RECEIVED if amount < 0 else REFUNDED if reason == PAY_OUT else TAKEN_BACK
        yield Movement(at, paid_on, ACCOUNT, name, kind, method, person, notes, currency, -amount)


def ordered(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.order_by("created_at", "id")
